"""A document as blocks and tables, the same for every format, each piece tied to its place in the rendition."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from loaders.records import Box, Passage, Rendition
from loaders.span import Span, join, runs

_CONTEXT = 32  # characters kept before and after a quote (W3C Web Annotation, TextQuoteSelector)
Origin = Literal["explicit", "spanned", "inherited", "continued", "shifted"]
_BETWEEN_PIECES = re.compile(r"(?:\s|<[^<>]*>|[•·●▪◦*|‐\uf000-\uf8ff-])*")


@dataclass(frozen=True)
class Place:
    """What a stretch of the rendition's text is: a page, a line of a table, a cell (numbers from 1).

    `box` is left, top, right, bottom on a PDF page in points from its top left corner; `sheet` and `cell` are those
    of a
    spreadsheet («Foglio1», «B7»); `path` is the XML path in an office document.
    """

    start: int
    end: int
    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    box: Box | None = None
    sheet: str | None = None
    cell: str | None = None
    path: str | None = None


@dataclass(frozen=True)
class Line:
    """A paragraph or list item of a cell; one without text is an empty paragraph.

    `gap` says that empty paragraphs stood before it: they align the logical rows that share a drawn row.
    """

    text: Span
    bullet: bool = False
    gap: bool = False


@dataclass(frozen=True)
class Heading:
    """A title; level 1 is the highest."""

    text: Span
    level: int


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text, or an item of a list in it.

    One that stands `apart` holds the words of a table whose cells nothing tells: no field may claim them.
    """

    text: Span
    bullet: bool = False
    apart: bool = False


@dataclass(frozen=True)
class Label:
    """The name of a form's field or section; what follows belongs to it."""

    text: Span
    level: int


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its lines, how it came to stand there, and the colour behind it where it is not white.

    One that is `ticked` has no words: its colour is the mark of a calendar.
    """

    lines: tuple[Line, ...] = ()
    origin: Origin = "explicit"
    colour: str | None = None
    ticked: bool = False

    @property
    def text(self) -> Span:
        """The cell's words, lines joined by a blank."""
        return join((line.text for line in self.lines), " ").folded()

    def __bool__(self) -> bool:
        return any(line.text for line in self.lines)

    def filled(self) -> Cell:
        """The cell without its empty paragraphs, each kept as the gap of the line after it."""
        lines: list[Line] = []
        gap = False
        for line in self.lines:
            if line.text:
                lines.append(replace(line, gap=gap or line.gap))
            gap = not line.text
        return replace(self, lines=tuple(lines))


@dataclass(frozen=True)
class Table:
    """A grid of cells as the document draws it (rows may differ in length in text dumps)."""

    rows: tuple[tuple[Cell, ...], ...]
    number: int
    breaks: frozenset[int] = frozenset()  # rows that a page break precedes
    columns_reliable: bool = True
    confidence: Literal["A", "B", "C"] = "A"  # of its grid, where the document does not draw it


Block = Heading | Paragraph | Label | Table


@dataclass(frozen=True)
class Finding:
    """A repair that the reader made, before it is tied to a passage."""

    rule: str
    text: str
    confidence: Literal["A", "B", "C", "D"]
    rejected: str | None
    span: Span


@dataclass(frozen=True, eq=False)
class Document:
    """What one rendition holds: its normalised text, its blocks in order, and the places of the text."""

    rendition: Rendition
    text: str
    blocks: tuple[Block, ...]
    places: tuple[Place, ...] = ()
    furniture: tuple[Span, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(m.end() for m in re.finditer("\n", self.text))]

    @cached_property
    def _place_starts(self) -> list[int]:
        return [place.start for place in self.places]

    def line(self, offset: int) -> int:
        """The line (from 1) that holds `offset`."""
        return bisect.bisect_right(self._line_starts, offset)

    def place(self, offset: int) -> Place | None:
        """The place that holds `offset`, if the format knows one."""
        index = bisect.bisect_right(self._place_starts, offset) - 1
        if index >= 0 and offset < self.places[index].end:
            return self.places[index]
        return None

    def passage(self, span: Span) -> Passage:
        """Where `span` stands: one passage for each stretch in one place, the later ones in `more`."""
        stretches = self._stretches(span)
        if not stretches:
            raise ValueError(f"a span without a place: {span.text[:60]!r}")
        first, *rest = (self._passage(start, end) for start, end in stretches)
        return first.model_copy(update={"more": tuple(rest)})

    def _stretches(self, span: Span) -> list[tuple[int, int]]:
        merged: list[tuple[int, int]] = []
        for start, end in runs(span.offsets):
            if merged and self._continues(merged[-1][1], start):
                merged[-1] = (merged[-1][0], end)
            else:
                merged.append((start, end))
        return merged

    def _continues(self, end: int, start: int) -> bool:
        between = self.text[end:start]
        same_place = self.place(end - 1) == self.place(start)
        return start >= end and same_place and bool(_BETWEEN_PIECES.fullmatch(between))

    def _passage(self, start: int, end: int) -> Passage:
        place = self.place(start) or Place(start, end)
        return Passage(
            rendition=self.rendition.sha256,
            page=place.page,
            line=self.line(start) if self.rendition.media_type == "text/plain" else None,
            table=place.table,
            row=place.row,
            column=place.column,
            box=place.box,
            sheet=place.sheet,
            cell=place.cell,
            path=place.path,
            start=start,
            end=end,
            exact=self.text[start:end],
            prefix=self.text[max(0, start - _CONTEXT) : start],
            suffix=self.text[end : end + _CONTEXT],
        )
