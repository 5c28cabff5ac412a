"""The document's own legend: what each mark stands for, when the author says so («X = presente; IC = in corso»)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from loaders.lexicon import phrases

_LEGEND_LINE = re.compile(r"^\W*legenda\b\W*", re.I)
_PAIR = re.compile(r"([^\s=:;,()]{1,12}|vuoto|blank|cella vuota)\s*(?:=|:)\s*([^;,.\n]+)", re.I)
_EMPTY = frozenset(("vuoto", "cella vuota", "blank"))
_CODES = {"present": "yes", "absent": "no", "in_preparation": "in_progress"}


def is_legend(text: str) -> bool:
    """Whether a line is a legend: it says so, or it is nothing but two or more signs and the status each means."""
    return bool(_LEGEND_LINE.match(text)) or _explains_itself(text)


def _explains_itself(text: str) -> bool:
    pairs = [piece for piece in re.split(r"[;,]", text.strip(" .()*")) if piece.strip()]
    found = [_PAIR.fullmatch(piece.strip()) for piece in pairs]
    statuses = phrases("status-phrases", "status-phrase")
    return len(pairs) > 1 and all(m and "=" in m.group() and statuses.find(m.group(2)) for m in found)


@lru_cache(maxsize=16)
def read_legend(text: str) -> Mapping[str, str | None]:
    """What each mark of the legend stands for: `yes`, `no`, `in_progress`, or None for what is no status.

    Marks are in small letters; the empty string is the empty box.
    """
    found: dict[str, str | None] = {}
    for line in text.split("\n"):
        if not is_legend(line):
            continue
        for sign, meaning in _PAIR.findall(_LEGEND_LINE.sub("", line)):
            matches = phrases("status-phrases", "status-phrase").find(meaning)
            found["" if sign.lower() in _EMPTY else sign.casefold()] = (
                _CODES[matches[0].entry.code] if matches else None
            )
    return found
