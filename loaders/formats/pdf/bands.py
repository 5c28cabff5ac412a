"""Several rows in one drawn row: blank lines that run through all columns part them where a status stands below.

EXTRACTION.md section 6.4. Only a clean cut is made here, where the page itself shows it; a status that cuts through a
paragraph of another column is left to `loaders.tables`, which sees the blank lines as gaps.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from loaders.formats.pdf.fragments import Fragment, Slot
from loaders.formats.pdf.lines import TextLine
from loaders.headers import STATUS_ROLES, mark_of, role_of, starts_status

_BLANK = 1.6  # of the usual distance of two lines; a wider space holds a blank line
_HEADING_ROWS = 3


def opens_status(line: TextLine) -> bool:
    """Whether a line opens with a mark or with words that say present or absent."""
    return mark_of(line.text)[0] is not None or (not line.text[:1].islower() and starts_status(line.text))


def split_bands(parts: Sequence[Fragment]) -> list[Fragment]:
    """The parts of a table with each drawn row cut into the rows that blank lines and statuses show in it."""
    status = _status_columns(parts[0])
    if not status:
        return list(parts)
    return [replace(part, rows=tuple(new for row in part.rows for new in _split(row, status))) for part in parts]


def _status_columns(part: Fragment) -> list[int]:
    for row in part.rows[:_HEADING_ROWS]:
        found = [i for i, slot in enumerate(row) if role_of(_words(slot)) in STATUS_ROLES]
        if found:
            return found
    return []


def _words(slot: Slot) -> str:
    return " ".join(line.text for line in slot.region.lines)


def _split(row: tuple[Slot, ...], status: Sequence[int]) -> Iterator[tuple[Slot, ...]]:
    cuts = [] if any(slot.covers for slot in row) else list(_cuts(row, status))
    if not cuts:
        yield row
        return
    edges = [float("-inf"), *cuts, float("inf")]
    for top, bottom in itertools.pairwise(edges):
        yield tuple(_between(slot, top, bottom) for slot in row)


def _cuts(row: Sequence[Slot], status: Sequence[int]) -> Iterator[float]:
    lines = [line for slot in row for line in slot.region.lines]
    for base in sorted({x.base for i in status for x in row[i].region.lines if opens_status(x)}):
        above = [line for line in lines if line.base < base - 2]
        if not above:
            continue
        last = max(above, key=lambda line: line.base)
        if base - last.base > _BLANK * row[0].region.leading * last.size:
            yield base - 2


def _between(slot: Slot, top: float, bottom: float) -> Slot:
    lines = tuple(line for line in slot.region.lines if top <= line.base < bottom)
    box = (slot.box[0], max(slot.box[1], top), slot.box[2], min(slot.box[3], bottom))
    if lines and top > slot.box[1]:
        box = (box[0], lines[0].base - lines[0].size, box[2], box[3])
    return replace(slot, region=replace(slot.region, lines=lines), lead=slot.lead if top < slot.box[1] else 0, box=box)
