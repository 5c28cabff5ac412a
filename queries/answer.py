"""An answer: the rows of a question, each with the passages it comes from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from queries.errors import AnswerError
from queries.question import SOURCE_NAMES, Column, Question


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: an IRI, or a literal with its datatype or language as the store gave them."""

    value: str
    is_iri: bool = False
    datatype: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where words behind a row stand; `line` and `page` count from 1.

    Only `file` is known where a whole document says nothing, and not even that where there is no document.
    """

    passage: str | None
    quote: str | None
    file: str | None
    line: int | None
    page: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an answer: its cells by column name, without those that have no value, and its sources."""

    cells: Mapping[str, Cell]
    sources: tuple[Source, ...]

    def text(self, column: str) -> str | None:
        """The value of a column as text, `None` when it has none."""
        cell = self.cells.get(column)
        return None if cell is None else cell.value


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows that answer a question, in its order, and the exact SPARQL that gave them."""

    question: Question
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    query: str


def read_answer(question: Question, query: str, body: bytes) -> Answer:
    """The answer in a SPARQL 1.1 JSON result: solutions that differ only in their source become one row.

    Raises `AnswerError` when the body is no such result or lacks a declared column.
    """
    try:
        result = json.loads(body)
        variables, solutions = result["head"]["vars"], result["results"]["bindings"]
    except (ValueError, KeyError, TypeError) as error:
        raise AnswerError(f"{question.slug}: the store's answer is no SPARQL JSON table") from error
    names = [column.name for column in question.columns]
    if missing := {*names, *SOURCE_NAMES} - set(variables):
        raise AnswerError(f"{question.slug}: the query does not select {sorted(missing)}")
    return Answer(question=question, columns=question.columns, rows=_fold(names, solutions), query=query)


def _fold(names: list[str], solutions: Iterable[Mapping[str, Any]]) -> tuple[Row, ...]:
    folded: dict[tuple[Cell | None, ...], dict[Source, None]] = {}
    for solution in solutions:
        cells = tuple(_cell(solution.get(name)) for name in names)
        sources = folded.setdefault(cells, {})
        if source := _source(solution):
            sources[source] = None
    return tuple(
        Row(
            cells=MappingProxyType({name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}),
            sources=tuple(sources),
        )
        for cells, sources in folded.items()
    )


def _cell(term: Mapping[str, str] | None) -> Cell | None:
    if term is None:
        return None
    return Cell(
        value=term["value"],
        is_iri=term["type"] == "uri",
        datatype=term.get("datatype"),
        language=term.get("xml:lang"),
    )


def _source(solution: Mapping[str, Mapping[str, str]]) -> Source | None:
    found = {name: solution[name]["value"] for name in SOURCE_NAMES if name in solution}
    if not found:
        return None
    return Source(
        passage=found.get("passage"),
        quote=found.get("quote"),
        file=found.get("file"),
        line=_integer(found.get("line")),
        page=_integer(found.get("page")),
    )


def _integer(text: str | None) -> int | None:
    return None if text is None else int(text)
