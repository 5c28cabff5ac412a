"""From the paragraphs and tables that a reader found in its format to the `Document` that all formats share."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from loaders.document import Block, Cell, Document, Finding, Line, Paragraph, Place, Table
from loaders.errors import NothingToRead
from loaders.formats.blocks import Writer, block_of, clean, is_capitals
from loaders.formats.markup import BULLET
from loaders.formats.package import refused
from loaders.records import Confidence, Rendition
from loaders.span import EMPTY, Span, join, normalised

MOST_CELLS = 200_000  # of one document, covered ones included
_TICK = re.compile(r"^([✓✔√])\s*(?=\w)")
_LIST_SIGN = re.compile(rf"^(?:[{BULLET.replace('✓', '')}\ue000-\uf8ff]\s*|[-–—]\s*(?=\D)|[-–—]\s+|[Ø§*]\s+)(?=\S)")
_INNER_SIGN = re.compile(r"\s+[•●▪◦■➢➤►❖]\s*(?=\S)")
_REMARKS: dict[str, tuple[str, Confidence, str]] = {
    "struck_text": ("words struck through were kept", "C", "words taken back by hand"),
    "hidden_cells": ("hidden rows, columns or sheets of the workbook were left out", "B", "reading what they hold"),
    "tracked_change": ("a tracked change was read as accepted", "B", "the words before the change"),
}


@dataclass(frozen=True)
class RawParagraph:
    """A paragraph as its format gives it: text («\\n» for a line break in it), place, and what is known of its style.

    `level` is that of a heading style; `label` the number that a numbered list prints before it; `remarks` are names of
    what the reader decided about it (`struck_text`, `tracked_change`, `hidden_cells`); `sheet` and `cell` are those of
    a spreadsheet.
    """

    text: str
    path: str | None = None
    level: int | None = None
    bold: bool = False
    item: bool = False
    label: str = ""
    remarks: tuple[str, ...] = ()
    sheet: str | None = None
    cell: str | None = None

    @property
    def place(self) -> Place:
        """Where it stands in the file."""
        return Place(0, 0, path=self.path, sheet=self.sheet, cell=self.cell)


@dataclass(frozen=True)
class RawCell:
    """A cell of a physical table: its column in the table's own grid (from 0), how far it reaches, and its content."""

    column: int
    content: tuple[RawParagraph | RawTable, ...] = ()
    colspan: int = 1
    rowspan: int = 1
    path: str | None = None
    sheet: str | None = None
    name: str | None = None  # of a spreadsheet's cell («B7»)
    colour: str | None = None  # behind it, as the document writes it


@dataclass(frozen=True)
class RawTable:
    """The rows of a physical table; only the cells that stand in a row, not those that another one covers."""

    rows: tuple[tuple[RawCell, ...], ...]


RawBlock = RawParagraph | RawTable


@dataclass
class Words:
    """The words of a paragraph as a reader gathers them: what shows, what is hidden, the boxes that hang on it."""

    shown: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    bold: bool = True
    remarks: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words that show."""
        return "".join(self.shown)

    def add(self, text: str, *, bold: bool = False, hidden: bool = False, struck: bool = False) -> None:
        """Add a stretch of one look."""
        (self.hidden if hidden else self.shown).append(text)
        if not hidden and any(c.isalnum() for c in text):
            self.bold &= bold
            if struck:
                self.remark("struck_text")

    def remark(self, rule: str) -> None:
        """Note once what was decided about the paragraph."""
        if rule not in self.remarks:
            self.remarks.append(rule)

    def paragraph(self, path: str, *, level: int | None, label: str | None) -> RawParagraph:
        """The paragraph of these words; `label` is the number of its list item, "" for a bullet, None in no list."""
        text = self.text
        bold = self.bold and any(c.isalnum() for c in text)
        return RawParagraph(text, path, level, bold, label is not None, label or "", tuple(self.remarks))


def compose(
    rendition: Rendition,
    body: Iterable[RawBlock],
    path: Path,
    *,
    furniture: Iterable[RawParagraph] = (),
    notes: Iterable[RawParagraph] = (),
) -> Document:
    """The document that `body` makes, its `notes` (footnotes) as paragraphs at the end, its `furniture` set aside.

    Raises `NothingToRead` when no word stands in the body, `UnreadableFile` when a limit is broken.
    """
    composer = _Composer(path)
    for block in (*body, *notes):
        composer.add(block)
    if not any(normalised(line) for line in composer.writer.text.split("\n")):
        raise NothingToRead(
            "the document holds no words.", file=path, remedy="If its pages are pictures, run text recognition first."
        )
    aside = tuple(span for paragraph in furniture for span in composer.set_aside(paragraph))
    return Document(
        rendition,
        composer.writer.text,
        tuple(composer.blocks),
        tuple(composer.writer.places),
        aside,
        tuple(composer.findings),
    )


def words_of(blocks: Iterable[RawBlock]) -> Iterator[RawParagraph]:
    """The paragraphs of `blocks` that hold words, those in tables too, one after the other."""
    for block in blocks:
        if isinstance(block, RawTable):
            yield from words_of(_content(block))
        elif block.text.strip():
            yield block


class _Composer:
    """Writes the blocks one after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer = Writer(path)
        self.blocks: list[Block] = []
        self.findings: list[Finding] = []
        self._tables = 0
        self._cells = 0

    def add(self, raw: RawBlock) -> None:
        """Add a paragraph, or a table and those inside it.

        A table of one column, and a single row of cells that hold tables, is a frame around running text.
        """
        if isinstance(raw, RawParagraph):
            self._paragraph(raw)
            return
        columns = _Columns(raw)
        frame = len(columns) < 2 or (len(raw.rows) == 1 and _holds_tables(raw))
        inner: Iterable[RawBlock] = _content(raw) if frame else self._table(raw, columns)
        for block in inner:
            self.add(block)

    def set_aside(self, raw: RawParagraph) -> list[Span]:
        """Write a paragraph that belongs to the page and not to the plan; its spans."""
        start = self.writer.end
        spans = [self.writer.write(line) for line in clean(raw.text).split("\n") if line]
        self.writer.place(start, raw.place)
        self._remark(raw, spans)
        return spans

    def _paragraph(self, raw: RawParagraph) -> None:
        start = self.writer.end
        lines = [line for line in _lines(raw) if line]
        whole_title = raw.level is not None or raw.bold or all(is_capitals(line) for line in lines)
        spans = [self.writer.write(line) for line in lines]
        if whole_title and len(spans) > 1:
            spans = [join(spans, " ")]
        for number, span in enumerate(spans):
            item = raw.item and number == 0
            block = block_of(span, level=raw.level, bold=raw.bold, item=item, numbered=bool(raw.label))
            self.blocks.append(_unticked(block))
        self.writer.place(start, raw.place)
        self._remark(raw, spans)

    def _remark(self, raw: RawParagraph, spans: Sequence[Span]) -> None:
        for rule in raw.remarks if spans else ():
            text, confidence, rejected = _REMARKS[rule]
            self.findings.append(Finding(rule, text, confidence, rejected, join(spans, " ")))

    def _table(self, raw: RawTable, columns: _Columns) -> list[RawTable]:
        """Write a table; the tables that stand inside its cells."""
        self._tables += 1
        number = self._tables
        self._cells += len(raw.rows) * len(columns)
        if self._cells > MOST_CELLS:
            raise refused(f"its tables have more than {MOST_CELLS} cells.", self.path, f"table {number}")
        inner: list[RawTable] = []
        grid: list[list[Cell | None]] = [[None] * len(columns) for _ in raw.rows]
        for index, row in enumerate(raw.rows):
            for cell in row:
                reached = columns.reached(cell)
                where = Place(
                    0, 0, table=number, row=index + 1, column=reached[0] + 1,
                    sheet=cell.sheet, cell=cell.name, path=cell.path,
                )  # fmt: skip
                lines = self._cell(cell, where, inner)
                drawn = Cell(lines, colour=colour(cell.colour))
                _lay(grid, drawn, range(index, index + max(cell.rowspan, 1)), reached)
        rows = tuple(tuple(Cell() if cell is None else cell for cell in row) for row in grid)
        self.blocks.append(Table(rows, number))
        return inner

    def _cell(self, raw: RawCell, where: Place, inner: list[RawTable]) -> tuple[Line, ...]:
        start = self.writer.end
        lines = [line for paragraph in _paragraphs(raw.content, inner) for line in self._cell_lines(paragraph)]
        self.writer.place(start, where)
        return tuple(_ticked_list(lines)) if any(line.text for line in lines) else ()

    def _cell_lines(self, raw: RawParagraph) -> list[Line]:
        found: list[Line] = []
        for number, line in enumerate(_lines(raw)):
            sign = _LIST_SIGN.match(line)
            bullet = bool(sign) or (raw.item and number == 0)
            plain = line[sign.end() :] if sign else line
            pieces = _INNER_SIGN.split(plain) if sign else [plain]
            found += [Line(self.writer.write(piece) if piece else EMPTY, bullet) for piece in pieces]
        self._remark(raw, [line.text for line in found if line.text])
        return found


class _Columns:
    """The columns of a physical grid in which some cell starts, numbered from 0; the others are none."""

    def __init__(self, raw: RawTable) -> None:
        self._starts = sorted({cell.column for row in raw.rows for cell in row})

    def __len__(self) -> int:
        return len(self._starts)

    def reached(self, cell: RawCell) -> range:
        """The numbers of the columns that `cell` takes, its own first."""
        end = cell.column + max(cell.colspan, 1)
        return range(bisect.bisect_left(self._starts, cell.column), bisect.bisect_left(self._starts, end))


def _content(raw: RawTable) -> list[RawBlock]:
    return [block for row in raw.rows for cell in row for block in cell.content]


def _holds_tables(raw: RawTable) -> bool:
    return any(isinstance(block, RawTable) and len(_Columns(block)) > 1 for block in _content(raw))


_NO_COLOUR = frozenset(("", "auto", "none", "transparent", "inherit", "initial", "white", "fff", "ffffff"))


def colour(written: str | None) -> str | None:
    """A colour that shows on paper, in small letters; None for white and for none."""
    plain = (written or "").strip().lower().lstrip("#")
    return None if plain in _NO_COLOUR else plain


def _lay(grid: list[list[Cell | None]], cell: Cell, rows: range, columns: range) -> None:
    """Put a cell where it stands, and what covers its neighbours into the cells that it reaches over.

    Below, the words are repeated; beside, the cells are empty; both are `spanned`.
    """
    for row in range(rows.start, min(rows.stop, len(grid))):
        for column in columns:
            if grid[row][column] is None:
                own = cell.lines if column == columns.start else ()
                first = (row, column) == (rows.start, columns.start)
                grid[row][column] = replace(cell, lines=own, origin="explicit" if first else "spanned")


def _paragraphs(content: Iterable[RawBlock], inner: list[RawTable]) -> Iterable[RawParagraph]:
    """The paragraphs of a cell, those of a one-column table in it too; wider tables go to `inner`.

    Word wants a paragraph after a table that ends a cell: an empty one there says nothing.
    """
    before: RawBlock | None = None
    for block in content:
        if isinstance(block, RawTable):
            if len(_Columns(block)) > 1:
                inner.append(block)
            else:
                yield from _paragraphs(_content(block), inner)
        elif block.text or not isinstance(before, RawTable):
            yield block
        before = block


def _lines(raw: RawParagraph) -> list[str]:
    """The lines of a paragraph; one that a line break cuts in the middle of a sentence is one line."""
    found: list[list[str]] = []
    for line in clean(f"{raw.label} {raw.text}" if raw.label else raw.text).split("\n"):
        if found and _goes_on(found[-1][-1], line):
            found[-1].append(line)
        else:
            found.append([line])
    return [" ".join(pieces) for pieces in found]


def _goes_on(above: str, line: str) -> bool:
    return bool(above) and line[:1].islower() and above[-1] not in ".;:!?" and not re.match(r"[a-z]\)", line)


def _ticked_list(lines: list[Line]) -> list[Line]:
    """A tick that opens several lines of a cell is a list sign; a single one is a mark."""
    signs = [match.group(1) if (match := _TICK.match(line.text.text)) else "" for line in lines]
    common = {sign for sign, count in Counter(signs).items() if sign and count > 1}
    return [
        Line(_after_tick(line.text), bullet=True) if sign in common else line
        for sign, line in zip(signs, lines, strict=True)
    ]


def _unticked(block: Block) -> Block:
    """A tick that opens a paragraph of running text is a list sign."""
    if isinstance(block, Paragraph) and _TICK.match(block.text.text):
        return Paragraph(_after_tick(block.text), bullet=True)
    return block


def _after_tick(span: Span) -> Span:
    match = _TICK.match(span.text)
    return span.slice(match.end(), len(span)) if match else span


def converted(document: Document, rendition: Rendition, text: str) -> Document:
    """`document` as the reading of `rendition`, from which `text` says how it was converted."""
    words = (b.text for b in document.blocks if not isinstance(b, Table))
    cells = (cell.text for b in document.blocks if isinstance(b, Table) for row in b.rows for cell in row)
    span = next(span for span in (*words, *cells) if span)
    finding = Finding("converted", text, "A", None, span)
    return replace(document, rendition=rendition, findings=(finding, *document.findings))
