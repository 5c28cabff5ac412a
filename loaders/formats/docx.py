"""DOCX: our own walk over its XML, which keeps what libraries lose.

Tracked insertions are read and deletions left out, content controls opened, ticks and check boxes kept as signs, merged
cells laid out, list numbers counted. Word's page breaks depend on the printer, so passages carry no page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from lxml import etree

from loaders.document import Document
from loaders.formats.compose import RawBlock, RawCell, RawParagraph, RawTable, Words, compose, words_of
from loaders.formats.docx_fields import Fields
from loaders.formats.docx_styles import Numbering, Style, Styles, is_on, value
from loaders.formats.glyphs import CHECKED, UNCHECKED, glyph, is_picture_font, readable
from loaders.formats.numbers import number
from loaders.formats.package import Package, Paths, refused
from loaders.records import Rendition

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_SPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
_MOST_EDGES = 1_000  # in a grid that is looked at for such borders
_SAME_EDGE = 100  # twentieths of a point; column borders nearer than this are one
_INSERTED = frozenset(("ins", "moveTo"))
_DELETED = frozenset(("del", "moveFrom"))
_OPEN = frozenset(("hyperlink", "smartTag", "fldSimple", "customXml", "dir", "bdo", "ruby", "rubyBase", "sdtContent"))
_SIGNS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}


def read(data: bytes, path: Path) -> Document:
    """The document in the bytes of a DOCX file. Raises `UnreadableFile` or `NothingToRead`."""
    rendition = Rendition(
        sha256=hashlib.sha256(data).hexdigest(), file=path.name, media_type=MEDIA_TYPE, columns_reliable=True
    )
    package = Package(data, path)
    main = next((name for kind, name in package.related("").values() if kind == "officeDocument"), "word/document.xml")
    root = package.required(main)
    space = f"{{{etree.QName(root).namespace}}}"
    body = root.find(f"{space}body")
    if space not in _SPACES or body is None:
        raise refused("this package is not a Word document.", path, main, "Give the file its true extension.")
    shared = _Shared(package, main, space)
    reader = _Reader(shared, main)
    blocks = list(reader.blocks(body))
    notes = list(shared.notes())
    return compose(rendition, blocks, path, furniture=[*shared.page_furniture(), *shared.aside], notes=notes)


class _Shared:
    """What the parts of one document have in common: styles, lists, and the notes referred to so far."""

    def __init__(self, package: Package, main: str, space: str) -> None:
        self.space = space
        self.aside: list[RawParagraph] = []  # hidden text and tables of contents
        self.references: list[tuple[str, str]] = []  # kind and id of each note
        self._package = package
        self._related = list(package.related(main).values())
        self.styles = Styles(self._part("styles"), space)
        self.numbering = Numbering(self._part("numbering"), space)

    def _named(self, kind: str) -> list[str]:
        return list(dict.fromkeys(name for relation, name in self._related if relation == kind))

    def _part(self, kind: str) -> etree._Element | None:
        return next((self._package.xml(name) for name in self._named(kind)), None)

    def page_furniture(self) -> Iterator[RawParagraph]:
        """The paragraphs of its page headers and footers."""
        for kind in ("header", "footer"):
            for name in self._named(kind):
                yield from words_of(_Reader(self, name).blocks(self._package.required(name)))

    def notes(self) -> Iterator[RawParagraph]:
        """The paragraphs of the notes that the text refers to, in the order of the references."""
        for kind in ("footnote", "endnote"):
            wanted = dict.fromkeys(key for noted, key in self.references if noted == kind)
            for name in self._named(f"{kind}s"):
                root = self._package.required(name)
                by_id = {note.get(f"{self.space}id", ""): note for note in root.findall(self.space + kind)}
                reader = _Reader(self, name)
                for key in wanted:
                    if key in by_id:
                        yield from words_of(reader.blocks(by_id[key]))


class _Reader:
    """Walks one part of the package."""

    def __init__(self, shared: _Shared, part: str) -> None:
        self._shared = shared
        self._space = shared.space
        self._paths = Paths(part)
        self._fields = Fields()

    def _local(self, element: etree._Element) -> str:
        return str(etree.QName(element).localname)

    def blocks(self, parent: etree._Element) -> Iterator[RawBlock]:
        """The paragraphs and tables in `parent`, content controls and insertions opened."""
        for child in parent:
            name = self._local(child)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tbl":
                yield self._table(child)
            elif name == "sdt" and self._is_contents(child):
                self._shared.aside.extend(words_of(self.blocks(child)))
            elif name == "sdt" and self._is_waiting(child):
                continue
            elif name in ("sdt", "sdtContent", "customXml") or name in _INSERTED:
                yield from self.blocks(child)
            elif name == "AlternateContent":
                yield from self.blocks(_chosen(child))

    def _is_contents(self, control: etree._Element) -> bool:
        gallery = value(control, "sdtPr/docPartObj/docPartGallery", self._space) or ""
        return "table of contents" in gallery.lower()

    def _is_waiting(self, control: etree._Element) -> bool:
        """Whether a content control is still to be filled in and shows a prompt."""
        return control.find(f"{self._space}sdtPr/{self._space}showingPlcHdr") is not None

    def _paragraph(self, element: etree._Element) -> Iterator[RawBlock]:
        space = self._space
        properties = element.find(f"{space}pPr")
        style = self._shared.styles.of(value(properties, "pStyle", space))
        words = Words()
        self._fields = Fields()
        self._inline(element, words, style)
        path = self._paths.of(element)
        if hidden := "".join(words.hidden).strip():
            self._shared.aside.append(RawParagraph(hidden, path))
        marks = () if properties is None else properties.findall(f"{space}rPr/*")
        mark_gone = any(self._local(mark) in _DELETED for mark in marks)
        if words.text.strip() or not (mark_gone or hidden):
            paragraph = self._styled(path, properties, words, style)
            if style.contents:
                self._shared.aside.append(paragraph)
            else:
                yield paragraph
        for box in words.boxes:
            yield from self.blocks(box)

    def _styled(self, path: str, properties: etree._Element | None, words: Words, style: Style) -> RawParagraph:
        outline = number(value(properties, "outlineLvl", self._space))
        level = outline + 1 if outline is not None and 0 <= outline < 9 else style.level
        label = self._label(properties, style)  # Word counts an empty item too
        return words.paragraph(path, level=level, label=label if words.text.strip() else None)

    def _label(self, properties: etree._Element | None, style: Style) -> str | None:
        key, depth = style.numbering
        own = value(properties, "numPr/numId", self._space)
        own_depth = number(value(properties, "numPr/ilvl", self._space))
        return self._shared.numbering.label(own or key, (own_depth if own_depth is not None else depth) or 0)

    def _inline(self, parent: etree._Element, words: Words, style: Style) -> None:
        for child in parent:
            name = self._local(child)
            if name == "r":
                self._run(child, words, style)
            elif name in _INSERTED or name in _DELETED:
                words.remark("tracked_change")
                if name in _INSERTED:
                    self._inline(child, words, style)
            elif name == "sdt":
                self._control(child, words, style)
            elif name in _OPEN:
                self._inline(child, words, style)
            elif name == "AlternateContent":
                self._inline(_chosen(child), words, style)
            elif name in ("oMath", "oMathPara"):
                words.add("".join(e.text or "" for e in child.iter() if self._local(e) == "t"))

    def _control(self, element: etree._Element, words: Words, style: Style) -> None:
        """A content control: a check box is its sign, a text still to be filled in is nothing."""
        properties = element.find(f"{self._space}sdtPr")
        box = None if properties is None else properties.find(f"{_W14}checkbox")
        if box is not None:
            checked = box.find(f"{_W14}checked")
            on = checked is not None and checked.get(f"{_W14}val") not in ("0", "false")
            words.add(CHECKED if on else UNCHECKED)
        elif not self._is_waiting(element):
            self._inline(element, words, style)

    def _run(self, run: etree._Element, words: Words, style: Style) -> None:
        space = self._space
        properties = run.find(f"{space}rPr")
        own = self._run_style(properties)
        bold = is_on(properties, "b", space)
        inherited = own.bold if own.bold is not None else style.bold
        capitals = is_on(properties, "caps", space)
        hidden = is_on(properties, "vanish", space)
        fonts = None if properties is None else properties.find(f"{space}rFonts")
        names = [] if fonts is None else [fonts.get(f"{space}{use}") for use in ("ascii", "hAnsi")]
        font = next(filter(is_picture_font, names), names[0] if names else None)
        struck = is_on(properties, "strike", space) or is_on(properties, "dstrike", space)
        for child in run:
            words.add(
                self._piece(child, words, font),
                bold=bool(inherited if bold is None else bold) or bool(capitals),
                hidden=bool((own.hidden or style.hidden) if hidden is None else hidden),
                struck=bool(struck),
            )

    def _run_style(self, properties: etree._Element | None) -> Style:
        key = value(properties, "rStyle", self._space)
        return self._shared.styles.of(key) if key is not None else Style()

    def _piece(self, element: etree._Element, words: Words, font: str | None) -> str:
        """What one element of a run shows."""
        space, name = self._space, self._local(element)
        if name == "fldChar":
            return self._fields.meet(element, words, space)
        if self._fields.in_code:
            return ""
        if name == "AlternateContent":
            return "".join(self._piece(child, words, font) for child in _chosen(element))
        return self._sign(element, name, words, font)

    def _sign(self, element: etree._Element, name: str, words: Words, font: str | None) -> str:
        """The words or the sign that an element stands for; what hangs on it goes to `words`."""
        space = self._space
        if name == "t":
            return readable(element.text or "", font)
        if name in _SIGNS:
            return _SIGNS[name]
        if name == "br":
            return " " if element.get(f"{space}type") in ("page", "column") else "\n"
        if name == "sym":
            return _symbol(element.get(f"{space}char", ""), element.get(f"{space}font"))
        if name == "symEx":
            return _late_symbol(element)
        self._attached(element, name, words)
        return ""

    def _attached(self, element: etree._Element, name: str, words: Words) -> None:
        """What hangs on a run: a note, or a drawing that may hold text boxes."""
        if name in ("footnoteReference", "endnoteReference"):
            self._shared.references.append((name.removesuffix("Reference"), element.get(f"{self._space}id", "")))
        elif name in ("drawing", "pict", "object"):
            words.boxes.extend(_text_boxes(element, self._space))

    def _table(self, table: etree._Element) -> RawTable:
        found = [list(self._cells(row)) for row in self._inside(table, "tr") if not self._is_deleted(row)]
        edges = _edges(table, self._space, found)
        rows = [{edges.get(cell.column, cell.column): cell for cell in row} for row in found]
        return RawTable(
            tuple(
                tuple(
                    self._cell(cell, column, edges, _rows_covered(rows, index, column))
                    for column, cell in row.items()
                    if not _is_covered(rows, index, column)
                )
                for index, row in enumerate(rows)
            )
        )

    def _inside(self, parent: etree._Element, name: str) -> Iterator[etree._Element]:
        """The rows of a table or the cells of a row, content controls and insertions opened."""
        for child in parent:
            local = self._local(child)
            if local == name:
                yield child
            elif local in ("sdt", "sdtContent", "customXml") or local in _INSERTED:
                yield from self._inside(child, name)

    def _is_deleted(self, row: etree._Element) -> bool:
        return row.find(f"{self._space}trPr/{self._space}del") is not None

    def _cells(self, row: etree._Element) -> Iterator[_GridCell]:
        space = self._space
        column = max(number(value(row.find(f"{space}trPr"), "gridBefore", space)) or 0, 0)
        waiting: _GridCell | None = None
        for element in self._inside(row, "tc"):
            properties = element.find(f"{space}tcPr")
            span = min(max(number(value(properties, "gridSpan", space)) or 1, 1), 1000)
            if waiting is not None and value(properties, "hMerge", space) == "continue":
                waiting.span += span
            else:
                if waiting is not None:
                    yield waiting
                waiting = _GridCell(element, column, span, _merge(properties, space))
            column += span
        if waiting is not None:
            yield waiting

    def _cell(self, cell: _GridCell, column: int, edges: dict[int, int], rows: int) -> RawCell:
        end = cell.column + cell.span
        control = next(cell.element.iterancestors(f"{self._space}sdt", f"{self._space}tr"), None)
        waiting = control is not None and self._is_waiting(control)
        return RawCell(
            column,
            () if waiting else tuple(self.blocks(cell.element)),
            colspan=max(edges.get(end, end) - column, 1),
            rowspan=rows,
            path=self._paths.of(cell.element),
            colour=_colour(cell.element, self._space),
        )


def _colour(cell: etree._Element, space: str) -> str | None:
    shade = cell.find(f"{space}tcPr/{space}shd")
    return None if shade is None else shade.get(f"{space}fill")


@dataclass
class _GridCell:
    """A cell with its first column in the grid, the columns it takes, and its part in a vertical merge."""

    element: etree._Element
    column: int
    span: int
    merge: str | None


def _symbol(code: str, font: str | None) -> str:
    return glyph(int(code, 16), font) if re.fullmatch(r"[0-9A-Fa-f]{1,4}", code) else ""


def _late_symbol(element: etree._Element) -> str:
    """A sign of more than four figures or of a font of our day, as Word writes them since 2016."""
    own = {etree.QName(key).localname: str(text) for key, text in element.items()}
    code = own.get("char", "")
    if not re.fullmatch(r"(?!D[89A-F]..$)[0-9A-F]{4,5}", code, re.I):
        return ""
    return readable(chr(int(code, 16)), own.get("font"))


def _merge(properties: etree._Element | None, space: str) -> str | None:
    found = None if properties is None else properties.find(f"{space}vMerge")
    return None if found is None else found.get(f"{space}val", "continue")


def _edges(table: etree._Element, space: str, rows: list[list[_GridCell]]) -> dict[int, int]:
    """For each border of the grid, the one it stands for.

    Word keeps a border of its own wherever two rows were drawn a hair apart; such a pair is one, unless a row has a
    cell between them.
    """
    grid = table.find(f"{space}tblGrid")
    widths = [number(column.get(f"{space}w")) or 0 for column in grid] if grid is not None else []
    if len(widths) > _MOST_EDGES:
        return {}
    used = [{cell.column for cell in row} for row in rows]
    found: dict[int, int] = {}
    places = [0, *accumulate(widths)]
    for edge in range(1, len(places)):
        before = found.get(edge - 1, edge - 1)
        near = widths[edge - 1] > 0 and places[edge] - places[before] <= _SAME_EDGE
        if near and not any(before in columns and edge in columns for columns in used):
            found[edge] = before
    return found


def _rows_covered(rows: list[dict[int, _GridCell]], index: int, column: int) -> int:
    count = 1
    if rows[index][column].merge is None:
        return count
    for row in rows[index + 1 :]:
        below = row.get(column)
        if below is None or below.merge != "continue":
            break
        count += 1
    return count


def _is_covered(rows: list[dict[int, _GridCell]], index: int, column: int) -> bool:
    """Whether a cell goes on from one above it that is merged downwards."""
    above = rows[index - 1].get(column) if index else None
    return rows[index][column].merge == "continue" and above is not None and above.merge is not None


def _chosen(element: etree._Element) -> etree._Element:
    """The first of the alternatives that a producer wrote for one thing."""
    return element[0] if len(element) else element


def _text_boxes(element: etree._Element, space: str) -> Iterator[etree._Element]:
    """The outermost text boxes in a drawing, the first alternative of each."""
    for child in element:
        name = etree.QName(child).localname
        if name == "txbxContent":
            yield child
        else:
            yield from _text_boxes(_chosen(child) if name == "AlternateContent" else child, space)
