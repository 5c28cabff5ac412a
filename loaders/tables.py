"""From the grid a document draws to the rows its plan means: headings, page joins, lost columns, several rows in one.

The physical grid is never changed; each repair leaves a `Finding` with its rule, its confidence class and the
reading set aside.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from loaders.continuity import ends_open, joined, starts_low
from loaders.document import Cell, Finding, Line, Table
from loaders.guesses import guessed as guessed_by_cells
from loaders.headers import (
    MARK,
    STATUS_ROLES,
    Column,
    is_title,
    mark_of,
    role_of,
    starts_status,
)
from loaders.heading_rows import (
    columns_of,
    header_row,
    is_second_header,
    joined_header,
    labelled_value,
    with_days,
    with_whole_header,
)
from loaders.items import line_items
from loaders.records import Confidence
from loaders.span import Span, join, normalised
from loaders.timelines import read_interval

_DECIDED = 2.0  # a join whose score is nearer to zero is of class D
_FEWEST_STRETCHES = 2  # of time side by side that make a calendar
_LONGEST_STRETCH = 3  # words of its heading
_KEYS = ("objective", "number", "territory")
_MAIN = ("action", "need")


@dataclass(frozen=True)
class LogicalRow:
    """A line of the plan: one cell per column, and how sure its reading is."""

    cells: tuple[Cell, ...]
    confidence: Confidence = "A"
    section: Cell | None = None  # the title line of the table that the row stands under

    @property
    def span(self) -> Span:
        """All the words of the row."""
        return join((cell.text for cell in self.cells if cell), " ")


@dataclass(frozen=True)
class Grid:
    """A table read: its columns with their roles, its logical rows, the lines above its heading, the repairs made, and
    the labels with their values among those lines."""

    table: Table
    columns: tuple[Column, ...]
    rows: tuple[LogicalRow, ...]
    caption: tuple[Cell, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    head: tuple[tuple[Cell, Cell], ...] = ()

    def index(self, *roles: str) -> int | None:
        """The first column that has one of `roles`."""
        return next((i for i, column in enumerate(self.columns) if column.role in roles), None)

    @property
    def roles(self) -> frozenset[str]:
        """The roles its columns have."""
        return frozenset(column.role for column in self.columns)


def read_grid(
    table: Table,
    words: Mapping[str, int],
    inherited: Sequence[Column] = (),
    title: str = "",
    signs: frozenset[str] = frozenset(),
) -> Grid | None:
    """The logical rows of `table`; None when no row of it is a heading and no heading is `inherited`.

    `words` counts the words of the document, in small letters; `inherited` is the heading of the table this one goes
    on from; `title` the line it stands under; `signs` those that the legend of the document explains.
    """
    table = replace(table, rows=tuple(tuple(cell.filled() for cell in row) for row in table.rows))
    table = with_whole_header(table)
    at = header_row(table)
    if at is None and not inherited:
        return None
    head = table.rows[at] if at is not None else ()
    start = at + 1 if at is not None else 0
    caption = tuple(cell for row in table.rows[: at or 0] for cell in row if cell)
    overs: tuple[Cell, ...] = ()
    if at is not None and is_second_header(head, table.rows[start : start + 1]):
        head, overs = joined_header(head, table.rows[start])
        start += 1
    columns = tuple(inherited)
    if at is not None:
        above = " ".join((title, *(cell.text.text for cell in caption)))
        columns = with_days(columns_of(head, overs), above)
    builder = _Builder(columns, words, caption, signs)
    body = [(i, row) for i, row in enumerate(table.rows) if i >= start and any(row)]
    builder.drop_fragments([row for _, row in body])
    for index, row in body:
        builder.add(row, at_break=index in table.breaks)
    labelled = tuple(pair for row in table.rows[: at or 0] if (pair := labelled_value(row)))
    return replace(builder.grid(table, caption), head=labelled)


class _Builder:
    """Adds physical rows one by one and keeps what was decided about each."""

    def __init__(
        self,
        columns: tuple[Column, ...],
        words: Mapping[str, int],
        caption: Sequence[Cell] = (),
        signs: frozenset[str] = frozenset(),
    ) -> None:
        self.columns = columns
        self.words = words
        self.signs = signs
        self.titles = {normalised(cell.text.text) for cell in caption}
        self.rows: list[LogicalRow] = []
        self.findings: list[Finding] = []
        self.dropped: int | None = None
        self.strays: list[int] = []
        self.section: Cell | None = None
        self.full_width = len(columns)

    def drop_fragments(self, rows: list[tuple[Cell, ...]]) -> None:
        """Take out a column that every full row leaves empty and whose heading only completes its neighbour's."""
        full = [row for row in rows if len(row) == self.full_width]
        for index in range(1, len(self.columns)):
            column, before = self.columns[index], self.columns[index - 1]
            alike = column.role in ("unknown", "empty", before.role) and not column.days
            if full and alike and not any(row[index] for row in full) and len(self.columns) > 3:
                label = f"{before.label} {column.label}".strip()
                merged = replace(before, label=label, role=role_of(label) or before.role)
                self.columns = (*self.columns[: index - 1], merged, *self.columns[index + 1 :])
                self.dropped = index
                return

    def add(self, row: tuple[Cell, ...], *, at_break: bool) -> None:
        """Add a physical row: as a new row, or to the one above when it goes on from it."""
        if _repeats_header(row, self.columns) or (at_break and self._repeats_title(row)):
            return
        if _is_total(row):
            self._note("total_row", "the sums of the table are no line of the plan", "A", "a row", row)
            return
        if self._is_section(row):
            self.section = next(cell for cell in row if cell)
            return
        cells, shifted = self._fitted(row)
        score = self._join_score(cells) if self.rows else -9.0
        if self.rows and self._goes_on(cells, score, at_break):
            self._join(cells, score, shifted)
            return
        confidence: Confidence = "C" if shifted else "A"
        if at_break and self.rows and abs(score) < _DECIDED:
            confidence = "D"
            self._note("page_join", "new row after a page break", "D", "continues the row above", cells)
        if at_break and self.rows:
            cells = self._spanning(cells)
        self.rows.append(LogicalRow(cells, confidence, self.section))
        if at_break and len(self.rows) > 1 and self._stray(len(self.rows) - 1) is not None:
            self.strays.append(len(self.rows) - 1)

    def _repeats_title(self, row: tuple[Cell, ...]) -> bool:
        """Whether a row at the top of a page says again only what stands above the heading."""
        return self.titles.issuperset(normalised(cell.text.text) for cell in row if cell)

    def _is_section(self, row: tuple[Cell, ...]) -> bool:
        """Whether a row is a title over the whole table: one cell, where the rows below fill several."""
        filled = [i for i, cell in enumerate(row) if cell and cell.origin != "spanned"]
        if len(filled) != 1 or filled[0] != 0 or self.columns[0].role.startswith("objective"):
            return False
        spanned = any(cell.origin == "spanned" for cell in row)
        return (spanned or is_title(row[0].text.text)) and self.columns[0].role not in STATUS_ROLES

    def _fitted(self, row: tuple[Cell, ...]) -> tuple[tuple[Cell, ...], bool]:
        """`row` with as many cells as there are columns, and whether a lost cell had to be put back."""
        width = len(self.columns)
        if self.dropped is not None and len(row) == self.full_width:
            row = (*row[: self.dropped], *row[self.dropped + 1 :])
        while len(row) > width and not row[-1]:
            row = row[:-1]
        if len(row) > width:
            self._note(
                "overflow", "more cells than headings: the last ones were joined", "D", "cells of another column", row
            )
            last = Cell(tuple(line for cell in row[width - 1 :] for line in cell.lines), "shifted")
            return (*row[: width - 1], last), True
        if len(row) == width:
            return row, False
        return self._widened(row), True

    def _widened(self, row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        missing = len(self.columns) - len(row)
        options = []
        for holes in itertools.combinations(range(len(self.columns)), missing):
            cells = iter(row)
            options.append(
                tuple(
                    Cell() if i in holes else replace(next(cells), origin="shifted") for i in range(len(self.columns))
                )
            )
        best = max(options, key=self._fit)
        self._note(
            "column_shift", "a lost cell was put back where the words go on", "C", "cells kept from the left", row
        )
        return best

    def _fit(self, cells: tuple[Cell, ...]) -> float:
        above = self.rows[-1].cells if self.rows else tuple(Cell() for _ in self.columns)
        score = 0.0
        for column, cell, over in zip(self.columns, cells, above, strict=True):
            if not cell:
                continue
            if starts_low(cell):
                score += 1.5 if over else -1.0
            score += 1.0 if ends_open(over) else 0.0
            if column.role in STATUS_ROLES:
                score += 2.0 if _is_anchor(cell.lines[0].text.text) else -1.5
        return score

    def _join_score(self, cells: tuple[Cell, ...]) -> float:
        above = self.rows[-1].cells
        score = self._status_score(cells) + self._main_score(cells)
        lows = [starts_low(c) and bool(a) for c, a in zip(cells, above, strict=True)]
        score += 1.5 * min(sum(lows), 3)
        score += 1.5 * min(sum(bool(c) and ends_open(a) for c, a in zip(cells, above, strict=True)), 2)
        return score - 1.5 * sum(bool(c) and not a and not starts_low(c) for c, a in zip(cells, above, strict=True))

    def _status_score(self, cells: tuple[Cell, ...]) -> float:
        status = [cell for column, cell in zip(self.columns, cells, strict=True) if column.role in STATUS_ROLES]
        if not status:
            return 0.0
        filled = [cell for cell in status if cell]
        if any(_is_anchor(cell.lines[0].text.text) for cell in filled):
            return -4.0
        alone = all(column.role in STATUS_ROLES for column, cell in zip(self.columns, cells, strict=True) if cell)
        return 2.5 if alone or not filled else 0.0

    def _main_score(self, cells: tuple[Cell, ...]) -> float:
        score = 0.0
        for column, cell in zip(self.columns, cells, strict=True):
            if column.role in _KEYS and cell and not starts_low(cell):
                score -= 4.0
            if column.role in _MAIN:
                score += 2.5 if not cell else (0.0 if starts_low(cell) else -2.0)
        return score

    def _goes_on(self, cells: tuple[Cell, ...], score: float, at_break: bool) -> bool:
        filled = [cell for cell in cells if cell]
        if at_break:
            return score > 0
        keys = [i for i, c in enumerate(self.columns) if c.role in (*_KEYS, *_MAIN)]
        no_key = any(self.columns[i].role in _MAIN for i in keys) and not any(cells[i] for i in keys)
        return score > 0 and (no_key or all(starts_low(cell) for cell in filled))

    def _join(self, cells: tuple[Cell, ...], score: float, shifted: bool) -> None:
        above = self.rows[-1]
        merged = tuple(joined(a, b, self.words) for a, b in zip(above.cells, cells, strict=True))
        confidence: Confidence = "D" if abs(score) < _DECIDED else ("C" if shifted else "B")
        self._note("row_join", f"continues the row above (score {score:+.1f})", confidence, "a new row", cells)
        self.rows[-1] = LogicalRow(merged, max(above.confidence, confidence), above.section)

    def _spanning(self, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """A new row of the same objective with the words of the merged cells that a page cut above it."""
        above = self.rows[-1].cells
        keys = [cell for column, cell in zip(self.columns, cells, strict=True) if column.role in _KEYS]
        if not keys or any(keys):
            return cells
        spans = [bool(a) and a.origin == "spanned" and not c for c, a in zip(cells, above, strict=True)]
        if any(spans):
            self._note("page_span", "a merged cell goes on after a page break", "C", "an empty cell", cells)
        return tuple(a if span else c for c, a, span in zip(cells, above, spans, strict=True))

    def _stray(self, index: int) -> int | None:
        """The one text column whose words go on from the row above, in a row that has a status of its own."""
        cells, above = self.rows[index].cells, self.rows[index - 1].cells
        if not any(c for col, c in zip(self.columns, cells, strict=True) if col.role in STATUS_ROLES):
            return None
        found = [i for i, (c, a) in enumerate(zip(cells, above, strict=True)) if starts_low(c) and ends_open(a)]
        return found[0] if len(found) == 1 else None

    def unshift(self) -> None:
        """Where a page break slid one column down by a line, slide it back, if that leaves the last row empty."""
        for index in self.strays:
            column = self._stray(index)
            tail = self.rows[index:]
            if column is None or any(c for i, c in enumerate(tail[-1].cells) if i != column):
                continue
            above = self.rows[index - 1].cells
            texts = [row.cells[column] for row in tail]
            head = joined(above[column], texts[0], self.words)
            self.rows[index - 1] = replace(self.rows[index - 1], cells=_with(above, column, head), confidence="D")
            moved = [
                replace(r, cells=_with(r.cells, column, t), confidence="D")
                for r, t in zip(tail, texts[1:], strict=False)
            ]
            self.rows[index:] = moved
            self._note(
                "status_shift", "a column slid by one line at a page break", "D", "statuses as drawn", tail[0].cells
            )
            self._settle(index, column)

    def _settle(self, first: int, text: int) -> None:
        """In a region that slid, let a mark that stands beside a denial stand beside the words that affirm."""
        denied = next((i for i, c in enumerate(self.columns) if c.role == "protocol_absent"), None)
        if denied is None:
            return
        moving = [i for i in range(len(self.columns)) if i not in (denied, text)]
        for at, (row, below) in enumerate(itertools.pairwise(self.rows[first:]), start=first):
            here, there = row.cells, below.cells
            marked = any(here[i] for i in moving) and not any(there[i] for i in moving)
            if marked and _says_absent(here[denied]) and there[denied] and not _says_absent(there[denied]):
                for i in moving:
                    here, there = _with(here, i, Cell()), _with(there, i, here[i])
                self.rows[at], self.rows[at + 1] = replace(row, cells=here), replace(below, cells=there)
                self._note("status_pairing", "a mark stands with the words it agrees with", "D", "the row above", there)
                return

    def split(self) -> None:
        """Give each status of a row that holds several its own row."""
        rows: list[LogicalRow] = []
        for row in self.rows:
            parts = _split_at_anchors(self._itemised(row), self.columns)
            if len(parts) > 1:
                self._note(
                    "anchor_split", f"{len(parts)} statuses in one row", parts[0].confidence, "one row", row.cells
                )
            rows.extend(parts)
        self.rows = rows

    def _itemised(self, row: LogicalRow) -> LogicalRow:
        """The row with the items of its list cells on lines of their own."""
        kept = (*STATUS_ROLES, *_KEYS)
        cells = (c if col.role in kept else _itemised(c) for col, c in zip(self.columns, row.cells, strict=True))
        return replace(row, cells=tuple(cells))

    def inherit(self) -> None:
        """Carry an objective down to the rows that leave its cell empty."""
        key = next((i for i, c in enumerate(self.columns) if c.role == "objective"), None)
        if key is None:
            return
        last = Cell()
        for index, row in enumerate(self.rows):
            if row.cells[key]:
                last = row.cells[key]
            elif last:
                self.rows[index] = replace(row, cells=_with(row.cells, key, replace(last, origin="inherited")))

    def guess(self) -> None:
        """Give a meaning to the unknown columns whose cells show one."""
        guessed = guessed_by_cells(self.columns, [row.cells for row in self.rows], self.signs)
        for index, (before, after) in enumerate(zip(self.columns, guessed, strict=True)):
            if before.role != after.role:
                cells = [row.cells[index] for row in self.rows]
                self._note("column_guess", f"“{after.label}” read as {after.role} by its cells", "C", "a note", cells)
        self.columns = guessed

    def colour(self) -> None:
        """Read the colours of a calendar without a word in it as its ticks, where they set cells of a row apart."""
        days = [index for index, column in enumerate(self.columns) if _is_stretch(column)]
        cells = [row.cells[index] for row in self.rows for index in days]
        if len(days) < _FEWEST_STRETCHES or not cells or any(cells):
            return
        self.rows = [replace(row, cells=_coloured(row.cells, days)) for row in self.rows]
        marked = [row.cells[index].ticked for row in self.rows for index in days]
        for row in self.rows if any(marked) and not all(marked) else ():
            self._note("calendar_colour", "colours of a calendar read as its ticks", "C", "no times", row.cells)
        if not any(marked) or all(marked):
            self.rows = [replace(row, cells=tuple(replace(c, ticked=False) for c in row.cells)) for row in self.rows]
            first = self.rows[0].cells
            self._note("calendar_empty", "a calendar without a mark or a colour of its own", "D", "", first)

    def grid(self, table: Table, caption: tuple[Cell, ...]) -> Grid:
        """What was built."""
        self.unshift()
        self.split()
        self.inherit()
        self.guess()
        self.colour()
        return Grid(table, self.columns, tuple(self.rows), caption, tuple(self.findings))

    def _note(self, rule: str, text: str, confidence: Confidence, rejected: str, cells: Sequence[Cell]) -> None:
        span = join((cell.text for cell in cells if cell), " ")
        if span:
            self.findings.append(Finding(rule, text, confidence, rejected, span))


def _is_stretch(column: Column) -> bool:
    """Whether a column stands for a stretch of time («I trim. 2024», «2025»)."""
    short = column.role in ("unknown", "time") and 0 < len(column.label.split()) <= _LONGEST_STRETCH
    return column.days is not None or (short and read_interval(column.label) is not None)


def _coloured(cells: tuple[Cell, ...], days: Sequence[int]) -> tuple[Cell, ...]:
    """A row whose calendar cells are ticked where their colour is not that of its other cells."""
    plain = {cell.colour for index, cell in enumerate(cells) if index not in days}
    return tuple(
        replace(cell, ticked=index in days and cell.colour is not None and cell.colour not in plain)
        for index, cell in enumerate(cells)
    )


_TOTAL = re.compile(r"^\W*(?:sub[- ]?)?(?:total[ei]|tot\.|somma|importo (?:totale|complessivo))\b", re.I)
_SUM = re.compile(r"^[\s€%\d.,+-]*(?:euro)?\s*$", re.I)


def _is_total(row: Sequence[Cell]) -> bool:
    """Whether a row only adds up the rows above it («Totale», «€ 300.000,00»)."""
    first, *rest = [cell.text.text for cell in row if cell and cell.origin != "spanned"] or [""]
    sums = [text for text in rest if _SUM.match(text)]
    return bool(_TOTAL.match(first)) and len(first.split()) <= _LONGEST_TOTAL and bool(sums) and len(sums) == len(rest)


_LONGEST_TOTAL = 5  # words


def _says_absent(cell: Cell) -> bool:
    """Whether a status cell's words deny («Non presente»)."""
    return bool(cell) and normalised(cell.text.text).split(" ")[0] in ("non", "no", "assente", "nessun", "nessuno")


def _with(cells: tuple[Cell, ...], index: int, cell: Cell) -> tuple[Cell, ...]:
    return (*cells[:index], cell, *cells[index + 1 :])


def _itemised(cell: Cell) -> Cell:
    lines = [Line(item, line.bullet, line.gap) for line in cell.lines for item in line_items(line)]
    return replace(cell, lines=tuple(lines))


def _repeats_header(row: Sequence[Cell], columns: Sequence[Column]) -> bool:
    texts = [normalised(cell.text.text) for cell in row if cell]
    labels = {normalised(column.label) for column in columns}
    return len(texts) >= 2 and all(text in labels for text in texts)


def _is_anchor(text: str) -> bool:
    if MARK.match(text) or (mark_of(text)[0] in ("yes", "no", "in_progress")):
        return True
    return not text[:1].islower() and starts_status(text)


def _split_at_anchors(row: LogicalRow, columns: Sequence[Column]) -> list[LogicalRow]:
    cuts = {
        i: _anchor_lines(cell)
        for i, (cell, c) in enumerate(zip(row.cells, columns, strict=True))
        if c.role in STATUS_ROLES
    }
    count = max((len(lines) for lines in cuts.values()), default=1)
    if count < 2:
        return [row]
    parts: list[tuple[Cell, ...]] = [() for _ in range(count)]
    even = True
    for index, cell in enumerate(row.cells):
        shared = columns[index].role in _KEYS
        pieces = _at(cell, cuts[index]) if len(cuts.get(index, ())) == count else _dealt(cell, count)
        gaps = sum(line.gap for line in cell.lines[1:]) + 1
        even &= len(cell.lines) in (0, count) or gaps == count or index in cuts or shared
        parts = [(*part, cell if shared else piece) for part, piece in zip(parts, pieces, strict=True)]
    confidence: Confidence = max(row.confidence, "B" if even else "C")
    return [LogicalRow(cells, confidence, row.section) for cells in parts]


def _anchor_lines(cell: Cell) -> list[int]:
    marked = [i for i, line in enumerate(cell.lines) if MARK.match(line.text.text)]
    if marked:
        return marked
    stated = [i for i, line in enumerate(cell.lines) if _is_sentence(line)]
    return stated if len(stated) > 1 else []


def _is_sentence(line: Line) -> bool:
    first = normalised(line.text.text).split(" ")[:3]
    return bool(first) and (first[0] == "e" or first[:2] == ["non", "e"]) and starts_status(line.text.text)


def _at(cell: Cell, anchors: list[int]) -> list[Cell]:
    edges = [0, *anchors[1:], len(cell.lines)]
    return [replace(cell, lines=cell.lines[a:b]) for a, b in itertools.pairwise(edges)]


def _dealt(cell: Cell, count: int) -> list[Cell]:
    """The groups of lines that empty paragraphs part, if there are as many; else one line to each later row."""
    groups = [0, *(i for i, line in enumerate(cell.lines) if line.gap and i > 0)]
    if len(groups) == count:
        return _at(cell, groups)
    spare = max(len(cell.lines) - count + 1, 1)
    heads = [cell.lines[:spare], *([line] for line in cell.lines[spare:])]
    heads += [()] * (count - len(heads))
    return [replace(cell, lines=tuple(lines)) for lines in heads[:count]]
