"""Text of a PDF written cell by cell, row after row (as `pdftotext` writes it, and pdfminer where rows are clear).

Steps: `boxes` (lines that stand together, furniture) → `headings` (labels one after the other) → `dealing` (which
column each box stands in). Where their order does not tell the rows, nothing is made of them: they stay text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from loaders.document import Block, Cell, Document, Finding, Paragraph, Place, Table
from loaders.formats.blocks import block_of, is_capitals, is_title
from loaders.formats.boxed.boxes import Box, boxes_of, without_furniture
from loaders.formats.boxed.dealing import Dealing, deal
from loaders.formats.boxed.headings import Heading, find_heading, label_lines, opens_other_column, split_titles
from loaders.formats.laid_out.lines import word_counts
from loaders.formats.laid_out.paragraphs import cell_of, glued, opens, stands_alone
from loaders.headers import role_of
from loaders.records import Rendition
from loaders.span import Span, normalised

_PROSE = 0.7  # of the widest line of the text; lines that long are running text
_ENOUGH = 1 / 3  # of the cells must be dealt for the text to be of this kind
_MOST_CELLS = 2_000  # of one table
_LOOKED_AT = 20  # boxes above a heading
_PROSE_WIDTH = 60  # characters


def is_boxed(text: str) -> bool:
    """Whether `text` holds the headings of a table one after the other, and no tabs."""
    return "\t" not in text and any(part.heading for part in _parts(text)[0])


def is_dealt(text: str) -> bool:
    """Whether the cells of such a text follow one another row by row, in a fair part of its tables."""
    tables = [part for part in _parts(text)[0] if part.heading]
    decided = sum(len(part.boxes) for part in tables if part.dealing and part.dealing.decided)
    return decided > 0 and decided >= _ENOUGH * sum(len(part.boxes) for part in tables)


def read(text: str, rendition: Rendition) -> Document:
    """The blocks of such a text (offsets are characters of `text`)."""
    parts, aside = _parts(text)
    reader = _Reader(word_counts(text), max((box.width for part in parts for box in part.boxes), default=0))
    for part in parts:
        reader.add(part)
    places = tuple(sorted(reader.places, key=lambda place: place.start))
    return Document(
        rendition, text, tuple(reader.blocks), places, tuple(box.span for box in aside), tuple(reader.findings)
    )


@dataclass(frozen=True)
class _Part:
    """Running text, or a table: its heading, the boxes below it and how they are dealt."""

    boxes: tuple[Box, ...]
    heading: Heading | None = None
    dealing: Dealing | None = None


def _parts(text: str) -> tuple[list[_Part], list[Box]]:
    """The text in running boxes and tables, and its furniture."""
    kept, aside = without_furniture(boxes_of(text))
    boxes = split_titles(kept)
    widest = max((box.width for box in boxes), default=0)
    found: list[_Part] = []
    at = last = 0
    while at < len(boxes):
        heading = find_heading(boxes, at)
        if heading is None:
            found.append(_Part((boxes[at],)))
            at += 1
            continue
        end = _end(boxes, heading, widest)
        body = _without_repeats(boxes[heading.end : end], heading)
        before = _above(boxes[last:at], widest)
        whole = 0 < len(body) <= _MOST_CELLS and not any(opens_other_column(box, heading) for box in (*body, *before))
        found.append(_Part(tuple(body), heading, deal(body, heading.roles) if whole else None))
        at = last = end
    return found, aside


def _above(boxes: Sequence[Box], widest: int) -> list[Box]:
    """The boxes right above a heading on its page, up to running text: a label among them belongs to the heading."""
    found: list[Box] = []
    for box in reversed(boxes):
        if _is_prose(box, widest) or box.page != boxes[-1].page or len(found) >= _LOOKED_AT:
            break
        found.append(box)
    return found


def _is_prose(box: Box, widest: int) -> bool:
    return box.width > max(_PROSE_WIDTH, _PROSE * widest)


def _end(boxes: Sequence[Box], heading: Heading, widest: int) -> int:
    """The box after the last one of a table."""
    labels = {normalised(label.text) for label in heading.labels}
    for at in range(heading.end, len(boxes)):
        box = boxes[at]
        if normalised(box.text) in labels:
            continue
        other = find_heading(boxes, at)
        outside = "outside" in (role_of(box.text), role_of(box.lines[0].text))
        if other is not None or _is_prose(box, widest) or outside or _is_title(box, heading):
            return at
    return len(boxes)


def _is_title(box: Box, heading: Heading) -> bool:
    text = box.text
    if "objective" in heading.roles[:2] or "number" in heading.roles:
        return is_capitals(box.lines[-1].text) and len(text) > _PROSE_WIDTH // 2
    return is_title(text) or any(is_capitals(line.text) and len(line.text) > 12 for line in box.lines)


def _without_repeats(boxes: Sequence[Box], heading: Heading) -> list[Box]:
    """The boxes of a body without the heading that pages repeat."""
    labels = [normalised(label.text) for label in heading.labels]
    kept = []
    for box in boxes:
        if normalised(box.text) not in labels:
            at = label_lines(box, heading)
            kept.append(box.cut(at)[1] if at else box)
    return kept


@dataclass
class _Reader:
    words: Counter[str]
    width: int  # of the longest line of the text
    blocks: list[Block] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    tables: int = 0

    def add(self, part: _Part) -> None:
        """Add a part's blocks."""
        if part.heading is None:
            self._text(part.boxes[0])
        elif part.dealing is None or not part.dealing.decided:
            self._undecided((*part.heading.labels, *part.boxes), "the order of the cells does not tell the rows")
        else:
            self._table(part.heading, part.dealing)

    def _text(self, box: Box) -> None:
        width = self.width if box.width > _PROSE * self.width else box.width
        group = [box.lines[0]]
        for above, line in zip(box.lines, box.lines[1:], strict=False):
            if stands_alone(above.text) or opens(above.text, line.text, width):
                self._paragraph(group, box.page)
                group = []
            group.append(line)
        self._paragraph(group, box.page)

    def _paragraph(self, lines: Sequence[Span], page: int) -> None:
        span = lines[0]
        for line in lines[1:]:
            span = glued(span, line, self.words)
        self.places.append(Place(lines[0].offsets[0], lines[-1].offsets[-1] + 1, page))
        self.blocks.append(block_of(span))

    def _undecided(self, boxes: Sequence[Box], why: str) -> None:
        """Boxes that stay text that nobody claims, each whole."""
        for box in boxes:
            self.places.append(Place(box.lines[0].offsets[0], box.lines[-1].offsets[-1] + 1, box.page))
            self.blocks.append(Paragraph(box.span))
        self.findings.append(Finding("flow_undecided", why, "D", "a row by count", boxes[0].span))

    def _table(self, heading: Heading, dealing: Dealing) -> None:
        self.tables += 1
        rows = [dict(enumerate(heading.labels)), *(r for i, r in enumerate(dealing.rows) if i not in dealing.doubtful)]
        breaks = frozenset(i for i in range(2, len(rows)) if _page(rows[i]) != _page(rows[i - 1]))
        columns = range(len(heading.roles))
        cells = [tuple(self._cell(row.get(column)) for column in columns) for row in rows]
        self.places += list(self._places(rows))
        self.blocks.append(Table(tuple(cells), self.tables, breaks, confidence="C"))
        note = "cells dealt to columns by their order and words"
        self.findings.append(
            Finding("flow_table", note, "C", "other columns where cells are empty", heading.labels[0].span)
        )
        for index in sorted(dealing.doubtful):
            self._undecided(tuple(dealing.rows[index].values()), "which columns of the row are empty is not told")

    def _cell(self, box: Box | None) -> Cell:
        if box is None:
            return Cell()
        return cell_of(list(enumerate(box.lines)), box.width, self.words)

    def _places(self, rows: Sequence[dict[int, Box]]) -> Iterator[Place]:
        for number, row in enumerate(rows, start=1):
            for column, box in row.items():
                start, end = box.lines[0].offsets[0], box.lines[-1].offsets[-1] + 1
                yield Place(start, end, box.page, self.tables, number, column + 1)


def _page(row: dict[int, Box]) -> int:
    return next(iter(row.values())).page
