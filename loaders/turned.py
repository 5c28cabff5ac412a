"""Tables on their side: the labels stand in the first column, and each further column is a line of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from loaders.document import Cell, Table
from loaders.headers import LONGEST_HEADER, guessed_role, role_of

_FEWEST_LABELS = 4
_FEWEST_MEANINGS = 3
_FEWEST_COLUMNS = 3  # the labels and two lines of the plan
_MOST = 2 / 3


def is_turned(table: Table) -> bool:
    """Whether the first column of `table` holds its labels, one of them of the objectives, and no other column does."""
    rows = [row for row in table.rows if any(row)]
    width = max((len(row) for row in rows), default=0)
    if width < _FEWEST_COLUMNS or len(rows) < _FEWEST_LABELS or any(len(row) != width for row in rows):
        return False
    labels = [row[0].text.text for row in rows if row[0]]
    known = [role for label in labels if (role := role_of(label))]
    if len(known) < _MOST * len(rows) or len(set(known)) < _FEWEST_MEANINGS or not _names_objectives(known):
        return False
    return all(_is_line([row[column] for row in rows]) for column in range(1, width))


def upright(table: Table) -> Table:
    """`table` with its columns as rows, when it lies on its side."""
    if not is_turned(table):
        return table
    rows = [row for row in table.rows if any(row)]
    return replace(table, rows=tuple(zip(*rows, strict=True)), breaks=frozenset())


def _names_objectives(known: Sequence[str]) -> bool:
    return known[0].startswith("objective") or known[:2] == ["number", "objective"]


def _is_line(column: Sequence[Cell]) -> bool:
    """Whether a column holds values of its own in most rows, few of which could be labels."""
    own = [cell.text.text for cell in column if cell and cell.origin != "spanned"]
    labels = [text for text in own if len(text) <= LONGEST_HEADER and role_of(text) and guessed_role(text)]
    return len(own) >= _MOST * len(column) and len(labels) * 3 < len(own)
