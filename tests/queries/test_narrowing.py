"""Asked of the plans that an answer can rest on, a question gives the rows that it gives of the whole store."""

from __future__ import annotations

import pytest

from ontology.iris import Iris
from queries.answer import read_answer
from queries.ask import ask, question_query
from queries.choices import list_choices
from queries.narrowing import graphs_concerned
from queries.question import PLACE_TYPES, Question, load_questions
from store.base import GraphStore

NEEDED = {
    "theme": "violenza-di-genere", "service": "uonpia", "date": "2022-06-30", "text": "a", "as": "owner", "name": "a",
}  # fmt: skip
WIDER = {"comparison/themes-of-one-plan-only"}
"""Their answers rest on the themes of plans of other places too."""
TIMES = {"period": "2021-2023", "date": "2022-06-30"}
TOWNS = ("/lodi", "cernusco", "asst-melegnano")
NARROWED = [one for one in load_questions().values() if one.plans_of]


def test_questions_of_a_place_are_narrowed() -> None:
    local = {one.slug for one in load_questions().values() if {p.type for p in one.parameters} & set(PLACE_TYPES)}
    assert local - {one.slug for one in NARROWED} == WIDER


@pytest.mark.parametrize("question", NARROWED, ids=lambda one: one.slug)
@pytest.mark.parametrize("stored", ["made_up_store", "sample_store"])
def test_the_rows_are_the_same(question: Question, stored: str, iris: Iris, request: pytest.FixtureRequest) -> None:
    store: GraphStore = request.getfixturevalue(stored)
    needed = [one.name for one in question.parameters if one.required] or list(question.any_of[:1])
    chosen = places(store, question, iris)
    timed = [{**chosen[0], one.name: TIMES[one.type]} for one in question.parameters if one.type in TIMES]
    for narrowed in [*chosen, *timed]:
        values = {**{name: NEEDED.get(name, "") for name in needed}, **narrowed}
        whole = store.query(question_query(question, values, iris))[0]
        assert ask(store, question, values, iris).rows == read_answer(question, "", whole).rows, values


def places(store: GraphStore, question: Question, iris: Iris) -> list[dict[str, str]]:
    """Each choice of each parameter that is a place; of the register's many only some."""
    found = []
    for parameter in question.parameters:
        if parameter.type in PLACE_TYPES:
            choices = [one.value for one in list_choices(store, parameter, iris)]
            wanted = [one for one in choices if len(choices) < 20 or any(name in one for name in TOWNS)]
            found += [{parameter.name: one} for one in wanted[:: max(1, len(wanted) // 3)]]
    return found


def test_without_a_place_the_whole_store_is_asked(sample_store: GraphStore, iris: Iris) -> None:
    question = load_questions()["protocols/statuses"]
    assert graphs_concerned(sample_store, question, {"theme": "abitare"}, iris) == ()


def test_a_place_has_its_plans_and_those_around_it(made_up_store: GraphStore, iris: Iris) -> None:
    question = load_questions()["protocols/lacking"]
    everything = graphs_concerned(made_up_store, question, {"territory": "Nessuno", "theme": "abitare"}, iris)
    assert everything == (str(iris.territory_graph()), str(iris.ontology_graph()))
