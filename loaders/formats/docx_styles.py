"""What the styles and the numbering of a DOCX say of a paragraph: heading level, bold, list item, printed number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from loaders.formats.numbers import figure, number

_HEADING = re.compile(r"^(?:heading|titolo)\s*(\d)$", re.I)
_NAMED = {"title": 1, "titolo": 1, "subtitle": 2, "sottotitolo": 2}
_CONTENTS = re.compile(r"^(?:toc|sommario|indice|table of figures|indice delle figure)(?:\s*\d|\s*heading)?$", re.I)
_PLACEHOLDER = re.compile(r"%(\d)")
_LEVELS = 9
_DEEPEST = 50  # styles based on one another
_OFF = ("0", "false", "off")


def is_on(parent: etree._Element | None, tag: str, space: str) -> bool | None:
    """Whether the switch `tag` is on in `parent`; None when it is not there."""
    found = None if parent is None else parent.find(space + tag)
    return None if found is None else found.get(f"{space}val") not in _OFF


def value(parent: etree._Element | None, path: str, space: str) -> str | None:
    """The `val` attribute of the element at `path` (names parted by «/») in `parent`."""
    found = None if parent is None else parent.find("/".join(space + step for step in path.split("/")))
    return None if found is None else found.get(f"{space}val")


@dataclass(frozen=True)
class Style:
    """A style with what it takes from those it is based on."""

    level: int | None = None
    bold: bool | None = None
    hidden: bool | None = None
    numbering: tuple[str | None, int | None] = (None, None)  # number, depth
    contents: bool = False


class Styles:
    """The styles of a document by their id."""

    def __init__(self, root: etree._Element | None, space: str) -> None:
        self._space = space
        self._elements: dict[str, etree._Element] = {}
        self._known: dict[str, Style] = {}
        self._default: str | None = None
        for style in root.findall(f"{space}style") if root is not None else ():
            key = style.get(f"{space}styleId", "")
            self._elements[key] = style
            if style.get(f"{space}type") == "paragraph" and style.get(f"{space}default") == "1":
                self._default = key

    def of(self, key: str | None, depth: int = 0) -> Style:
        """The style with id `key`; that of ordinary paragraphs when it is None."""
        name = key if key is not None else self._default
        if name is None or name not in self._elements:
            return Style()
        if name not in self._known:
            self._known[name] = Style()  # what a style based on itself finds
            self._known[name] = self._read(self._elements[name], depth)
        return self._known[name]

    def _read(self, element: etree._Element, depth: int) -> Style:
        space = self._space
        base_key = value(element, "basedOn", space)
        base = self.of(base_key, depth + 1) if base_key is not None and depth < _DEEPEST else Style()
        name = (value(element, "name", space) or "").strip().lower()
        run, paragraph = element.find(f"{space}rPr"), element.find(f"{space}pPr")
        own = value(paragraph, "numPr/numId", space), number(value(paragraph, "numPr/ilvl", space))
        bold, hidden = is_on(run, "b", space), is_on(run, "vanish", space)
        return Style(
            level=_level(name, number(value(paragraph, "outlineLvl", space))) or base.level,
            bold=base.bold if bold is None else bold,
            hidden=base.hidden if hidden is None else hidden,
            numbering=(own[0] or base.numbering[0], base.numbering[1] if own[1] is None else own[1]),
            contents=base.contents or bool(_CONTENTS.match(name)),
        )


def _level(name: str, outline: int | None) -> int | None:
    if match := _HEADING.match(name):
        return int(match.group(1)) or 1
    if name in _NAMED:
        return _NAMED[name]
    return outline + 1 if outline is not None and 0 <= outline < _LEVELS else None


@dataclass(frozen=True)
class _Level:
    kind: str
    pattern: str
    start: int
    plain: bool  # all the numbers of the pattern in Arabic figures


@dataclass
class _List:
    levels: dict[int, _Level]
    counts: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


class Numbering:
    """The lists of a document; `label` counts on, so paragraphs must be asked for in their order."""

    def __init__(self, root: etree._Element | None, space: str) -> None:
        self._space = space
        self._lists: dict[str, _List] = {}
        self._numbers: dict[str, tuple[str, dict[int, int], dict[int, _Level]]] = {}
        self._started: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: etree._Element) -> None:
        space = self._space
        by_style: dict[str, str] = {}
        links: dict[str, str] = {}
        for element in root.findall(f"{space}abstractNum"):
            key = element.get(f"{space}abstractNumId", "")
            self._lists[key] = _List(dict(self._levels(element)))
            if name := value(element, "styleLink", space):
                by_style[name] = key
            if name := value(element, "numStyleLink", space):
                links[key] = name
        for key, name in links.items():
            if name in by_style:
                self._lists[key] = self._lists[by_style[name]]
        for element in root.findall(f"{space}num"):
            starts, levels = self._overrides(element)
            abstract = value(element, "abstractNumId", space) or ""
            self._numbers[element.get(f"{space}numId", "")] = (abstract, starts, levels)

    def _levels(self, parent: etree._Element) -> Iterator[tuple[int, _Level]]:
        space = self._space
        for element in parent.findall(f"{space}lvl"):
            depth = number(element.get(f"{space}ilvl"))
            if depth is not None:
                yield (
                    depth,
                    _Level(
                        value(element, "numFmt", space) or "decimal",
                        value(element, "lvlText", space) or "",
                        number(value(element, "start", space)) or 0,
                        bool(is_on(element, "isLgl", space)),
                    ),
                )

    def _overrides(self, element: etree._Element) -> tuple[dict[int, int], dict[int, _Level]]:
        space = self._space
        starts: dict[int, int] = {}
        levels: dict[int, _Level] = {}
        for override in element.findall(f"{space}lvlOverride"):
            depth, start = number(override.get(f"{space}ilvl")), number(value(override, "startOverride", space))
            if depth is not None and start is not None:
                starts[depth] = start
            levels.update(self._levels(override))
        return starts, levels

    def label(self, key: str | None, depth: int) -> str | None:
        """What list `key` prints before its next paragraph at `depth`: "" for a bullet, None when it is no list."""
        if key is None or key not in self._numbers or not 0 <= depth < _LEVELS:
            return None
        abstract, starts, own = self._numbers[key]
        found = self._lists.get(abstract)
        level = own.get(depth) or (found.levels.get(depth) if found else None)
        if found is None or level is None:
            return None
        if level.kind == "bullet":
            return ""
        self._count(found, key, depth, starts, level)
        levels = {**found.levels, **own}
        shown = _PLACEHOLDER.sub(lambda match: _figure(found, levels, int(match.group(1)) - 1, level), level.pattern)
        return shown.strip() or None

    def _count(self, found: _List, key: str, depth: int, starts: dict[int, int], level: _Level) -> None:
        before = found.counts[depth]
        if depth in starts and (key, depth) not in self._started:
            self._started.add((key, depth))
            found.counts[depth] = starts[depth]
        else:
            found.counts[depth] = level.start if before is None else before + 1
        found.counts[depth + 1 :] = [None] * (_LEVELS - depth - 1)


def _figure(found: _List, levels: dict[int, _Level], depth: int, asking: _Level) -> str:
    """The current number of one level, in its own figures."""
    level = levels.get(depth)
    if level is None or level.kind == "none" or not 0 <= depth < _LEVELS:
        return ""
    count = found.counts[depth]
    return figure(level.start if count is None else count, "decimal" if asking.plain else level.kind)
