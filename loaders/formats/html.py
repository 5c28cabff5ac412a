"""HTML: the paragraphs, lists and tables of a web page or of an office export, row and column spans laid out.

Nothing that a page refers to is fetched. A second reading counts the characters, because the tree builder drops in
silence what stands too deep.
"""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path

import lxml.html
from lxml import etree

from loaders.document import Document
from loaders.formats.compose import MOST_CELLS, RawBlock, RawCell, RawParagraph, RawTable, compose, words_of
from loaders.formats.glyphs import CHECKED, UNCHECKED, readable
from loaders.formats.numbers import figure
from loaders.formats.package import Paths, check_size, refused
from loaders.records import Rendition

MEDIA_TYPE = "text/html"
DEEPEST_ELEMENT = 200
MOST_ELEMENTS = 200_000
WIDEST_SPAN = 100  # columns
_KEPT = 0.98  # of the characters that a plain reading counts
_META = re.compile(rb"<(?:meta[^>]{0,200}?charset\s*=|\?xml[^>]{0,100}?encoding\s*=)\s*[\"']?([\w.:-]{1,40})", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_UNSEEN = frozenset("script style title template noscript object iframe svg math audio video textarea button".split())
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 head header html hr legend li main menu nav ol p pre section summary table tbody td tfoot "
    "th thead tr ul".split()
)
_BOLD = frozenset(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"))
_STRUCK = frozenset(("s", "strike"))
_PAGE = frozenset(("nav", "aside", "footer"))
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_KINDS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_NOTE_ANCHOR = re.compile(r"\bsd(?:foot|end)note(?:anc|sym)\b")
# a comment, a script or style, a tag, a piece of text; each ends with the page at the latest, so none is read twice
_TOKEN = re.compile(
    r"""<!--.*?(?:-->|\Z)|<(script|style)\b[^>]*+>.*?(?:</\1[^>]*(?:>|\Z)|\Z)"""
    r"""|</?[a-z](?:[^>"']++|"[^"]*+"|'[^']*+'){0,200}+>|<[/!?a-z][^>]*(?:>|\Z)|[^<]+|<""",
    re.S | re.I,
)
_BLANKS = re.compile("[ \t\r\n\f]+")
_WEIGHT = re.compile(r"font-weight\s*:\s*(bold|[6-9]00|normal|[1-5]00)", re.I)
_NO_ROOM = re.compile(r"(?<![\w-])display\s*:\s*none\b", re.I)
_INVISIBLE = re.compile(r"(?<![\w-])visibility\s*:\s*hidden\b", re.I)
_FONT = re.compile(r"font-family\s*:\s*[\"']?([\w ]+)", re.I)


def read(data: bytes, path: Path) -> Document:
    """The document in the bytes of an HTML file. Raises `UnreadableFile` or `NothingToRead`."""
    check_size(data, path)
    words = _decoded(data)
    root = _tree(words, path)
    rendition = Rendition(
        sha256=hashlib.sha256(data).hexdigest(), file=path.name, media_type=MEDIA_TYPE, columns_reliable=True
    )
    reader = _Reader(path)
    return compose(rendition, reader.blocks(root), path, furniture=reader.aside)


def _decoded(data: bytes) -> str:
    declared = _META.search(data[:4096])
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        words = data.decode("utf-16", errors="replace")
    elif declared and _is_codec(name := declared.group(1).decode("ascii")):
        words = data.decode(name, errors="replace")
    else:
        words = _guessed(data)
    return _DECLARATION.sub("", words.removeprefix("\ufeff")).replace("\0", "")


def _is_codec(name: str) -> bool:
    """Whether `name` is an encoding of text whose letters are those of ASCII."""
    try:
        return codecs.lookup(name).encode("<")[0] == b"<"
    except (LookupError, UnicodeError, TypeError):
        return False


def _guessed(data: bytes) -> str:
    for name in ("utf-8", "cp1252"):
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(name)
    return data.decode("utf-8", errors="replace")


def _counted(words: str, path: Path) -> int:
    """The visible characters that a plain reading of the tags finds; refuses a page of too many elements."""
    elements = characters = 0
    for token in _TOKEN.finditer(words):
        piece = token.group()
        if not piece.startswith("<"):
            characters += len("".join(unescape(piece).split()))
        elif piece[1:2].isalpha():
            elements += 1
            if elements > MOST_ELEMENTS:
                raise refused(f"the page has more than {MOST_ELEMENTS} elements.", path)
    return characters


def _tree(words: str, path: Path) -> etree._Element:
    characters = _counted(words, path)
    parser = lxml.html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root: etree._Element = lxml.html.document_fromstring(words or " ", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise refused(f"this is not HTML ({' '.join(str(error).split())}).", path) from error
    _check(root, characters, path)
    return root


def _check(root: etree._Element, characters: int, path: Path) -> None:
    """Refuse a tree that is too deep, or in which words are missing."""
    depth = found = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            found += len("".join((element.tail or "").split()))
            continue
        depth += 1
        if depth > DEEPEST_ELEMENT:
            raise refused(f"its elements stand more than {DEEPEST_ELEMENT} deep.", path)
        if element.tag not in ("script", "style"):
            found += len("".join((element.text or "").split()))
    if found < _KEPT * characters:
        raise refused("its elements stand too deep or too broken for all its words to be read.", path)


@dataclass(frozen=True)
class _Style:
    """How the text in an element looks."""

    bold: bool = False
    struck: bool = False
    tracked: bool = False
    font: str | None = None
    kept: bool = False  # white space kept, as in `pre`


@dataclass
class _Flow:
    """The blocks found so far in one container, and the paragraph being filled."""

    blocks: list[RawBlock] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    bold: bool = True
    remarks: dict[str, None] = field(default_factory=dict)
    path: str = ""
    level: int | None = None
    label: str | None = None  # of the list item that the next paragraph opens

    def add(self, text: str, style: _Style) -> None:
        self.pieces.append(text)
        if any(c.isalnum() for c in text):
            self.bold &= style.bold
            self.remarks.update({"struck_text": None} if style.struck else {})
            self.remarks.update({"tracked_change": None} if style.tracked else {})

    def end(self, *, empty: bool = False) -> None:
        """Close the paragraph; one without words counts only when `empty`."""
        text = _unbroken("".join(self.pieces))
        if text.strip() or empty:
            words = bool(text.strip())
            item = words and self.label is not None
            bold = words and self.bold and any(c.isalnum() for c in text)
            label = self.label or "" if item else ""
            self.blocks.append(RawParagraph(text, self.path, self.level, bold, item, label, tuple(self.remarks)))
            self.label = None if words else self.label
        self.pieces, self.bold, self.remarks = [], True, {}


def _unbroken(text: str) -> str:
    """`text` without the line break that ends it, which a page does not show."""
    stripped = text.rstrip(" ")
    return stripped[:-1] if stripped.endswith("\n") else stripped


class _Reader:
    """Walks the elements of a page."""

    def __init__(self, path: Path) -> None:
        self.aside: list[RawParagraph] = []
        self._file = path
        self._paths = Paths()
        self._reached = 0
        self._counts: dict[etree._Element, int] = {}

    def blocks(self, element: etree._Element, style: _Style | None = None) -> list[RawBlock]:
        """The paragraphs and tables in `element`."""
        flow = _Flow(path=self._paths.of(element))
        self._children(element, flow, style or _Style())
        flow.end()
        return flow.blocks

    def _children(self, element: etree._Element, flow: _Flow, style: _Style) -> None:
        flow.add(_words(element.text, style), style)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, flow, style)
            flow.add(_words(child.tail, style), style)

    def _element(self, element: etree._Element, flow: _Flow, style: _Style) -> None:
        name = str(element.tag).lower()
        if name in _UNSEEN or _NOTE_ANCHOR.search(element.get("class", "")):
            return
        if name == "del" or (name == "option" and element.get("selected") is None):
            return
        if _is_aside(element, name):
            self.aside.extend(words_of(self.blocks(element)))
        elif name == "br":
            flow.pieces.append("\n")
        elif name == "input":
            flow.add(_check_box(element), style)
        elif name == "table":
            self._table_in(element, flow)
        elif name in _BLOCKS:
            self._block(element, name, flow, _styled(style, element, name))
        else:
            self._children(element, flow, _styled(style, element, name))

    def _block(self, element: etree._Element, name: str, flow: _Flow, style: _Style) -> None:
        flow.end()
        before = flow.path, flow.level
        flow.path, flow.level = self._paths.of(element), _HEADINGS.get(name, flow.level)
        if name == "li":
            flow.label = self._label(element)
        self._children(element, flow, style)
        flow.end(empty=name == "p")
        if name == "li":
            flow.label = None
        flow.path, flow.level = before

    def _label(self, item: etree._Element) -> str:
        """The number that an ordered list shows before `item`; nothing for a bullet."""
        parent = item.getparent()
        if parent is None or parent.tag != "ol":
            return ""
        before = self._counts.get(parent, _number(parent.get("start"), 1) - 1)
        self._counts[parent] = count = _number(item.get("value"), before + 1)
        return figure(count, _KINDS.get(parent.get("type", "1"), "decimal")) + "."

    def _table_in(self, element: etree._Element, flow: _Flow) -> None:
        flow.end()
        for caption in element.findall("caption"):
            flow.blocks.extend(self.blocks(caption))
        flow.blocks.append(self._table(element))

    def _table(self, table: etree._Element) -> RawTable:
        rows = [row for row in _rows(table) if not self._put_aside(row)]
        taken: set[tuple[int, int]] = set()
        found: list[tuple[RawCell, ...]] = []
        for index, row in enumerate(rows):
            cells = []
            column = 0
            for element in row:
                if element.tag not in ("td", "th") or self._put_aside(element):
                    continue
                while (index, column) in taken:
                    column += 1
                cell = self._cell(element, column, len(rows) - index)
                self._take(taken, index, cell)
                column += cell.colspan
                cells.append(cell)
            found.append(tuple(cells))
        return RawTable(tuple(found))

    def _put_aside(self, element: etree._Element) -> bool:
        """Whether a row or cell takes no room on the page; its words are then set aside."""
        parent = element.getparent()
        group = parent if parent is not None and parent.tag in ("thead", "tbody", "tfoot") else element
        if not (_takes_no_room(element) or _takes_no_room(group)):
            return False
        cells = [element] if element.tag in ("td", "th") else element.iterchildren("td", "th")
        self.aside.extend(words_of(block for cell in cells for block in self.blocks(cell)))
        return True

    def _cell(self, element: etree._Element, column: int, left: int) -> RawCell:
        across, down = _span(element.get("colspan")), _span(element.get("rowspan"))
        if across > WIDEST_SPAN:
            raise refused(f"a cell reaches over more than {WIDEST_SPAN} columns.", self._file, self._paths.of(element))
        return RawCell(
            column,
            tuple(self.blocks(element, _styled(_Style(), element, str(element.tag)))),
            colspan=max(across, 1),
            rowspan=min(down or left, left),
            path=self._paths.of(element),
            colour=_colour(element),
        )

    def _take(self, taken: set[tuple[int, int]], row: int, cell: RawCell) -> None:
        self._reached += cell.rowspan * cell.colspan
        if self._reached > MOST_CELLS:
            raise refused(f"its tables have more than {MOST_CELLS} cells.", self._file, cell.path)
        taken.update((row + r, cell.column + c) for r in range(cell.rowspan) for c in range(cell.colspan))


_BACKGROUND = re.compile(r"(?:^|;)\s*background(?:-color)?\s*:\s*([^;\s]+)", re.I)


def _colour(cell: etree._Element) -> str | None:
    """The colour that a cell itself, or its row, asks for."""
    row = cell.getparent()
    for element in (cell, row) if row is not None else (cell,):
        styled = _BACKGROUND.search(element.get("style", ""))
        if found := (styled.group(1) if styled else element.get("bgcolor")):
            return found
    return None


def _words(text: str | None, style: _Style) -> str:
    words = text or ""
    return readable(words if style.kept else _BLANKS.sub(" ", words), style.font)


def _styled(style: _Style, element: etree._Element, name: str) -> _Style:
    """The style of the text inside `element`."""
    css = element.get("style", "")
    weight, font = _WEIGHT.search(css), _FONT.search(css)
    bold = style.bold or name in _BOLD
    if weight:
        bold = weight.group(1).lower() not in ("normal", "100", "200", "300", "400", "500")
    return replace(
        style,
        bold=bold,
        struck=style.struck or name in _STRUCK or "line-through" in css,
        tracked=style.tracked or name == "ins",
        font=font.group(1) if font else element.get("face", style.font),
        kept=style.kept or name == "pre",
    )


def _is_aside(element: etree._Element, name: str) -> bool:
    """Whether an element is hidden or belongs to the page: navigation, a page's header and footer."""
    if _takes_no_room(element) or _INVISIBLE.search(element.get("style", "")):
        return True
    if name == "header":
        return not any(True for _ in element.iter("h1", "h2"))
    return name in _PAGE or (name == "div" and element.get("title") in ("header", "footer"))


def _takes_no_room(element: etree._Element) -> bool:
    return element.get("hidden") is not None or _NO_ROOM.search(element.get("style", "")) is not None


def _check_box(element: etree._Element) -> str:
    if element.get("type", "").lower() not in ("checkbox", "radio"):
        return ""
    return UNCHECKED if element.get("checked") is None else CHECKED


def _number(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text.strip()) else default


def _span(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text.strip()) else 1


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table in the order a page shows them: head, bodies, foot."""
    for wanted in (("thead",), ("tbody", "tr"), ("tfoot",)):
        for child in table:
            if child.tag == "tr" and "tr" in wanted:
                yield child
            elif child.tag in wanted:
                yield from child.iterchildren("tr")
