"""The heading of a table: which of its rows it is, one or two deep, and what each column means by it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from loaders.document import Cell, Table
from loaders.headers import (
    LONGEST_HEADER,
    STATUS_ROLES,
    Column,
    answer_role,
    guessed_role,
    is_known,
    named_bodies,
    role_of,
)
from loaders.lexicon import opens_as, reads_as
from loaders.months import is_calendar, is_month, read_days
from loaders.timelines import read_interval

_FEWEST_HEADINGS = 2
_DEEPEST_HEADING = 4  # rows
_LONGEST_TIME = 3  # words of a heading that is a stretch of time
_ENOUGH_GUESSES = 3  # meanings that make a row a heading: known ones when most cells have one, else guesses in all


def with_whole_header(table: Table) -> Table:
    """`table` with a heading that a page cut in two, words here and words there, in one row again."""
    for index, row in enumerate(table.rows[:_DEEPEST_HEADING]):
        below = table.rows[index + 1] if index + 1 in table.breaks and index + 1 < len(table.rows) else ()
        if not any(below) or len(below) != len(row):
            continue
        whole = tuple(Cell((*a.lines, *b.lines), a.origin) for a, b in zip(row, below, strict=True))
        if all(is_known(w.text.text) for w, b in zip(whole, below, strict=True) if b) and _is_header(whole):
            rows = (*table.rows[:index], whole, (), *table.rows[index + 2 :])
            return replace(table, rows=rows)
    return table


def header_row(table: Table) -> int | None:
    """The first row that is a heading; only title lines, which leave most cells empty, may stand above it."""
    for index, row in enumerate(table.rows[:_DEEPEST_HEADING]):
        if _is_header(row):
            return index
        own = [cell for cell in row if cell and cell.origin != "spanned"]
        if len(own) * 2 >= len(row) > 1 and not labelled_value(row):
            return None
    return None


def labelled_value(row: Sequence[Cell]) -> tuple[Cell, Cell] | None:
    """The label and the value of a row over a heading that says what the whole table is about («Obiettivo 1 | …»)."""
    own = [cell for cell in row if cell and cell.origin != "spanned"]
    if len(own) != _LABEL_AND_VALUE or len(row) <= _LABEL_AND_VALUE:
        return None
    return (own[0], own[1]) if role_of(own[0].text.text) and not role_of(own[1].text.text) else None


_LABEL_AND_VALUE = 2  # cells


def _is_header(row: Sequence[Cell]) -> bool:
    texts = [cell.text.text for cell in row if cell]
    if len(texts) < 2 or any(len(text) > LONGEST_HEADER for text in texts):
        return False
    times = _calendar(row)
    dated = {cell.text.text for index, cell in enumerate(row) if index in times or _is_time(cell.text.text)}
    texts = [text for text in texts if text not in dated] or texts
    known = [t for t in texts if role_of(t) or named_bodies(t)]
    guessed = [t for t in texts if guessed_role(t) or named_bodies(t)]
    if len({role_of(t) or t for t in known}) >= 2 and len(known) * 2 >= len(texts):
        return True
    meant = {guessed_role(t) or t for t in guessed}
    most = len({role_of(t) or t for t in known}) >= _ENOUGH_GUESSES and len(guessed) * 2 > len(texts)
    return most or (len(meant) >= _ENOUGH_GUESSES and len(guessed) == len(texts))


def _is_time(label: str) -> bool:
    """Whether a short label is a stretch of time («I trim. 2024»), which is the heading of a column and no content."""
    return 0 < len(label.split()) <= _LONGEST_TIME and read_interval(label) is not None


def is_second_header(head: Sequence[Cell], following: Sequence[Sequence[Cell]]) -> bool:
    """Whether the row under a heading completes it: known headings under merged or empty ones, and nothing else."""
    if not following or len(following[0]) != len(head):
        return False
    below = following[0]
    own = [i for i, cell in enumerate(below) if cell and cell.origin != "spanned"]
    gaps = [i for i, cell in enumerate(head) if not cell or cell.origin == "spanned"]
    times = _calendar(below)
    known = all(i in times or _completes(below[i].text.text) for i in own)
    return len(own) >= _FEWEST_HEADINGS and known and any(below[i] for i in gaps)


def _completes(text: str) -> bool:
    """Whether a short text can be the lower of two headings: a known one, a body, a year, or one answer of several."""
    known = role_of(text) or named_bodies(text) or answer_role(text) or _ONE_YEAR.match(text)
    return len(text) <= LONGEST_HEADER and bool(known)


_ONE_YEAR = re.compile(
    r"^\s*(?:(?:anno|annualit[àa])\s*)?(?:20\d\d|(?:I{1,3}|[1-3]°?)\s+(?:anno|annualit[àa]))\s*$", re.I
)


def _calendar(row: Sequence[Cell]) -> range:
    """The cells of a row, side by side, that are months or parts of a year in order; an empty range when none are."""
    filled = [i for i, cell in enumerate(row) if cell]
    for first in filled:
        for last in range(len(row), first + 1, -1):
            texts = [cell.text.text for cell in row[first:last]]
            if all(texts) and (all(map(is_month, texts)) or is_calendar(_of_one_year(texts))):
                return range(first, last)
    return range(0)


def _of_one_year(texts: Sequence[str]) -> Sequence[str]:
    """The first stretch of headings that the later years repeat («I», «II», «I», «II»)."""
    again = next((i for i in range(1, len(texts)) if texts[i] == texts[0] and len(texts) % i == 0), len(texts))
    repeats = all(texts[i] == texts[i % again] for i in range(len(texts)))
    return texts[:again] if repeats else texts


def joined_header(head: Sequence[Cell], below: Sequence[Cell]) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """Each column's lower heading, with the merged one above it where the lower one alone says nothing, and the
    heading over it."""
    found: list[Cell] = []
    overs: list[Cell] = []
    over = Cell()
    times = _calendar(below)
    for at, (top, low) in enumerate(zip(head, below, strict=True)):
        over = top if top else (over if low else Cell())
        if low and low.origin != "spanned":
            joint = Cell((*over.lines, *low.lines))
            part = at in times or (over and answer_role(low.text.text))
            found.append(joint if part or (role_of(joint.text.text) and not role_of(low.text.text)) else low)
            overs.append(over)
        else:
            found.append(top)
            overs.append(Cell())
    return tuple(found), tuple(overs)


def columns_of(head: Sequence[Cell], overs: Sequence[Cell] = ()) -> tuple[Column, ...]:
    """The columns that a heading row names; `overs` are the headings over them, as many or none."""
    labels = [cell.text.text for cell in head]
    named = [named_bodies(label) for label in labels]
    several = sum(bool(n) for n in named) >= 2 or any(len(n) > 1 for n in named)
    above = [role_of(over.text.text) if over else None for over in overs] or [None] * len(labels)
    found = []
    for label, bodies, cell, over in zip(labels, named, head, above, strict=True):
        role = guessed_role(label)
        if bodies and (several or role_of(label) is None):
            found.append(Column("named_owner", label, bodies, cell.text, over))
        else:
            found.append(Column(role or ("unknown" if label else "empty"), label, words=cell.text, over=over))
    found = [*with_measures(_with_parts(found))]
    return tuple(map(_answering, found)) if any(c.role in STATUS_ROLES for c in found) else tuple(found)


def _with_parts(columns: Sequence[Column]) -> Sequence[Column]:
    """Beside a column of actions, one of what they are parts of («Macroazione») labels the line."""
    wider = [opens_as(column.label, "whole") for column in columns]
    if not any(c.role == "action" and not w for c, w in zip(columns, wider, strict=True)):
        return columns
    return [replace(c, role="label") if w and c.role == "action" else c for c, w in zip(columns, wider, strict=True)]


def with_measures(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns; «Misure» are what is done where no other column says so."""
    if any(c.role in _ACTING for c in columns):
        return tuple(columns)
    return tuple(replace(c, role="action") if reads_as(c.label, "measure") else c for c in columns)


_ACTING = ("action", "priority", "named_owner", "method")


def _answering(column: Column) -> Column:
    """Beside other columns of a status, «In corso» heads one too."""
    role = answer_role(column.label) if column.role == "unknown" else None
    return replace(column, role=role) if role else column


def with_days(columns: Sequence[Column], above: str) -> tuple[Column, ...]:
    """The columns with the days of those that are the months or parts of a year; `above` may name the year."""
    years = set(_YEAR.findall(above))
    read = read_days([column.label for column in columns], years.pop() if len(years) == 1 else None)
    return tuple(
        replace(column, role="time", days=(days.start, days.end)) if days else column
        for column, days in zip(columns, read, strict=True)
    )


_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d|\s*[-–/])")
