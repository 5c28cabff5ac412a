"""Text of a PDF written cell by cell, row after row (as `pdftotext` writes it, and pdfminer where rows are clear).

Steps: `boxes` (lines that stand together, furniture) → `headings` (labels one after the other) → `dealing` (which
column each box stands in). Where their order does not tell the rows, nothing is made of them: they stay text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from loaders.document import Block, Cell, Document, Finding, Paragraph, Place, Table
from loaders.formats.blocks import block_of, is_capitals, is_title
from loaders.formats.boxed.boxes import Box, boxes_of, without_furniture
from loaders.formats.boxed.columnwise import Boxed, Columnwise, deal_columns
from loaders.formats.boxed.dealing import Dealing, contradicts, deal
from loaders.formats.boxed.headings import (
    Heading,
    find_heading,
    find_scattered,
    form_labels,
    label_lines,
    opens_other_column,
    split_titles,
)
from loaders.formats.laid_out.lines import word_counts
from loaders.formats.laid_out.paragraphs import cell_of, glued, opens, stands_alone
from loaders.headers import role_of
from loaders.records import Rendition
from loaders.span import Span, normalised

_PROSE = 0.7  # of the widest line of the text; lines that long are running text
_MOST_CELLS = 2_000  # of one table
_LOOKED_AT = 20  # boxes above a heading
_PROSE_WIDTH = 60  # characters


def is_boxed(text: str) -> bool:
    """Whether `text` holds the headings of a table one after the other, and no tabs."""
    return "\t" not in text and any(part.heading for part in _parts(text)[0])


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
    columnwise: Columnwise | None = None


def _parts(text: str) -> tuple[list[_Part], list[Box]]:
    """The text in running boxes and tables, and its furniture."""
    kept, aside = without_furniture(boxes_of(text))
    boxes = split_titles(kept)
    widest = max((box.width for box in boxes), default=0)
    forms = form_labels(boxes)
    found: list[_Part] = []
    at = last = 0
    while at < len(boxes):
        part, end = _table_part(boxes, at, last, widest)
        if part.heading is not None and part.heading.is_form(forms):
            part, end = _Part((boxes[at],)), at + 1
        found.append(_consistent(part))
        at = end
        last = end if part.heading else last
    return found, aside


def _consistent(part: _Part) -> _Part:
    """The part, less how its boxes are dealt where a row of that contradicts the heading."""
    rows = part.columnwise.rows if part.columnwise is not None else ()
    if part.dealing is not None and part.dealing.decided:
        rows = tuple(row for i, row in enumerate(part.dealing.rows) if i not in part.dealing.doubtful)
    lost = part.dealing is not None and part.dealing.lost
    if part.heading is None or not (lost or contradicts(rows, part.heading.roles)):
        return part
    return replace(part, dealing=None, columnwise=None)


def _table_part(boxes: Sequence[Box], at: int, last: int, widest: int) -> tuple[_Part, int]:
    """The table whose heading opens with box `at`, or that box alone, and the box after it."""
    heading = find_heading(boxes, at)
    regular = _regular_part(boxes, heading, boxes[last:at], widest) if heading else None
    if regular is not None and regular[0].dealing is not None and regular[0].dealing.decided:
        return regular
    scattered = find_scattered(boxes, at)
    later = [found for i in scattered[1] if (found := find_heading(boxes, i))] if scattered and not heading else []
    if scattered is not None and any(len(found.labels) + 1 >= len(scattered[0].labels) for found in later):
        scattered = None  # a line above the heading, which means something too
    if scattered is not None and len(scattered[0].labels) > (len(heading.labels) if heading else 0):
        return _scattered_part(boxes, at, *scattered, widest)
    return regular or (_Part((boxes[at],)), at + 1)


def _regular_part(boxes: Sequence[Box], heading: Heading, before: Sequence[Box], widest: int) -> tuple[_Part, int]:
    """The table under labels that stand one after the other."""
    end = _end(boxes, heading, widest)
    body = _without_repeats(boxes[heading.end : end], heading)
    above = _above(before, widest)
    whole = 0 < len(body) <= _MOST_CELLS and not any(opens_other_column(box, heading) for box in (*body, *above))
    dealing = deal(body, heading.roles) if whole else None
    columnwise = None
    if dealing is not None and not dealing.decided:
        columns = frozenset(range(len(heading.roles)))
        columnwise = deal_columns([Boxed(box, columns) for box in body], heading.roles)
    return _Part(tuple(body), heading, dealing, columnwise), end


def _scattered_part(
    boxes: Sequence[Box], at: int, heading: Heading, labels: frozenset[int], widest: int
) -> tuple[_Part, int]:
    """The table whose labels stand among its cells."""
    end = max(_end(boxes, replace(heading, end=at), widest), heading.end)
    inside = [i for i in range(at, end) if i not in labels]
    order = {id(label): column for column, label in enumerate(heading.labels)}
    stands = {order[id(boxes[i])]: i for i in labels if id(boxes[i]) in order}
    last = max(inside, default=at)
    free = frozenset(column for column, i in stands.items() if i > last)
    body: list[Boxed] = []
    for i in inside:
        for box in _without_repeats([boxes[i]], heading):
            first = box.page == boxes[at].page
            under = frozenset(c for c, label in stands.items() if not first or label < i) | free
            body.append(Boxed(box, under))
    columnwise = deal_columns(body, heading.roles) if 0 < len(body) <= _MOST_CELLS else None
    return _Part(tuple(each.box for each in body), heading, columnwise=columnwise), end


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
        elif part.dealing is not None and part.dealing.decided:
            rows, doubtful = part.dealing.rows, part.dealing.doubtful
            self._table(part.heading, [row for i, row in enumerate(rows) if i not in doubtful])
            for index in sorted(doubtful):
                self._undecided(tuple(rows[index].values()), "which columns of the row are empty is not told")
        elif part.columnwise is not None and part.columnwise.rows:
            self._table(part.heading, part.columnwise.rows)
            if part.columnwise.undecided:
                self._undecided(part.columnwise.undecided, "which row the cells stand in is not told")
        else:
            self._undecided((*part.heading.labels, *part.boxes), "the order of the cells does not tell the rows")

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
            self.blocks.append(Paragraph(box.span, apart=True))
        self.findings.append(Finding("flow_undecided", why, "D", "a row by count", boxes[0].span))

    def _table(self, heading: Heading, dealt: Sequence[dict[int, Box]]) -> None:
        self.tables += 1
        rows = [dict(enumerate(heading.labels)), *dealt]
        breaks = frozenset(i for i in range(2, len(rows)) if _page(rows[i]) != _page(rows[i - 1]))
        columns = range(len(heading.roles))
        cells = [tuple(self._cell(row.get(column)) for column in columns) for row in rows]
        self.places += list(self._places(rows))
        self.blocks.append(Table(tuple(cells), self.tables, breaks, confidence="C"))
        note = "cells dealt to columns by their order and words"
        self.findings.append(
            Finding("flow_table", note, "C", "other columns where cells are empty", heading.labels[0].span)
        )

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
