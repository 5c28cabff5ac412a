"""The stretches of time that the columns of a Gantt table stand for: months, quarters and half years in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from loaders.lexicon import months
from loaders.timelines import Interval, read_interval

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_FEWEST_LETTERS = 6  # in a row; fewer single letters may be anything
_SHORTEST_NAME = 3
_ROMAN = ("i", "ii", "iii", "iv")
_PARTS = {2: "semestre", 4: "trimestre"}


@cache
def _names() -> tuple[str, ...]:
    """The full names of the months, January first."""
    full: dict[int, str] = {}
    for name, number in months().items():
        full.setdefault(number, name)
    return tuple(full[number] for number in sorted(full))


def _letters() -> str:
    """Their first letters over four years («gfmamglasond…»)."""
    return "".join(name[0] for name in _names()) * 4


def is_month(text: str) -> bool:
    """Whether `text` is the name of a month or its abbreviation, with or without a year."""
    word = _YEAR.sub("", text).strip(" .-/'’").casefold()
    return len(word) >= _SHORTEST_NAME and any(name.startswith(word) for name in _names())


def is_calendar(texts: Sequence[str]) -> bool:
    """Whether headings side by side are months or parts of a year in order («G», «F», «M», …; «I», «II»)."""
    plain = [_YEAR.sub("", text).strip(" .-/'’").casefold() for text in texts]
    return bool(plain) and all(_parts(plain))


def read_days(labels: Sequence[str], year: str | None) -> list[Interval | None]:
    """The days of each column of a table by its heading, None for what is no time.

    A year stands in the heading itself or in the one over it, joined before it («2024 marzo»), else it is `year`.
    """
    years = [m.group() if (m := _YEAR.search(label)) else year for label in labels]
    plain = [_YEAR.sub("", label).strip(" .-–/'’").casefold() for label in labels]
    found: list[Interval | None] = [None] * len(labels)
    for first, last in _runs(years, plain):
        if _bare(plain[first]) and not _YEAR.search(labels[first]):
            continue  # «1», «2» without a year over them may be anything
        for at, part in zip(range(first, last), _parts(plain[first:last]), strict=True):
            found[at] = read_interval(f"{part} {years[at]}") if part and years[at] else None
    return found


def _bare(text: str) -> bool:
    return bool(re.fullmatch(r"[ivx\d]+", text))


def _runs(years: Sequence[str | None], plain: Sequence[str]) -> list[tuple[int, int]]:
    """Stretches of columns with a heading, cut where the parts of another year begin anew."""
    edges = [0]
    for at, (one, other) in enumerate(pairwise(plain), start=1):
        anew = years[at] != years[at - 1] and not is_month(plain[at]) and plain[at] == plain[edges[-1]]
        if anew or not one or not other or _is_word(one) != _is_word(other):
            edges.append(at)
    return list(pairwise([*edges, len(plain)]))


def _is_word(text: str) -> bool:
    """Whether a heading is too long for a letter, a number or a month."""
    return len(text) > 2 and not is_month(text) and not re.fullmatch(r"[ivqt\d°ª]+(?:\s*(?:trim|sem)\w*\.?)?", text)


def _parts(plain: Sequence[str]) -> list[str | None]:
    """What each heading of a run means, in the words of a date; None for all when they are in no order."""
    if all(is_month(word) for word in plain):
        return [next(name for name in _names() if name.startswith(word)) for word in plain]
    if len(plain) >= _FEWEST_LETTERS and "".join(plain) in _letters() and all(len(word) == 1 for word in plain):
        start = _letters().index("".join(plain))
        return [_names()[(start + i) % 12] for i in range(len(plain))]
    if list(plain) == [str(i + 1) for i in range(12)]:
        return list(_names())
    bare = [re.sub(r"[°ª]|\s*(?:trim|sem)\w*\.?$|^[qt](?=\d)", "", word).strip() for word in plain]
    if len(plain) in _PARTS and bare in (list(_ROMAN[: len(plain)]), [str(i + 1) for i in range(len(plain))]):
        return [f"{number} {_PARTS[len(plain)]}" for number in _ROMAN[: len(plain)]]
    return [None] * len(plain)
