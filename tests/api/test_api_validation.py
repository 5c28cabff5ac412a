"""Stored plans are checked again only when what they depend on has changed; findings know the report before."""

from __future__ import annotations

from random import Random

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from api.operations import plan_report, validate_plan, validate_plans
from api.operations.validation import register_context, stored_unit
from benchmarks.corpus import generate
from benchmarks.corpus.record import true_graph
from ontology.iris import Iris
from ontology.terms import RAC
from shapes.report import ValidationReport
from shapes.validate import Unit, validate_unit
from store import GraphStore, open_store

IRIS = Iris()
SEED, PLANS = 3, 10
REGISTER = (
    "<{place}> <https://w3id.org/raccordo/ontology#refersToASST> <https://w3id.org/raccordo/id/territory/asst/x> .\n"
)


@pytest.fixture(scope="module")
def graphs() -> dict[str, Graph]:
    return {made.facts.plan_id: true_graph(made, IRIS) for made in generate(SEED, PLANS)}


@pytest.fixture
def store(graphs: dict[str, Graph]) -> GraphStore:
    opened = open_store("memory:")
    opened.replace_graphs({str(IRIS.plan_graph(name)): ntriples(graph) for name, graph in graphs.items()})
    return opened


def ntriples(graph: Graph) -> bytes:
    return graph.serialize(format="nt", encoding="utf-8")


def validate_all(store: GraphStore, graphs: dict[str, Graph]) -> tuple[dict[str, ValidationReport], set[str]]:
    """The reports, and which of them were made now."""
    verdicts = list(validate_plans(store, list(graphs), IRIS))
    assert [verdict.report.plan_id for verdict in verdicts] == list(graphs)
    return {one.report.plan_id: one.report for one in verdicts}, {one.report.plan_id for one in verdicts if one.made}


def findings(report: ValidationReport) -> list[tuple[object, ...]]:
    return [(finding.id, finding.message, finding.line) for finding in report.findings]


def test_what_has_not_changed_keeps_its_report(store: GraphStore, graphs: dict[str, Graph]) -> None:
    first, made = validate_all(store, graphs)
    assert made == set(graphs)
    second, made = validate_all(store, graphs)
    assert made == set()
    assert second == first


def test_only_the_edited_plan_is_checked_again(store: GraphStore, graphs: dict[str, Graph]) -> None:
    validate_all(store, graphs)
    edited = sorted(graphs)[3]
    rows = list(graphs[edited].subjects(RAC.order))
    store.replace_graphs({str(IRIS.plan_graph(edited)): ntriples(without(graphs[edited], rows[0]))})
    _, made = validate_all(store, graphs)
    assert made == {edited}


def test_only_users_of_a_register_entry_are_checked_again(store: GraphStore, graphs: dict[str, Graph]) -> None:
    validate_all(store, graphs)
    users = {}
    for name, graph in graphs.items():
        for place in graph.objects(IRIS.plan(name), RAC.coversTerritory):
            users.setdefault(str(place), set()).add(name)
    place = min(users)
    entry = REGISTER.format(place=place)
    store.replace_graphs({str(IRIS.territory_graph()): entry.encode()})
    named = {name for name, graph in graphs.items() if (URIRef(place), None, None) in graph}
    assert register_context(store, ntriples(graphs[min(named)]), IRIS).decode() == entry
    reports, made = validate_all(store, graphs)
    assert users[place] <= made == named < set(graphs)
    assert all(finding.status == "unchanged" for name in made for finding in reports[name].findings)


def test_random_edits_give_what_a_full_run_gives(graphs: dict[str, Graph]) -> None:
    """Fifty edits of random triples, each in a plan that has been changed by those before it."""
    store, rng = open_store("memory:"), Random(5)
    plans = {name: Graph() + graph for name, graph in sorted(graphs.items(), key=lambda one: len(one[1]))[:4]}
    store.replace_graphs({str(IRIS.plan_graph(name)): ntriples(graph) for name, graph in plans.items()})
    triples = {name: sorted(graph) for name, graph in plans.items()}
    validate_all(store, plans)
    for number in range(50):
        name = rng.choice(list(plans))
        edit(plans[name], triples[name], rng)
        store.replace_graphs({str(IRIS.plan_graph(name)): ntriples(plans[name])})
        validate_plan(store, name, IRIS)
        full = validate_unit(stored_unit(store, name, IRIS), IRIS, engine="fast" if number % 10 else "reference")
        assert findings(plan_report(store, name, IRIS)) == findings(full)


def edit(graph: Graph, triples: list[tuple[Node, Node, Node]], rng: Random) -> None:
    s, p, o = rng.choice(triples)
    match rng.randrange(3):
        case 0:
            graph.remove((s, p, o))
        case 1 if isinstance(o, Literal) and o.datatype is None:
            graph.set((s, p, Literal(rng.choice(("", "2021", "vedi sopra", "ATS/ASST", "50")))))
        case _:
            graph.add((rng.choice(triples)[0], p, o))


def without(graph: Graph, node: object) -> Graph:
    rest = Graph() + graph
    rest.remove((None, None, node))
    rest.remove((node, None, None))
    return rest


def test_findings_know_the_report_before(store: GraphStore, graphs: dict[str, Graph]) -> None:
    name = min(graphs)
    first = validate_plan(store, name, IRIS)
    assert {finding.status for finding in first.findings} == {None}
    assert not first.resolved
    plan = Graph() + graphs[name]
    plan.remove((IRIS.plan(name), RAC.coversTerritory, None))
    store.replace_graphs({str(IRIS.plan_graph(name)): ntriples(plan)})
    second = validate_plan(store, name, IRIS)
    assert [finding.rule for finding in second.findings if finding.status == "new"] == ["plan-territory"]
    assert {finding.id for finding in second.findings if finding.status == "unchanged"} == {
        finding.id for finding in first.findings
    }
    store.replace_graphs({str(IRIS.plan_graph(name)): ntriples(graphs[name])})
    third = validate_plan(store, name, IRIS)
    assert [(finding.rule, finding.status) for finding in third.resolved] == [("plan-territory", "resolved")]
    assert plan_report(store, name, IRIS) == third


def test_an_engine_of_another_kind_checks_again(store: GraphStore, graphs: dict[str, Graph]) -> None:
    name = min(graphs)
    fast = validate_plan(store, name, IRIS)
    assert findings(validate_plan(store, name, IRIS, "reference")) == findings(fast)
    assert plan_report(store, name, IRIS).engine != fast.engine


def test_the_key_is_the_same_in_memory_and_in_the_store(store: GraphStore, graphs: dict[str, Graph]) -> None:
    for name, graph in graphs.items():
        assert stored_unit(store, name, IRIS).key() == Unit(name, ntriples(graph)).key()
