"""XLSX: every sheet, its filled cells as they show, merged ranges laid out; formulas are not evaluated.

Hidden sheets, rows and columns are set aside, with a finding for each sheet that has them.

The XML is read by ourselves: only filled cells are kept, so two cells at the ends of a sheet cost nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from loaders.document import Document
from loaders.formats.compose import MOST_CELLS, RawBlock, RawParagraph, compose
from loaders.formats.numbers import general, number, shown
from loaders.formats.package import Package, refused
from loaders.formats.sheets import SheetCell, cell_name, sheet_blocks
from loaders.formats.xlsx_styles import Look, read_looks
from loaders.records import Rendition

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATION_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PLAIN_NAME = re.compile(r"^(?:foglio|sheet|feuil\d*|tabella|table)[\s_]*\d*$", re.I)
_TRUTH = {"1": "VERO", "0": "FALSO"}
_MOST_MERGED = 5_000_000  # rows and cells that the merged ranges of one sheet cover, one after the other
_LAST_COLUMN = 16_384
_ON = ("1", "true")
Rows = dict[int, dict[int, SheetCell]]


def read(data: bytes, path: Path) -> Document:
    """The document in the bytes of an XLSX file. Raises `UnreadableFile` or `NothingToRead`."""
    rendition = Rendition(
        sha256=hashlib.sha256(data).hexdigest(), file=path.name, media_type=MEDIA_TYPE, columns_reliable=True
    )
    aside: list[RawParagraph] = []
    blocks = list(_blocks(Package(data, path), aside))
    return compose(rendition, blocks, path, furniture=aside)


def _blocks(package: Package, aside: list[RawParagraph]) -> Iterator[RawBlock]:
    """What the sheets show; what they hide goes to `aside`."""
    book = _Book(package)
    sheets = book.sheets()
    for name, part in book.sheets(hidden=True):
        aside.extend(_unshown(name, book.rows(part).rows))
    for name, part in sheets:
        content = book.rows(part)
        aside.extend(_unshown(name, content.take_hidden()))
        closed = content.hidden_rows
        blocks = list(sheet_blocks(content.rows, content.tinted, sheet=name, named=True, hidden=closed))
        titled = bool(blocks) and isinstance(blocks[0], RawParagraph)
        if blocks and len(sheets) > 1 and not titled and not _PLAIN_NAME.match(name.strip()):
            yield RawParagraph(name, level=1, sheet=name)
        yield from blocks


def _unshown(sheet: str, rows: Rows) -> Iterator[RawParagraph]:
    """A line for each hidden row, its cells parted by bars; the first bears the remark for the sheet."""
    remarks: tuple[str, ...] = ("hidden_cells",)
    for index, row in sorted(rows.items()):
        if row:
            words = " | ".join(" ".join(cell.text.split()) for _, cell in sorted(row.items()))
            yield RawParagraph(words, remarks=remarks, sheet=sheet, cell=cell_name(index, min(row)))
            remarks = ()


@dataclass(frozen=True)
class _Content:
    """The cells of one sheet by row and column, from 0: those with words, the coloured ones without, what is hidden."""

    rows: Rows
    tinted: Rows
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]

    def take_hidden(self) -> Rows:
        """Take out the cells none of whose rows, or none of whose columns, is shown."""
        taken: Rows = {}
        for cells in (self.rows, self.tinted) if self.hidden_rows or self.hidden_columns else ():
            for index, row in cells.items():
                for column in [column for column, cell in row.items() if self._is_hidden(index, column, cell)]:
                    cell = row.pop(column)
                    if cell.text:
                        taken.setdefault(index, {})[column] = cell
        return taken

    def _is_hidden(self, index: int, column: int, cell: SheetCell) -> bool:
        down, across = range(index, index + cell.rows), range(column, column + cell.columns)
        return all(i in self.hidden_rows for i in down) or all(i in self.hidden_columns for i in across)


class _Book:
    """The parts of a workbook that its sheets share."""

    def __init__(self, package: Package) -> None:
        self._package = package
        related = package.related("").values()
        self._main = next((name for kind, name in related if kind == "officeDocument"), "xl/workbook.xml")
        self._root = package.required(self._main)
        self._space = f"{{{etree.QName(self._root).namespace}}}"
        if etree.QName(self._root).localname != "workbook":
            remedy = "Give the file its true extension."
            raise refused("this package is no spreadsheet.", package.path, self._main, remedy)
        self._related = package.related(self._main)
        self._strings = [self._rich(item) for item in self._part("sharedStrings")]
        self._looks = read_looks(self._part("styles"), self._space)
        properties = self._root.find(f"{self._space}workbookPr")
        self._from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self._cells = 0

    def sheets(self, *, hidden: bool = False) -> list[tuple[str, str]]:
        """The name and the part of each sheet of cells that is shown, or is `hidden`, in the order of the tabs."""
        found = []
        for sheet in self._root.iter(f"{self._space}sheet"):
            key = sheet.get(_RELATION, sheet.get(_RELATION_STRICT, ""))
            kind, part = self._related.get(key, ("", ""))
            if kind == "worksheet" and (sheet.get("state", "visible") != "visible") == hidden:
                found.append((sheet.get("name", ""), part))
        return found

    def _part(self, kind: str) -> etree._Element:
        name = next((part for relation, part in self._related.values() if relation == kind), "")
        root = self._package.xml(name)
        return etree.Element("none") if root is None else root

    def _rich(self, item: etree._Element) -> str:
        """The words of a string of one or several runs, without the reading aids of East Asian text."""
        space = self._space
        pieces = [e.text or "" for run in item for e in ([run] if run.tag == f"{space}t" else run.findall(f"{space}t"))
                  if run.tag in (f"{space}t", f"{space}r")]  # fmt: skip
        return _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), "".join(pieces))

    def rows(self, part: str) -> _Content:
        """The cells of one sheet."""
        root = self._package.required(part)
        found: defaultdict[int, dict[int, SheetCell]] = defaultdict(dict)
        tinted: defaultdict[int, dict[int, SheetCell]] = defaultdict(dict)
        hidden_rows = set()
        row_at = -1
        for row in root.iter(f"{self._space}row"):
            row_at = (number(row.get("r")) or row_at + 2) - 1
            if row.get("hidden") in _ON:
                hidden_rows.add(row_at)
            column_at = -1
            for cell in row.iterchildren(f"{self._space}c"):
                address = _ADDRESS.fullmatch(cell.get("r", ""))
                column_at = _column(address.group(1)) if address else column_at + 1
                seen = self._cell(cell)
                if seen.text:
                    found[row_at][column_at] = seen
                    self._count(part, row_at, column_at)
                elif seen.colour is not None:
                    tinted[row_at][column_at] = seen
        self._merge(root, found, tinted)
        return _Content(found, tinted, frozenset(hidden_rows), self._hidden_columns(root))

    def _hidden_columns(self, root: etree._Element) -> frozenset[int]:
        hidden: set[int] = set()
        after = 1
        for column in root.iterfind(f"{self._space}cols/{self._space}col"):
            first, last = number(column.get("min")) or 1, number(column.get("max")) or 0
            last = min(last, _LAST_COLUMN)
            if column.get("hidden") in _ON:
                hidden.update(index - 1 for index in range(max(first, after), last + 1))
            after = max(after, last + 1)
        return frozenset(hidden)

    def _count(self, part: str, row: int, column: int) -> None:
        self._cells += 1
        if self._cells > MOST_CELLS:
            place = f"{part}, {cell_name(row, column)}"
            raise refused(f"the workbook has more than {MOST_CELLS} filled cells.", self._package.path, place)

    def _cell(self, cell: etree._Element) -> SheetCell:
        style = number(cell.get("s")) or 0
        look = self._looks[style] if 0 <= style < len(self._looks) else Look()
        text = self._text(cell, look)
        remarks = ("struck_text",) if look.struck else ()
        return SheetCell(text if text.strip() else "", bold=look.bold, colour=look.colour, remarks=remarks)

    def _text(self, cell: etree._Element, look: Look) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(f"{self._space}is")
            return "" if inline is None else self._rich(inline)
        value = cell.findtext(f"{self._space}v") or ""
        if kind == "s":
            index = number(value)
            return self._strings[index] if index is not None and 0 <= index < len(self._strings) else ""
        if kind == "b":
            return _TRUTH.get(value, value)
        return self._number(value, look) if kind == "n" else value

    def _number(self, value: str, look: Look) -> str:
        if not re.fullmatch(r"-?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?", value):
            return value
        amount = float(value)
        if look.code in ("General", "@"):
            return general(amount)
        return shown(amount, look.code, from_1904=self._from_1904)

    def _merge(self, root: etree._Element, *kinds: Rows) -> None:
        """Widen the first cell of each merged range; what the range hides is not shown."""
        last = max((index for rows in kinds for index in rows), default=0)
        touched = 0
        for element in root.iter(f"{self._space}mergeCell"):
            ends = [_ADDRESS.fullmatch(end) for end in element.get("ref", "").split(":")]
            if len(ends) != 2 or ends[0] is None or ends[1] is None:
                continue
            left, right = _column(ends[0].group(1)), _column(ends[1].group(1))
            top, bottom = int(ends[0].group(2)) - 1, min(int(ends[1].group(2)) - 1, last)
            for rows in kinds:
                first = rows.get(top, {}).pop(left, None)
                touched += max(bottom - top, 0) + 1 + _clear(rows, range(top, bottom + 1), (left, right))
                if first is not None:
                    rows[top][left] = replace(first, rows=max(bottom - top + 1, 1), columns=max(right - left + 1, 1))
            if touched > _MOST_MERGED:
                raise refused("the merged ranges of a sheet cover more than there is.", self._package.path)


def _clear(rows: Rows, among: range, sides: tuple[int, int]) -> int:
    """Take out what stands within `sides` of the rows `among`; how many cells were looked at."""
    looked = 0
    for index in among:
        row = rows.get(index, {})
        looked += len(row)
        for column in [column for column in row if sides[0] <= column <= sides[1]]:
            del row[column]
    return looked


def _column(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
