"""Tables over pages: the parts of one table, brought together; `loaders.tables` decides whether a row goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from loaders.formats.pdf.fragments import Fragment, Slot

_SAME_EDGE = 4.0  # points between the edges of a table on two pages


def goes_on(above: Fragment, below: Fragment) -> bool:
    """Whether `below`, the first thing on its page, may be the next part of `above`, the last thing on the page before.

    The outer edges must agree, and the columns of one be among those of the other: a part that shows only merged cells
    draws fewer edges.
    """
    if below.page != above.page + 1 or above.ruled != below.ruled or min(len(above.xs), len(below.xs)) < 3:
        return False
    outer = (above.xs[0], above.xs[-1]), (below.xs[0], below.xs[-1])
    if any(abs(a - b) > _SAME_EDGE for a, b in zip(*outer, strict=True)):
        return False
    return _among(below.xs, above.xs) or _among(above.xs, below.xs)


def _among(few: Sequence[float], many: Sequence[float]) -> bool:
    return all(any(abs(x - y) <= _SAME_EDGE for y in many) for x in few)


def on_one_grid(parts: Sequence[Fragment]) -> list[Fragment]:
    """The parts with the columns of the part that draws most of them."""
    widest = max(parts, key=lambda part: len(part.xs))
    return [part if len(part.xs) == len(widest.xs) else _spread(part, widest.xs) for part in parts]


def _spread(part: Fragment, xs: tuple[float, ...]) -> Fragment:
    """`part` with each of its columns spread over those of `xs` that it covers."""
    starts = [min(range(len(xs)), key=lambda i: abs(xs[i] - x)) for x in part.xs]
    rows = tuple(tuple(_spread_row(row, starts)) for row in part.rows)
    return replace(part, xs=xs, rows=rows)


def _spread_row(row: Sequence[Slot], starts: Sequence[int]) -> list[Slot]:
    spread: list[Slot] = []
    for column, slot in enumerate(row):
        up, left = slot.covers or (0, 0)
        origin = starts[column - left]
        for place in range(starts[column], starts[column + 1]):
            covered = (up, place - origin)
            spread.append(slot if covered == (0, 0) else replace(slot, covers=covered))
    return spread
