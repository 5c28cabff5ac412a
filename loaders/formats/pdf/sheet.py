"""What is drawn on a page: its glyphs, ruled edges and filled areas, as pdfplumber's interpreter gives them.

All measures are points from the top left corner of the page as a reader shows it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from pdfminer.layout import LTChar, LTComponent, LTContainer, LTCurve, LTItem, LTLine, LTRect
from pdfplumber.page import Page

from loaders.formats.glyphs import is_picture_font, readable

_THIN = 3.0  # points; a rectangle no thicker is a rule
_SHORTEST = 1.0  # points; a shorter edge is a dot
_BOLD = re.compile(r"bold|black|heavy|demi|semibold", re.I)
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_FONT_STYLE = re.compile(r"(?:mt|-?regular|-?roman|,.*)$", re.I)
_UNMAPPED = re.compile(r"\(cid:\d+\)")
_UNUSED_CODES = {f"(cid:{code})" for code in (127, 129, 141, 143, 144, 157)}  # bullets in WinAnsiEncoding
_LIGATURES = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_LIGATURES |= {"\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u200b": "", "\ufeff": "", "\x00": "", "\t": " "}
_LARGEST = 1_000.0  # points; a larger size is an error of the file
UNREADABLE = "\ufffd"


class Glyph(NamedTuple):
    """A drawn character: text, left and right, baseline, size, weight, and quarter turns to the left (-1: askew)."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    bold: bool
    turn: int

    @property
    def middle(self) -> tuple[float, float]:
        """The point that says in which cell the glyph stands."""
        return (self.x0 + self.x1) / 2, self.base - 0.3 * self.size


class Edge(NamedTuple):
    """A ruled line, level or upright: its ends, left or upper first."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def level(self) -> bool:
        """Whether it runs from left to right."""
        return self.bottom - self.top <= self.x1 - self.x0


class Fill(NamedTuple):
    """An upright rectangle that is filled: left, top, right, bottom, and its colour as six digits, None for white."""

    x0: float
    top: float
    x1: float
    bottom: float
    colour: str | None

    @property
    def outline(self) -> tuple[Edge, Edge, Edge, Edge]:
        """Its upper, lower, left and right edge."""
        return (
            Edge(self.x0, self.top, self.x1, self.top),
            Edge(self.x0, self.bottom, self.x1, self.bottom),
            Edge(self.x0, self.top, self.x0, self.bottom),
            Edge(self.x1, self.top, self.x1, self.bottom),
        )


@dataclass(frozen=True)
class Sheet:
    """A page: its number from 1, its size, and what is drawn on it, fills in the order in which they are drawn."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)

    def is_frame(self, edge: Edge) -> bool:
        """Whether an edge is that of a background or of a border around the whole page."""
        if edge.level:
            return edge.x1 - edge.x0 >= 0.97 * self.width
        return edge.bottom - edge.top >= 0.97 * self.height


@dataclass(frozen=True)
class _Frame:
    """Moves pdfminer's coordinates (from the lower left corner of the media box) to those of the page shown."""

    left: float
    height: float  # of the media box, less what the crop box cuts off above

    def down(self, y: float) -> float:
        return self.height - y


def read_sheet(page: Page) -> Sheet:
    """What is drawn on `page`, without what lies outside of it.

    Raises `pdfplumber.utils.exceptions.PdfminerException` when its content cannot be interpreted.
    """
    left, top, right, bottom = page.cropbox
    media = page.mediabox
    sheet = Sheet(page.page_number, right - left, bottom - top)
    frame = _Frame(left - media[0], page.layout.height - (top - media[1]))
    for item in _items(page.layout):
        if isinstance(item, LTChar):
            glyph = _glyph(item, frame)
            if glyph.text and _is_on(glyph, sheet):
                sheet.glyphs.append(glyph if glyph.text.strip() else glyph._replace(text=" "))
        elif isinstance(item, LTCurve):
            fill = _fill(item, frame)
            if fill is not None:
                sheet.fills.append(fill)
            if fill is None or (item.stroke and not isinstance(item, LTLine)):
                sheet.edges.extend(e for e in _edges(item, frame) if not sheet.is_frame(e))
    return sheet


def _is_on(glyph: Glyph, sheet: Sheet) -> bool:
    near = 0 <= glyph.base <= sheet.height + glyph.size / 2
    return near and glyph.x1 >= 0 and glyph.x0 <= sheet.width and 0 < glyph.size < _LARGEST


def _items(container: LTContainer[LTComponent]) -> Iterator[LTItem]:
    for item in container:
        if isinstance(item, LTContainer):
            yield from _items(item)
        else:
            yield item


def _glyph(item: LTChar, frame: _Frame) -> Glyph:
    a, b, c, d, _, f = item.matrix
    turn = _turn(a, b, c, d)
    x0, x1, base = item.x0 - frame.left, item.x1 - frame.left, frame.down(f)
    if turn != 0:
        base = frame.down(item.y0)
    return Glyph(_text(item.get_text(), item.fontname), x0, x1, base, item.size, _is_bold(item.fontname), turn)


def _turn(a: float, b: float, c: float, d: float) -> int:
    if abs(b) <= 0.1 * abs(a) and a > 0:
        return 0
    if abs(a) <= 0.1 * abs(b):
        return 1 if b > 0 else 3
    return 2 if abs(b) <= 0.1 * abs(a) and d < 0 else -1


@cache
def _is_bold(font: str) -> bool:
    return bool(_BOLD.search(_SUBSET.sub("", font)))


@cache
def _text(text: str, font: str) -> str:
    """The characters a glyph shows; `UNREADABLE` when the file does not say."""
    if _UNMAPPED.fullmatch(text):
        return "•" if text in _UNUSED_CODES else UNREADABLE
    name = _FONT_STYLE.sub("", _SUBSET.sub("", font)).lower()
    coded = len(text) == 1 and (ord(text) < 0x100 or 0xF000 <= ord(text) <= 0xF0FF)
    if coded and is_picture_font(name) and not (name == "symbol" and text.isascii()):
        return readable(text, name)
    plain = "".join(_LIGATURES.get(c, c) for c in readable(text))
    return "".join(c for c in plain if c.isprintable() or c == "\u00ad")


def _edges(item: LTCurve, frame: _Frame) -> Iterator[Edge]:
    if isinstance(item, LTRect):
        yield from _rectangle(item.x0 - frame.left, frame.down(item.y1), item.x1 - frame.left, frame.down(item.y0))
        return
    points = [(x - frame.left, frame.down(y)) for x, y in item.pts]
    for (xa, ya), (xb, yb) in pairwise(points):
        if not all(map(math.isfinite, (xa, ya, xb, yb))):
            continue
        if (abs(ya - yb) < 0.5) != (abs(xa - xb) < 0.5) and max(abs(ya - yb), abs(xa - xb)) >= _SHORTEST:
            yield _straight(xa, ya, xb, yb)


def _fill(item: LTCurve, frame: _Frame) -> Fill | None:
    """The upright rectangle that an item fills, or that a thick stroke does."""
    stroke = isinstance(item, LTLine)
    if not stroke and not (item.fill and all(x in (item.x0, item.x1) and y in (item.y0, item.y1) for x, y in item.pts)):
        return None
    half = item.linewidth / 2 if stroke else 0.0
    x, y = (0.0, half) if item.height <= item.width else (half, 0.0)
    x0, top = item.x0 - frame.left - x, frame.down(item.y1) - y
    x1, bottom = item.x1 - frame.left + x, frame.down(item.y0) + y
    if not _THIN < min(x1 - x0, bottom - top) <= max(x1 - x0, bottom - top) < math.inf:
        return None
    return Fill(x0, top, x1, bottom, _shade(item.stroking_color if stroke else item.non_stroking_color))


def _shade(drawn: object) -> str | None:
    """A colour of a PDF (grey, RGB or CMYK, 0 to 1) as six hexadecimal digits; None for white.

    Other kinds (patterns, inks of their own) give the words that the file has for them.
    """
    parts = drawn if isinstance(drawn, list | tuple) else (drawn,)
    numbers = [float(part) for part in parts if isinstance(part, int | float)]
    if len(numbers) != len(parts) or len(numbers) not in (1, 3, 4):
        return str(drawn)
    if len(numbers) == 4:
        *inks, black = numbers
        numbers = [(1 - ink) * (1 - black) for ink in inks]
    red_green_blue = numbers * 3 if len(numbers) == 1 else numbers
    digits = "".join(f"{round(255 * min(max(part, 0.0), 1.0)):02x}" for part in red_green_blue)
    return None if digits == "ffffff" else digits


def _straight(xa: float, ya: float, xb: float, yb: float) -> Edge:
    if abs(ya - yb) < 0.5:
        return Edge(min(xa, xb), (ya + yb) / 2, max(xa, xb), (ya + yb) / 2)
    return Edge((xa + xb) / 2, min(ya, yb), (xa + xb) / 2, max(ya, yb))


def _rectangle(x0: float, top: float, x1: float, bottom: float) -> Iterator[Edge]:
    width, height = x1 - x0, bottom - top
    if not math.isfinite(width + height) or max(width, height) < _SHORTEST:
        return
    if height <= _THIN and width > height:
        middle = (top + bottom) / 2
        yield Edge(x0, middle, x1, middle)
    elif width <= _THIN:
        middle = (x0 + x1) / 2
        yield Edge(middle, top, middle, bottom)
    else:
        yield Edge(x0, top, x1, top)
        yield Edge(x0, bottom, x1, bottom)
        yield Edge(x0, top, x0, bottom)
        yield Edge(x1, top, x1, bottom)
