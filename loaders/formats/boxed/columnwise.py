"""Which column each box of a table stands in, where stretches of the page were written column after column.

Two things hold in any such order: the boxes of one column come from top to bottom, and a label before all that stands
under it. So each box is dealt to a column by its words and by what may follow what; columns with as many boxes on a
page as it has rows give them out in order, and a box of a sparser column goes to the row whose other cells it was
written between. A page on which that does not come out even is not decided.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from loaders.formats.blocks import BULLETED
from loaders.formats.boxed.boxes import Box
from loaders.formats.boxed.dealing import between, price_of, widths_of
from loaders.headers import STATUS_ROLES

_SAME, _NEXT, _JUMP = 0.6, 0.8, 2.0  # the most that it costs to go on in the column, in the next one, in any other
_EARLY = 2.0  # what it costs a box to stand before the label of its column
_DEAR = 0.0  # mean price of a box beyond which its words do not tell the columns
_HALF = 0.5  # of the boxes of a page must stand in columns without an empty cell
_ROUNDS = 4
_UNLIKE = 1.2
_FEWEST = 3  # boxes of a column that show whether its cells are lists
_FEWEST_CELLS, _LEAST = 2, 0.4  # cells of a row that show that it is one, and their share
_TITLES = ("objective", "number")
_OPENING = STATUS_ROLES | {"objective", "action", "need"}


@dataclass(frozen=True)
class Boxed:
    """A box of a table, and the columns whose labels stand before it on its page."""

    box: Box
    under: frozenset[int]


@dataclass(frozen=True)
class Columnwise:
    """The boxes of each row by column, and those of pages and columns that are not decided."""

    rows: tuple[dict[int, Box], ...]
    undecided: tuple[Box, ...]


def deal_columns(boxes: Sequence[Boxed], roles: Sequence[str | None]) -> Columnwise:
    """The rows of a table whose columns mean `roles`."""
    places, price = _dealt(boxes, roles)
    if price > _DEAR:
        return Columnwise((), tuple(each.box for each in boxes))
    rows: list[dict[int, Box]] = []
    undecided: list[Box] = []
    pairs = list(zip((each.box for each in boxes), places, strict=True))
    for _, group in itertools.groupby(pairs, key=lambda pair: pair[0].page):
        page = list(group)
        head, body = _continued(page) if rows else ({}, page)
        found = rows_of_page(body, roles)
        if found is None:
            undecided += [box for box, _ in page]
            continue
        kept = [row for row in found if len(row) >= max(_FEWEST_CELLS, _LEAST * len(roles))]
        placed = {id(box) for row in (head, *kept) for box in row.values()}
        rows += [row for row in (head, *kept) if row]
        undecided += [box for box, _ in page if id(box) not in placed]
    return Columnwise(tuple(rows), tuple(undecided))


def _dealt(boxes: Sequence[Boxed], roles: Sequence[str | None]) -> tuple[list[int], float]:
    """The column of each box, and the mean price of what their words say."""
    widths: list[int | None] = [None for _ in roles]
    listed: list[float | None] = [None for _ in roles]
    places: list[int] = []
    costs: list[list[float]] = []
    turns = [a.box.page != b.box.page for a, b in itertools.pairwise(boxes)]
    for _ in range(_ROUNDS):
        columns = list(enumerate(zip(roles, widths, listed, strict=True)))
        costs = [
            [
                price_of(each.box, role, width) + _unlike(each.box, share) + (0.0 if at in each.under else _EARLY)
                for at, (role, width, share) in columns
            ]
            for each in boxes
        ]
        places = _cheapest(costs, roles, turns)
        widths = widths_of([each.box for each in boxes], places, len(roles))
        listed = [_listed([b.box for b, at in zip(boxes, places, strict=True) if at == c]) for c in range(len(roles))]
    return places, sum(cost[at] for cost, at in zip(costs, places, strict=True)) / len(boxes)


def _listed(boxes: Sequence[Box]) -> float | None:
    """The share of the boxes of a column that open with a list sign."""
    return sum(bool(BULLETED.match(box.text)) for box in boxes) / len(boxes) if len(boxes) >= _FEWEST else None


def _unlike(box: Box, listed: float | None) -> float:
    """What it costs a box to be a list in a column without lists, or the other way round."""
    if listed is None:
        return 0.0
    return _UNLIKE * (1 - listed if BULLETED.match(box.text) else listed)


def _cheapest(costs: Sequence[Sequence[float]], roles: Sequence[str | None], turns: Sequence[bool]) -> list[int]:
    """The column of each box; `turns` says before which boxes but the first a page ends."""
    count = range(len(roles))
    steps = [[_step(i, j, roles) for j in count] for i in count]
    totals = list(costs[0])
    back: list[list[int]] = []
    for cost, turn in zip(costs[1:], turns, strict=True):
        reached = [[totals[i] + (0.0 if turn else steps[i][j]) for i in count] for j in count]
        back.append([min(count, key=ways.__getitem__) for ways in reached])
        totals = [min(ways) + cost[j] for j, ways in zip(count, reached, strict=True)]
    at = min(count, key=totals.__getitem__)
    places = [at]
    for came in reversed(back):
        at = came[at]
        places.append(at)
    return places[::-1]


def _step(before: int, at: int, roles: Sequence[str | None]) -> float:
    most = _SAME if at == before else _NEXT if at == before + 1 else _JUMP
    return min(between(before, at, roles), most)


_Page = Sequence[tuple[Box, int]]


def _continued(page: _Page) -> tuple[dict[int, Box], _Page]:
    """The boxes that go on from the row that the page before ended with, and the others."""
    first: dict[int, Box] = {}
    for box, at in page:
        first.setdefault(at, box)
    head = {at: box for at, box in first.items() if box.text[:1].islower()}
    return head, [(box, at) for box, at in page if head.get(at) is not box]


def rows_of_page(page: _Page, roles: Sequence[str | None]) -> list[dict[int, Box]] | None:
    """The rows of a page, whose boxes come with their columns; None when the columns do not come out even."""
    if not page:
        return []
    columns: dict[int, list[Box]] = {}
    for box, at in page:
        columns.setdefault(at, []).append(box)
    height = max(len(boxes) for boxes in columns.values())
    full = {at for at, boxes in columns.items() if len(boxes) == height}
    even = len(full) > 1 and height > 1 and sum(len(columns[at]) for at in full) >= _HALF * len(page)
    if not even or not any(roles[at] in _OPENING for at in full):
        return None
    index = {id(box): row for at in full for row, box in enumerate(columns[at])}
    rows: list[dict[int, Box]] = [{at: columns[at][row] for at in full} for row in range(height)]
    for run in _row_runs(page, index, height):
        inside = {index[id(box)] for box, _ in run if id(box) in index}
        if len(inside) > 1:
            return None
        for box, at in run if inside else ():
            rows[min(inside)].setdefault(at, box)
    return _titled(rows, columns, roles)


def _titled(
    rows: list[dict[int, Box]], columns: Mapping[int, Sequence[Box]], roles: Sequence[str | None]
) -> list[dict[int, Box]]:
    """The rows whose title is told: all of them when every title has its row, else those with one of their own."""
    placed = {id(box) for row in rows for box in row.values()}
    titles = [at for at in columns if roles[at] in _TITLES]
    if all(id(box) in placed for at in titles for box in columns[at]):
        return rows
    return [row for row in rows if all(at in row for at in titles)]


def _row_runs(page: _Page, index: Mapping[int, int], height: int) -> Iterator[_Page]:
    """The stretches of boxes that were written from left to right and that no other box of their columns touches.

    After the last row of some columns, the first row of the next ones begins a stretch of its own.
    """
    rows = [index.get(id(box)) for box, _ in page]
    edges = {i for i in range(1, len(page)) if page[i][1] <= page[i - 1][1]}
    edges |= {i for i in range(1, len(page)) if rows[i] == 0 and rows[i - 1] == height - 1}
    for start, end in itertools.pairwise([0, *sorted(edges), len(page)]):
        before = start == 0 or page[start - 1][1] != page[start][1]
        after = end == len(page) or page[end][1] != page[end - 1][1]
        if before and after and end - start > 1:
            yield page[start:end]
