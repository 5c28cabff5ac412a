"""The rows of a table without rules: between level rules, at blank bands, or at the values of an anchor column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from loaders.continuity import ends_open
from loaders.document import Cell, Line
from loaders.formats.pdf.bands import opens_status
from loaders.formats.pdf.headings import Columns
from loaders.formats.pdf.lines import TextLine
from loaders.formats.pdf.sheet import Edge
from loaders.headers import STATUS_ROLES, role_of
from loaders.span import whole

_WIDE_RULE = 0.6  # of the table; a shorter rule underlines a word
_BAND = 1.25  # of the usual distance of two lines; a wider space through all columns parts rows
_AGREE = 0.7  # of the anchors must stand below a blank band for the bands to be the rows
_SAME_BASE = 2.0  # points
_TIME = re.compile(
    r"^\W*(?:(?:entro|dal|da|fino|nel|anno|anni|triennio|biennio|primo|secondo|i{1,3})\b.{0,20})?(?:20\d\d|"
    r"(?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre|semestre|"
    r"trimestre|mesi|triennio|annuale|semestrale|trimestrale|mensile|in corso|continuativ[oa]|permanente|entro)\b)",
    re.I,
)
_NUMBERED = re.compile(r"^\W*\d{1,2}(?:\s*bis)?\s*[-.)–]")
Bodies = Sequence[Sequence[TextLine]]


def row_starts(bodies: Bodies, columns: Columns, leading: float, rules: Sequence[Edge]) -> list[float]:
    """The baselines at which rows start; `bodies` are the lines of each column below the heading."""
    if columns.form:
        return [line.base for line in bodies[0] if role_of(line.text) or not line.text[:1].islower()]
    ruled = _ruled(bodies, columns, rules)
    if ruled:
        return ruled
    bands = _bands(bodies, leading)
    anchors = _anchors(bodies, columns, leading)
    agreeing = sum(any(abs(y - band) <= _SAME_BASE for band in bands) for y in anchors)
    if len(bands) > 1 and agreeing >= _AGREE * len(anchors):
        return bands
    return anchors or bands


def dealt(bodies: Bodies, starts: Sequence[float]) -> Iterator[list[list[TextLine]]]:
    """The lines of each row: those between its start and the next one; those above the first start make a row too."""
    edges = [float("-inf"), *starts, float("inf")]
    for top, bottom in pairwise(edges):
        row = [[x for x in column if top - _SAME_BASE <= x.base < bottom - _SAME_BASE] for column in bodies]
        if any(row):
            yield row


def _ruled(bodies: Bodies, columns: Columns, rules: Sequence[Edge]) -> list[float]:
    """The baselines at which rows start when level rules (or shaded bands) run between them; else none."""
    lines = sorted((x for column in bodies for x in column), key=lambda x: x.base)
    if not lines:
        return []
    left, width = columns.starts[0], columns.right - columns.starts[0]
    wide = [rule.top for rule in rules if min(rule.x1, columns.right) - max(rule.x0, left) > _WIDE_RULE * width]
    inner = [y for y in wide if lines[0].base < y < lines[-1].base - lines[-1].size / 2]
    below = {min(line.base for line in lines if line.base > y) for y in inner}
    return sorted({lines[0].base, *below}) if below else []


def _bands(bodies: Bodies, leading: float) -> list[float]:
    """The baselines below blank bands that run through all columns."""
    lines = sorted((x for column in bodies for x in column), key=lambda x: x.base)
    if not lines:
        return []
    starts = [lines[0].base]
    for above, below in pairwise(lines):
        if below.base - above.base > _BAND * leading * below.size:
            starts.append(below.base)
    return starts


def _anchors(bodies: Bodies, columns: Columns, leading: float) -> list[float]:
    """The baselines of the values that open rows, of the first kind of anchor column that has any."""
    status = [i for i, role in enumerate(columns.roles) if role in STATUS_ROLES]
    times = [i for i, role in enumerate(columns.roles) if role == "time"]
    keys = [i for i, role in enumerate(columns.roles) if role in ("objective", "number", "action", "need")][:1]
    for anchors, opens in ((status, opens_status), (times, _opens_time), (keys, _opens_key)):
        starts = sorted({line.base for i in anchors for line in _openers(bodies[i], opens, leading)})
        if starts:
            return [y for y in starts if not _cuts(bodies, y, leading)]
    return []


def _openers(lines: Sequence[TextLine], opens: Callable[[TextLine], bool], leading: float) -> Iterator[TextLine]:
    before: TextLine | None = None
    for line in lines:
        near = before is not None and line.base - before.base <= 1.3 * leading * line.size
        follows = near and before is not None and ends_open(Cell((Line(whole(before.text)),)))
        if opens(line) and not follows:
            yield line
        before = line


def _opens_time(line: TextLine) -> bool:
    return bool(_TIME.match(line.text))


def _opens_key(line: TextLine) -> bool:
    return bool(_NUMBERED.match(line.text))


def _cuts(bodies: Bodies, y: float, leading: float) -> bool:
    """Whether a row that started at `y` would cut the paragraphs of more columns than those that start one there."""
    beginning, going_on = 0.0, 0
    for lines in bodies:
        above = [x for x in lines if x.base < y - _SAME_BASE]
        below = [x for x in lines if x.base >= y - _SAME_BASE]
        if not below:
            continue
        starts_here = below[0].base <= y + _SAME_BASE
        near = bool(above) and below[0].base - above[-1].base <= 1.3 * leading * below[0].size
        if starts_here and not (near and below[0].text[:1].islower()):
            beginning += 0.5 if near else 1.0
        elif near:
            going_on += 1
    return going_on > beginning
