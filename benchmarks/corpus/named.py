"""What a row names: services, measures and groups of people, by the key of the word stocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from benchmarks.corpus.facts import Named
from benchmarks.corpus.places import stock


def named_in(texts: Iterable[str]) -> Named:
    """What the texts of a row name."""
    words = "\n".join(texts)
    return Named(**{kind: _codes(kind, words) for kind in ("services", "measures", "groups")})


def _codes(kind: str, words: str) -> tuple[str, ...]:
    return tuple(sorted(code for code, names in _key(kind).items() if names.search(words)))


@cache
def _key(kind: str) -> Mapping[str, re.Pattern[str]]:
    """Each code with what finds its names. A name may hold `\\d+` where the stocks have a number."""
    found = stock("named")[kind].items()
    return {code: re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", re.IGNORECASE) for code, names in found}
