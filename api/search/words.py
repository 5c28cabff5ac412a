"""Italian words as the index compares them: without case and accents, without what joins them, by their stem."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from snowballstemmer import stemmer

_WORD = re.compile(r"\w+")
_ASKED = re.compile(r'"([^"]*)"|«([^»]*)»|“([^”]*)”|(\S+)')
_STOP = frozenset(
    "a ad ai al all alla alle allo anche c che chi ci come con cui d da dai dal dall dalla dalle dallo degli dei del "
    "dell della delle dello di e ed gli ha i il in l la le lo nei nel nell nella nelle nello o per si su sui sul sull "
    "sulla sulle sullo tra un una uno".split()
)
"""Words of a request that are not asked for, unless they stand in a phrase."""


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of one word: «attività» and «Attivita» have the same, and so have «protocollo» and «protocolli»."""
    folded = "".join(one for one in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(one))
    return str(stemmer("italian").stemWord(folded))


def stems(text: str) -> str:
    """The stems of a text in its order, one blank between."""
    return " ".join(stem(match[0]) for match in _WORD.finditer(text))


def match_expression(asked: str) -> str:
    """A request of people as FTS5 reads it: all its words, its phrases in quotation marks, `ospedal*` for beginnings.

    Empty when it has no word; no sign of FTS5 itself can come from the request.
    """
    phrases = []
    for quoted in _ASKED.finditer(asked):
        words = stems(quoted[1] or quoted[2] or quoted[3] or "")
        phrases += [f'"{words}"'] if words else list(_single(quoted[4] or ""))
    return " AND ".join(phrases)


def any_expression(text: str) -> str:
    """A text as FTS5 reads it: any of its words but the commonest."""
    words = dict.fromkeys(stem(one) for one in _WORD.findall(text) if one.casefold() not in _STOP)
    return " OR ".join(f'"{one}"' for one in words)


def _single(word: str) -> Iterator[str]:
    parts = _WORD.findall(word)
    for place, one in enumerate(parts):
        if one.casefold() in _STOP:
            continue
        beginning = word.endswith("*") and place == len(parts) - 1
        yield f'"{stem(one)}"*' if beginning else f'"{stem(one)}"'


def marked(text: str, asked: str) -> tuple[tuple[str, bool], ...]:
    """The text in parts, each with whether it is one of the words asked for."""
    wanted = {one.strip('"') for one in re.findall(r'"[^"]*"(?!\*)', match_expression(asked))}
    whole = {word for phrase in wanted for word in phrase.split()}
    beginnings = tuple(re.findall(r'"([^"]*)"\*', match_expression(asked)))
    parts: list[tuple[str, bool]] = []
    end = 0
    for match in _WORD.finditer(text):
        found = stem(match[0])
        if found in whole or (beginnings and found.startswith(beginnings)):
            parts += [(text[end : match.start()], False)] if match.start() > end else []
            parts.append((match[0], True))
            end = match.end()
    return (*parts, (text[end:], False)) if end < len(text) else tuple(parts)
