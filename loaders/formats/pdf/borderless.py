"""Tables without rules: columns below the labels of a known heading, rows at the values of an anchor column.

EXTRACTION.md section 6.1. The lexicon alone decides nothing: a heading needs two known roles side by side in short
cells, and the table ends at the first line that runs across its columns.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from loaders.continuity import ends_open
from loaders.document import Cell, Line
from loaders.formats.pdf.bands import opens_status
from loaders.formats.pdf.fragments import Fragment, Slot
from loaders.formats.pdf.lines import WIDE, Region, TextLine, split_wide, text_lines, usual_leading
from loaders.formats.pdf.sheet import Edge, Glyph
from loaders.headers import STATUS_ROLES, named_bodies, role_of
from loaders.lexicon import phrases
from loaders.span import whole

_WIDE_RULE = 0.6  # of the table; a shorter rule underlines a word
_LONGEST_LABEL = 60  # characters
_DEEPEST_HEADING = 5  # lines
_ALIGNED = 3.0  # points between the left ends of lines that start together
_NEAR = 1.5  # of the usual distance; lines of one heading stand nearer
_TIME = re.compile(
    r"^\W*(?:(?:entro|dal|da|fino|nel|anno|anni|triennio|biennio|primo|secondo|i{1,3})\b.{0,20})?(?:20\d\d|"
    r"(?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre|semestre|trimestre|"
    r"mesi|triennio|annuale|semestrale|trimestrale|mensile|in corso|continuativ[oa]|permanente|entro)\b)",
    re.I,
)
_NUMBERED = re.compile(r"^\W*\d{1,2}(?:\s*bis)?\s*[-.)–]")


_Label = tuple[float, float, str]  # left, right, words


@dataclass(frozen=True)
class _Columns:
    """The columns of a borderless table: where each starts, and its role."""

    starts: tuple[float, ...]
    right: float
    roles: tuple[str | None, ...]

    def index(self, x: float) -> int:
        """The column that holds `x`."""
        return max(bisect.bisect_right(self.starts, x) - 1, 0)


Part = tuple[TextLine, ...] | Fragment


@dataclass(frozen=True)
class LoosePage:
    """A page as the stretches of its lines that ruled tables part, the right margin of its text, its level rules."""

    stretches: Sequence[Sequence[TextLine]]
    right: float
    rules: Sequence[Edge] = ()


def find_borderless(pages: Sequence[LoosePage]) -> list[list[Part]]:
    """The parts of each page: stretches of running text, and the parts of tables without rules.

    A table goes on from the last stretch of one page to the first of the next.
    """
    found: list[list[Part]] = []
    columns: _Columns | None = None
    for page in pages:
        parts: list[Part] = []
        for number, lines in enumerate(page.stretches):
            some, columns = _parts(lines, columns if number == 0 else None, page)
            parts.extend(some)
        found.append(parts)
    return found


def _parts(
    lines: Sequence[TextLine], open_columns: _Columns | None, page: LoosePage
) -> tuple[list[Part], _Columns | None]:
    found: list[Part] = []
    text: list[TextLine] = []
    at, columns = 0, open_columns
    while at < len(lines):
        heading = _heading(lines, at, page.right)
        columns, depth = heading if heading is not None else (columns, 0)
        end = _end(lines, at + depth, columns) if columns is not None else at
        if columns is None or end == at:
            text.append(lines[at])
            columns = None
            at += 1
            continue
        if text:
            found.append(tuple(text))
            text = []
        found.append(_fragment(lines[at:end], columns, depth, page.rules))
        at = end
        columns = columns if at == len(lines) else None
    if text:
        found.append(tuple(text))
    return found, columns


def _heading(lines: Sequence[TextLine], at: int, right: float) -> tuple[_Columns, int] | None:
    """The columns of the heading that starts at line `at`, and how many lines deep it is."""
    best = _best_heading(lines, at)
    if best is None:
        return None
    depth, labels = best
    return _columns(labels, _before_next_heading(lines[at + depth :]), right), depth


def _best_heading(lines: Sequence[TextLine], at: int) -> tuple[int, list[_Label]] | None:
    opening = [words for _, _, words in split_wide(lines[at])]
    if len(opening) < 2 or any(words[:1].islower() for words in opening):
        return None
    best: tuple[float, int, list[_Label]] | None = None
    for depth in range(1, _DEEPEST_HEADING + 1):
        band = lines[at : at + depth]
        if len(band) < depth or (depth > 1 and not _goes_on(band[-2], band[-1])):
            break
        labels = _labels(band)
        score = _score([label for _, _, label in labels], bold=all(line.bold for line in band))
        if score is not None and (best is None or score >= best[0] + (0.0 if band[-1].bold else 0.01)):
            best = (score, depth, labels)
    return best[1:] if best is not None else None


def _goes_on(above: TextLine, below: TextLine) -> bool:
    near = below.base - above.base <= _NEAR * 1.22 * above.size
    return near and above.bold == below.bold


def _labels(band: Sequence[TextLine]) -> list[_Label]:
    """The labels of a heading: left, right and words of the stretches that stand below one another."""
    labels: list[_Label] = []
    for x0, x1, words in (stretch for line in band for stretch in split_wide(line)):
        over = next((i for i, (a, b, _) in enumerate(labels) if x0 < b and x1 > a), None)
        if over is None:
            labels.append((x0, x1, words))
        else:
            a, b, text = labels[over]
            labels[over] = (min(a, x0), max(b, x1), f"{text} {words}")
    return sorted(labels)


def _score(labels: Sequence[str], *, bold: bool) -> float | None:
    """How well the labels are known; None when they make no heading.

    Words of the body may be those of a heading («bisogni»): where the type is not bold, two labels must be known as
    they stand.
    """
    if any(len(label) > _LONGEST_LABEL or label[:1].islower() for label in labels):
        return None
    roles = [_role(label) or ("body" if named_bodies(label) else None) for label in labels]
    known = [role for role in roles if role]
    exact = sum(phrases("headers", "column-role").exact(label) is not None for label in labels)
    if len({*known}) < 2 or 2 * len(known) < len(labels) or not (bold or exact >= max(2, len(labels) / 3)):
        return None
    return len(known) / len(labels) + exact / len(labels)


def _role(label: str) -> str | None:
    """The role of a label, whose one word a narrow column may have cut."""
    return role_of(label) or role_of(label.replace(" ", ""))


def _before_next_heading(lines: Sequence[TextLine]) -> Sequence[TextLine]:
    return next((lines[:index] for index in range(len(lines)) if _best_heading(lines, index)), lines)


def _columns(labels: Sequence[_Label], below: Sequence[TextLine], right: float) -> _Columns:
    stretches = [(x0, x1) for line in below for x0, x1, _ in split_wide(line)]
    starts = [min(labels[0][0], *(x0 for x0, _ in stretches)) if stretches else labels[0][0]]
    for (left, _, _), (label, _, _) in itertools.pairwise(labels):
        starts.append(_boundary(left, label, stretches))
    return _Columns(tuple(starts), right, tuple(_role(words) for _, _, words in labels))


def _boundary(left: float, label: float, stretches: Sequence[tuple[float, float]]) -> float:
    """Where a column starts: at its label, or left of a centred one, where several lines below it start."""
    starts = [a for a, b in stretches if left + 10 < a < label - 1 < b]
    near = [a for a in starts if sum(abs(a - other) <= _ALIGNED for other in starts) > 1]
    return min(near, default=label) - 1


def _end(lines: Sequence[TextLine], start: int, columns: _Columns) -> int:
    """The line at which the table ends: the first that runs across its columns, or that opens another heading."""
    for index in range(start, len(lines)):
        line = lines[index]
        if _runs_across(line, columns):
            return index
        if index > start and _best_heading(lines, index) is not None:
            return index
    return len(lines)


def _runs_across(line: TextLine, columns: _Columns) -> bool:
    left = line.glyphs[0].x0
    inside = [start for start in columns.starts[1:] if left < start < line.x1]
    if left < columns.starts[0] - 2:
        return True
    if not inside:
        return False
    return all(_space_at(line.glyphs, start) < WIDE * line.size for start in inside)


def _space_at(glyphs: Sequence[Glyph], x: float) -> float:
    """How wide the space is that holds `x`, or that starts within a point of it."""
    before = max((g.x1 for g in glyphs if g.x0 < x), default=x)
    after = min((g.x0 for g in glyphs if g.x0 >= x), default=x)
    return max(0.0, after - before)


def _fragment(lines: Sequence[TextLine], columns: _Columns, depth: int, rules: Sequence[Edge]) -> Fragment:
    page = lines[0].page
    heading_end = lines[depth].base - 1 if depth < len(lines) else lines[-1].base + 1
    glyphs: list[list[Glyph]] = [[] for _ in columns.starts]
    for glyph in (g for line in lines for g in line.glyphs):
        glyphs[columns.index((glyph.x0 + glyph.x1) / 2)].append(glyph)
    cells = [text_lines(found, page) for found in glyphs]
    heads = [[x for x in column if x.base < heading_end] for column in cells] if depth else [[] for _ in cells]
    bodies = [column[len(head) :] for column, head in zip(cells, heads, strict=True)]
    leading = usual_leading(bodies)
    starts = _ruled_starts(lines[depth:], columns, rules) or _row_starts(bodies, columns, leading)
    rows = [heads, *_dealt(bodies, starts)] if depth else list(_dealt(bodies, starts))
    edges = (*columns.starts, columns.right)
    top, bottom = lines[0].box[1], max(line.box[3] for line in lines)
    slots = tuple(tuple(_slot(cell, edges[i], edges[i + 1], leading) for i, cell in enumerate(row)) for row in rows)
    return Fragment(page, (edges[0], top, edges[-1], bottom), edges, slots, ruled=False)


def _slot(lines: Sequence[TextLine], left: float, right: float, leading: float) -> Slot:
    if not lines:
        return Slot((left, 0.0, right, 0.0))
    inner = right - 2 * 5.4 if right - left > 40 else right
    region = Region(tuple(lines), left, max(inner, *(x.x1 for x in lines)), leading)
    lefts, tops, rights, bottoms = zip(*(line.box for line in lines), strict=True)
    return Slot((min(lefts), min(tops), max(rights), max(bottoms)), region)


def _dealt(bodies: Sequence[Sequence[TextLine]], starts: Sequence[float]) -> Iterator[list[list[TextLine]]]:
    """The lines of each row: those between its start and the next one; those above the first start make a row too."""
    edges = [float("-inf"), *starts, float("inf")]
    for top, bottom in itertools.pairwise(edges):
        row = [[x for x in column if top - 2 <= x.base < bottom - 2] for column in bodies]
        if any(row):
            yield row


def _ruled_starts(body: Sequence[TextLine], columns: _Columns, rules: Sequence[Edge]) -> list[float]:
    """The baselines at which rows start when level rules (or shaded bands) run between them; else none."""
    if not body:
        return []
    left, width = columns.starts[0], columns.right - columns.starts[0]
    wide = [rule.top for rule in rules if min(rule.x1, columns.right) - max(rule.x0, left) > _WIDE_RULE * width]
    inner = [y for y in wide if body[0].base < y < body[-1].base - body[-1].size / 2]
    if not inner:
        return []
    below = {min(line.base for line in body if line.base > y) for y in inner}
    return sorted({body[0].base, *below})


def _row_starts(bodies: Sequence[Sequence[TextLine]], columns: _Columns, leading: float) -> list[float]:
    """The baselines at which rows start, by the first kind of anchor that the table has."""
    status = [i for i, role in enumerate(columns.roles) if role in STATUS_ROLES]
    times = [i for i, role in enumerate(columns.roles) if role == "time"]
    keys = [i for i, role in enumerate(columns.roles) if role in ("objective", "number", "action", "need")][:1]
    for anchors, opens in ((status, opens_status), (times, _opens_time), (keys, _opens_key)):
        starts = sorted({line.base for i in anchors for line in _openers(bodies[i], opens, leading)})
        if starts:
            return [y for y in starts if not _cuts(bodies, y, leading)]
    return _gaps(bodies, leading)


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


def _cuts(bodies: Sequence[Sequence[TextLine]], y: float, leading: float) -> bool:
    """Whether a row that started at `y` would cut the paragraphs of most columns: no line of theirs starts there."""
    beginning = going_on = 0
    for lines in bodies:
        at = next((x for x in lines if abs(x.base - y) <= 2), None)
        beginning += at is not None
        crossed = at is None and any(x.base < y - 2 for x in lines) and any(x.base > y + 2 for x in lines)
        if crossed:
            above = max(x.base for x in lines if x.base < y)
            below = min(x.base for x in lines if x.base > y)
            going_on += below - above <= 1.3 * leading * lines[0].size
    return going_on > beginning


def _gaps(bodies: Sequence[Sequence[TextLine]], leading: float) -> list[float]:
    """Without anchors rows start below each blank band that runs through all columns."""
    lines = sorted((x for column in bodies for x in column), key=lambda x: x.base)
    if not lines:
        return []
    starts = [lines[0].base]
    for above, below in itertools.pairwise(lines):
        if below.base - above.base > 1.25 * leading * below.size:
            starts.append(below.base)
    return starts
