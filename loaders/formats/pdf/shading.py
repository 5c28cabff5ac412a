"""What the filled areas of a page say of its tables: where a colour ends, and which colour lies behind a cell."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from loaders.formats.pdf.lattice import Box, Lattice, find_lattices
from loaders.formats.pdf.lines import TextLine, split_wide, text_lines
from loaders.formats.pdf.sheet import Edge, Fill, Sheet

_LEAST_COVERED = 0.5  # of a cell; a smaller area is a mark on a word, not the cell's colour
_NEAR = 3.0  # points from a rule within which the edge of a colour is that rule
_REACH = 3.0  # of the size; a row above or below a grid stands nearer
_PADDING = 1.0  # points that a word may stand out of its column
_BESIDE = 1.5  # points from an edge to where the colours at its sides are looked at
Place = tuple[int, int]


def drawn_lattices(sheet: Sheet) -> list[Lattice] | None:
    """The grids that rules and colours draw, from the top; None when the page is too dense a drawing.

    Word fills a cell in strips, one for each line and margin: inside a cell that rules draw, an edge of a fill counts
    only where the colours at its sides differ.
    """
    ruled = find_lattices(sheet.edges) if sheet.edges else []
    if not sheet.fills or ruled is None:
        return ruled
    seen = [edge for edge in _seen(sheet.fills, ruled) if not sheet.is_frame(edge)]
    found = find_lattices([*sheet.edges, *seen]) if seen else ruled
    if found is None:
        return None
    marked = [replace(x, coloured=not any(_overlap(x.box, other.box) for other in ruled)) for x in found]
    return _without_parts(marked, sheet)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _without_parts(lattices: Sequence[Lattice], sheet: Sheet) -> list[Lattice]:
    """The grids less those of colours that show a part of a table only: a heading, or every other row."""
    if not any(lattice.coloured for lattice in lattices):
        return list(lattices)
    ruled = [lattice for lattice in lattices if not lattice.coloured]
    loose = [g for g in sheet.glyphs if g.turn == 0 and not any(lattice.at(*g.middle) for lattice in ruled)]
    lines = text_lines(loose, sheet.number)
    return [x for x in lattices if not (x.coloured and any(_is_outgrown(x, line) for line in lines))]


def _is_outgrown(lattice: Lattice, line: TextLine) -> bool:
    """Whether a line keeps to the columns of a grid where it draws none: just above or below, or across one cell."""
    left, top, right, bottom = lattice.box
    if not top - _REACH * line.size < line.base - 0.3 * line.size < bottom + _REACH * line.size:
        return False
    stretches = split_wide(line)
    columns = [_touched(lattice.xs, a + _PADDING, b) for a, b, _ in stretches if left <= a and b <= right]
    if len(columns) < 2 or len(columns) < len(stretches) or any(len(reached) > 1 for reached in columns):
        return False
    cells = [lattice.at(a + _PADDING, line.base - 0.3 * line.size) for a, _, _ in stretches]
    return len({reached.start for reached in columns}) == len(columns) > len({*cells})


def _seen(fills: Sequence[Fill], ruled: Sequence[Lattice]) -> Iterator[Edge]:
    """The edges of fills that show and that no rule draws."""
    inside: defaultdict[tuple[int, Place], list[Fill]] = defaultdict(list)
    for fill in fills:
        for number, lattice in enumerate(ruled):
            for origin in {lattice.origins[row][column] for row, column in _places(lattice.xs, lattice.ys, fill)}:
                inside[number, origin].append(fill)
        if not any(_holds(lattice.box, fill) for lattice in ruled):
            yield from fill.outline
    for (number, origin), near in inside.items():
        box = ruled[number].cell_box(*origin)
        for fill in near:
            yield from _inner(fill, box, near)


def _places(xs: Sequence[float], ys: Sequence[float], fill: Fill) -> Iterator[Place]:
    """The places of a grid that a fill touches, by row and column."""
    columns = _touched(xs, fill.x0, fill.x1)
    return ((row, column) for row in _touched(ys, fill.top, fill.bottom) for column in columns)


def _touched(edges: Sequence[float], start: float, end: float) -> range:
    return range(max(bisect.bisect_right(edges, start) - 1, 0), min(bisect.bisect_left(edges, end), len(edges) - 1))


def _holds(box: Box, fill: Fill) -> bool:
    left, top, right, bottom = box
    across = left - _NEAR <= fill.x0 and fill.x1 <= right + _NEAR
    return across and top - _NEAR <= fill.top and fill.bottom <= bottom + _NEAR


def _inner(fill: Fill, box: Box, near: Sequence[Fill]) -> Iterator[Edge]:
    """The edges of a fill inside a cell that show; `near` are the fills there, in the order in which they are drawn."""
    left, top, right, bottom = box
    part = Fill(max(fill.x0, left), max(fill.top, top), min(fill.x1, right), min(fill.bottom, bottom), fill.colour)
    for edge in part.outline:
        x, y = (edge.x0 + edge.x1) / 2, (edge.top + edge.bottom) / 2
        across, down = (0.0, _BESIDE) if edge.level else (_BESIDE, 0.0)
        on_rule = min(y - top, bottom - y) <= _NEAR if edge.level else min(x - left, right - x) <= _NEAR
        if not on_rule and _colour_at(near, x - across, y - down) != _colour_at(near, x + across, y + down):
            yield edge


def _colour_at(fills: Sequence[Fill], x: float, y: float) -> str | None:
    found = (fill.colour for fill in reversed(fills) if fill.x0 <= x <= fill.x1 and fill.top <= y <= fill.bottom)
    return next(found, None)


def colours(lattice: Lattice, fills: Iterable[Fill]) -> dict[Place, str]:
    """The colour of each place of a grid that has one; `fills` come in the order in which they are drawn."""
    uppermost: dict[Place, str | None] = {}
    covered: defaultdict[tuple[Place, str | None], float] = defaultdict(float)
    for fill in fills:
        for row, column in _places(lattice.xs, lattice.ys, fill):
            left, top, right, bottom = lattice.xs[column], lattice.ys[row], lattice.xs[column + 1], lattice.ys[row + 1]
            width = max(min(fill.x1, right) - max(fill.x0, left), 0.0)
            height = max(min(fill.bottom, bottom) - max(fill.top, top), 0.0)
            covered[(row, column), fill.colour] += width * height / ((right - left) * (bottom - top))
            if fill.x0 <= (left + right) / 2 <= fill.x1 and fill.top <= (top + bottom) / 2 <= fill.bottom:
                uppermost[row, column] = fill.colour
    shown = ((place, colour) for place, colour in uppermost.items() if covered[place, colour] >= _LEAST_COVERED)
    return {place: colour for place, colour in shown if colour is not None}
