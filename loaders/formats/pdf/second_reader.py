"""The second reader: pdfium's glyphs and rules, a lattice of our own, and where it disagrees with the first reader.

It shares no code with the first one but the question it answers: which characters stand in which ruled cell.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import pypdfium2 as pdfium

_SNAP = 3.0  # points
_MOST_RULES = 3_000  # on a page; more is a drawing
raw = pdfium.raw
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Mark:
    """A character and the middle of its box, points from the top left corner."""

    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Rule:
    """A level or upright line: where it lies, and from where to where it runs."""

    level: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True)
class SecondCell:
    """A ruled cell as pdfium's paths draw it."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str


def second_reading(document: pdfium.PdfDocument, index: int) -> tuple[list[SecondCell], int]:
    """The ruled cells of a page (from 0), and how many letters and digits it shows; a turned page gives none."""
    page = document[index]
    try:
        if page.get_rotation():
            return [], -1
        left, _, _, top = page.get_bbox()
        marks = list(_marks(page, left, top))
        rules = list(_rules(page, left, top))
    finally:
        page.close()
    return _cells(rules, marks), len(plain("".join(mark.text for mark in marks)))


def plain(text: str) -> str:
    """The letters and digits of `text`, for comparing what two readers read."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def _marks(page: pdfium.PdfPage, left: float, top: float) -> Iterator[Mark]:
    text = page.get_textpage()
    sides = [ctypes.c_double() for _ in range(4)]
    x0, x1, y0, y1 = sides
    for index in range(text.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(text, index))
        if character.isspace() or not character.isprintable():
            continue
        raw.FPDFText_GetCharBox(text, index, x0, x1, y0, y1)
        yield Mark(character, (x0.value + x1.value) / 2 - left, top - (y0.value + y1.value) / 2)
    text.close()


def _rules(page: pdfium.PdfPage, left: float, top: float) -> Iterator[Rule]:
    paths = page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=5)
    for item in islice(paths, _MOST_RULES):
        matrix = item.get_matrix()
        points: list[tuple[float, float]] = []
        for number in range(raw.FPDFPath_CountSegments(item)):
            segment = raw.FPDFPath_GetPathSegment(item, number)
            x, y = ctypes.c_float(), ctypes.c_float()
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            px, py = matrix.on_point(x.value, y.value)
            if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
                yield from _outline(points)
                points = []
            points.append((px - left, top - py))
            if raw.FPDFPathSegment_GetClose(segment):
                points.append(points[0])
        yield from _outline(points)


def _outline(points: Sequence[tuple[float, float]]) -> Iterator[Rule]:
    """The rules of an outline; a thin box is one rule along its middle."""
    if len(points) < 2:
        return
    xs, ys = [x for x, _ in points], [y for _, y in points]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    if y1 - y0 <= _SNAP < x1 - x0:
        yield Rule(True, (y0 + y1) / 2, x0, x1)
    elif x1 - x0 <= _SNAP < y1 - y0:
        yield Rule(False, (x0 + x1) / 2, y0, y1)
    else:
        for (xa, ya), (xb, yb) in pairwise(points):
            if abs(ya - yb) < 0.5 < abs(xa - xb):
                yield Rule(True, ya, min(xa, xb), max(xa, xb))
            elif abs(xa - xb) < 0.5 < abs(ya - yb):
                yield Rule(False, xa, min(ya, yb), max(ya, yb))


def _cells(rules: Sequence[Rule], marks: Sequence[Mark]) -> list[SecondCell]:
    if len(rules) > _MOST_RULES:
        return []
    boxes = [box for group in _touching(rules) for box in _boxes(group)]
    found: defaultdict[Box, list[str]] = defaultdict(list)
    for mark in marks:
        holding = [b for b in boxes if b[0] <= mark.x < b[2] and b[1] <= mark.y < b[3]]
        if holding:
            found[min(holding, key=lambda b: (b[2] - b[0]) * (b[3] - b[1]))].append(mark.text)
    return [SecondCell(*box, "".join(found[box])) for box in boxes]


def _touching(rules: Sequence[Rule]) -> list[list[Rule]]:
    """The rules in groups that touch one another."""
    groups: list[list[Rule]] = []
    for rule in rules:
        near = [g for g in groups if any(_meet(rule, other) for other in g)]
        merged = [rule, *(r for g in near for r in g)]
        groups = [g for g in groups if g not in near] + [merged]
    return groups


def _meet(a: Rule, b: Rule) -> bool:
    if a.level == b.level:
        return abs(a.at - b.at) <= _SNAP and a.start <= b.end + _SNAP and b.start <= a.end + _SNAP
    return b.start - _SNAP <= a.at <= b.end + _SNAP and a.start - _SNAP <= b.at <= a.end + _SNAP


def _boxes(rules: Sequence[Rule]) -> list[Box]:
    """The cells of one group: the smallest places between its rules, those without a rule between them made one."""
    xs, ys = (
        _levels(r.at for r in rules if not r.level),
        _levels([*(r.at for r in rules if r.level), *_open_ends(rules)]),
    )
    if len(xs) < 2 or len(ys) < 2:
        return []
    parts = {(r, c): (r, c) for r in range(len(ys) - 1) for c in range(len(xs) - 1)}
    for row, column in parts:
        middle_y, middle_x = (ys[row] + ys[row + 1]) / 2, (xs[column] + xs[column + 1]) / 2
        if column + 2 < len(xs) and not _ruled(rules, False, xs[column + 1], middle_y):
            _unite(parts, (row, column), (row, column + 1))
        if row + 2 < len(ys) and not _ruled(rules, True, ys[row + 1], middle_x):
            _unite(parts, (row, column), (row + 1, column))
    cells: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for part in parts:
        cells[_root(parts, part)].append(part)
    return [_box(part, xs, ys) for part in cells.values()]


def _open_ends(rules: Sequence[Rule]) -> list[float]:
    """The heights at which a page cuts the group, its uprights going on beyond the last level rule."""
    uprights = [r for r in rules if not r.level]
    top, bottom = min((r.start for r in uprights), default=0.0), max((r.end for r in uprights), default=0.0)
    tops = sum(abs(r.start - top) <= _SNAP for r in uprights)
    bottoms = sum(abs(r.end - bottom) <= _SNAP for r in uprights)
    return [height for height, count in ((top, tops), (bottom, bottoms)) if count > 2]


def _box(parts: Sequence[tuple[int, int]], xs: Sequence[float], ys: Sequence[float]) -> Box:
    rows, columns = [r for r, _ in parts], [c for _, c in parts]
    return xs[min(columns)], ys[min(rows)], xs[max(columns) + 1], ys[max(rows) + 1]


def _levels(values: Iterable[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _SNAP:
            found.append(value)
    return found


def _ruled(rules: Sequence[Rule], level: bool, at: float, across: float) -> bool:
    return any(r.level == level and abs(r.at - at) <= _SNAP and r.start <= across <= r.end for r in rules)


def _root(parts: dict[tuple[int, int], tuple[int, int]], part: tuple[int, int]) -> tuple[int, int]:
    while parts[part] != part:
        part = parts[part]
    return part


def _unite(parts: dict[tuple[int, int], tuple[int, int]], a: tuple[int, int], b: tuple[int, int]) -> None:
    parts[_root(parts, b)] = _root(parts, a)
