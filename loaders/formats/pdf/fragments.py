"""A table's part on one page: its cells with the lines that stand in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from loaders.formats.pdf.lattice import Box, Lattice
from loaders.formats.pdf.lines import NOTHING, Region, TextLine, text_lines, usual_leading
from loaders.formats.pdf.shading import colours
from loaders.formats.pdf.sheet import Fill, Glyph

_PADDING = 5.4  # points between the edge of a cell and its text, when the table does not show it
_MOST_PADDING = 14.0
_SLIVER = 8.0  # points; a lower row without text is what a page cut left of a row


@dataclass(frozen=True)
class Slot:
    """A place of the grid: its box and lines, or the origin of the merged cell that covers it."""

    box: Box
    region: Region = NOTHING
    lead: int = 0  # blank lines above the first line
    covers: tuple[int, int] | None = None  # how many rows up and columns left the merged cell starts
    colour: str | None = None


@dataclass(frozen=True)
class Fragment:
    """The rows of a table that stand on one page, with the edges of its columns."""

    page: int
    box: Box
    xs: tuple[float, ...]
    rows: tuple[tuple[Slot, ...], ...]
    ruled: bool = True

    @property
    def regions(self) -> Iterable[Region]:
        """The regions of its cells."""
        return (slot.region for row in self.rows for slot in row if slot.covers is None)


def ruled_fragment(lattice: Lattice, glyphs: Sequence[Glyph], fills: Sequence[Fill], page: int) -> Fragment:
    """The part of a ruled table: its glyphs, each in the cell that holds its middle, and the colours behind them."""
    inside: defaultdict[tuple[int, int], list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        place = lattice.at(*glyph.middle)
        if place is not None:
            inside[place].append(glyph)
    lines = {place: tuple(text_lines(found, page)) for place, found in inside.items()}
    padding = _padding(lattice, lines)
    leading = usual_leading(lines.values())
    shades = colours(lattice, fills)
    rows = tuple(
        tuple(
            replace(_slot(lattice, row, column, lines, padding, leading), colour=shades.get((row, column)))
            for column in range(lattice.columns)
        )
        for row in range(lattice.rows)
    )
    return Fragment(page, lattice.box, lattice.xs, tuple(map(_led, _without_slivers(rows))))


def _padding(lattice: Lattice, lines: dict[tuple[int, int], tuple[TextLine, ...]]) -> float:
    gaps = [line.x0 - lattice.xs[column] for (_, column), found in lines.items() for line in found if not line.sign]
    near = [gap for gap in gaps if 0 <= gap <= _MOST_PADDING]
    return min(near) if near else _PADDING


def _slot(
    lattice: Lattice,
    row: int,
    column: int,
    lines: dict[tuple[int, int], tuple[TextLine, ...]],
    padding: float,
    leading: float,
) -> Slot:
    origin = lattice.origins[row][column]
    if origin != (row, column):
        return Slot(lattice.cell_box(*origin), covers=(row - origin[0], column - origin[1]))
    box = lattice.cell_box(row, column)
    found = lines.get((row, column), ())
    left, right = box[0] + padding, box[2] - padding
    if any(not box[0] - 5 <= line.x0 <= box[2] for line in found):  # turned text runs along other axes
        left, right = min(line.x0 for line in found), max(line.x1 for line in found)
    return Slot(box, Region(found, left, right, leading))


def _led(row: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """The row with the blank lines above each cell's first line, as seen from the highest first line of the row."""
    tops = [slot.region.lines[0].base for slot in row if slot.region.lines and slot.covers is None]
    if len(tops) < 2:
        return row
    return tuple(replace(slot, lead=_lead(slot, min(tops))) if slot.region.lines else slot for slot in row)


def _lead(slot: Slot, top: float) -> int:
    first, last = slot.region.lines[0], slot.region.lines[-1]
    above, below = first.base - first.size - slot.box[1], slot.box[3] - last.base
    pitch = slot.region.leading * first.size
    if abs(above - below) < 0.75 * pitch:  # centred from top to bottom
        return 0
    return max(0, int((first.base - top) / pitch + 0.2))


def _without_slivers(rows: tuple[tuple[Slot, ...], ...]) -> tuple[tuple[Slot, ...], ...]:
    """The rows that are high enough for text, or hold some."""
    kept = list(rows)
    index = 0
    while index < len(kept) and len(kept) > 1:
        if _is_sliver(kept, index):
            below = [tuple(_risen(slot, row - index) for slot in kept[row]) for row in range(index + 1, len(kept))]
            kept[index:] = below
        else:
            index += 1
    return tuple(kept)


def _is_sliver(rows: Sequence[tuple[Slot, ...]], index: int) -> bool:
    starting = [slot for slot in rows[index] if not slot.covers]
    if not starting or any(slot.region.lines for slot in rows[index]):
        return False
    below = [slot.box[1] for slot in rows[index + 1] if not slot.covers] if index + 1 < len(rows) else []
    bottom = min([*below, *(slot.box[3] for slot in starting)])
    return bottom - starting[0].box[1] < _SLIVER


def _risen(slot: Slot, distance: int) -> Slot:
    """The slot after the row `distance` rows above it is gone."""
    if slot.covers is None or slot.covers[0] < distance:
        return slot
    up, left = slot.covers[0] - 1, slot.covers[1]
    return replace(slot, covers=None if (up, left) == (0, 0) else (up, left))
