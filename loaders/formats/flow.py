"""Text of a PDF whose columns were written one after the other, box by box (the pdfminer manner).

A line without characters ends a text box, a line holding one blank is an empty paragraph of the page, and a line that starts
with a blank right after a line of text opens a page (its form feed was stripped). Columns are found again from the header
boxes, and lines are counted as a ruler to tell which paragraphs stand beside which status.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from loaders.document import Block, Cell, Document, Finding, Heading, Line, Paragraph, Place, Table
from loaders.formats.markup import BULLET
from loaders.headers import LONGEST_HEADER, MARK, STATUS_ROLES, role_of, starts_status
from loaders.records import Rendition
from loaders.span import Span, join, whole

_BULLET_START = re.compile(rf"^\s*[{BULLET}-]\s*")
_NUMBERED = re.compile(r"^\s*\d{1,2}[.)]\s")


def is_flow(text: str) -> bool:
    """Whether `text` looks like such a dump: no tabs, and most lines end with a blank that a converter left."""
    lines = [line for line in text.split("\n") if line]
    return len(lines) > 20 and "\t" not in text and sum(line.endswith(" ") for line in lines) > 0.6 * len(lines)


@dataclass
class _Box:
    page: int
    lines: list[Span] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(line.text.strip() for line in self.lines if line.text.strip())

    @property
    def width(self) -> int:
        return max((len(line.text.strip()) for line in self.lines), default=0)

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
        role = role_of(box.text) if len(box.text) <= LONGEST_HEADER else None
        if role is None or role in roles:
            break
        run.append(box)
        roles.add(role)
    while run and not run[-1].text:
        run.pop()
    return run if len(roles) >= 3 else []


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
    for _, group in itertools.groupby(body, key=lambda b: b.page):
        columns = _columns([b for b in group if b.lines], roles)
        exact = _add_page(rows, columns, roles)
        if rows and not exact:
            span = next((line.text for cell in rows[-1] for line in cell), heads[0].span)
            findings.append(
                Finding(
                    "flow_ruler", "paragraphs given to the status at or above them", "D", "another row of the objective", span
                )
            )
    head_row = tuple(Cell((Line(box.span),)) for box in heads)
    cells = [tuple(Cell(tuple(lines)) for lines in row) for row in rows]
    return Table((head_row, *cells), number, columns_reliable=False), findings


def _columns(boxes: list[_Box], roles: Sequence[str | None]) -> list[list[Span]]:
    """The lines of each column of one page: the cut of the box sequence that fits marks, widths and heights best."""
    boxes = _without_glued_mark(boxes, roles)
    options = itertools.combinations_with_replacement(range(len(boxes) + 1), len(roles) - 1)
    best = min(options, key=lambda cuts: _misfit(boxes, roles, cuts))
    edges = [0, *best, len(boxes)]
    return [[line for box in boxes[a:b] for line in box.lines] for a, b in itertools.pairwise(edges)]


def _without_glued_mark(boxes: list[_Box], roles: Sequence[str | None]) -> list[_Box]:
    """A mark that opens a wide box belongs to the status column: it becomes a box of its own."""
    if not any(role in STATUS_ROLES for role in roles):
        return boxes
    found = []
    for box in boxes:
        first = box.lines[0]
        match = MARK.match(first.text)
        if match and box.width > 24 and match.end() < len(first):
            found.append(_Box(box.page, [first.slice(0, match.end())]))
            found.append(_Box(box.page, [first.slice(match.end(), len(first)), *box.lines[1:]]))
        else:
            found.append(box)
    return found


def _misfit(boxes: list[_Box], roles: Sequence[str | None], cuts: tuple[int, ...]) -> float:
    edges = [0, *cuts, len(boxes)]
    cost = 0.0
    heights = []
    for role, (a, b) in zip(roles, itertools.pairwise(edges), strict=True):
        column = boxes[a:b]
        status = role in STATUS_ROLES
        cost += sum(_box_misfit(box, status) for box in column)
        if role == "protocol_present":
            cost += 0.5 * len(column)
        if column and not status:
            heights.append(sum(len(box.lines) for box in column))
            cost += _spread([box.width for box in column if len(box.lines) > 1])
            cost += 4 * _opens_inside(column[0])
    if len(heights) > 1:
        cost += 0.15 * (max(heights) - min(heights))
    elif len(heights) < sum(role not in STATUS_ROLES for role in roles):
        cost += 6
    return cost


def _box_misfit(box: _Box, status: bool) -> float:
    if not box.text:
        return 0.2 if status else 0.0
    marked = any(MARK.match(line.text) or starts_status(line.text.strip()) for line in box.lines)
    if status:
        bulleted = bool(_BULLET_START.match(box.text))
        return (0 if marked else 1.5) + (6 if bulleted else 0) + (4 if box.width > 20 else 0)
    return 8 if any(MARK.match(line.text) for line in box.lines) else 0


def _spread(widths: list[int]) -> float:
    return 0.25 * (max(widths) - min(widths)) if widths else 0.0


def _opens_inside(box: _Box) -> bool:
    """Whether a column would start in the middle of a sentence that the box before it began."""
    return False if not box.text else box.text[0] in ",;)"


def _add_page(rows: list[list[list[Line]]], columns: list[list[Span]], roles: Sequence[str | None]) -> bool:
    """Add one page's lines to `rows`; whether every paragraph starts where a status starts, or none was to choose."""
    anchors = _anchors(columns, roles)
    continued = bool(rows) and (not anchors or anchors[0] > 0)
    starts = ([-1] if continued or not anchors else []) + anchors
    first = len(rows) - 1 if starts[0] == -1 and rows else len(rows)
    while len(rows) < first + len(starts):
        rows.append([[] for _ in columns])
    exact = True
    for index, (column, role) in enumerate(zip(columns, roles, strict=True)):
        paragraphs = _paragraphs(column)
        shift = _shift([p for p, _, _ in paragraphs], anchors) if role not in STATUS_ROLES else 0
        for position, span, bullet in paragraphs:
            at = max(i for i, start in enumerate(starts) if start <= max(position + shift, 0) or i == 0)
            exact &= len(starts) == 1 or role in STATUS_ROLES or position + shift in anchors or bullet
            _add(rows[first + at][index], span, bullet, opens=position > 0 or not continued)
    return exact


def _anchors(columns: list[list[Span]], roles: Sequence[str | None]) -> list[int]:
    found: set[int] = set()
    for column, role in zip(columns, roles, strict=True):
        if role in STATUS_ROLES:
            found |= {i for i, line in enumerate(column) if MARK.match(line.text)}
    return sorted(found)


def _paragraphs(column: list[Span]) -> list[tuple[int, Span, bool]]:
    """(line, text, bullet) of each paragraph: a bullet, a leading blank or an empty line opens one."""
    found: list[tuple[int, list[Span], bool]] = []
    fresh = True
    for position, line in enumerate(column):
        text = line.text
        if not text.strip():
            fresh = True
            continue
        bullet = _BULLET_START.match(text)
        indented = text.startswith(" ")
        if bullet or (indented and position > 0) or fresh or MARK.match(text):
            opened = bool(bullet) or indented
            found.append((position, [line.slice(bullet.end(), len(line)) if bullet else line], opened))
        else:
            found[-1][1].append(line)
        fresh = False
    return [(p, join((s.strip() for s in spans), " ").folded(), b) for p, spans, b in found]


def _shift(positions: list[int], anchors: list[int]) -> int:
    """The number of lost leading blanks that makes most paragraphs start beside a status."""
    candidates = range(0, max(anchors, default=0) + 1)
    return max(candidates, key=lambda s: (sum(p + s in anchors for p in positions), -s), default=0)


def _add(cell: list[Line], span: Span, bullet: bool, *, opens: bool) -> None:
    continues = cell and not bullet and (not opens or span.text[0].islower())
    if continues:
        cell[-1] = Line(join((cell[-1].text, span), " "), cell[-1].bullet)
    else:
        cell.append(Line(span, bullet))
