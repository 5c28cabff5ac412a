"""Every question of the catalogue has the same answer on every engine as on the embedded store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from rdflib import Graph

from api.errors import UnfitEngine
from api.operations import ask_question
from api.operations.engines import UNFIT
from benchmarks.engines import ENGINES, installed
from ontology.graphs import ontology_graph
from ontology.iris import Iris
from queries.ask import ask, construct
from queries.choices import list_choices
from queries.question import Parameter, Question, load_questions
from store import GraphStore, open_store
from store.remote import RemoteStore

GRAPHS = Path(__file__).parents[1] / "queries" / "graphs"
IRIS = Iris()
MOST_CHOICES: Mapping[str, int] = {"virtuoso": 1}
"""Of each parameter, two where not said here: Virtuoso takes seconds to translate a query."""
TYPED: Mapping[str, str] = {"text": "a", "date": "2022-06-30"}
"""What is asked of parameters that offer no choices, by their type."""
UNFIT_ON_VIRTUOSO = {
    "protocols/coverage-matrix": "without a choice it loses plans",
    "quality/objectives-without": "now and then it loses rows",
}


def made_up() -> dict[str, bytes]:
    """The graphs that the questions are tested on, by name."""
    found = {str(IRIS.ontology_graph()): ontology_graph()}
    for path in sorted(GRAPHS.glob("*.ttl")):
        plan = IRIS.plan_graph(path.stem.removeprefix("plan-"))
        found[str(IRIS.territory_graph() if path.stem == "territory" else plan)] = Graph().parse(path)
    return {name: graph.serialize(format="nt", encoding="utf-8") for name, graph in found.items()}


@pytest.fixture(scope="module")
def embedded() -> Iterator[GraphStore]:
    store = open_store("memory:")
    store.replace_graphs(made_up())
    yield store
    store.close()


@pytest.fixture(scope="module", params=ENGINES)
def other(request: pytest.FixtureRequest) -> RemoteStore:
    if not installed(request.param):
        pytest.skip(f"{request.param}: {ENGINES[request.param][0]} is not installed")
    store: RemoteStore = request.getfixturevalue("servers").store(request.param)
    store.replace_graphs(made_up())
    return store


def values(store: GraphStore, question: Question, engine: str) -> Iterator[dict[str, str]]:
    """The question without values where it has none that it must have, and with some choices of each parameter."""
    needed = [one for one in question.parameters if one.required or one.name in question.any_of[:1]]
    first = {one.name: value for one in needed if (value := _value(store, one))}
    if len(first) < len(needed):
        return
    yield first
    for parameter in question.parameters:
        for choice in list_choices(store, parameter, IRIS)[: MOST_CHOICES.get(engine, 2)]:
            yield {**first, parameter.name: choice.value}


def _value(store: GraphStore, parameter: Parameter) -> str | None:
    choices = list_choices(store, parameter, IRIS)
    return choices[0].value if choices else TYPED.get(parameter.type)


@pytest.mark.parametrize("slug", load_questions())
def test_the_same_answer_everywhere(
    request: pytest.FixtureRequest, embedded: GraphStore, other: RemoteStore, slug: str
) -> None:
    if request.node.callspec.params["other"] == "virtuoso" and slug in UNFIT_ON_VIRTUOSO:
        pytest.skip(UNFIT_ON_VIRTUOSO[slug])
    question = load_questions()[slug]
    asked = list(values(embedded, question, other.engine))
    assert asked
    for given in asked:
        here, there = ask(embedded, question, given, IRIS), ask(other, question, given, IRIS)
        assert [str(row) for row in there.rows] == [str(row) for row in here.rows], given


@pytest.mark.parametrize("slug", [slug for slug, question in load_questions().items() if question.triples])
def test_the_same_triples_everywhere(embedded: GraphStore, other: RemoteStore, slug: str) -> None:
    question = load_questions()[slug]
    for given in values(embedded, question, other.engine):
        here, there = construct(embedded, question, given, IRIS), construct(other, question, given, IRIS)
        assert there.splitlines() == here.splitlines(), given


def test_the_same_choices_everywhere(embedded: GraphStore, other: RemoteStore) -> None:
    for question in load_questions().values():
        for parameter in question.parameters:
            assert list_choices(other, parameter, IRIS) == list_choices(embedded, parameter, IRIS)


def test_what_virtuoso_does_not_answer_is_refused_there(other: RemoteStore) -> None:
    if other.engine != "virtuoso":
        assert other.engine not in UNFIT
        return
    assert UNFIT["virtuoso"] == UNFIT_ON_VIRTUOSO.keys()
    for slug in UNFIT["virtuoso"]:
        with pytest.raises(UnfitEngine, match=slug):
            ask_question(other, slug, {}, IRIS)


def test_what_virtuoso_does_not_answer_is_published() -> None:
    written = (Path(__file__).parents[2] / "docs" / "stores.md").read_text(encoding="utf-8")
    assert [slug for slug in UNFIT_ON_VIRTUOSO if f"`{slug}`" not in written] == []
