"""ODT: our own walk over its XML; insertions are read, deletions (kept apart in the file) are not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from loaders.document import Document
from loaders.formats.compose import MOST_CELLS, RawBlock, RawCell, RawParagraph, RawTable, Words, compose, words_of
from loaders.formats.glyphs import CHECKED, UNCHECKED, readable
from loaders.formats.numbers import number
from loaders.formats.odt_styles import STYLE, TEXT, Counts, ListStyles, Style, Styles
from loaders.formats.package import Package, Paths, refused
from loaders.records import Rendition

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_FORM = "{urn:oasis:names:tc:opendocument:xmlns:form:1.0}"
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_BLANKS = re.compile("[ \t\r\n]+")
_WIDEST = 1_000  # columns
_UNREAD = frozenset(
    "tracked-changes sequence-decls variable-decls user-field-decls dde-connection-decls forms annotation "
    "annotation-end hidden-text placeholder ruby-text note-citation number script".split()
)
_INDEXES = frozenset(
    "table-of-content illustration-index table-index object-index user-index alphabetical-index bibliography".split()
)
_ROW_GROUPS = frozenset(("table-header-rows", "table-rows", "table-row-group"))
_FILLED_IN = ("text", "formatted-text", "date", "combobox")
_SIGNS = {"tab": "\t", "line-break": "\n"}


def read(data: bytes, path: Path) -> Document:
    """The document in the bytes of an ODT file. Raises `UnreadableFile` or `NothingToRead`."""
    rendition = Rendition(
        sha256=hashlib.sha256(data).hexdigest(), file=path.name, media_type=MEDIA_TYPE, columns_reliable=True
    )
    package = Package(data, path)
    if b"encryption-data" in (package.part("META-INF/manifest.xml") or b""):
        raise refused("the document is encrypted.", path, remedy="Save it without a password.")
    content = package.required("content.xml")
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise refused("this package is not a text document.", path, "content.xml", "Give the file its true extension.")
    styles = package.xml("styles.xml")
    shared = _Shared(path, content, styles)
    blocks = list(_Reader(shared, "content.xml").blocks(body))
    pages = list(_page_furniture(shared, styles)) if styles is not None else []
    return compose(rendition, blocks, path, furniture=[*pages, *shared.aside], notes=shared.notes)


class _Shared:
    """What the parts of one document have in common, and the notes and hidden words found so far."""

    def __init__(self, path: Path, content: etree._Element, styles: etree._Element | None) -> None:
        roots = [content] if styles is None else [styles, content]
        self.path = path
        self.styles = Styles(roots)
        self.lists = ListStyles(roots)
        self.outline = Counts(ListStyles.OUTLINE)
        self.aside: list[RawParagraph] = []
        self.notes: list[RawParagraph] = []
        self.cells = 0
        self.controls = {
            control.get(f"{_FORM}id", control.get(_XML_ID, "")): _shown(control)
            for control in content.iter(*(_FORM + kind for kind in ("checkbox", "radio", *_FILLED_IN)))
        }
        self.changes = {
            region.get(f"{TEXT}id", region.get(_XML_ID, ""))
            for region in content.iter(f"{TEXT}changed-region")
            if region.find(f"{TEXT}insertion") is not None or region.find(f"{TEXT}deletion") is not None
        }


def _shown(control: etree._Element) -> str:
    """What a control of a form shows: the sign of a box or a choice, the words filled in."""
    names = {"checkbox": "state", "radio": "selected"}
    name = names.get(_local(control), "value")
    now = control.get(f"{_FORM}current-{name}", control.get(_FORM + name, ""))
    if name == "value":
        return str(now)
    return CHECKED if now in ("checked", "true") else UNCHECKED


def _old_field(element: etree._Element) -> str:
    """The sign of a check box, or the chosen entry of a list, that came from a form of Word."""
    given: dict[str, list[str]] = {}
    for parameter in element:
        own = {etree.QName(key).localname: str(text) for key, text in parameter.items()}
        given.setdefault(own.get("name", ""), []).append(own.get("value", ""))
    kind = next((str(text) for key, text in element.items() if etree.QName(key).localname == "type"), "")
    if kind.endswith("FORMCHECKBOX"):
        return CHECKED if given.get("Checkbox_Checked") == ["true"] else UNCHECKED
    entries = given.get("Dropdown_ListEntry", [])
    chosen = number(given.get("Dropdown_Selected", ["0"])[0])
    return entries[chosen] if chosen is not None and 0 <= chosen < len(entries) else ""


def _page_furniture(shared: _Shared, styles: etree._Element) -> Iterator[RawParagraph]:
    reader = _Reader(shared, "styles.xml")
    for page in styles.iter(f"{STYLE}master-page"):
        for part in page:
            if _local(part).startswith(("header", "footer")):
                yield from words_of(reader.blocks(part))


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


@dataclass
class _Item:
    """The list item whose first paragraph is still to come."""

    counts: Counts
    depth: int
    start: int | None
    used: bool = False


class _Reader:
    """Walks one part of the package."""

    def __init__(self, shared: _Shared, part: str) -> None:
        self._shared = shared
        self._paths = Paths(part)
        self._lists: dict[str, Counts] = {}  # by id
        self._latest: dict[str | None, Counts] = {}  # by style

    def blocks(self, parent: etree._Element, item: _Item | None = None) -> Iterator[RawBlock]:
        """The paragraphs and tables in `parent`, sections, lists and frames opened."""
        for child in parent:
            name = _local(child)
            if name in ("p", "h"):
                yield from self._paragraph(child, item)
            elif name == "table":
                yield self._table(child)
            elif name == "list":
                yield from self._list(child, item)
            elif name in _INDEXES or (name == "section" and self._is_hidden(child)):
                self._shared.aside.extend(words_of(self.blocks(child)))
            elif name not in _UNREAD:
                yield from self.blocks(child, item)

    def _is_hidden(self, section: etree._Element) -> bool:
        return section.get(f"{TEXT}display") == "none" or section.get(f"{TEXT}is-hidden") == "true"

    def _list(self, element: etree._Element, outer: _Item | None) -> Iterator[RawBlock]:
        counts = outer.counts if outer else self._counts(element)
        depth = outer.depth + 1 if outer else 1
        if outer:
            counts.numbers.pop(depth, None)
        for child in element:
            start = number(child.get(f"{TEXT}start-value"))
            header = _local(child) == "list-header"
            yield from self.blocks(child, _Item(counts, depth, start, used=header))

    def _counts(self, element: etree._Element) -> Counts:
        """The numbers of a list: its own, or those of the list it goes on from."""
        style = element.get(f"{TEXT}style-name")
        continued = self._lists.get(element.get(f"{TEXT}continue-list", ""))
        if continued is None and element.get(f"{TEXT}continue-numbering") == "true":
            continued = self._latest.get(style)
        counts = continued or Counts(style)
        self._lists[element.get(_XML_ID, "")] = self._latest[style] = counts
        return counts

    def _paragraph(self, element: etree._Element, item: _Item | None) -> Iterator[RawBlock]:
        style = self._shared.styles.of("paragraph", element.get(f"{TEXT}style-name"))
        words = Words()
        self._inline(element, words, style)
        path = self._paths.of(element)
        hidden = "".join(words.hidden).strip()
        if hidden:
            self._shared.aside.append(RawParagraph(hidden, path))
        if words.text.strip() or not hidden:
            level = number(element.get(f"{TEXT}outline-level")) or style.level
            empty = not words.text.strip()
            label = None if empty and item is None else self._label(element, item, style, level)
            paragraph = words.paragraph(path, level=level, label=None if empty else label)
            if style.contents:
                self._shared.aside.append(paragraph)
            else:
                yield paragraph
        for box in words.boxes:
            yield from self.blocks(box)

    def _label(self, element: etree._Element, item: _Item | None, style: Style, level: int | None) -> str | None:
        lists = self._shared.lists
        if item is not None:
            if item.used:
                return None
            item.used = True
            item.counts.style = item.counts.style or style.list_style
            return lists.label(item.counts, item.depth, item.start)
        if _local(element) == "h" and level is not None and element.get(f"{TEXT}is-list-header") != "true":
            return lists.label(self._shared.outline, level) or None
        return None

    def _inline(self, element: etree._Element, words: Words, style: Style) -> None:
        self._add(element.text, words, style)
        for child in element:
            name = _local(child)
            if name == "span":
                own = self._shared.styles.of("text", child.get(f"{TEXT}style-name"))
                self._inline(child, words, _inside(style, own))
            elif name == "s":
                words.add(" " * min(number(child.get(f"{TEXT}c")) or 1, 100))
            elif name in _SIGNS:
                words.add(_SIGNS[name])
            elif name == "fieldmark":
                words.add(_old_field(child))
            elif name in ("note", "frame", "control", "change", "change-start") or str(child.tag).startswith(_DRAW):
                self._attached(child, name, words)
            elif not self._is_empty(child, name):
                self._inline(child, words, style)
            self._add(child.tail, words, style)

    def _is_empty(self, child: etree._Element, name: str) -> bool:
        """Whether an element shows nothing: a comment, a reading aid, a field that is still to be filled in."""
        waiting = any(str(key).endswith("}showing-place-holder") and v == "true" for key, v in child.items())
        return name in _UNREAD or waiting

    def _add(self, text: str | None, words: Words, style: Style) -> None:
        if text:
            shown = readable(_BLANKS.sub(" ", text), style.font)
            bold = bool(style.bold or style.capitals)
            words.add(shown, bold=bold, hidden=bool(style.hidden), struck=bool(style.struck))

    def _attached(self, child: etree._Element, name: str, words: Words) -> None:
        """What hangs on a paragraph: a note, a check box, a frame with text, the mark of a tracked change."""
        if name == "note":
            body = child.find(f"{TEXT}note-body")
            self._shared.notes.extend(words_of(self.blocks(body)) if body is not None else ())
        elif name == "control":
            words.add(self._shared.controls.get(child.get(f"{_DRAW}control", ""), ""))
        elif name in ("change", "change-start"):
            if child.get(f"{TEXT}change-id") in self._shared.changes:
                words.remark("tracked_change")
        else:
            words.boxes.append(child)

    def _table(self, table: etree._Element) -> RawTable:
        found: list[tuple[RawCell, ...]] = []
        for row in self._rows(table):
            cells = tuple(self._cells(row))
            for _ in range(self._repeated(row, "number-rows-repeated", len(cells))):
                found.append(cells)
        return RawTable(tuple(found))

    def _rows(self, parent: etree._Element) -> Iterator[etree._Element]:
        for child in parent:
            if _local(child) == "table-row":
                yield child
            elif _local(child) in _ROW_GROUPS:
                yield from self._rows(child)

    def _cells(self, row: etree._Element) -> Iterator[RawCell]:
        column = 0
        for element in row:
            name = _local(element)
            if name not in ("table-cell", "covered-table-cell"):
                continue
            times = self._repeated(element, "number-columns-repeated", 1)
            if column + times > _WIDEST:
                raise refused(f"a table has more than {_WIDEST} columns.", self._shared.path, self._paths.of(element))
            if name == "table-cell":
                cell = self._cell(element, column)
                for at in range(times):
                    yield replace(cell, column=column + at)
            column += times

    def _cell(self, element: etree._Element, column: int) -> RawCell:
        return RawCell(
            column,
            tuple(self.blocks(element)),
            colspan=max(number(element.get(f"{_TABLE}number-columns-spanned")) or 1, 1),
            rowspan=max(number(element.get(f"{_TABLE}number-rows-spanned")) or 1, 1),
            path=self._paths.of(element),
            colour=self._shared.styles.colour(element.get(f"{_TABLE}style-name")),
        )

    def _repeated(self, element: etree._Element, name: str, width: int) -> int:
        """How often a row or cell stands there, counted against the cells that one document may have."""
        times = max(number(element.get(_TABLE + name)) or 1, 1)
        self._shared.cells += times * width
        if self._shared.cells > 2 * MOST_CELLS:
            place = self._paths.of(element)
            raise refused(f"its tables have more than {MOST_CELLS} cells.", self._shared.path, place)
        return times


def _inside(outer: Style, inner: Style) -> Style:
    """The look of a span in a paragraph: its own, else the paragraph's."""
    return Style(
        bold=outer.bold if inner.bold is None else inner.bold,
        hidden=outer.hidden if inner.hidden is None else inner.hidden,
        struck=outer.struck if inner.struck is None else inner.struck,
        capitals=outer.capitals if inner.capitals is None else inner.capitals,
        font=inner.font or outer.font,
    )
