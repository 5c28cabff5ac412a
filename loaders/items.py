"""The items of a list cell, also where the line breaks or list signs between them are lost."""

from __future__ import annotations

import re
from collections.abc import Iterable

from loaders.document import Cell, Line
from loaders.headers import MARK
from loaders.lexicon import phrases
from loaders.span import Span, normalised

_CAPITALISED = re.compile(r"(?<=\s)([A-ZÀ-Ú][a-zà-ú]+|[A-ZÀ-Ú]\.|N°)(?=\W|$)")
_NOMINAL = re.compile(r"(?:zion[ei]|sion[ei]|ment[oi]|ggio|ggi|[aei]re|rre)$")  # nouns of action and infinitives
_AFTER_NAME = re.compile(
    r"[A-ZÀ-Ú][\w'’]+\s+[A-ZÀ-Ú][a-zà-ú]+(?:al[ei]|ari[oa]?|iv[oaie]|at[oaie]|ic[oai]|iche)\s+$"
)  # «Tavoli Territoriali »
_BEFORE_ITEM = re.compile(
    r"(?:(?<![\w'’])(?:[a-zà-ú'’]{3,}|[A-ZÀ-Ú]{3,}['’]?|(?<!\d)\d{4}(?:-\d{2,4})?)|(?<=['’])[a-zà-ú]{3,}|[;)/\"”»])\s+$"
)
_FUNCTION_WORD = re.compile(
    r"\b(?:di|del|dello|della|dei|degli|delle|da|dal|dalla|dai|alle?|allo|alla|agli|nel|nella|nei|nelle|negli|con|"
    r"sul|sulla|sui|per|tra|fra|"
    r"che|non|come|anche|una|uno|gli|quale|quali|ed|su|il|lo|la|le|un|ex|ai|al|in|a|e|o)\s+$",
    re.I,
)
_INNER_DASH = re.compile(
    r"\s[-–]\s+(?=[A-ZÀ-Ú][a-zà-ú]+\s|N[.°r]|n[.°])|(?<=[\w.…])(?<!\b[A-Z])(?<!\d)[-–]\s+(?=[a-zà-ú]+\s)"
)
_SEMICOLON = re.compile(
    r";\s+(?=[A-ZÀ-Ú%€\d]|(?:n|nr|num)\s*[.°]|(?:numero|percentuale|tasso|almeno)\b)(?![^()]*\))"
)  # before a capital or a word that opens a measure, outside brackets


def cell_items(cell: Cell) -> list[Span]:
    """The items of a cell: its lines, each cut at the items that stand in it."""
    return [item for line in cell.lines for item in line_items(line)]


def line_items(line: Line) -> list[Span]:
    """The items of one line, whose list signs or line breaks an author or a converter may have lost."""
    dashed = _dashed(line.text) if line.bullet else [line.text]
    parts = [part for piece in dashed for part in piece.pieces(_SEMICOLON)]
    pieces = [part for piece in parts for part in piece.cut(_openings(piece.text))]
    return [p for p in (piece.strip().strip(";/").strip() for piece in pieces) if p]


def _dashed(text: Span) -> list[Span]:
    """The items that dashes part in a dashed line; a dash inside a compound («socio- sanitario») parts nothing."""
    cuts = [(0, 0)]
    cuts += [m.span() for m in _INNER_DASH.finditer(text.text) if not _in_compound(text.text[: m.start()])]
    ends = [start for start, _ in cuts[1:]] + [len(text)]
    return [text.slice(start, end) for (_, start), end in zip(cuts, ends, strict=True)]


def _openings(text: str) -> Iterable[int]:
    """Where an item starts in the middle of `text`: a capitalised noun of action after the end of a phrase."""
    for match in _CAPITALISED.finditer(text):
        before = text[: match.start()]
        if (
            not (_BEFORE_ITEM.search(before) or _AFTER_NAME.search(before))
            or _FUNCTION_WORD.search(before)
            or before.count("(") > before.count(")")
        ):
            continue
        if is_opener(match.group(1)):
            yield match.start()


def is_opener(word: str) -> bool:
    """Whether a capitalised `word` can open a list item: a noun of action, an infinitive or a word of the
    vocabulary."""
    known = _kind(word)
    return known == "opener" or (known is None and bool(_NOMINAL.search(word)))


def _kind(word: str) -> str | None:
    entry = phrases("item-openers", "item-opener").exact(word)
    return entry.code if entry else None


def _in_compound(before: str) -> bool:
    """Whether the last word of `before` is the first part of a compound («socio»)."""
    words = before.split()
    return bool(words) and before[-1:].isalpha() and _kind(words[-1]) == "compound"


def without_mark(line: Line) -> Span:
    """The words of a line after the mark that opens it."""
    match = MARK.match(line.text.text)
    return line.text.slice(match.end(), len(line.text)).strip() if match else line.text


def is_word(text: str) -> bool:
    """Whether `text` holds a letter or digit."""
    return bool(normalised(text))
