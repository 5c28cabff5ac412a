"""An answer as CSV, as a workbook, as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable

from api.language import texts
from api.operations.asking import Asked
from api.render.documents import json_document
from api.render.separated import separated, separated_for_excel
from api.render.table import Value, answer_table, marked_down, option_labels
from api.render.workbook import workbook
from queries.answer import Cell, Row
from queries.question import Column


def to_csv(asked: Asked) -> bytes:
    """The answer as CSV, headings in its language."""
    return separated(answer_table(asked))


def to_italian_csv(asked: Asked) -> bytes:
    """The answer as CSV for an Italian Excel."""
    return separated_for_excel(answer_table(asked))


def to_xlsx(asked: Asked) -> bytes:
    """The answer as a workbook; its second sheet says what was asked, when, of which data, and the SPARQL."""
    words = texts(asked.language)
    return workbook([(words("export.sheet"), answer_table(asked))], words)


def to_markdown(asked: Asked) -> bytes:
    """A Markdown table with the notes under it, for a report or an e-mail."""
    table = answer_table(asked)
    shown = [index for index, one in enumerate(table.headings) if one.kind not in ("iri", "passage")]
    lines = [f"# {table.title}", "", _pipes(table.headings[index].label for index in shown)]
    lines += [_pipes("---" for _ in shown)]
    lines += [_pipes(marked_down(_shown(row[index])) for index in shown) for row in table.rows]
    lines += ["", *(f"- {name}: {value}" for name, value in table.notes), ""]
    return "\n".join(lines).encode()


def to_json(asked: Asked) -> bytes:
    """The answer for programs: values and labels apart, each row with the passages it comes from."""
    question, language = asked.question, asked.language
    document = {
        "question": question.slug,
        "title": question.title.in_language(language),
        "language": language,
        "parameters": dict(asked.values),
        "absence": question.absence.in_language(language),
        "data_version": asked.data_version,
        "columns": [
            {"name": one.name, "kind": one.kind, "label": one.label.in_language(language)} for one in question.columns
        ],
        "rows": [_json_row(asked, row) for row in asked.answer.rows],
        "query": asked.answer.query,
    }
    return json_document(document)


def _pipes(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(value: Value) -> str:
    return "" if value is None else str(value)


def _json_row(asked: Asked, row: Row) -> dict[str, object]:
    columns = {one.name: one for one in asked.question.columns}
    cells = {name: _json_cell(asked, columns[name], cell) for name, cell in row.cells.items()}
    sources = [
        {"passage": one.passage, "quote": one.quote, "file": one.file, "line": one.line, "page": one.page}
        for one in row.sources
    ]
    return {**{name: cells.get(name) for name in columns}, "sources": sources}


def _json_cell(asked: Asked, column: Column, cell: Cell) -> object:
    if column.kind == "number":
        try:
            return json.loads(cell.value)
        except ValueError:
            return cell.value
    label = option_labels(column, asked.language).get(cell.value)
    return cell.value if label is None else {"value": cell.value, "label": label}
