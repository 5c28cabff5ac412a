"""Objectives in a matrix of topics and territories, whose cells hold marks that a legend explains."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from loaders.document import Cell, Document, Table
from loaders.headers import Column, mark_of, role_of
from loaders.layouts.rows import Field, build_row
from loaders.layouts.section import Section, objective
from loaders.legend import read_legend
from loaders.records import Objective, Row

_TERRITORY = re.compile(r"\b(?:ambito|distretto|comune|ats|asst|zona|pdz)\b", re.I)
_FEWEST = 2  # territories that make a table a matrix


def read_topic_matrices(document: Document) -> Section:
    """One objective per topic, one row per territory, the mark read through the document's legend."""
    legend = read_legend(document.text)
    objectives: list[Objective] = []
    claimed: set[int] = set()
    for index, block in enumerate(document.blocks):
        if isinstance(block, Table) and _is_matrix(block):
            objectives.extend(_objectives(document, block, legend))
            claimed.add(index)
    return Section(tuple(objectives), frozenset(claimed))


def _is_matrix(table: Table) -> bool:
    if len(table.rows) < 2 or len(table.rows[0]) <= _FEWEST:
        return False
    heads = [cell.text.text for cell in table.rows[0][1:]]
    named = [head for head in heads if _TERRITORY.search(head) and len(head.split()) > 1]
    short = all(len(cell.text.text) <= 25 for row in table.rows[1:] for cell in row[1:])
    known = role_of(table.rows[0][0].text.text) in ("objective", "label", None)
    return known and short and len(named) >= _FEWEST and len(named) * 2 > len(heads)


def _objectives(document: Document, table: Table, legend: Mapping[str, str | None]) -> list[Objective]:
    heads = table.rows[0]
    found = []
    for row in table.rows[1:]:
        if row and row[0]:
            rows = [
                _row(document, head, cell, legend, row[0])
                for head, cell in zip(heads[1:], _padded(row, heads), strict=True)
            ]
            found.append(objective(document, row[0].text, rows))
    return found


def _padded(row: Sequence[Cell], heads: Sequence[Cell]) -> list[Cell]:
    return [*row[1 : len(heads)], *[Cell()] * (len(heads) - len(row))]


def _row(document: Document, head: Cell, cell: Cell, legend: Mapping[str, str | None], topic: Cell) -> Row:
    """A row for one territory; where the legend gives the empty cell a meaning, the topic's cell is its evidence."""
    label = Field(Column("territory", "territory"), head)
    row = build_row(document, [label, Field(Column("protocol_status", ""), cell)], form="topics_matrix", confidence="A")
    code = legend.get(cell.text.text.strip().casefold(), mark_of(cell.text.text)[0])
    value = {"yes": "present", "ticked": "present", "no": "absent", "in_progress": "in_preparation"}.get(code or "")
    place = document.passage((cell if cell else topic).text)
    protocol = row.protocol.model_copy(
        update={
            "marked": value or row.protocol.marked,
            "resolved": value or row.protocol.resolved,
            "stated": "not_stated" if value else row.protocol.stated,
            "mark_passages": (place,) if value else row.protocol.mark_passages,
            "passages": (place,) if value else row.protocol.passages,
        }
    )
    own = document.passage(cell.text) if cell else document.passage(topic.text)
    return row.model_copy(update={"protocol": protocol, "passage": own})
