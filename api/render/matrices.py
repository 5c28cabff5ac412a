"""The coverage matrix as it stands on the screen: CSV, a workbook, and JSON."""

from __future__ import annotations

from collections.abc import Iterator

from api.language import Texts, texts
from api.operations.matrix import STATUSES, Matrix, MatrixCell, Territory
from api.render.documents import json_document
from api.render.separated import separated, separated_for_excel
from api.render.table import Heading, Table, Value, answer_notes, answer_table
from api.render.workbook import workbook


def matrix_table(matrix: Matrix) -> Table:
    """The matrix as a table: territories with a plan first, then those with no document, then the counts by theme."""
    words = texts(matrix.asked.language)
    headings = [Heading("territory", words("matrix.territory"), "text"), Heading("iri", words("matrix.iri"), "iri")]
    headings += [Heading(theme.iri, theme.label, "status") for theme in matrix.themes]
    headings += [Heading(one, words(f"matrix.counts.{one}"), "number") for one in STATUSES]
    lines = (*matrix.territories, *matrix.without_plan)
    return Table(
        title=words("matrix.title"),
        headings=tuple(headings),
        rows=tuple(tuple(_line(matrix, one, words)) for one in lines),
        notes=answer_notes(matrix.asked),
        query=matrix.asked.answer.query,
    )


def to_csv(matrix: Matrix) -> bytes:
    """The matrix as CSV."""
    return separated(matrix_table(matrix))


def to_italian_csv(matrix: Matrix) -> bytes:
    """The matrix as CSV for an Italian Excel."""
    return separated_for_excel(matrix_table(matrix))


def to_xlsx(matrix: Matrix) -> bytes:
    """A workbook: the matrix, the rows behind it with their quotes, and where it all comes from."""
    words = texts(matrix.asked.language)
    sheets = [(words("matrix.sheet"), matrix_table(matrix)), (words("matrix.details"), answer_table(matrix.asked))]
    return workbook(sheets, words)


def to_json(matrix: Matrix) -> bytes:
    """The matrix for programs: themes, territories with their cells, and the SPARQL."""
    document = {
        "language": matrix.asked.language,
        "parameters": dict(matrix.asked.values),
        "data_version": matrix.asked.data_version,
        "themes": [{"iri": theme.iri, "label": theme.label} for theme in matrix.themes],
        "territories": [_json(one) for one in (*matrix.territories, *matrix.without_plan)],
        "query": matrix.asked.answer.query,
    }
    return json_document(document)


def _line(matrix: Matrix, territory: Territory, words: Texts) -> Iterator[Value]:
    yield territory.place.label
    yield territory.place.iri
    for theme in matrix.themes:
        cell = territory.cells.get(theme.iri)
        yield cell_words(cell, words) if cell else words("status.no-document")
    for status in STATUSES:
        yield territory.counts[status] if territory.cells else None


def cell_words(cell: MatrixCell, words: Texts) -> str:
    """What a cell says, in words: its status, that it is an area's, and how many rows it has when they are several."""
    parts = [words(f"status.{cell.status}")]
    parts += [words("scope.area")] if cell.scope == "area" else []
    parts += [words.count("rows", cell.rows)] if cell.rows > 1 else []
    return ", ".join(parts)


def _json(territory: Territory) -> dict[str, object]:
    return {
        "iri": territory.place.iri,
        "kind": territory.place.kind,
        "label": territory.place.label,
        "ats": list(territory.place.ats),
        "plans": [{"id": one.plan_id, "scope": one.scope} for one in territory.plans],
        "cells": {
            theme: {"status": cell.status, "scope": cell.scope, "rows": cell.rows, "counts": dict(cell.counts)}
            for theme, cell in territory.cells.items()
        },
    }
