"""A comparison of plans as JSON and as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.language import Texts, texts
from api.operations.comparing import PARTS, Compared, Comparison, Line, ThemeRow
from api.operations.objectives import Quote
from api.render.documents import json_document
from api.render.table import SEVERAL, Heading, Table, Value
from api.render.workbook import workbook


def to_json(comparison: Comparison) -> bytes:
    """The comparison for programs, every line with its passages."""
    return json_document(comparison)


def to_xlsx(comparison: Comparison) -> bytes:
    """A workbook: the plans side by side by theme, then every line with the words it stands in."""
    words = texts(comparison.language)
    sheets = [
        (words("compare.side"), _side_by_side(comparison, words)),
        (words("compare.words"), _said(comparison, words)),
    ]
    return workbook(sheets, words)


def as_table(comparison: Comparison) -> Table:
    """The plans side by side, a line for each theme."""
    return _side_by_side(comparison, texts(comparison.language))


def _side_by_side(comparison: Comparison, words: Texts) -> Table:
    headings = [Heading("theme", words("search.facet.theme"), "text")]
    headings += [Heading(plan.id, plan.id, "text") for plan in comparison.plans]
    rows = [
        (row.label or words("evidence.no-theme"), *(_cell(cell, words) for cell in row.cells))
        for row in comparison.rows
    ]
    return _table(comparison, words, headings, rows)


def _cell(cell: tuple[Compared, ...], words: Texts) -> str:
    return "\n\n".join("\n".join(_lines(one, words)) for one in cell)


def _lines(objective: Compared, words: Texts) -> Iterator[str]:
    yield objective.title
    for part in PARTS:
        if found := getattr(objective, part):
            yield f"{words(f'compare.{part}')}: {'; '.join(_text(part, one, words) for one in found)}"


def _said(comparison: Comparison, words: Texts) -> Table:
    names = ("theme", "plan", "objective", "part", "text", "quote", "file", "line")
    headings = [Heading(one, words(f"compare.{one}"), "text") for one in names]
    rows = [line for row in comparison.rows for line in _evidence(comparison, row, words)]
    return _table(comparison, words, headings, rows)


def _evidence(comparison: Comparison, row: ThemeRow, words: Texts) -> Iterator[tuple[Value, ...]]:
    label = row.label or words("evidence.no-theme")
    for plan, cell in zip(comparison.plans, row.cells, strict=True):
        for objective in cell:
            head = (label, plan.id, objective.title)
            yield (*head, words("compare.title-part"), objective.title, *quote_values(objective.quotes))
            for part in PARTS:
                for line in getattr(objective, part):
                    yield (*head, words(f"compare.{part}"), _text(part, line, words), *quote_values(line.quotes))


def quote_values(quotes: tuple[Quote, ...]) -> tuple[Value, Value, Value]:
    """The words, the files and the lines of quotes, as values of three columns."""
    return (
        SEVERAL.join(one.exact for one in quotes),
        SEVERAL.join(dict.fromkeys(one.file for one in quotes)),
        SEVERAL.join(str(one.line or "") for one in quotes),
    )


def _text(part: str, line: Line, words: Texts) -> str:
    return words(f"status.{line.text}") if part == "statuses" else line.text


def _table(
    comparison: Comparison, words: Texts, headings: Sequence[Heading], rows: Sequence[tuple[Value, ...]]
) -> Table:
    plans = ", ".join(plan.id for plan in comparison.plans)
    notes = (
        (words("compare.title"), plans),
        (words("export.absence"), words("compare.absence")),
        (words("export.version"), comparison.data_version),
    )
    return Table(words("compare.title"), tuple(headings), tuple(rows), notes, "")
