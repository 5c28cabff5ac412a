"""What the styles and list styles of an ODT say of a paragraph: heading level, bold, hidden, list item, number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from loaders.formats.numbers import figure, number

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_HEADING = re.compile(r"^Heading_20_(\d{1,2})$")
_NAMED = {"Title": 1, "Subtitle": 2}
_CONTENTS = re.compile(r"^(?:Contents|Illustration_20_Index|Table_20_index)_20_")
_KINDS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_LEVELS = 10
_DEEPEST = 50  # styles that are parents of one another


@dataclass(frozen=True)
class Style:
    """A style with what it takes from its parents."""

    level: int | None = None
    bold: bool | None = None
    hidden: bool | None = None
    struck: bool | None = None
    capitals: bool | None = None
    font: str | None = None
    list_style: str | None = None
    contents: bool = False


class Styles:
    """The styles of a document, by family and name."""

    def __init__(self, roots: Iterable[etree._Element]) -> None:
        self._elements: dict[tuple[str, str], etree._Element] = {}
        self._known: dict[tuple[str, str], Style] = {}
        self._fonts: dict[str, str] = {}
        for root in roots:
            for element in root.iter(f"{STYLE}style"):
                self._elements[element.get(f"{STYLE}family", ""), element.get(f"{STYLE}name", "")] = element
            for face in root.iter(f"{STYLE}font-face"):
                self._fonts[face.get(f"{STYLE}name", "")] = face.get(f"{_SVG}font-family", "").strip("'\" ")

    def of(self, family: str, name: str | None, depth: int = 0) -> Style:
        """The style of `family` (paragraph, text, section) called `name`."""
        key = (family, name or "")
        if key not in self._elements:
            return Style()
        if key not in self._known:
            self._known[key] = Style()  # what a style that is its own parent finds
            self._known[key] = self._read(*key, depth)
        return self._known[key]

    def colour(self, name: str | None) -> str | None:
        """The colour that the cell style called `name` puts behind a cell."""
        element = self._elements.get(("table-cell", name or ""))
        look = None if element is None else element.find(f"{STYLE}table-cell-properties")
        return None if look is None else look.get(f"{_FO}background-color")

    def _read(self, family: str, name: str, depth: int) -> Style:
        element = self._elements[family, name]
        base = self.of(family, element.get(f"{STYLE}parent-style-name"), depth + 1) if depth < _DEEPEST else Style()
        look = element.find(f"{STYLE}text-properties")
        look = etree.Element("none") if look is None else look
        weight, display = look.get(f"{_FO}font-weight"), look.get(f"{TEXT}display")
        line, case = look.get(f"{STYLE}text-line-through-style"), look.get(f"{_FO}text-transform")
        font = look.get(f"{STYLE}font-name")
        outline = number(element.get(f"{STYLE}default-outline-level"))
        heading = _HEADING.match(name)
        return Style(
            level=(int(heading.group(1)) if heading else _NAMED.get(name, outline)) or base.level,
            bold=base.bold if weight is None else weight == "bold" or (number(weight) or 0) >= 600,
            hidden=base.hidden if display is None else display == "none",
            struck=base.struck if line is None else line != "none",
            capitals=base.capitals if case is None else case == "uppercase",
            font=base.font if font is None else self._fonts.get(font, font),
            list_style=element.get(f"{STYLE}list-style-name") or base.list_style,
            contents=base.contents or bool(_CONTENTS.match(name)),
        )


@dataclass(frozen=True)
class _Level:
    kind: str  # the figures of the number; "" for a bullet
    prefix: str
    suffix: str
    start: int
    shown: int  # how many levels the number shows


@dataclass
class Counts:
    """How far the numbers of one list have come, by depth."""

    style: str | None
    numbers: dict[int, int] = field(default_factory=dict)


class ListStyles:
    """The list styles of a document, and the outline of its headings under the name `OUTLINE`."""

    OUTLINE = "\0outline"

    def __init__(self, roots: Iterable[etree._Element]) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        for root in roots:
            for element in root.iter(f"{TEXT}list-style"):
                self._levels[element.get(f"{STYLE}name", "")] = dict(map(_level, element))
            for element in root.iter(f"{TEXT}outline-style"):
                self._levels[self.OUTLINE] = dict(map(_level, element))

    def label(self, counts: Counts, depth: int, start: int | None = None) -> str | None:
        """Count an item at `depth` (from 1) and say what is printed before it.

        "" for a bullet, None when the style prints nothing; `start` is the item's own number.
        """
        levels = self._levels.get(counts.style or "", {})
        level = levels.get(depth)
        if level is None:
            return None if counts.style == self.OUTLINE else ""
        before = counts.numbers.get(depth, level.start - 1)
        counts.numbers[depth] = before + 1 if start is None else start
        for deeper in [d for d in counts.numbers if d > depth]:
            del counts.numbers[deeper]
        if not level.kind:
            return ""
        if level.kind == "none":
            return None
        first = max(depth - level.shown + 1, 1)
        parts = [self._figure(levels, counts, at) for at in range(first, depth + 1)]
        return level.prefix + ".".join(part for part in parts if part) + level.suffix

    def _figure(self, levels: dict[int, _Level], counts: Counts, depth: int) -> str:
        level = levels.get(depth)
        if level is None or level.kind in ("", "none"):
            return ""
        return figure(counts.numbers.get(depth, level.start), level.kind)


def _level(element: etree._Element) -> tuple[int, _Level]:
    depth = number(element.get(f"{TEXT}level")) or 0
    kind = ""
    if etree.QName(element).localname in ("list-level-style-number", "outline-level-style"):
        form = element.get(f"{STYLE}num-format", "")
        kind = _KINDS.get(form, "decimal") if form else "none"
    return depth, _Level(
        kind,
        element.get(f"{STYLE}num-prefix", ""),
        element.get(f"{STYLE}num-suffix", ""),
        number(element.get(f"{TEXT}start-value")) or 1,
        min(max(number(element.get(f"{TEXT}display-levels")) or 1, 1), _LEVELS),
    )
