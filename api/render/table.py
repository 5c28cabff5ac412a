"""A table that any format can be written from: headings, typed cells, and notes on where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.language import Language, texts
from api.operations.asking import Asked
from queries.answer import Cell, Row, Source
from queries.question import Column, ColumnKind, Question

Value = str | int | float | None

SEVERAL = " | "
"""Between the values of a cell that has several, such as the lines of two quotes."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its name for programs, its label for people, and what it holds."""

    name: str
    label: str
    kind: ColumnKind


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; `notes` say what was asked, when and of which data, and `query` how."""

    title: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[tuple[str, str], ...]
    query: str


def answer_table(asked: Asked) -> Table:
    """The table of an answer, in its language: the columns of the question, then where each row stands."""
    question, language = asked.question, asked.language
    columns = (*question.columns, *question.source_columns)
    return Table(
        title=question.title.in_language(language),
        headings=tuple(Heading(one.name, one.label.in_language(language), one.kind) for one in columns),
        rows=tuple(answer_row(question, row, language) for row in asked.answer.rows),
        notes=answer_notes(asked),
        query=asked.answer.query,
    )


def answer_row(question: Question, row: Row, language: Language) -> tuple[Value, ...]:
    """One row of an answer as values: coded values by their labels, several sources in one cell each."""
    own = (_value(one, row.cells.get(one.name), language) for one in question.columns)
    return (*own, *(_sources(one, row.sources) for one in question.source_columns))


def answer_notes(asked: Asked) -> tuple[tuple[str, str], ...]:
    """What a reader of the table must know: the question, its values, what it does not say, and the data's version."""
    words, language = texts(asked.language), asked.language
    given = {asked.question.parameter(name).label.in_language(language): value for name, value in asked.values.items()}
    return (
        (words("export.question"), f"{asked.question.title.in_language(language)} ({asked.question.slug})"),
        *given.items(),
        (words("export.absence"), asked.question.absence.in_language(language)),
        (words("export.rows"), str(len(asked.answer.rows))),
        (words("export.version"), asked.data_version),
    )


def harmless(value: str) -> str:
    """A text that no spreadsheet takes for a formula: with an apostrophe before a first character that could start one.

    After OWASP, CSV Injection.
    """
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def marked_down(text: str) -> str:
    """A text that Markdown shows as it is, on one line."""
    for character in "\\|*_<>`[]":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.split())


def option_labels(column: Column, language: Language) -> Mapping[str, str]:
    """The labels of a column's closed set of values, by value; empty when it has none."""
    return {one.value: one.label.in_language(language) for one in column.values}


def _value(column: Column, cell: Cell | None, language: Language) -> Value:
    if cell is None:
        return None
    if column.kind == "number":
        return _number(cell.value)
    return option_labels(column, language).get(cell.value, cell.value)


def _number(text: str) -> Value:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def _sources(column: Column, sources: tuple[Source, ...]) -> Value:
    """One source column over all sources of a row, position by position; empty when none has it."""
    values = [getattr(source, column.name) for source in sources]
    if all(value is None for value in values):
        return None
    if len(values) == 1:
        return values[0]  # type: ignore[no-any-return]
    if len(set(values)) == 1 and column.name in ("file", "page"):
        return values[0]  # type: ignore[no-any-return]
    return SEVERAL.join("" if value is None else str(value) for value in values)
