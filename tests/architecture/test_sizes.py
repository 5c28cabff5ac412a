"""Files and functions keep under their ceilings."""

from __future__ import annotations

from pathlib import Path

from benchmarks.sizes import FILE_CEILING, FUNCTION_CEILING, ROOMS, file_sizes, function_sizes, sources

ROOT = Path(__file__).parents[2]


def test_every_room_is_measured() -> None:
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} <= set(ROOMS)
    assert {path.relative_to(ROOT).parts[0] for path in sources()} == set(ROOMS)


def test_a_function_is_measured_from_its_def_to_its_end() -> None:
    sizes = {size.name: size.lines for size in function_sizes([ROOT / "benchmarks" / "sizes.py"])}
    assert sizes["benchmarks/sizes.py:file_sizes"] == 3


def test_no_file_is_over_its_ceiling() -> None:
    assert [size for size in file_sizes(sources([*ROOMS, "tests"])) if size.lines > FILE_CEILING] == []


def test_no_function_is_over_its_ceiling() -> None:
    assert [size for size in function_sizes(sources([*ROOMS, "tests"])) if size.lines > FUNCTION_CEILING] == []
