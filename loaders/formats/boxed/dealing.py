"""Which column each box of a table stands in, where boxes follow one another row by row and empty cells leave none.

The cheapest dealing is found by dynamic programming: what a box says, how wide it is and which cells stay empty have
their prices. A row that another dealing fits nearly as well is not decided.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from loaders.actors import absent, unnamed_parties
from loaders.formats.blocks import BULLETED
from loaders.formats.boxed.boxes import Box
from loaders.formats.laid_out.rows import opens_time
from loaders.headers import STATUS_ROLES, bodies, mark_of, starts_status
from loaders.lexicon import phrases
from loaders.span import normalised
from loaders.timelines import read_interval, read_recurrence, read_relative

_DEAR = 0.05  # mean price of a box beyond which the boxes do not follow one another row by row
_MOST_DOUBTFUL = 0.75  # of the rows
_FILLED = 0.55  # of the cells must hold words
_MARGIN = 0.6  # by which the next best dealing of a row must be worse
_NUMBERED = re.compile(r"^\W{0,2}\d{1,2}(?:\.\d{1,2})*(?:\s*bis)?\s*[-.)–]")
_MEASURE = re.compile(
    r"^\W*(?:n[.°]|numero|quot[ae]|percentual[ei]|tass[oi]|indic[ei]|total[ei]|tempo medio|increment|riduzion|almeno|"
    r"regolarit|\d+\s*%|\d+ )",
    re.I,
)
_MEANS = re.compile(r"€|\beuro\b|\bfond[oi]\b|bilanci|budget|risorse|personale|operator|finanz|\bpnrr\b|\bore\b", re.I)
_BARE_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})*[.)]?")
_TERM = re.compile(r"^\W*(?:entro|dopo|a partire|dal|da)\b", re.I)
_REMEMBERED = 20_000  # prices
_LONGEST_TIME, _LONGEST_OFTEN = 8, 3  # words
_OPENING = STATUS_ROLES | {"objective", "number", "action", "need"}
_LONGEST_MARK = 3  # characters
_MARKED = STATUS_ROLES | {"territory"}  # meanings of columns of marks
_OPPOSITE = {"protocol_present": "absent", "protocol_absent": "present"}
_ACTORS = frozenset(("owner", "partner", "lead", "staff_supplier"))
_SKIP = {"objective": 1.6, "number": 1.6, "action": 2.0, "need": 2.0, "note": 0.4, "progress": 0.6, "time": 0.9}
_USUAL_SKIP = 1.0


@dataclass(frozen=True)
class Dealing:
    """The boxes of each row by column, the rows that are not decided, the mean price of a box, the share of cells
    filled."""

    rows: tuple[dict[int, Box], ...]
    doubtful: frozenset[int]
    price: float
    filled: float

    @property
    def decided(self) -> bool:
        """Whether the boxes follow one another row by row, as far as their words and the empty cells tell."""
        return self.price <= _DEAR and self.filled >= _FILLED

    @property
    def lost(self) -> bool:
        """Whether hardly a row is decided: what stands in the others is chance."""
        return len(self.doubtful) > _MOST_DOUBTFUL * len(self.rows) and len(self.rows) > 1


def deal(boxes: Sequence[Box], roles: Sequence[str | None]) -> Dealing:
    """The rows of a table whose columns mean `roles`."""
    widths: list[int | None] = [None for _ in roles]
    places: list[int] = []
    for _ in range(3):
        costs = [[price_of(box, role, width) for role, width in zip(roles, widths, strict=True)] for box in boxes]
        places, total = _cheapest(costs, roles, [a.page != b.page for a, b in itertools.pairwise(boxes)])
        widths = widths_of(boxes, places, len(roles))
    rows: list[dict[int, Box]] = []
    prices: list[dict[int, list[float]]] = []
    for box, place, cost in zip(boxes, places, costs, strict=True):
        turned = bool(rows) and next(iter(rows[-1].values())).page != box.page
        if not rows or turned or place <= max(rows[-1]):
            rows.append({})
            prices.append({})
        rows[-1][place], prices[-1][place] = box, cost
    doubtful = frozenset(i for i, row in enumerate(prices) if _is_doubtful(row, roles)) | _disturbed(rows, roles)
    return Dealing(tuple(rows), doubtful, total / len(boxes), len(boxes) / (len(rows) * len(roles)))


def _disturbed(rows: Sequence[dict[int, Box]], roles: Sequence[str | None]) -> frozenset[int]:
    """The rows that lack all the columns which open a row, and those above them: their boxes did not come in order."""
    opening = [column for column, role in enumerate(roles) if role in _OPENING] or [0]
    lacking = [i for i, row in enumerate(rows) if not any(column in row for column in opening)]
    return frozenset(index for i in lacking for index in (i - 1, i) if index >= 0)


def contradicts(rows: Sequence[Mapping[int, Box]], roles: Sequence[str | None]) -> bool:
    """Whether a mark says present with words that say absent, or the other way round, and no empty box stands beside:
    it belongs elsewhere."""
    status = [{str(roles[at]): box.text for at, box in row.items() if roles[at] in _OPPOSITE} for row in rows]
    ticked = [row for row in status if all(mark_of(text)[0] == "ticked" for text in row.values())]
    return any(_stated(text) == _OPPOSITE[role] for row in ticked for role, text in row.items())


def _stated(text: str) -> str | None:
    """What the words behind a mark state, where they open with a status."""
    found = phrases("status-phrases", "status-phrase").find(text) if starts_status(text) else []
    return found[0].entry.code if found else None


def _cheapest(
    costs: Sequence[Sequence[float]], roles: Sequence[str | None], turns: Sequence[bool]
) -> tuple[list[int], float]:
    """The column of each box, and the price of all; `turns` says before which boxes but the first a page ends."""
    count = len(roles)
    best = [(cost + sum(_skip(role) for role in roles[:at]), [at]) for at, cost in enumerate(costs[0])]
    for cost, turn in zip(costs[1:], turns, strict=True):
        step = []
        for at in range(count):
            options = [
                (price + (0.0 if turn else between(before, at, roles)), places)
                for before, (price, places) in enumerate(best)
            ]
            price, places = min(options, key=lambda option: option[0])
            step.append((price + cost[at], [*places, at]))
        best = step
    ends = [(price + sum(_skip(role) for role in roles[at + 1 :]), places) for at, (price, places) in enumerate(best)]
    price, places = min(ends, key=lambda end: end[0])
    return places, price


def between(before: int, at: int, roles: Sequence[str | None]) -> float:
    """The price of the cells left empty between two boxes that follow one another."""
    if at > before:
        return sum(_skip(role) for role in roles[before + 1 : at])
    return sum(_skip(role) for role in (*roles[before + 1 :], *roles[:at]))


def _skip(role: str | None) -> float:
    return 0.5 if role in _MARKED else _SKIP.get(role or "", _USUAL_SKIP)


def widths_of(boxes: Sequence[Box], places: Sequence[int], count: int) -> list[int | None]:
    """How wide each of `count` columns is, as the boxes that stand in it show."""
    return [_width([box for box, at in zip(boxes, places, strict=True) if at == column]) for column in range(count)]


def _width(boxes: Sequence[Box]) -> int | None:
    """How wide a column is, as its wrapped boxes show."""
    wrapped = [box.width for box in boxes if len(box.lines) > 1]
    return round(median(wrapped)) if len(wrapped) > 1 else None


def price_of(box: Box, role: str | None, width: int | None) -> float:
    """How ill a box fits a column of this meaning and width; below zero where its words speak for it."""
    price = _meaning(box.text, role)
    if width is None:
        return price
    off = (box.width - width) / width
    if len(box.lines) > 1:
        return price + 4.0 * max(0.0, abs(off) - 0.12)
    return price + 5.0 * max(0.0, off - 0.12)


@lru_cache(maxsize=_REMEMBERED)
def _meaning(text: str, role: str | None) -> float:
    if _BARE_NUMBER.fullmatch(text):
        return -3.0 if role == "number" else 0.0 if role in ("time", "resource") else 3.0
    marked = mark_of(text)[0] is not None
    if role in _MARKED:
        return -3.0 if marked or len(text) <= _LONGEST_MARK else -1.5 if starts_status(text) else 3.0
    short_mark = len(text) <= _LONGEST_MARK
    price = 5.0 if short_mark else 2.0 if marked else 0.0
    timed = _is_time(text)
    if role == "time":
        return price + (-2.0 if opens_time(text) or timed else 1.2)
    price += 1.5 if timed and role != "note" else 0.0
    return price + _kind(text, role, timed=timed)


def _is_time(text: str) -> bool:
    """Whether a short text is nothing but a time: days, how often, a term."""
    if len(text.split()) > _LONGEST_TIME:
        return False
    if opens_time(text) and read_interval(text) is not None:
        return True
    often = read_recurrence(text) is not None and len(text.split()) <= _LONGEST_OFTEN
    return often or (read_relative(text) is not None and _TERM.match(text) is not None)


def _kind(text: str, role: str | None, *, timed: bool) -> float:
    bulleted = bool(BULLETED.match(text))
    if role in ("objective", "number"):
        return -2.0 if _NUMBERED.match(text) else 4.0 if bulleted or timed else 0.0
    if _NUMBERED.match(text) and not bulleted:
        return 1.0
    if role in _ACTORS:
        found = bodies().find(text)
        return -1.5 if (found and found[0].start <= 4) or unnamed_parties(text) or absent(text) else 0.6
    if role == "indicator":
        return -1.2 if _MEASURE.match(text) else 0.2
    if role == "resource":
        return -1.0 if _MEANS.search(text) else 0.4
    return 0.3 if _is_body(text) else 0.0


def _is_body(text: str) -> bool:
    found = bodies().find(text)
    short = bool(found) and found[0].start <= 1 and len(normalised(text).split()) <= 4
    return short or unnamed_parties(text) is not None


def _is_doubtful(row: dict[int, list[float]], roles: Sequence[str | None]) -> bool:
    """Whether the boxes of a row, kept in order, fit other columns nearly as well."""
    places = tuple(row)
    costs = list(row.values())
    mine = _cost(places, costs, roles)
    others = (other for other in itertools.combinations(range(len(roles)), len(places)) if other != places)
    return any(_cost(other, costs, roles) - mine < _MARGIN for other in others)


def _cost(places: Sequence[int], costs: Sequence[Sequence[float]], roles: Sequence[str | None]) -> float:
    empty = sum(_skip(role) for column, role in enumerate(roles) if column not in places)
    return empty + sum(cost[place] for place, cost in zip(places, costs, strict=True))
