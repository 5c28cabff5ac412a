"""Objectives in tables: status tables, programme matrices and needs tables, told apart by their columns' roles."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from loaders.document import Cell, Document, Finding, Heading, Label, Paragraph, Table
from loaders.headers import STATUS_ROLES, WHO_ROLES, Column, is_title, mark_of, role_of
from loaders.items import is_word
from loaders.layouts.rows import Field, build_row
from loaders.layouts.section import Level, Section, objective
from loaders.legend import read_legend
from loaders.lexicon import opens_as, reads_as
from loaders.metadata import is_of_document
from loaders.owners import trailing_owner
from loaders.records import Confidence, Form, Item, Objective, Responsibility, Row
from loaders.span import EMPTY, Span, normalised
from loaders.status import names_instrument
from loaders.tables import Grid, LogicalRow, read_grid
from loaders.turned import upright

_CONTENT = STATUS_ROLES | {
    "progress", "priority", "action", "need", "expectation", "method", "indicator", "time", "named_owner", "owner",
    "lead", "partner", "resource", "crossed",
}  # fmt: skip
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class _Read:
    index: int
    grid: Grid


def read_status_tables(document: Document) -> Section:
    """Objectives whose rows have a place for the mark «protocollo presente / non presente»."""
    return _section(document, "status_table")


def read_needs_tables(document: Document) -> Section:
    """Objectives whose rows set needs beside expectations, tools and resources."""
    return _section(document, "needs_table")


def read_programme_matrices(document: Document) -> Section:
    """Objectives whose rows set actions beside owners, resources, indicators and times."""
    return _section(document, "programme_matrix")


def form_of(grid: Grid) -> Form | None:
    """The structure a table is, by the roles of its columns; None when it plans nothing."""
    content = grid.roles & _CONTENT
    if grid.roles & STATUS_ROLES:
        return "status_table"
    if len(content) < 2:
        return None
    return "needs_table" if "need" in content else "programme_matrix"


def _section(document: Document, form: Form) -> Section:
    objectives: list[Objective] = []
    claimed: set[int] = set()
    findings: list[Finding] = []
    for read in grids(document):
        if (form_of(read.grid) or _monitored(document, read)) != form:
            continue
        claimed.add(read.index)
        findings.extend(read.grid.findings)
        found, heading = _objectives(document, read, form)
        claimed |= heading
        objectives.extend(item for item in found if item.rows)
    return Section(tuple(_merged(objectives)), frozenset(claimed), tuple(findings))


def _monitored(document: Document, read: _Read) -> Form | None:
    """A table of nothing but indicators and their targets plans what the objective over it names."""
    if not {"indicator", "target_value"} <= read.grid.roles:
        return None
    key = _key(read.grid)
    titled = key is not None or is_title(_title_before(document, read.index)[0].text)
    return "programme_matrix" if titled else None


def grids(document: Document) -> Iterator[_Read]:
    """Each table that has a heading, or goes on from the one before it under the same heading."""
    words = Counter(w.lower() for w in _WORD.findall(document.text))
    signs = frozenset(read_legend(document.text))
    before: Grid | None = None
    for index, block in enumerate(document.blocks):
        if not isinstance(block, Table):
            continue
        table = upright(block)
        width = max(len(row) for row in table.rows) if table.rows else 0
        inherited = before.columns if before and len(before.columns) == width else ()
        grid = read_grid(table, words, inherited, _title_before(document, index)[0].text, signs)
        if grid:
            yield _Read(index, grid)
            before = grid


def _objectives(document: Document, read: _Read, form: Form) -> tuple[list[Objective], set[int]]:
    key = _key(read.grid)
    if key is not None:
        level: Level = "operational" if form == "needs_table" else _LEVELS.get(read.grid.columns[key].role, "specific")
        return list(_by_column(document, read.grid, form, key, level)), set()
    own = _named_head(read.grid.head)
    if head := own or _head_before(document, read.index):
        return _under_head(document, read, form, head), set() if own else {read.index - 1}
    title, heading = _title_before(document, read.index)
    named = _naming(read.grid, ("label",) if form == "status_table" else ("action", "priority", "label"))
    if named is not None and is_of_document(document, title.text):
        columns = [
            replace(c, role="objective_operational") if i == named else c for i, c in enumerate(read.grid.columns)
        ]
        grid = replace(read.grid, columns=tuple(columns))
        return list(_by_column(document, grid, form, named, "operational")), set()
    if any(row.section for row in read.grid.rows):
        return list(_by_section(document, read.grid, form, title)), {heading}
    return _under_title(document, read, form, title, heading) if title else [], {heading} if title else set()


def _under_title(document: Document, read: _Read, form: Form, title: Span, heading: int) -> list[Objective]:
    """The objective that the line over a table names."""
    rows = [_row(document, read.grid, row, form) for row in read.grid.rows]
    owners = _owners_between(document, heading, read.index)
    if rows and owners:
        rows[0] = _with_owners(rows[0], owners)
    return [objective(document, title, rows)]


_HEAD_ROWS = 3  # a longer table of labels is a form of its own


def _head_before(document: Document, index: int) -> list[Field]:
    """The fields of the small table of labels and values right over a table."""
    block = document.blocks[index - 1] if index else None
    if not isinstance(block, Table) or not 0 < len(block.rows) <= _HEAD_ROWS:
        return []
    rows = [[cell.filled() for cell in row if cell and cell.origin != "spanned"] for row in block.rows]
    return _named_head([(row[0], row[1]) for row in rows]) if all(len(r) == _LABEL_AND_VALUE for r in rows) else []


def _named_head(pairs: Sequence[tuple[Cell, Cell]]) -> list[Field]:
    """The fields of labels and values, one of them an objective; none otherwise."""
    fields = [Field(Column(role_of(label.text.text) or "", label.text.text), value) for label, value in pairs]
    named = sum(field.column.role in _NAMES for field in fields)
    return fields if named == 1 and all(field.column.role for field in fields) else []


_LABEL_AND_VALUE = 2  # cells
_NAMES = ("objective", "objective_operational")


def _under_head(document: Document, read: _Read, form: Form, head: Sequence[Field]) -> list[Objective]:
    """The objective that the table of labels over a table names, with the other fields of that table in each row."""
    name = next(field for field in head if field.column.role in _NAMES)
    shared = [replace(f, column=replace(f.column, role=_LABELLING.get(f.column.role, f.column.role))) for f in head]
    shared = [field for field in shared if field.column is not name.column and field.column.role not in _NAMES]
    later = [replace(field, cell=replace(field.cell, origin="spanned")) for field in shared]
    rows = [_row(document, read.grid, row, form, later if at else shared) for at, row in enumerate(read.grid.rows)]
    number = _STATED_NUMBER.search(name.column.label)
    return [objective(document, name.cell.text, rows, number=number.group(1) if number else None)]


_LABELLING = {"objective_general": "label"}
_STATED_NUMBER = re.compile(r"\b(?:n\s*[.°]*\s*)?((?:[A-Z]{1,2}\.?)?\d+(?:\.\d+)*)\s*$")


def _naming(grid: Grid, roles: Sequence[str]) -> int | None:
    """The column that names what each line of a table without objectives is about: the first that has one of `roles`,
    with other words in every line."""
    at = grid.index(*roles)
    if at is None or any(row.section for row in grid.rows) or any(c.role in WHO_ROLES for c in grid.columns[:at]):
        return None
    names = [normalised(row.cells[at].text.text) for row in grid.rows]
    return at if len(names) > 1 and all(names) and len(set(names)) == len(names) else None


_LEVELS: dict[str, Level] = {"objective_general": "general", "objective_operational": "operational"}


def _key(grid: Grid) -> int | None:
    """The column that names the objectives: «Obiettivi» before «Prestazione», that before «Area», a specific one before
    a general one."""
    operational = grid.index("objective_operational") is not None
    for role in ("objective", "objective_operational", "objective_general"):
        named = [i for i, column in enumerate(grid.columns) if column.role == role]
        if operational and all(opens_as(grid.columns[i].label, "strategy") for i in named):
            continue
        if named:
            labels = {i: normalised(grid.columns[i].label) for i in named}
            own = [i for i in named if not _is_area(grid, i) and not names_instrument(grid.columns[i].label)]
            own = own or [i for i, c in enumerate(grid.columns) if c.role == "label" and reads_as(c.label, "thing")]
            return next((i for i in named if "obiettiv" in labels[i]), (own or named)[0])
    return None


def _is_area(grid: Grid, at: int) -> bool:
    return opens_as(grid.columns[at].label, "area")


def _row(document: Document, grid: Grid, row: LogicalRow, form: Form, shared: Sequence[Field] = ()) -> Row:
    key = _key(grid)
    if key is not None and row.section:
        shared = [*shared, Field(Column("label", "", words=row.section.text), row.section)]
    fields = [
        *shared,
        *(
            Field(_in_row(column, at, key), cell)
            for at, (column, cell) in enumerate(zip(grid.columns, row.cells, strict=True))
            if column.role != "empty" or cell
        ),
    ]
    drawn: Confidence = grid.table.confidence if grid.table.columns_reliable else "C"
    confidence: Confidence = max(row.confidence, drawn)
    return build_row(document, fields, form=form, confidence=confidence, columns_reliable=grid.table.columns_reliable)


def _in_row(column: Column, at: int, key: int | None) -> Column:
    """What a column means in a row of the objective that the column `key` names."""
    if at == key and column.role == "label":
        return replace(column, role="objective_operational")
    return replace(column, role="label") if _is_context(column, at, key) else _headed(column)


def _headed(column: Column) -> Column:
    """The column, one without a heading as one that nothing explains: its words are notes."""
    return replace(column, role="unknown") if column.role == "empty" else column


def _is_context(column: Column, at: int, key: int | None) -> bool:
    """Whether a column names the area or the wider aim that an objective of another column stands in."""
    return column.role.startswith("objective") and at != key


def _by_column(document: Document, grid: Grid, form: Form, key: int, level: Level) -> Iterator[Objective]:
    number_at = grid.index("number")
    for _, group in itertools.groupby(grid.rows, key=lambda row: normalised(row.cells[key].text.text)):
        lines = list(group)
        cell = lines[0].cells[key]
        if not cell:
            continue
        title, rest = (cell.text, []) if grid.columns[key].role == "label" else _title_of(cell)
        rows = [_row(document, grid, row, form) for row in lines]
        if rest:
            notes = tuple(Item(text=span.text, passage=document.passage(span)) for span in rest)
            rows[0] = rows[0].model_copy(update={"notes": (*rows[0].notes, *notes)})
        number = lines[0].cells[number_at].text.text if number_at is not None and lines[0].cells[number_at] else None
        number = None if number and mark_of(number)[0] == "ticked" else number
        yield objective(document, title, rows, level=level, number=number)


def _by_section(document: Document, grid: Grid, form: Form, title: Span) -> Iterator[Objective]:
    """Objectives named by lines that run over the whole table; rows before the first stand under the heading."""
    for section, group in itertools.groupby(grid.rows, key=lambda row: row.section):
        name = section.text if section else title
        if name:
            yield objective(document, name, [_row(document, grid, row, form) for row in group])


def _title_of(cell: Cell) -> tuple[Span, list[Span]]:
    """The title of an objective cell, and the lines that explain it."""
    first = cell.lines[0]
    listed = first.text.text.rstrip().endswith(":") or any(line.bullet for line in cell.lines[1:])
    if len(cell.lines) == 1 or listed or not _is_sentence_start(cell.lines[1].text.text):
        return cell.text, []
    return first.text, [line.text for line in cell.lines[1:]]


def _is_sentence_start(text: str) -> bool:
    return text[:1].isupper()


def _title_before(document: Document, index: int) -> tuple[Span, int]:
    """The heading a table stands under; without one, the short paragraph right before it."""
    for at in range(index - 1, -1, -1):
        block = document.blocks[at]
        if isinstance(block, Heading):
            return block.text, at
        if isinstance(block, Table):
            return _nearest_line(document, at, index)
    return _nearest_line(document, -1, index)


def _nearest_line(document: Document, after: int, index: int) -> tuple[Span, int]:
    for at in range(index - 1, max(after, -1), -1):
        block = document.blocks[at]
        if isinstance(block, Label | Paragraph) and is_word(block.text.text) and len(block.text) <= 250:
            return block.text, at
    for at in range(after, -1, -1):
        block = document.blocks[at]
        if isinstance(block, Heading):
            return block.text, at
    return EMPTY, -1


def _owners_between(document: Document, heading: int, table: int) -> list[Responsibility]:
    """Services named at the end of the items that stand between an objective's heading and its table."""
    blocks = document.blocks[heading + 1 : table]
    items = (b.text for b in blocks if isinstance(b, Paragraph) and not is_of_document(document, b.text.text))
    return [r for item in items for r in trailing_owner(document, item)]


def _with_owners(row: Row, owners: Sequence[Responsibility]) -> Row:
    return row.model_copy(update={"responsibilities": (*row.responsibilities, *owners)})


def _merged(objectives: Sequence[Objective]) -> Iterator[Objective]:
    """Objectives of one title in a row of tables are one."""
    for _, group in itertools.groupby(objectives, key=lambda o: (o.number, normalised(o.title))):
        first, *rest = group
        rows = tuple(row for o in (first, *rest) for row in o.rows)
        yield first.model_copy(update={"rows": rows})
