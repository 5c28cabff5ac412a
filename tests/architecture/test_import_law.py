"""The import law holds, and each of its contracts fails when it is broken."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
CONTRACTS = [contract["name"] for contract in CONFIGURATION["contracts"]]
LINTER = Path(sys.executable).with_name("lint-imports")

FLOORS = "floors: api > store > loaders | queries | shapes > ontology"
STORE = "store stands on the ontology alone"
OUTSIDE = "nobody imports data, tests or benchmarks"
PURE = "reading, checking and asking use no network, no store and no web framework"

# Where a line is planted, the line, and the contract that must break.
BREACHES = [
    ("ontology", "import loaders", FLOORS),
    ("ontology", "import store", FLOORS),
    ("loaders", "import shapes", FLOORS),
    ("loaders", "import queries", FLOORS),
    ("shapes", "import queries", FLOORS),
    ("shapes", "import loaders", FLOORS),
    ("queries", "import loaders", FLOORS),
    ("queries", "import store", FLOORS),
    ("queries", "import api", FLOORS),
    ("store", "import api", FLOORS),
    ("store", "import shapes", STORE),
    ("store", "def late():\n    from loaders import records", STORE),
    ("api", "import tests", OUTSIDE),
    ("loaders", "import data", OUTSIDE),
    ("store", "from benchmarks import sizes", OUTSIDE),
    ("shapes", "import httpx", PURE),
    ("queries", "from fastapi import FastAPI", PURE),
    ("ontology", "import pyoxigraph", PURE),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the rooms that a test may spoil."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for room in CONFIGURATION["root_packages"]:
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", "static"))
    return copy


def lint(house: Path) -> str:
    """What import-linter prints about the house, when it is asked from there."""
    run = subprocess.run([LINTER, "--no-cache"], cwd=house, capture_output=True, text=True, check=False)
    assert run.returncode == (1 if "BROKEN" in run.stdout else 0), run.stdout + run.stderr
    return run.stdout


def test_the_law_holds(house: Path) -> None:
    printed = lint(house)
    assert [contract for contract in CONTRACTS if f"{contract} KEPT" not in printed] == []


@pytest.mark.parametrize(("room", "line", "contract"), BREACHES)
def test_a_breach_is_reported(house: Path, room: str, line: str, contract: str) -> None:
    spoilt = house / room / "breach.py"
    spoilt.write_text(f"{line}\n", encoding="utf-8")
    try:
        assert f"{contract} BROKEN" in lint(house)
    finally:
        spoilt.unlink()


def test_each_contract_has_a_breach() -> None:
    assert {contract for _, _, contract in BREACHES} == set(CONTRACTS)


def test_every_room_is_under_the_law() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"benchmarks"}
    assert set(CONFIGURATION["root_packages"]) == rooms
