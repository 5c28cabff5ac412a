"""Asking a store: unknown places, languages, the folding of sources, and what the two protocol questions share."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ontology.iris import Iris
from queries.answer import Source, read_answer
from queries.ask import ask, question_query
from queries.base import RESULT_TYPE
from queries.choices import Choice, list_choices
from queries.errors import AnswerError, ParameterError
from queries.question import load_questions
from store.base import GraphStore
from store.guard import check_query

LACKING = load_questions()["protocols/lacking"]
MATRIX = load_questions()["protocols/coverage-matrix"]
DUE = load_questions()["time/due-by"]
ANSWER_OF_STATUS = {"absent": "declared-absent", "conflicting": "contradictory"}


def test_a_place_that_nobody_knows_is_an_error_and_no_empty_answer(made_up_store: GraphStore, iris: Iris) -> None:
    for values in ({"ats": "ATS di Porva"}, {"territory": "Asente"}, {"territory": "asst/Assente"}):
        with pytest.raises(ParameterError) as caught:
            ask(made_up_store, LACKING, {"theme": "abitare", **values}, iris)
        assert caught.value.parameter in values


def test_territories_to_choose_are_the_ambiti_and_what_plans_cover(made_up_store: GraphStore, iris: Iris) -> None:
    choices = list_choices(made_up_store, LACKING.parameter("territory"), iris)
    assert Choice(str(iris.territory("ambito", "Muto")), "Muto", "Muto") in choices
    assert Choice(str(iris.territory("asst", "ASST Est")), "ASST Est", "ASST Est") in choices
    assert Choice(str(iris.territory("distretto", "D99")), "Distretto D99", "Distretto D99") in choices
    assert [choice.it.casefold() for choice in choices] == sorted(choice.it.casefold() for choice in choices)
    assert len({choice.value for choice in choices}) == len(choices)


def test_services_to_choose_are_those_that_rows_involve(made_up_store: GraphStore, iris: Iris) -> None:
    choices = list_choices(made_up_store, load_questions()["services/involvement"].parameter("service"), iris)
    assert [choice.value.rpartition("/")[2] for choice in choices] == ["consultorio", "uonpia"]
    assert all(choice.it != choice.en for choice in choices)


def test_periods_to_choose_are_those_of_the_plans(made_up_store: GraphStore, iris: Iris) -> None:
    choices = list_choices(made_up_store, LACKING.parameter("period"), iris)
    assert [choice.value for choice in choices] == ["2018-2020", "2020", "2021-2023"]


def test_labels_come_in_the_language_asked(made_up_store: GraphStore, iris: Iris) -> None:
    values = {"theme": "violenza-di-genere", "territory": "Assente"}
    it, en = ask(made_up_store, MATRIX, values, iris), ask(made_up_store, MATRIX, values, iris, "en")
    assert it.rows[0].text("themeLabel") == "Contrasto alla violenza di genere"
    assert en.rows[0].text("themeLabel") == "Action against gender-based violence"


@pytest.mark.parametrize("period", [None, "2021-2023", "2018-2020"])
@pytest.mark.parametrize("theme", ["violenza-di-genere", "dopo-di-noi", "sistema-informativo", "stili-di-vita"])
def test_the_matrix_and_the_lacking_question_agree(
    theme: str, period: str | None, made_up_store: GraphStore, iris: Iris
) -> None:
    """A territory is lacking when its cell is not present, and its cell is one of its answers."""
    values = {"theme": theme} | ({"period": period} if period else {})
    cells = {row.text("territory"): row.text("status") for row in ask(made_up_store, MATRIX, values, iris).rows}
    answers: dict[str | None, set[str | None]] = {}
    for row in ask(made_up_store, LACKING, values, iris).rows:
        answers.setdefault(row.text("territory"), set()).add(row.text("answer"))
    assert set(answers) == {territory for territory, status in cells.items() if status != "present"}
    assert all(ANSWER_OF_STATUS.get(str(cells[place]), cells[place]) in given for place, given in answers.items())


@pytest.mark.parametrize("slug", load_questions())
def test_a_row_without_source_is_one_without_document(slug: str, sample_store: GraphStore, iris: Iris) -> None:
    needed = {
        "theme": "violenza-di-genere", "service": "uonpia", "date": "2023-12-31", "text": "a", "territory": "Lodi",
        "as": "owner", "name": "asst",
    }  # fmt: skip
    question = load_questions()[slug]
    asked = {
        one.name: needed[one.name] for one in question.parameters if one.required or one.name in question.any_of[:1]
    }
    answer = ask(sample_store, question, asked, iris)
    assert answer.rows
    for row in answer.rows:
        assert row.sources or "no-document" in (row.text("answer"), row.text("status"))
        assert all(source.file for source in row.sources)


def test_the_answer_shows_the_exact_query(made_up_store: GraphStore, iris: Iris) -> None:
    values = {"date": "2022-12-31"}
    answer = ask(made_up_store, DUE, values, iris)
    assert answer.query == question_query(DUE, values, iris)
    assert answer.query.startswith("# Che cosa scade entro una data (time/due-by)\n")
    assert question_query(DUE, values, iris, "en").startswith("# What falls due by a date (time/due-by)\n")


@pytest.mark.parametrize("slug", load_questions())
def test_the_store_takes_every_query_for_safe(slug: str) -> None:
    check_query(load_questions()[slug].text)


def solution(**values: str) -> dict[str, dict[str, str]]:
    """A solution of plain literals."""
    return {name: {"type": "literal", "value": value} for name, value in values.items()}


def body(*solutions: dict[str, Any], names: list[str] | None = None) -> bytes:
    """A SPARQL JSON result for the question of what falls due."""
    columns = [column.name for column in (*DUE.columns, *DUE.source_columns)]
    return json.dumps({"head": {"vars": names or columns}, "results": {"bindings": list(solutions)}}).encode()


def test_solutions_that_differ_only_in_their_source_are_one_row() -> None:
    answer = read_answer(
        DUE,
        "q",
        body(
            solution(due="2020-12-31", passage="p1", quote="2020", file="a.txt", line="3"),
            solution(due="2021-12-31"),
            solution(due="2020-12-31", passage="p2", quote="nel 2020", file="b.txt", page="7"),
            solution(due="2020-12-31", passage="p1", quote="2020", file="a.txt", line="3"),
        ),
    )
    assert [row.text("due") for row in answer.rows] == ["2020-12-31", "2021-12-31"]
    assert answer.rows[0].sources == (
        Source("p1", "2020", "a.txt", 3, None),
        Source("p2", "nel 2020", "b.txt", None, 7),
    )
    assert answer.rows[1].sources == ()
    assert answer.rows[1].text("rowLabel") is None


def test_cells_keep_what_kind_of_term_they_are() -> None:
    row = read_answer(
        DUE,
        "q",
        body(
            {
                "row": {"type": "uri", "value": "http://x"},
                "due": {"type": "literal", "value": "2020-12-31", "datatype": "d"},
                "planLabel": {"type": "literal", "value": "Piano", "xml:lang": "it"},
            }
        ),
    ).rows[0]
    assert row.cells["row"].is_iri
    assert (row.cells["due"].datatype, row.cells["planLabel"].language) == ("d", "it")


@pytest.mark.parametrize("broken", [b"", b"[]", b"{}", b'{"head": {}, "boolean": true}', body(names=["due"])])
def test_what_is_no_table_of_the_question_is_an_error(broken: bytes) -> None:
    with pytest.raises(AnswerError, match="time/due-by"):
        read_answer(DUE, "q", broken)


def test_the_same_question_gives_the_same_bytes(made_up_store: GraphStore, iris: Iris) -> None:
    query = question_query(MATRIX, {}, iris)
    assert made_up_store.query(query, accept=RESULT_TYPE) == made_up_store.query(query, accept=RESULT_TYPE)
