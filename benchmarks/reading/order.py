"""How many rows of tables written box by box could be told apart by order alone, if the column of each box were known.

The most that a reader of flow text can read: what is left has no trace in the text.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.corpus.pages import Grid, Pages
from loaders.formats.boxed.boxes import Box, boxes_of, without_furniture
from loaders.formats.boxed.columnwise import rows_of_page

_Placed = tuple[Box, int, int]


def told_by_order(pages: Pages, dump: Path) -> tuple[int, int]:
    """The rows of the tables of a made-up document whose cells the order of the boxes in its `dump` sets together, and
    all their rows."""
    boxes, _ = without_furniture(boxes_of(dump.read_text(encoding="utf-8")))
    told = rows = 0
    for grid in (block for block in pages.blocks if isinstance(block, Grid) and block.head):
        boxes, placed = _placed(grid, boxes)
        rows += len(grid.rows)
        told += sum(_told(page, len(grid.head[-1])) for page in _by_page(placed))
    return told, rows


def _placed(grid: Grid, boxes: Sequence[Box]) -> tuple[list[Box], list[_Placed]]:
    """The boxes that are no cell of `grid`, and those that are, with their true row and column."""
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row, cells in enumerate(grid.rows):
        for column, cell in enumerate(cells):
            if cell is not None and cell.lines:
                places[_letters(" ".join(line.text for line in cell.lines))].append((row, column))
    left: list[Box] = []
    placed: list[_Placed] = []
    for box in boxes:
        own = places.get(_letters(box.text))
        if own:
            placed.append((box, *own.pop(0)))
        else:
            left.append(box)
    return left, placed


def _by_page(placed: Sequence[_Placed]) -> Iterator[list[_Placed]]:
    for _, group in itertools.groupby(placed, key=lambda each: each[0].page):
        yield list(group)


def _told(page: Sequence[_Placed], width: int) -> int:
    """How many rows of one page its order tells, and tells right."""
    if all(a[1:] < b[1:] for a, b in itertools.pairwise(page)):
        return len({row for _, row, _ in page})
    roles = ["objective", *["action"] * (width - 1)]
    true = {id(box): row for box, row, _ in page}
    found = rows_of_page([(box, column) for box, _, column in page], roles) or []
    return sum(len({true[id(box)] for box in row.values()}) == 1 for row in found)


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())
