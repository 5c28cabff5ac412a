"""The boxes of a text that was written cell by cell: lines that an empty line parts from the next."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from loaders.formats.markup import BULLET
from loaders.span import Span, join, normalised, whole

_PAGE_NUMBER = re.compile(r"^\W*(?:pag(?:ina|\.)?\s*)?\d{1,3}(?:\s*(?:di|/)\s*\d{1,3})?\W*$", re.I)
_SIGNS = re.compile(rf"[{BULLET}\ue000-\uf8ff\s]+")  # list signs that lost their words
_MOST_LINES = 200  # of one box
_LONGEST_FURNITURE = 90  # characters


@dataclass(frozen=True)
class Box:
    """Lines that stand together on a page."""

    lines: tuple[Span, ...]
    page: int

    @cached_property
    def text(self) -> str:
        """Its words on one line."""
        return " ".join(line.text for line in self.lines)

    @cached_property
    def width(self) -> int:
        """The length of its longest line."""
        return max(len(line.text) for line in self.lines)

    @property
    def span(self) -> Span:
        """Its words and where they stand."""
        return join(self.lines, " ").folded()

    def cut(self, at: int) -> tuple[Box, Box]:
        """The box in two, before line `at`."""
        return Box(self.lines[:at], self.page), Box(self.lines[at:], self.page)


def boxes_of(text: str) -> list[Box]:
    """The boxes of a text; a form feed opens a page."""
    found = []
    start = 0
    for number, page in enumerate(text.split("\f"), start=1):
        lines: list[Span] = []
        for line in [*page.split("\n"), ""]:
            span = whole(line, start).folded()
            if span and not _SIGNS.fullmatch(span.text):
                lines.append(span)
            if lines and (not span or len(lines) >= _MOST_LINES):
                found.append(Box(tuple(lines), number))
                lines = []
            start += len(line) + 1
        start -= 1
    return found


def without_furniture(boxes: Sequence[Box]) -> tuple[list[Box], list[Box]]:
    """The boxes without page numbers and running heads, which are the second value."""
    edges = set(_edges(boxes))
    on: defaultdict[str, set[int]] = defaultdict(set)
    for index in edges:
        on[normalised(boxes[index].text)].add(boxes[index].page)
    aside = {i for i in edges if _is_furniture(boxes[i], len(on[normalised(boxes[i].text)]))} | _page_numbers(boxes)
    kept = [box for index, box in enumerate(boxes) if index not in aside]
    return kept, [boxes[index] for index in sorted(aside)]


def _page_numbers(boxes: Sequence[Box]) -> set[int]:
    """The boxes that are nothing but the number of their page, where most pages have one, wherever it was written."""
    alone: defaultdict[int, list[int]] = defaultdict(list)
    for index, box in enumerate(boxes):
        if box.text == str(box.page):
            alone[box.page].append(index)
    found = {indexes[0] for indexes in alone.values() if len(indexes) == 1}
    pages = {box.page for box in boxes}
    return found if 1 < len(pages) < 2 * len(found) else set()


def _edges(boxes: Sequence[Box]) -> Iterator[int]:
    """The first and the last boxes of each page."""
    pages: defaultdict[int, list[int]] = defaultdict(list)
    for index, box in enumerate(boxes):
        pages[box.page].append(index)
    for indexes in pages.values():
        yield from (indexes[0], *indexes[-2:])


def _is_furniture(box: Box, pages: int) -> bool:
    number = bool(_PAGE_NUMBER.match(box.text))
    return number or (pages > 1 and len(box.lines) == 1 and len(box.text) <= _LONGEST_FURNITURE)
