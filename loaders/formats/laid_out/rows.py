"""Where the rows of a laid-out table start: the cut of its lines under which cells are most whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from loaders.continuity import OPEN_WORDS
from loaders.formats.blocks import BULLETED
from loaders.headers import STATUS_ROLES, is_title, mark_of, role_of, starts_status
from loaders.timelines import read_interval

_ROW = 1.2  # the price of a row
_LATE = 2.2  # of a cell that starts below the first line of its row
_HOLE = 1.0  # of a blank line inside a cell
_LOW = 2.0  # of a row that starts in the middle of a sentence
_PACKED = 0.3  # of a row that starts where the line above was full
_LONGEST_ROW = 90  # lines; a page holds no more
_MARK = 3  # characters; a column whose cells are no longer holds marks, each of its own row
_KEYS = ("objective", "number", "territory")
_MAIN = (*_KEYS, "action", "need")
_NUMBERED = re.compile(r"^\W{0,2}\d{1,2}(?:\.\d{1,2})*(?:\s*bis)?\s*[-.)–]")
_TERM = re.compile(r"^(?:entro|dal?|fino|dopo|non oltre|ogni|primo|secondo|ultimo|intero|tutto|nel|in)\b", re.I)
_LAST_WORD = re.compile(r"([^\W\d_]+)['’]?\s*$")
Body = Sequence[Sequence[str]]  # lines of cells: the words of each column, empty where none stand


def row_starts(body: Body, roles: Sequence[str | None], *, form: bool = False) -> list[int]:
    """The lines at which rows start; the first line is always one."""
    full = [max(len(line[column]) for line in body) for column in range(len(roles))]
    cuts = [0.0 if at == 0 else _cut(body, at, roles, full, form=form) for at in range(len(body))]
    lates = [[_late(body, a, column) for column in range(len(roles))] for a in range(len(body))]
    holes = [list(accumulate(_hole(body, at, column) for at in range(len(body)))) for column in range(len(roles))]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(body) + 1):
        options = []
        for start in range(max(0, end - _LONGEST_ROW), end):
            if start and not any(body[start]):
                continue
            price = (
                best[start][0]
                + cuts[start]
                + sum(_price(lates[start][c], holes[c], start, end) for c in range(len(roles)))
            )
            options.append((price, start))
        price, start = min(options, default=(best[-1][0] + _ROW, end - 1), key=lambda option: (option[0], -option[1]))
        best.append((price, start))
    return _back(best)


def _back(best: Sequence[tuple[float, int]]) -> list[int]:
    """The starts of the rows from those of the last row, the row before it, and so on."""
    starts = []
    at = len(best) - 1
    while at:
        at = best[at][1]
        starts.append(at)
    return starts[::-1]


def _price(late: int, holes: list[float], start: int, end: int) -> float:
    """What one column costs in a row: its first line too low, blank lines between its lines."""
    if start + late >= end:
        return 0.0
    return (_LATE if late else 0.0) + holes[end - 1] - holes[start + late]


def _late(body: Body, start: int, column: int) -> int:
    """How many lines below `start` the first words of a column stand."""
    near = range(start, min(start + _LONGEST_ROW, len(body)))
    return next((at - start for at in near if body[at][column]), len(body))


def _hole(body: Body, at: int, column: int) -> float:
    """The price of words at line `at` after a gap; where all columns have the gap, they are paragraphs."""
    if at == 0 or not body[at][column] or body[at - 1][column]:
        return 0.0
    return 0.3 if not any(body[at - 1]) else _HOLE


def _cut(body: Body, at: int, roles: Sequence[str | None], full: Sequence[int], *, form: bool) -> float:
    """The price of a row that starts at line `at`; `full` is the widest line of each column."""
    here, above = body[at], body[at - 1]
    if form:
        return _ROW - (6.0 if role_of(here[0].rstrip(" :")) else 2.0 if here[0][:1].isupper() else -6.0)
    price = _ROW if any(above) else _ROW - 1.0
    for column, words in enumerate(here):
        if words and above[column]:
            price += _going_on(above[column], words, full[column])
        if words:
            price -= _opening(words, roles[column])
    if _is_section(body, at, roles) or (at > 1 and _is_section(body, at - 1, roles)):
        return price - 2.0
    main = [column for column, role in enumerate(roles) if role in _MAIN]
    return price + (2.0 if main and not any(here[column] for column in main) else 0.0)


def _is_section(body: Body, at: int, roles: Sequence[str | None]) -> bool:
    """Whether a line names a section of the table: a title alone in the first column, which holds no objectives."""
    first, *others = body[at]
    alone = bool(first) and not any(others) and roles[0] != "objective"
    return alone and is_title(first) and (at == 0 or not goes_on(body[at - 1][0], first))


def _going_on(above: str, words: str, full: int) -> float:
    """How much the words of a cell go on from the line above; `full` is the widest line of the column."""
    if full <= _MARK:
        return -2.0
    if goes_on(above, words):
        return _LOW
    if above.endswith((".", ";")):
        return -0.3
    room = len(above) + 1 + len(words.split(" ", 1)[0]) <= 0.85 * full
    return -0.7 if room else _PACKED


def goes_on(above: str, words: str) -> bool:
    """Whether `words` cannot open a sentence, or `above` cannot close one."""
    if BULLETED.match(words):
        return False
    last = _LAST_WORD.search(above)
    opened = above.endswith((",", "/", "-", "(", "’", "'")) or above.count("(") > above.count(")")
    low = words[:1].islower() or words[:1] in ",;:)"
    return low or opened or bool(last and last.group(1).lower() in OPEN_WORDS)


def _opening(words: str, role: str | None) -> float:
    """How much the words of a cell are those that open a row."""
    if role in STATUS_ROLES:
        return 2.5 if mark_of(words)[0] is not None or (words[:1].isupper() and starts_status(words)) else 0.0
    if role in _KEYS:
        return 1.5 if _NUMBERED.match(words) else 0.0
    return 1.0 if role == "time" and opens_time(words) else 0.0


def opens_time(words: str) -> bool:
    """Whether words name a time from the start: a year, a month, a term."""
    interval = read_interval(words) is not None
    return bool(_TERM.match(words)) or (interval and words[:1].isdigit()) or (interval and len(words.split()) <= 3)
