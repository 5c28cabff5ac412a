"""The cells of a laid-out table: its parts on following pages cut into rows and columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from loaders.document import Cell, Line, Place, Table
from loaders.formats.laid_out.columns import Columns, pieces
from loaders.formats.laid_out.lines import Stretch, TextLine
from loaders.formats.laid_out.paragraphs import cell_of
from loaders.formats.laid_out.rows import row_starts
from loaders.span import EMPTY

_FILLED = 0.85  # of the room between two columns that words fill at least where lines wrap
_WORD = re.compile(r"\S+")
Pieces = dict[int, tuple[int, int]]  # column: where its words start and end on a line


@dataclass
class Part:
    """The lines of a table on one page: its heading with its labels, its body, and the columns of both."""

    columns: Columns
    labels: tuple[Stretch, ...] = ()
    head: Sequence[TextLine] = ()
    body: Sequence[TextLine] = ()
    banners: frozenset[int] = frozenset()  # lines of the body that run across the columns


@dataclass
class _Rows:
    number: int
    words: Mapping[str, int]
    width: int
    widths: Sequence[int]  # of the words of each column
    cells: list[tuple[Cell, ...]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def add(self, lines: Sequence[tuple[TextLine, Pieces]], *, heading: bool = False) -> None:
        """A row from the pieces of its lines."""
        found = []
        for column in range(self.width):
            own = [(i, line, at[column]) for i, (line, at) in enumerate(lines) if column in at]
            spans = [(i, line.span.slice(*ends)) for i, line, ends in own]
            cell = cell_of(spans, 0 if heading else self.widths[column], self.words)
            late = bool(spans) and spans[0][0] > 0
            found.append(Cell((Line(EMPTY), *cell.lines)) if late else cell)
            row = len(self.cells) + 1
            self.places += [_place(line, ends, self.number, row, column + 1) for _, line, ends in own]
        self.cells.append(tuple(found))

    def banner(self, line: TextLine) -> None:
        """A row of one cell that reaches over all columns."""
        ends = (line.start, line.stretches[-1].end)
        cell = Cell((Line(line.span.slice(*ends).folded()),))
        self.places.append(_place(line, ends, self.number, len(self.cells) + 1, 1))
        self.cells.append((cell, *(Cell((), "spanned") for _ in range(self.width - 1))))


def _place(line: TextLine, ends: tuple[int, int], table: int, row: int, column: int) -> Place:
    start, end = line.span.offsets[ends[0]], line.span.offsets[ends[1] - 1] + 1
    return Place(start, end, line.page, table, row, column)


def table_of(parts: Sequence[Part], number: int, words: Mapping[str, int]) -> tuple[Table, list[Place]]:
    """The table that the parts make, and the places of its words."""
    rows = _Rows(number, words, len(parts[0].columns.starts), _widths(parts))
    breaks: set[int] = set()
    for part in parts:
        if part.head:
            rows.add(list(_headed(part)), heading=True)
        if rows.cells and part is not parts[0] and part.body:
            breaks.add(len(rows.cells))
        _add_body(rows, part)
    return Table(tuple(rows.cells), number, frozenset(breaks), confidence="B"), rows.places


def _headed(part: Part) -> Iterator[tuple[TextLine, Pieces]]:
    """The lines of a heading, each word with the label that it is a part of."""
    for line in part.head:
        at: Pieces = {}
        for word in _WORD.finditer(line.span.text):
            middle = (word.start() + word.end()) / 2
            column = max((i for i, label in enumerate(part.labels) if label.start <= middle), default=0)
            at[column] = _both(at.get(column), word.span())
        yield line, at


def _both(one: tuple[int, int] | None, other: tuple[int, int]) -> tuple[int, int]:
    return other if one is None else (min(one[0], other[0]), max(one[1], other[1]))


def _add_body(rows: _Rows, part: Part) -> None:
    edges = sorted({0, *(at for banner in part.banners for at in (banner, banner + 1)), len(part.body)})
    found = [_cut(line, part.columns) for line in part.body]
    for first, last in pairwise(edges):
        if first in part.banners:
            rows.banner(part.body[first])
            continue
        lines = [(line, at) for line, at in zip(part.body[first:last], found[first:last], strict=True)]
        for row in _rows_of(lines, part.columns):
            rows.add(row)


def _widths(parts: Sequence[Part]) -> list[int]:
    """How many characters fit into each column: its longest line, or nearly all the room up to the next column."""
    found = [0 for _ in parts[0].columns.starts]
    for part in parts:
        starts = part.columns.starts
        rooms = [int(_FILLED * (b - a - 1)) for a, b in pairwise(starts)]
        for column, room in enumerate([*rooms, 0]):
            found[column] = max(found[column], room)
        for at in (_cut(x, part.columns) for i, x in enumerate(part.body) if i not in part.banners):
            for column, (start, end) in at.items():
                found[column] = max(found[column], end - start)
    return found


def _cut(line: TextLine, columns: Columns) -> Pieces:
    at: Pieces = {}
    for column, start, end in pieces(line, columns):
        at[column] = _both(at.get(column), (start, end))
    return at


def _rows_of(lines: Sequence[tuple[TextLine, Pieces]], columns: Columns) -> Iterator[Sequence[tuple[TextLine, Pieces]]]:
    while lines and not lines[0][1]:
        lines = lines[1:]
    body = [
        [line.span.text[slice(*at[column])] if column in at else "" for column in range(len(columns.starts))]
        for line, at in lines
    ]
    if not body:
        return
    for start, end in pairwise([*row_starts(body, columns.roles, form=columns.form), len(body)]):
        yield lines[start:end]
