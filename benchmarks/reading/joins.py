"""Page joins beside the truth: whether the row that opens a page goes on from the one above, and what was decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.reading.cells import Rows, own_text
from benchmarks.reading.views import rows_of_cells, squeezed
from loaders.document import Document
from loaders.layouts.tables import grids
from loaders.tables import Grid

_RULES = ("row_join", "page_join")


@dataclass
class Joins:
    """How many joins at page breaks were decided right, wrong, or as doubtful (class D)."""

    right: int = 0
    wrong: int = 0
    doubtful: int = 0

    def add(self, other: Joins) -> None:
        """Count the joins of another document too."""
        self.right += other.right
        self.wrong += other.wrong
        self.doubtful += other.doubtful


def page_joins(true: Rows, document: Document) -> Joins:
    """The joins of the tables of `document`; `true` are the rows it was made from. Breaks that neither can tell do not
    count (a repeated heading, a row that no true row holds)."""
    found = Joins()
    for read in grids(document):
        rows = rows_of_cells([own_text(cell) for cell in row.cells] for row in read.grid.rows)
        for above, below in _breaks(read.grid):
            goes_on = _together(above, below, true)
            if goes_on is None:
                continue
            if _is_doubtful(read.grid, below):
                found.doubtful += 1
            elif _together(above, below, rows) == goes_on:
                found.right += 1
            else:
                found.wrong += 1
    return found


def _breaks(grid: Grid) -> Iterator[tuple[list[str], list[str]]]:
    """The last row of a page and the first of the next, as drawn."""
    drawn = rows_of_cells([own_text(cell) for cell in row] for row in grid.table.rows)
    heading = {squeezed(column.label) for column in grid.columns}
    for (_, above), (at, below) in pairwise(
        (i, r) for i, r in enumerate(drawn) if any(r) and not heading.issuperset(r)
    ):
        if any(line in grid.table.breaks for line in range(at, at - 3, -1)):
            yield above, below


def _together(above: Sequence[str], below: Sequence[str], rows: Rows) -> bool | None:
    """Whether one of `rows` holds both; None when none holds the second."""
    holding = [row for row in rows if _holds(row, below)]
    return any(_holds(row, above) for row in holding) if holding else None


def _holds(row: Sequence[str], part: Sequence[str]) -> bool:
    return len(row) == len(part) and any(part) and all(words in whole for whole, words in zip(row, part, strict=True))


def _is_doubtful(grid: Grid, below: Sequence[str]) -> bool:
    first = next(words for words in below if words)
    return any(f.rule in _RULES and f.confidence == "D" and first in squeezed(f.span.text) for f in grid.findings)
