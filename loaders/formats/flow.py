"""Text of a PDF whose columns were written one after the other, box by box (the pdfminer manner).

A line without characters ends a text box, a line holding one blank is an empty paragraph of the page, and a line
that starts
with a blank right after a line of text opens a page (its form feed was stripped). Columns are found again from the
header
boxes, and lines are counted as a ruler to tell which paragraphs stand beside which status.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from loaders.document import Block, Cell, Document, Finding, Heading, Line, Paragraph, Place, Table
from loaders.formats.markup import BULLET
from loaders.headers import LONGEST_HEADER, MARK, STATUS_ROLES, role_of, starts_status
from loaders.records import Rendition
from loaders.span import Span, join, whole

_BULLET_START = re.compile(rf"^\s*[{BULLET}-]\s*")
_STATUS_WIDTH = 20  # characters; a status column is narrow
_FEWEST_HEADINGS, _MOST_HEADINGS = 3, 5  # of a table whose columns can be told apart again
_MOST_OPTIONS = 100_000  # cuts of a page that are tried one by one
_CONTENT_ROLES = STATUS_ROLES | {
    "progress", "priority", "action", "need", "expectation", "method", "resource", "indicator", "time",
    "owner", "partner",
}  # fmt: skip
_NUMBERED = re.compile(r"^\s*\d{1,2}[.)]\s")


def is_flow(text: str) -> bool:
    """Whether `text` looks like such a dump: no tabs, and box by box the headings of a table with a column of statuses,
    whose marks are the ruler."""
    if "\t" in text:
        return False
    boxes = list(_boxes(text))
    heads = (_header(boxes, index) for index in range(len(boxes)) if boxes[index].text)
    return any(STATUS_ROLES & {role_of(box.text) for box in head if box.text} for head in heads)


def has_ruler(text: str) -> bool:
    """Whether the empty paragraphs of the page left their lines, which is what lines are counted by."""
    return any(line.isspace() and line != "\f" for line in text.split("\n"))


@dataclass
class _Box:
    page: int
    lines: list[Span] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        return " ".join(line.text.strip() for line in self.lines if line.text.strip())

    @cached_property
    def width(self) -> int:
        return max((len(line.text.strip()) for line in self.lines), default=0)

    @cached_property
    def marked(self) -> bool:
        return starts_status(self.text) or any(MARK.match(line.text) for line in self.lines)

    @property
    def span(self) -> Span:
        return join((line.strip() for line in self.lines if line.text.strip()), " ").folded()


def read(text: str, rendition: Rendition) -> Document:
    """The blocks of a flow dump; its tables carry `columns_reliable` false."""
    boxes = list(_boxes(text))
    places = _page_places(boxes)
    blocks: list[Block] = []
    findings: list[Finding] = []
    index = 0
    while index < len(boxes):
        header = _header(boxes, index)
        if not header:
            blocks.extend(_running(boxes[index]))
            index += 1
            continue
        start = index + len(header)
        end = next((i for i in range(start, len(boxes)) if _ends_table(boxes, i)), len(boxes))
        number = sum(isinstance(b, Table) for b in blocks) + 1
        table, found = _table(header, boxes[start:end], number)
        blocks.append(table)
        findings.extend(found)
        index = end
    return Document(rendition, text, tuple(blocks), places, findings=tuple(findings))


def _boxes(text: str) -> Iterator[_Box]:
    page, start, before = 1, 0, ""
    box = _Box(page)
    for line in text.split("\n"):
        span = whole(line, start)
        start += len(line) + 1
        if line.startswith((" ", "\f")) and line.strip() and before.strip():
            yield box
            page += 1
            box = _Box(page)
        if line == "":
            yield box
            box = _Box(page)
        else:
            box.lines.append(span)
        before = line
    yield box


def _page_places(boxes: Sequence[_Box]) -> tuple[Place, ...]:
    places = []
    for page, group in itertools.groupby((b for b in boxes if b.lines), key=lambda b: b.page):
        lines = [line for box in group for line in box.lines]
        places.append(Place(lines[0].offsets[0], lines[-1].offsets[-1] + 1, page=page))
    return tuple(places)


def _header(boxes: Sequence[_Box], index: int) -> list[_Box]:
    """The run of boxes from `index` each of which is a known header; at least three, else none."""
    run: list[_Box] = []
    roles: set[str] = set()
    for box in boxes[index:]:
        if not box.text:
            if run:
                run.append(box)
                continue
            return []
        role = role_of(box.text) if len(box.text) <= LONGEST_HEADER and ":" not in box.text else None
        if role is None or role in roles:
            break
        run.append(box)
        roles.add(role)
    while run and not run[-1].text:
        run.pop()
    heads = sum(bool(box.text) for box in run)
    known = len(roles & _CONTENT_ROLES) >= _FEWEST_HEADINGS
    return run if known and heads <= _MOST_HEADINGS else []


def _is_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 8 and sum(c.isupper() for c in letters) >= 0.8 * len(letters)


def _ends_table(boxes: Sequence[_Box], index: int) -> bool:
    return _is_capitals(boxes[index].text) or bool(_header(boxes, index))


def _running(box: _Box) -> Iterator[Block]:
    span = box.span
    if not span:
        return
    if _is_capitals(span.text):
        match = _BULLET_START.match(span.text)
        yield Heading(span.slice(match.end(), len(span)) if match else span, 2)
    elif _NUMBERED.match(span.text) and len(span) < 100:
        yield Heading(span, 3)
    else:
        yield Paragraph(span)


def _table(header: list[_Box], body: list[_Box], number: int) -> tuple[Table, list[Finding]]:
    heads = [box for box in header if box.text]
    roles = [role_of(box.text) for box in heads]
    rows: list[list[list[Line]]] = []
    findings: list[Finding] = []
    widths = [0 for _ in roles]
    for page, group in itertools.groupby(body, key=lambda b: b.page):
        columns = _columns([b for b in group if b.lines], roles, widths, page != heads[0].page)
        exact = _add_page(rows, columns, roles)
        if rows and not exact:
            span = next((line.text for cell in rows[-1] for line in cell), heads[0].span)
            findings.append(
                Finding(
                    "flow_ruler",
                    "paragraphs given to the status at or above them",
                    "D",
                    "another row of the objective",
                    span,
                )
            )
    head_row = tuple(Cell((Line(box.span),)) for box in heads)
    cells = [tuple(Cell(tuple(lines)) for lines in row) for row in rows]
    return Table((head_row, *cells), number, columns_reliable=False), findings


def _columns(boxes: list[_Box], roles: Sequence[str | None], widths: list[int], continued: bool) -> list[list[Span]]:
    """The lines of each column of one page: the cut of the box sequence that fits marks, widths, sentences and
    heights best.

    `widths` holds the widest line seen in each column so far, and is brought up to date.
    """
    boxes = _without_glued_mark(boxes, roles)
    fits = [_fit(boxes, role, width, continued) for role, width in zip(roles, widths, strict=True)]
    if math.comb(len(boxes) + len(roles) - 1, len(roles) - 1) > _MOST_OPTIONS:
        best = _cheapest_cuts(fits, len(boxes))
    else:
        options = itertools.combinations_with_replacement(range(len(boxes) + 1), len(roles) - 1)
        best = min(options, key=lambda cuts: _misfit(boxes, roles, fits, cuts))
    edges = [0, *best, len(boxes)]
    columns = [boxes[a:b] for a, b in itertools.pairwise(edges)]
    for index, column in enumerate(columns):
        widths[index] = max([widths[index], *(box.width for box in column)])
    return [[line for box in column for line in box.lines] for column in columns]


def _cheapest_cuts(fits: Sequence[_Fit], count: int) -> tuple[int, ...]:
    """The cuts of a long page by the cost of its boxes alone, heights apart (dynamic programming over the columns)."""
    start_costs: list[tuple[float, tuple[int, ...]]] = [(math.inf, ())] * count
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ()), *start_costs]
    for fit in fits:
        step: list[tuple[float, tuple[int, ...]]] = []
        for end in range(count + 1):
            choices = [
                (cost + (fit.totals[end] - fit.totals[start] + fit.first[start] if end > start else 0.0), (*cuts, end))
                for start, (cost, cuts) in enumerate(best[: end + 1])
            ]
            step.append(min(choices))
        best = step
    return best[count][1][:-1]


@dataclass(frozen=True)
class _Fit:
    """What each box costs in one column: running totals, and the price of being its first box."""

    totals: list[float]
    first: list[float]


def _fit(boxes: list[_Box], role: str | None, width: int, continued: bool) -> _Fit:
    costs = [_box_misfit(box, role, width) for box in boxes]
    inside = [_inside_misfit(before, box) for before, box in itertools.pairwise([_Box(0), *boxes])]
    status = role in STATUS_ROLES
    first = [(0.0 if status or not box.text or box.text[0].isupper() != continued else 0.5) for box in boxes]
    totals = [0.0, *itertools.accumulate(c + (0.0 if status else n) for c, n in zip(costs, inside, strict=True))]
    return _Fit(totals, [f - (0.0 if status else n) for f, n in zip(first, inside, strict=True)])


def _inside_misfit(before: _Box, box: _Box) -> float:
    """A box that opens in the middle of a sentence follows one that stops there, in the same column."""
    if not before.text or not box.text:
        return 0.0
    opens_low = box.text[0].islower() or box.text[0] in ",;)"
    stops = before.text[-1] in ".;:" or (len(before.text) > 1 and before.lines[-1].text.endswith("  "))
    return 2.0 if opens_low and stops else 0.0


def _without_glued_mark(boxes: list[_Box], roles: Sequence[str | None]) -> list[_Box]:
    """A mark that opens a wide box belongs to the status column: it becomes a box of its own."""
    if not any(role in STATUS_ROLES for role in roles):
        return boxes
    found = []
    for box in boxes:
        first = box.lines[0]
        match = MARK.match(first.text)
        if match and box.width > _STATUS_WIDTH and match.end() < len(first):
            found.append(_Box(box.page, [first.slice(0, match.end())]))
            found.append(_Box(box.page, [first.slice(match.end(), len(first)), *box.lines[1:]]))
        else:
            found.append(box)
    return found


def _misfit(boxes: list[_Box], roles: Sequence[str | None], fits: Sequence[_Fit], cuts: tuple[int, ...]) -> float:
    edges = [0, *cuts, len(boxes)]
    cost = 0.0
    heights = []
    empty = 0
    for role, fit, (a, b) in zip(roles, fits, itertools.pairwise(edges), strict=True):
        if a == b:
            empty += role not in STATUS_ROLES
            continue
        cost += fit.totals[b] - fit.totals[a] + fit.first[a]
        if role not in STATUS_ROLES:
            heights.append(sum(len(box.lines) for box in boxes[a:b]))
    cost += 0.15 * (max(heights) - min(heights)) if len(heights) > 1 else 0.0
    return cost + 6.0 * empty


def _box_misfit(box: _Box, role: str | None, width: int) -> float:
    status = role in STATUS_ROLES
    if not box.text:
        return 0.2 if status else 0.0
    wide = 0.3 * max(0, box.width - width - 1) if width else 0.0
    narrow = 0.1 * max(0, width - box.width - 6) if width and len(box.lines) > 2 else 0.0
    if not status:
        return wide + narrow + (8 if box.marked else 0)
    bulleted = bool(_BULLET_START.match(box.text))
    cost = wide + (0 if box.marked else 1.5) + (6 if bulleted else 0) + (4 if box.width > _STATUS_WIDTH else 0)
    return cost + (0.5 if role == "protocol_present" else 0.0)


def _add_page(rows: list[list[list[Line]]], columns: list[list[Span]], roles: Sequence[str | None]) -> bool:
    """Add one page's lines to `rows`; whether every paragraph starts where a status starts, or none was to choose."""
    texts = [_paragraphs(column) for column in columns]
    anchors, shifts = _ruler(_anchors(columns, roles), texts, roles)
    continued = bool(rows) and (not anchors or anchors[0] > 0)
    starts = [-1, *anchors] if continued or not anchors else anchors
    first = len(rows) - 1 if continued else len(rows)
    while len(rows) < first + len(starts):
        rows.append([[] for _ in columns])
    exact = True
    for index, (paragraphs, role) in enumerate(zip(texts, roles, strict=True)):
        for order, (position, span, bullet) in enumerate(paragraphs):
            line = position + shifts[index]
            tail = continued and order == 0 and span.text[0].islower()
            at = 0 if tail else max(i for i, start in enumerate(starts) if start <= line or i == 0)
            exact &= len(starts) == 1 or role in STATUS_ROLES or line in anchors or bullet
            _add(rows[first + at][index], span, bullet and not tail, opens=not tail)
    return exact


_Paragraphs = list[tuple[int, Span, bool]]
_LOST_LINES = 16  # blank lines that a column may have lost at its top


def _ruler(
    anchors: list[int], texts: Sequence[_Paragraphs], roles: Sequence[str | None]
) -> tuple[list[int], list[int]]:
    """The statuses' lines and each column's shift that let most paragraphs start beside a status.

    A column that opens with blank lines loses them in the dump, the column of the statuses too.
    """
    free = [i for i, role in enumerate(roles) if role not in STATUS_ROLES]
    best: tuple[int, int, list[int]] = (-1, 0, [])
    for slide in range(_LOST_LINES if anchors else 1):
        moved = {a + slide for a in anchors}
        shifts = [_shift(texts[i], moved) for i in free]
        hits = sum(_hits(texts[i], shift, moved) for i, shift in zip(free, shifts, strict=True))
        if (hits, -slide - sum(shifts)) > (best[0], -best[1] - sum(best[2])):
            best = (hits, slide, shifts)
    slide, found = best[1], dict(zip(free, best[2], strict=True))
    return [a + slide for a in anchors], [found.get(i, slide) for i in range(len(roles))]


def _hits(paragraphs: _Paragraphs, shift: int, anchors: set[int]) -> int:
    return sum(position + shift in anchors for position, span, _ in paragraphs if not span.text[0].islower())


def _shift(paragraphs: _Paragraphs, anchors: set[int]) -> int:
    """The number of lost leading blanks that makes most paragraphs of a column start beside a status."""
    return max(range(_LOST_LINES), key=lambda s: (_hits(paragraphs, s, anchors), -s))


def _anchors(columns: list[list[Span]], roles: Sequence[str | None]) -> list[int]:
    found: set[int] = set()
    for column, role in zip(columns, roles, strict=True):
        if role in STATUS_ROLES:
            found |= {i for i, line in enumerate(column) if MARK.match(line.text)}
    return sorted(found)


def _paragraphs(column: list[Span]) -> _Paragraphs:
    """(line, text, bullet) of each paragraph: a bullet, a leading blank or an empty line opens one."""
    found: list[tuple[int, list[Span], bool]] = []
    fresh, listed = True, False
    for position, line in enumerate(column):
        text = line.text
        bullet = _BULLET_START.match(text)
        if not text.strip() or (bullet and bullet.end() == len(text)):
            fresh, listed = True, listed or bool(bullet)
            continue
        indented = text.startswith(" ")
        if bullet or (indented and position > 0) or fresh or MARK.match(text):
            opened = bool(bullet) or indented or listed
            found.append((position, [line.slice(bullet.end(), len(line)) if bullet else line], opened))
        else:
            found[-1][1].append(line)
        fresh = listed = False
    return [(p, join((s.strip() for s in spans), " ").folded(), b) for p, spans, b in found]


def _add(cell: list[Line], span: Span, bullet: bool, *, opens: bool) -> None:
    continues = cell and not bullet and (not opens or span.text[0].islower())
    if continues:
        cell[-1] = Line(join((cell[-1].text, span), " "), cell[-1].bullet)
    else:
        cell.append(Line(span, bullet))
