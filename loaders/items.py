"""The items of a list cell, also where a converter lost the line breaks between them."""

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
_SEMICOLON = re.compile(r";\s+(?=[A-ZÀ-Ú%\d])")


def cell_items(cell: Cell, *, breaks_lost: bool) -> list[Span]:
    """The items of a cell: its lines, each cut at the items that stand in it when line breaks were lost."""
    return [item for line in cell.lines for item in line_items(line, breaks_lost=breaks_lost)]


def line_items(line: Line, *, breaks_lost: bool) -> list[Span]:
    """The items of one line; a mark alone is none."""
    text = line.text
    if not breaks_lost:
        return [text] if text.strip() else []
    pieces = [part for piece in text.pieces(_SEMICOLON) for part in piece.cut(_openings(piece.text))]
    return [p for p in (piece.strip().strip(";/").strip() for piece in pieces) if p]


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
    return bool(_NOMINAL.search(word) or phrases("item-openers", "item-opener").exact(word))


def without_mark(line: Line) -> Span:
    """The words of a line after the mark that opens it."""
    match = MARK.match(line.text.text)
    return line.text.slice(match.end(), len(line.text)).strip() if match else line.text


def is_word(text: str) -> bool:
    """Whether `text` holds a letter or digit."""
    return bool(normalised(text))
