"""Columns whose heading no vocabulary explains, by what all their cells hold: times, sums of money, measures.

Who acts is never guessed: a column of bodies may name owners, seats or recipients.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from loaders.document import Cell
from loaders.headers import Column
from loaders.indicators import measures
from loaders.items import cell_items
from loaders.timelines import read_interval, read_recurrence, read_relative

_FEWEST_CELLS = 2
_LONGEST_TIME = 60  # characters; longer words only mention a date
_SIGNED = re.compile(r"firm|sottoscri|approv|adott|deliber|\batt[oi]\b|protocoll|nascita", re.I)
_MONEY = re.compile(r"(?:€|\beuro\b)\s*\d|\d[\d.]*(?:,\d\d)?\s*(?:€|euro\b)|^\d{1,3}(?:\.\d{3})+,\d\d$", re.I)


def guessed(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> tuple[Column, ...]:
    """`columns` with a role for each unknown one whose every filled cell (two at least) is of one kind."""
    return tuple(_guessed(column, [row[i] for row in rows if row[i]]) for i, column in enumerate(columns))


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
