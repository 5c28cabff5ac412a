"""Lines per file and per function of the rooms, beside the aims of the house.

Run as `python -m benchmarks.sizes`. A function's lines are those from its `def` to its last, docstring included.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
ROOMS = ("api", "benchmarks", "loaders", "ontology", "queries", "shapes", "store")
FILE_CEILING = 600
FUNCTION_CEILING = 60


class Size(NamedTuple):
    """A file or a function and its number of lines."""

    name: str
    lines: int


class Spread(NamedTuple):
    """Median, 95th percentile and largest of some sizes."""

    median: float
    p95: float
    largest: Size


AIMS = {"file": (130, 400, FILE_CEILING), "function": (10, 40, FUNCTION_CEILING)}


def sources(rooms: Iterable[str] = ROOMS) -> list[Path]:
    """The Python files of the rooms that hold any code."""
    files = sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))
    return [path for path in files if path.read_text(encoding="utf-8").strip()]


def file_sizes(files: Iterable[Path]) -> list[Size]:
    """Lines of each file."""
    return [Size(_name(path), len(path.read_text(encoding="utf-8").splitlines())) for path in files]


def function_sizes(files: Iterable[Path]) -> list[Size]:
    """Lines of each function and method, nested ones counted in their own right too."""
    return [Size(f"{_name(path)}:{node.name}", _lines(node)) for path in files for node in _functions(path)]


def spread(sizes: list[Size]) -> Spread:
    """The spread of two sizes or more."""
    cuts = quantiles((size.lines for size in sizes), n=20, method="inclusive")
    return Spread(cuts[9], cuts[18], max(sizes, key=lambda size: size.lines))


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _row(kind: str, sizes: list[Size]) -> str:
    found, aim = spread(sizes), AIMS[kind]
    cells = (
        len(sizes),
        f"{found.median:g}",
        f"≤ {aim[0]}",
        f"{found.p95:g}",
        f"≤ {aim[1]}",
        found.largest.lines,
        f"≤ {aim[2]}",
    )
    return f"{kind:<10}" + "".join(f"{cell:>8}" for cell in cells) + f"  {found.largest.name}"


def main() -> None:
    """Print the table."""
    files = sources()
    heads = ("number", "median", "aim", "p95", "aim", "largest", "aim")
    print(f"{'lines per':<10}" + "".join(f"{head:>8}" for head in heads))
    print(_row("file", file_sizes(files)))
    print(_row("function", function_sizes(files)))
    lines, tests = (sum(size.lines for size in file_sizes(part)) for part in (files, sources(["tests"])))
    print(f"lines in the rooms {lines}, in tests {tests}: {tests / lines:.2f} (aim 1.0 to 1.5)")


if __name__ == "__main__":
    main()
