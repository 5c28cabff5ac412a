"""Columns whose heading no vocabulary explains, by what all their cells hold: times, sums of money, measures.

Who acts is never guessed: a column of bodies may name owners, seats or recipients.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from loaders.document import Cell
from loaders.headers import STATUS_ROLES, WHO_ROLES, Column, mark_of, role_of, starts_status
from loaders.heading_rows import with_measures
from loaders.indicators import measures
from loaders.items import cell_items
from loaders.lexicon import opens_as, reads_as
from loaders.span import normalised
from loaders.status import names_instrument
from loaders.timelines import read_interval, read_recurrence, read_relative

_FEWEST_CELLS = 2
_LONGEST_TIME = 60  # characters; longer words only mention a date
_SIGNED = re.compile(r"firm|sottoscri|approv|adott|deliber|\batt[oi]\b|protocoll|nascita", re.I)
_MONEY = re.compile(r"(?:€|\beuro\b)\s*\d|\d[\d.]*(?:,\d\d)?\s*(?:€|euro\b)|^\d{1,3}(?:\.\d{3})+,\d\d$", re.I)


def guessed(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], signs: frozenset[str] = frozenset()
) -> tuple[Column, ...]:
    """`columns` with a role for each unknown one whose every filled cell (two at least) is of one kind.

    Columns under the names of bodies whose cells hold nothing but crosses say who takes part (`crossed`). `signs` are
    those that the legend of the document explains.
    """
    cells = [[row[i] for row in rows if row[i]] for i in range(len(columns))]
    read = _listed(_graded(tuple(map(_guessed, columns, cells)), cells), cells, signs)
    return tuple(
        replace(column, role="crossed") if crossed else column
        for column, crossed in zip(read, _crossed(read, cells), strict=True)
    )


def _graded(columns: tuple[Column, ...], cells: Sequence[Sequence[Cell]]) -> tuple[Column, ...]:
    """A column of priorities whose cells only say how urgent something is («alta», «2») commits to nothing."""
    graded = [
        c.role == "priority" and bool(own) and all(map(_is_grade, own)) for c, own in zip(columns, cells, strict=True)
    ]
    read = tuple(replace(c, role="note") if grade else c for c, grade in zip(columns, graded, strict=True))
    return with_measures(read) if any(graded) else columns


def _is_grade(cell: Cell) -> bool:
    text = cell.text.text.strip(" .")
    return bool(_STEP.fullmatch(text)) or reads_as(text, "grade")


_STEP = re.compile(r"\d{1,2}|[A-E]|[*+●★]{1,5}")  # of a scale


def _listed(columns: tuple[Column, ...], cells: Sequence[Sequence[Cell]], signs: frozenset[str]) -> tuple[Column, ...]:
    """In a list of instruments (a column names them, one answers «Stato»), what the columns say of each of them."""
    pairs = list(zip(columns, cells, strict=True))
    answers = [len(own) >= _FEWEST_CELLS and _is_state(c, own, signs) for c, own in pairs]
    naming = [names_instrument(c.label) and not answer for c, answer in zip(columns, answers, strict=True)]
    marked = [c for c, own in pairs if c.role in STATUS_ROLES and not (own and all(map(_names, own)))]
    if not any(answers) or not any(naming) or marked:
        return columns
    named = any(c.role == "objective" for c in columns)
    found = []
    for column, answer in zip(columns, answers, strict=True):
        role = column.role
        if answer:
            role = "protocol_status"
        elif role == "time":
            role = "evidence"  # when it was signed, till when it holds
        elif role in STATUS_ROLES:
            role = "label" if named else "objective"
        found.append(replace(column, role=role))
    return tuple(found)


def _is_state(column: Column, cells: Sequence[Cell], signs: frozenset[str]) -> bool:
    """Whether a column says how far each instrument is: «Stato» over states, «C'è» over answers too."""
    if reads_as(column.label, "existence"):
        return all(_answers(cell, signs) or mark_of(cell.text.text)[0] is not None for cell in cells)
    return opens_as(column.label, "state") and all(_answers(cell, signs) for cell in cells)


_LONGEST_STATE = 6  # words


def _names(cell: Cell) -> bool:
    """Whether a cell names an instrument and says nothing of it."""
    return names_instrument(cell.text.text) and not _answers(cell)


def _answers(cell: Cell, signs: frozenset[str] = frozenset()) -> bool:
    """Whether a cell says nothing but that an instrument exists, does not or is being made («Vigente», «Bozza»)."""
    text = cell.text.text
    if text.strip().casefold() in signs:
        return True
    mark, end = mark_of(text)
    if mark in ("yes", "no", "in_progress") and end >= len(text.strip()):
        return len(normalised(text)) > _LONGEST_PART
    return len(text.split()) <= _LONGEST_STATE and starts_status(text)


def _crossed(columns: Sequence[Column], cells: Sequence[Sequence[Cell]]) -> list[bool]:
    """Which columns say by a cross who takes part: those of bodies, and unknown ones among them or under «Partner»."""
    marked = [bool(c) and all(part_of(cell.text.text) is not None for cell in c) for c in cells]
    found = [
        signs and (c.role == "named_owner" or (c.role == "unknown" and c.over in WHO_ROLES))
        for c, signs in zip(columns, marked, strict=True)
    ]
    if sum(found) >= _FEWEST_CELLS:
        first, last = found.index(True), len(found) - found[::-1].index(True)
        for at in range(max(first - 1, 0), min(last + 1, len(found))):
            found[at] |= marked[at] and columns[at].role == "unknown" and not columns[at].days
    return found


def part_of(sign: str) -> str | None:
    """The part that a sign under a body's name gives it: a role, `ticked` for a cross, `none` for no part.

    Letters are those of a RACI matrix: responsible, accountable, consulted, informed.
    """
    mark, end = mark_of(sign)
    if end >= len(sign.strip()) and mark in ("ticked", "unticked"):
        return "ticked" if mark == "ticked" else "none"
    letters = re.split(r"\s*[/,+-]\s*|(?<=[RACI])(?=[RACI])", sign.strip())
    if all(letter in _RACI for letter in letters):
        return _RACI[letters[0]]
    role = role_of(sign) if len(sign.split()) <= _LONGEST_PART else None
    return role if role in WHO_ROLES else None


_RACI = {"R": "owner", "A": "approver", "C": "participant", "I": "none"}
_LONGEST_PART = 2  # words


def _guessed(column: Column, cells: Sequence[Cell]) -> Column:
    if column.role != "unknown" or len(cells) < _FEWEST_CELLS:
        return column
    for role, holds in _KINDS.items():
        if all(holds(cell) for cell in cells) and not (role == "time" and _SIGNED.search(column.label)):
            return replace(column, role=role)
    return column


def _is_time(cell: Cell) -> bool:
    text = cell.text.text
    return len(text) <= _LONGEST_TIME and any(read(text) for read in (read_interval, read_recurrence, read_relative))


def _is_money(cell: Cell) -> bool:
    return all(_MONEY.search(line.text.text) for line in cell.lines)


def _measures(cell: Cell) -> bool:
    return all(measures(item.text) for item in cell_items(cell))


_KINDS: dict[str, Callable[[Cell], bool]] = {"resource": _is_money, "indicator": _measures, "time": _is_time}
