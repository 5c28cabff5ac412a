"""Paragraphs and list items from lines that a margin wrapped, where only their words and lengths tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from loaders.continuity import joined
from loaders.document import Cell, Line
from loaders.formats.blocks import BULLETED, is_capitals, is_known_label, is_title, unbulleted
from loaders.formats.laid_out.rows import goes_on
from loaders.headers import MARK, mark_of
from loaders.span import EMPTY, Span, join

_FULL = 0.85  # of the widest line; a line that could not be longer than this with one word more has ended
_SIGN_INDENT = 5  # characters between a list sign and the words of its item


def cell_of(lines: Sequence[tuple[int, Span]], width: int, words: Mapping[str, int]) -> Cell:
    """The cell whose lines are given with the number of each (a number left out is a blank line)."""
    found: list[Line] = []
    before: tuple[int, Span] | None = None
    for number, span in lines:
        gap = before is not None and number - before[0] > 1
        if before is None or gap or opens(before[1].text, span.text, width):
            if gap:
                found.append(Line(EMPTY))
            found.append(_line(span))
        else:
            found[-1] = Line(glued(found[-1].text, span, words), found[-1].bullet)
        before = number, span
    return Cell(tuple(line for line in found))


def _line(span: Span) -> Line:
    bulleted = BULLETED.match(span.text)
    return Line(unbulleted(span).folded(), bool(bulleted))


def opens(above: str, words: str, width: int) -> bool:
    """Whether `words` open a paragraph below the line `above` of a column `width` characters wide."""
    if BULLETED.match(words) or MARK.match(words) or mark_of(above)[1] == len(above):
        return True
    if goes_on(above, words):
        return False
    if above.rstrip().endswith((".", ";", ":")):
        return True
    return len(above) + 1 + len(words.split(" ", 1)[0]) <= _FULL * width


def glued(above: Span, below: Span, words: Mapping[str, int]) -> Span:
    """`below` written on after `above`: without a blank after a hyphen or a slash, and in the middle of a cut word."""
    below = below.folded()
    if above.text.endswith(("-", "/")) and above.text[-2:-1].isalnum() and below.text[:1].isalnum():
        tail, head = above.text[:-1].split(" ")[-1].lower(), below.text.split(" ")[0].lower().rstrip(",;.:")
        whole = above.text.endswith("-") and below.text[0].islower() and words.get(tail + head, 0) > 0
        return join((above.slice(0, len(above) - 1) if whole else above, below))
    lines = joined(Cell((Line(above),)), Cell((Line(below),)), words).lines
    return lines[0].text if len(lines) == 1 else join((above, below), " ")


def stands_alone(text: str) -> bool:
    """Whether a line of running text is one of its own, however long: a title, a heading in capitals, a label."""
    return is_capitals(text) or is_title(text) or is_known_label(text)
