"""Plain text as it comes out of a converter: tab-separated tables, Markdown tables, headings, labels, lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from loaders.document import Block, Cell, Document, Heading, Label, Paragraph, Place, Table
from loaders.formats.blocks import BULLETED, LABEL_MAX, introduces, is_capitals, is_known_label, is_title, unbulleted
from loaders.formats.markup import lines, plain
from loaders.headers import role_of
from loaders.records import Rendition
from loaders.span import Span, whole

_SEPARATOR_ROW = re.compile(r"^[\s|:-]*-{2,}[\s|:-]*$")
_BOLD_LINE = re.compile(r"^\s*(?:[-•●*·]\s*)?(?:<b>|\*\*)(.+?)(?:</b>|\*\*)[\s;:.]*$", re.I)
_HASH = re.compile(r"^\s*(#{1,6})\s+(.*\S)\s*#*\s*$")
_PAGE_MARK = re.compile(r"^\s*(?:pag(?:ina|\.)?\s*)?\d+(?:\s*(?:di|/)\s*\d+)?\s*$", re.I)


@dataclass(frozen=True)
class _Line:
    span: Span
    kind: str  # blank | table | furniture | text


def read(text: str, rendition: Rendition) -> Document:
    """The blocks of a text dump (offsets are characters of `text`)."""
    raw = list(_raw_lines(text))
    kinds = _kinds(raw)
    blocks: list[Block] = []
    places: list[Place] = []
    furniture = tuple(line.span.folded() for line in kinds if line.kind == "furniture")
    for group in _groups(kinds):
        if group[0].kind == "table":
            table, cells = _table(group, sum(isinstance(b, Table) for b in blocks) + 1)
            blocks.append(table)
            places.extend(cells)
        else:
            blocks.extend(_text_blocks([line.span for line in group if line.kind == "text"]))
    return Document(rendition, text, tuple(blocks), tuple(places), furniture)


def _raw_lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        yield whole(line, start)
        start += len(line) + 1


def _is_table_line(text: str) -> bool:
    if text.count("|") >= 2 and text.strip().startswith("|"):
        return True
    cells = text.split("\t")
    if len(cells) > 2:
        return True
    return len(cells) == 2 and all(c.strip() for c in cells)


def _kinds(raw: list[Span]) -> list[_Line]:
    masked = [re.sub(r"\d+", "0", span.text.strip()) for span in raw]
    counts = Counter(m for m in masked if m)
    found = []
    for index, span in enumerate(raw):
        if not span.text.strip():
            kind = "blank"
        elif _is_table_line(span.text):
            kind = "table"
        elif _is_furniture(raw, index, counts[masked[index]]) and not _answers_label(raw, index):
            kind = "furniture"
        else:
            kind = "text"
        found.append(_Line(span, kind))
    return found


def _is_furniture(raw: list[Span], index: int, count: int) -> bool:
    """Repeated short lines between tables, and bare page numbers, belong to the page and not to the plan."""
    text = raw[index].text.strip()
    if _PAGE_MARK.match(text):
        return True
    if count < 3 or len(text) > 80 or text.endswith(":") or BULLETED.match(text):
        return False
    return any(_is_table_line(_neighbour(raw, index, step)) for step in (-1, 1))


def _answers_label(raw: list[Span], index: int) -> bool:
    """Whether a line is what the label right above it asks for («NUMERO AZIONE», «4»)."""
    above = raw[index - 1].text.strip(" \t:") if index else ""
    return is_known_label(above) and role_of(above) == "number"


def _neighbour(raw: list[Span], index: int, step: int) -> str:
    index += step
    while 0 <= index < len(raw) and not raw[index].text.strip():
        index += step
    return raw[index].text if 0 <= index < len(raw) else ""


def _groups(kinds: list[_Line]) -> Iterator[list[_Line]]:
    """Stretches of table lines (blank and furniture lines inside) and of text lines."""
    group: list[_Line] = []
    for line in kinds:
        current = next((x.kind for x in group if x.kind in ("table", "text")), None)
        if line.kind in ("table", "text") and current not in (None, line.kind):
            yield _led(group)
            group = []
        group.append(line)
    if group and any(x.kind in ("table", "text") for x in group):
        yield _led(group)


def _led(group: list[_Line]) -> list[_Line]:
    first = next(i for i, x in enumerate(group) if x.kind in ("table", "text"))
    return group[first:]


def _table(group: list[_Line], number: int) -> tuple[Table, list[Place]]:
    rows: list[tuple[Cell, ...]] = []
    places: list[Place] = []
    breaks: set[int] = set()
    gap = False
    for line in group:
        if line.kind != "table":
            gap = True
            continue
        if _SEPARATOR_ROW.match(line.span.text):
            continue
        if gap and rows:
            breaks.add(len(rows))
        gap = False
        cells = _cell_spans(line.span)
        rows.append(tuple(Cell(lines(span)) for span in cells))
        places.extend(_places(cells, number, len(rows)))
    return Table(tuple(rows), number, frozenset(breaks)), places


def _places(cells: list[Span], table: int, row: int) -> Iterator[Place]:
    for column, span in enumerate(cells, start=1):
        if span:
            yield Place(span.offsets[0], span.offsets[-1] + 1, table=table, row=row, column=column)


def _cell_spans(span: Span) -> list[Span]:
    if "\t" in span.text:
        return span.pieces(re.compile("\t"))
    return span.strip().strip("|").pieces(re.compile(r"\|"))


def _text_blocks(spans: list[Span]) -> Iterator[Block]:
    index = 0
    while index < len(spans):
        span = spans[index]
        while span.text.count("**") % 2 and index + 1 < len(spans):
            index += 1
            span = Span(span.text + "\n" + spans[index].text, (*span.offsets, -1, *spans[index].offsets))
        yield _text_block(span)
        index += 1


def _text_block(span: Span) -> Block:
    text = span.text.replace("\n", " ")
    if hashed := _HASH.match(text):
        return Heading(plain(span.slice(hashed.start(2), hashed.end(2))), len(hashed.group(1)))
    if text.startswith("\t") and not BULLETED.match(text):
        return Label(plain(span).strip(" :"), 2 if text.rstrip().endswith(":") else 1)
    if bold := _BOLD_LINE.match(text):
        inner = plain(span.slice(*bold.span(1)))
        return Label(inner.strip(" :"), 2) if introduces(inner.text) else Heading(inner, 2)
    if is_capitals(text):
        return Heading(plain(unbulleted(span)), 2)
    if BULLETED.match(text) and not text.lstrip().startswith("**"):
        return Paragraph(plain(unbulleted(span)), bullet=True)
    return _plain_block(span)


def _plain_block(span: Span) -> Block:
    if (span.text.rstrip().endswith(":") and len(span) <= LABEL_MAX) or is_known_label(span.text):
        return Label(plain(span).strip(" :"), 2)
    return Heading(plain(span), 3) if is_title(span.text) else Paragraph(plain(span))
