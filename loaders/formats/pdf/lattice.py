"""The grids that ruled edges draw: pdfplumber's intersections, turned into rows and columns with merged cells."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pdfplumber import table as finder

from loaders.formats.pdf.sheet import Edge

_SNAP = 3.0  # points between edges that are one
_MOST_EDGES = 3_000  # after merging; a page with more is a drawing
_SLIVER = 4.0  # points; a narrower row or column is the gap of a double rule
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Lattice:
    """A grid: the edges of its columns and rows, and for each place the place where its cell starts.

    One that is `coloured` has no columns but those that the colours behind its words show.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    origins: tuple[tuple[tuple[int, int], ...], ...]
    coloured: bool = False

    @property
    def box(self) -> Box:
        """Left, top, right, bottom."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return len(self.xs) - 1

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.ys) - 1

    def at(self, x: float, y: float) -> tuple[int, int] | None:
        """Row and column where the cell that holds a point starts; None outside of the grid."""
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]):
            return None
        row, column = bisect.bisect_right(self.ys, y) - 1, bisect.bisect_right(self.xs, x) - 1
        return self.origins[row][column]

    def cell_box(self, row: int, column: int) -> Box:
        """The box of the cell that starts at `row` and `column`."""
        last_row, last_column = row, column
        while last_row + 1 < self.rows and self.origins[last_row + 1][column] == (row, column):
            last_row += 1
        while last_column + 1 < self.columns and self.origins[row][last_column + 1] == (row, column):
            last_column += 1
        return self.xs[column], self.ys[row], self.xs[last_column + 1], self.ys[last_row + 1]


def find_lattices(edges: Sequence[Edge]) -> list[Lattice] | None:
    """The grids of two columns or more, from the top; None when the page is a drawing too dense to hold tables."""
    merged = _merged(edges)
    if len(merged) > _MOST_EDGES:
        return None
    merged = _merged([*merged, *_closing(merged)])
    found = finder.edges_to_intersections([_as_object(e) for e in merged], _SNAP, _SNAP)
    if len(found) > _MOST_EDGES:
        return None
    tables = finder.cells_to_tables(finder.intersections_to_cells(found))
    grids = (_lattice([(float(a), float(b), float(c), float(d)) for a, b, c, d in cells], merged) for cells in tables)
    return [grid for grid in grids if grid is not None and grid.columns > 1]


def _as_object(edge: Edge) -> dict[str, float | str]:
    kind = "h" if edge.level else "v"
    sides = {"x0": edge.x0, "x1": edge.x1, "top": edge.top, "bottom": edge.bottom}
    return {**sides, "width": edge.x1 - edge.x0, "height": edge.bottom - edge.top, "orientation": kind}


def _merged(edges: Iterable[Edge]) -> list[Edge]:
    merged = finder.merge_edges([_as_object(e) for e in edges], _SNAP, _SNAP, _SNAP, _SNAP)
    found = [Edge(e["x0"], e["top"], e["x1"], e["bottom"]) for e in merged]
    return [e for e in found if max(e.x1 - e.x0, e.bottom - e.top) > _SNAP]


def _closing(edges: Sequence[Edge]) -> list[Edge]:
    """Edges for the side that a table leaves open where a page cuts it: three uprights that end at one height."""
    uprights = [e for e in edges if not e.level]
    found = []
    for heights in ({round(e.top) for e in uprights}, {round(e.bottom) for e in uprights}):
        for height in sorted(heights):
            ends = [e for e in uprights if min(abs(e.top - height), abs(e.bottom - height)) <= _SNAP / 2]
            if len({round(e.x0) for e in ends}) < 3:
                continue
            left, right = min(e.x0 for e in ends), max(e.x0 for e in ends)
            if not any(e.level and abs(e.top - height) <= 2 * _SNAP and e.x0 < right and e.x1 > left for e in edges):
                found.append(Edge(left, float(height), right, float(height)))
    return found


def _lattice(cells: Sequence[Box], edges: Sequence[Edge]) -> Lattice | None:
    xs = _positions([x for cell in cells for x in (cell[0], cell[2])])
    ys = _positions([y for cell in cells for y in (cell[1], cell[3])])
    if len(xs) < 2 or len(ys) < 2:
        return None
    origins: list[list[tuple[int, int] | None]] = [[None] * (len(xs) - 1) for _ in range(len(ys) - 1)]
    for x0, top, x1, bottom in cells:
        first_row, last_row = _nearest(ys, top), _nearest(ys, bottom)
        first_column, last_column = _nearest(xs, x0), _nearest(xs, x1)
        for row in range(first_row, last_row):
            for column in range(first_column, last_column):
                origins[row][column] = (first_row, first_column)
    return Lattice(tuple(xs), tuple(ys), _filled(origins, xs, ys, edges))


def _filled(
    origins: list[list[tuple[int, int] | None]], xs: Sequence[float], ys: Sequence[float], edges: Sequence[Edge]
) -> tuple[tuple[tuple[int, int], ...], ...]:
    """The origins with those of the places that no closed cell covers: one cell as far as no rule parts them."""
    filled: list[list[tuple[int, int]]] = []
    for row, places in enumerate(origins):
        filled.append([])
        for column, origin in enumerate(places):
            x, y = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
            if origin is not None:
                filled[row].append(origin)
            elif row and origins[row - 1][column] is None and not _parted(edges, x, ys[row], level=True):
                filled[row].append(filled[row - 1][column])
            elif column and places[column - 1] is None and not _parted(edges, xs[column], y, level=False):
                filled[row].append(filled[row][column - 1])
            else:
                filled[row].append((row, column))
    return tuple(tuple(row) for row in filled)


def _parted(edges: Sequence[Edge], x: float, y: float, *, level: bool) -> bool:
    """Whether a rule runs through a point."""
    near = (e for e in edges if e.level == level)
    return any(e.x0 - _SNAP <= x <= e.x1 + _SNAP and e.top - _SNAP <= y <= e.bottom + _SNAP for e in near)


def _positions(values: Sequence[float]) -> list[float]:
    """The distinct positions; two that stand nearer than a sliver are one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] >= _SLIVER:
            found.append(value)
    return found


def _nearest(positions: Sequence[float], value: float) -> int:
    return min(range(len(positions)), key=lambda i: abs(positions[i] - value))
