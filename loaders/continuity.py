"""How strongly the words of one cell go on in another: the evidence behind every joined row."""

from __future__ import annotations

import re
from collections.abc import Mapping

from loaders.document import Cell, Line
from loaders.span import join

OPEN_WORDS = frozenset(
    "di del dello della dell dei degli delle da dal dalla dai dalle a al allo alla ai agli alle in nel nella nei nelle "
    "con su sul sulla sui per tra fra e ed o od il lo la i gli le un uno una che non come anche sia ovvero oppure "
    "quale quali cui".split()
)
_LAST_WORD = re.compile(r"([^\W\d_]+)['’]?\s*$")
_TAIL = re.compile(r"(\w+)\s*$")
_DOUBLED = re.compile(r"([bcdgmnprtvz])\1$")
_HEAD = re.compile(r"^\s*(\w+)")


def starts_low(cell: Cell) -> bool:
    """Whether the cell opens in the middle of a sentence: a small letter or a closing sign, and no list sign."""
    if not cell:
        return False
    first = cell.lines[0]
    text = first.text.text.lstrip("\"'“«(")
    return bool(text) and not first.bullet and (text[0].islower() or text[0] in ",;:)")


def ends_open(cell: Cell) -> bool:
    """Whether the cell stops where a sentence cannot: after an article, a preposition, a comma, a slash or an open
    bracket."""
    if not cell:
        return False
    text = cell.lines[-1].text.text.rstrip()
    if text.endswith((",", "/", "-", "(", "’", "'")) or text.count("(") > text.count(")"):
        return True
    last = _LAST_WORD.search(text)
    return bool(last) and last is not None and last.group(1).lower() in OPEN_WORDS


def joined(above: Cell, below: Cell, words: Mapping[str, int]) -> Cell:
    """`below` written on after `above`: its first line continues the last one unless it is a list item or a new
    sentence."""
    if not above or not below:
        return above or below
    last, first = above.lines[-1], below.lines[0]
    if first.bullet or last.text.text.rstrip().endswith((".", ";")):
        return Cell((*above.lines, *below.lines), "continued")
    separator = "" if _is_cut_word(last.text.text, first.text.text, words) else " "
    line = Line(join((last.text, first.text), separator), last.bullet)
    return Cell((*above.lines[:-1], line, *below.lines[1:]), "continued")


def _is_cut_word(above: str, below: str, words: Mapping[str, int]) -> bool:
    """A word was cut when its halves make a word that the document has more often than the second half alone, or when
    no word ends as the first half does."""
    tail, head = _TAIL.search(above), _HEAD.search(below)
    if above.rstrip().endswith("-") or not tail or not head or above[-1:].isspace():
        return False
    second = head.group(1).lower()
    whole = tail.group(1).lower() + second
    cut = is_stump(tail.group(1)) or words.get(whole, 0) > words.get(second, 0)
    return head.group(1)[0].islower() and cut


def is_stump(word: str) -> bool:
    """Whether no word ends so: Italian has none in these doubled consonants, nor the English of plans."""
    return bool(_DOUBLED.search(word))
