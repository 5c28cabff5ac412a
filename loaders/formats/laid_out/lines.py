"""The lines of a text whose columns blanks keep apart: their stretches, the pages, and what pages repeat."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from loaders.formats.blocks import is_capitals
from loaders.formats.markup import BULLET
from loaders.span import Span, whole

_STRETCH = re.compile(r"\S+(?: \S+)*")
_SIGN = re.compile(rf"(?:[{BULLET}\ue000-\uf8ff*o§Ø–—-]|\d{{1,2}}[.)]|[a-z]\))$")
_SIGN_GAP = 4  # blanks between a list sign and its words
_MARGIN = 3  # lines at the top and bottom of a page that may be furniture
_PAGE_NUMBER = re.compile(
    r"^\W*(?:pag(?:ina|\.)?\s*(?:n\s*[.°]\s*)?)?(?:\d{1,3}|[ivxl]{1,6})(?:\s*(?:di|/|of|su)\s*\d{1,3})?\W*$", re.I
)
_LONGEST_FURNITURE = 120  # characters
_DIGITS = re.compile(r"\d+")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Stretch:
    """Words that single blanks part: where they start and end on the line."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class TextLine:
    """A line of the text, and the page it stands on."""

    span: Span
    page: int

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The words of the line in groups that two or more blanks part; a list sign belongs to the words after it."""
        found: list[Stretch] = []
        for match in _STRETCH.finditer(self.span.text):
            near = bool(found) and match.start() - found[-1].end <= _SIGN_GAP
            if near and _SIGN.match(found[-1].text):
                start = found.pop().start
                found.append(Stretch(start, match.end(), self.span.text[start : match.end()]))
            else:
                found.append(Stretch(match.start(), match.end(), match.group()))
        return tuple(found)

    @property
    def blank(self) -> bool:
        """Whether it holds no words."""
        return not self.stretches

    @property
    def start(self) -> int:
        """Where its first word starts."""
        return self.stretches[0].start

    def is_glyph(self, at: int) -> bool:
        """Whether a character that is no blank stands at `at`."""
        return 0 <= at < len(self.span) and not self.span.text[at].isspace()


def pages_of(text: str) -> list[list[TextLine]]:
    """The lines of each page; form feeds part pages."""
    pages: list[list[TextLine]] = []
    start = 0
    for number, page in enumerate(text.split("\f"), start=1):
        lines = []
        for line in page.split("\n"):
            lines.append(TextLine(whole(line, start), number))
            start += len(line) + 1
        pages.append(lines)
    return pages


def without_furniture(pages: Sequence[Sequence[TextLine]]) -> tuple[list[list[TextLine]], list[TextLine]]:
    """The lines of each page without running heads, feet and page numbers, which are the second value."""
    furniture = set(_furniture(pages))
    kept = [[line for line in page if id(line) not in furniture] for page in pages]
    return kept, [line for page in pages for line in page if id(line) in furniture]


def _furniture(pages: Sequence[Sequence[TextLine]]) -> Iterator[int]:
    margins = [_margin(page) for page in pages]
    on: defaultdict[str, set[int]] = defaultdict(set)
    for number, lines in enumerate(margins):
        for line in lines:
            on[_mask(line)].add(number)
    filled = sum(bool(lines) for lines in margins)
    for lines in margins:
        for line in lines:
            repeated = len(on[_mask(line)]) >= max(2, min(3, filled // 2)) and len(line.span) <= 2 * _LONGEST_FURNITURE
            if _is_number(line, lines) or (repeated and _may_repeat(line)):
                yield id(line)


def _margin(page: Sequence[TextLine]) -> list[TextLine]:
    filled = [line for line in page if not line.blank]
    return filled if len(filled) <= 2 * _MARGIN else [*filled[:_MARGIN], *filled[-_MARGIN:]]


def _is_number(line: TextLine, margin: Sequence[TextLine]) -> bool:
    return line in (margin[0], margin[-1]) and bool(_PAGE_NUMBER.match(line.span.text.strip()))


def _may_repeat(line: TextLine) -> bool:
    """Whether a repeated line can be furniture: the heading of a table, which pages repeat too, has more columns."""
    words = [stretch.text for stretch in line.stretches if not _PAGE_NUMBER.match(stretch.text)]
    return len(words) <= 1 and (not words or not is_capitals(words[0]) or len(words[0]) < _LONGEST_FURNITURE)


def _mask(line: TextLine) -> str:
    return _BLANKS.sub(" ", _DIGITS.sub("0", line.span.text)).strip().lower()


def word_counts(text: str) -> Counter[str]:
    """How often each word stands in `text`, in small letters."""
    return Counter(word.lower() for word in re.findall(r"\w+", text))
