"""A row that concerns one territory says nothing of the others, and an Ambito with no plan is never lacking."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rdflib import Graph

from api.operations.places import covering_plans
from ontology.graphs import ontology_graph
from ontology.iris import Iris
from queries.ask import ask
from queries.choices import list_choices
from queries.question import load_questions
from store.base import GraphStore
from store.schemes import open_store

IRIS = Iris()
QUESTIONS = load_questions()
LACKING = QUESTIONS["protocols/lacking"]
MATRIX = QUESTIONS["protocols/coverage-matrix"]
THEME = {"theme": "violenza-di-genere"}
PREFIXES = """
@base <https://w3id.org/raccordo/id/> .
@prefix rac: <https://w3id.org/raccordo/ontology#> .
@prefix basis: <https://w3id.org/raccordo/vocab/basis/> .
@prefix status: <https://w3id.org/raccordo/vocab/status/> .
@prefix theme: <https://w3id.org/raccordo/vocab/theme/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
REGISTER = f"""{PREFIXES}
<territory/ats/matrice> a rac:ATS ; rdfs:label "ATS Matrice" .
<territory/asst/alfa> a rac:ASST ; rdfs:label "ASST Alfa" ; rac:inTerritoryOf <territory/ats/matrice> .
<territory/ambito/alfa> a rac:Ambito ; rdfs:label "Alfa" ; rac:inTerritoryOf <territory/ats/matrice> ;
    rac:refersToASST <territory/asst/alfa> .
<territory/ambito/beta> a rac:Ambito ; rdfs:label "Beta" ; rac:inTerritoryOf <territory/ats/matrice> .
<territory/ambito/gamma> a rac:Ambito ; rdfs:label "Gamma" ; rac:inTerritoryOf <territory/ats/matrice> .
<territory/ambito/delta> a rac:Ambito ; rdfs:label "Delta" .
"""


def plan(name: str, territory: str, years: tuple[int, int], rows: list[tuple[str | None, str]]) -> str:
    """A plan with one objective; each row is the territory that it concerns, if any, and its status."""
    lines = [
        PREFIXES,
        f"""<plan/{name}> a rac:Plan ; dcterms:identifier "{name}" ; dcterms:title "{name}" ;
    rac:setOutIn <plan/{name}/d> ; rac:coversTerritory <territory/{territory}> ;
    rac:hasPeriod <plan/{name}/period> ; rac:hasObjective <plan/{name}/o> .
<plan/{name}/d> rac:hasRendition <rendition/{name}> .
<rendition/{name}> a rac:Rendition ; rac:fileName "{name}.txt" .
<plan/{name}/period> a rac:Period ; rac:start "{years[0]}-01-01"^^xsd:date ; rac:end "{years[1]}-12-31"^^xsd:date .
<plan/{name}/o> a rac:Objective ; rac:order 1 ; rac:title "Violenza di genere" ; rac:theme theme:violenza-di-genere .
""",
    ]
    for order, (concerned, status) in enumerate(rows, start=1):
        row = f"plan/{name}/o/{order}"
        if concerned:
            lines.append(f"<{row}> rac:concernsTerritory <territory/{concerned}> .")
        lines.append(f"""<plan/{name}/o> rac:hasRow <{row}> .
<{row}> a rac:Row ; rac:rowOf <plan/{name}/o> ; rac:order {order} ; rac:hasProtocolStatus <{row}/s> .
<{row}/s> a rac:ProtocolStatusAssertion ; rac:basis basis:derived ; rac:statusValue status:{status} ;
    rac:hasPassage <{row}/p> .
<{row}/p> a rac:Passage ; oa:hasSource <rendition/{name}> ; rac:line {order} ; oa:hasSelector <{row}/p/x> .
<{row}/p/x> a oa:TextQuoteSelector ; oa:exact "riga {order}" ; oa:start {order} .""")
    return "\n".join(lines)


PLANS = {
    "matrice": plan(
        "matrice",
        "ats/matrice",
        (2021, 2023),
        [("ambito/alfa", "absent"), ("ambito/beta", "present"), ("distretto/epsilon", "in-preparation")],
    )
    + '\n<territory/distretto/epsilon> a rac:Distretto ; rdfs:label "Distretto Epsilon" .',
    "beta-2018": plan("beta-2018", "ambito/beta", (2018, 2020), [(None, "absent")]),
}


def triples(turtle: str) -> bytes:
    """The Turtle as a store takes it."""
    return Graph().parse(data=turtle).serialize(format="nt", encoding="utf-8")


@pytest.fixture(scope="module")
def store() -> Iterator[GraphStore]:
    """The matrix of an ATS with a mark for each territory, and an older plan of one of its Ambiti."""
    opened = open_store("memory:")
    words = ontology_graph().serialize(format="nt", encoding="utf-8")
    graphs = {str(IRIS.plan_graph(name)): triples(text) for name, text in PLANS.items()}
    opened.replace_graphs({**graphs, str(IRIS.territory_graph()): triples(REGISTER), str(IRIS.ontology_graph()): words})
    yield opened
    opened.close()


def lacking(store: GraphStore, iris: Iris, **values: str) -> set[tuple[str | None, ...]]:
    """The territory, answer, scope, row number and count of present rows of each row of the answer."""
    columns = ("territoryLabel", "answer", "scope", "presentRows")
    rows = ask(store, LACKING, {**THEME, **values}, iris).rows
    return {(*(row.text(name) for name in columns), (row.text("row") or "").rpartition("/")[2] or None) for row in rows}


def test_a_mark_answers_for_its_territory_alone(store: GraphStore, iris: Iris) -> None:
    assert lacking(store, iris) == {
        ("Alfa", "declared-absent", "area", "0", "1"),
        ("Beta", "declared-absent", "own", "1", "1"),
        ("Gamma", "not-stated", "area", "0", None),
        ("Distretto Epsilon", "in-preparation", "area", "0", "3"),
        ("Delta", "no-document", None, "0", None),
    }


def test_in_force_on_a_day_an_older_plan_is_silent(store: GraphStore, iris: Iris) -> None:
    assert not {row for row in lacking(store, iris, date="2022-06-30") if row[0] == "Beta"}
    assert ("Beta", "declared-absent", "own", "0", "1") in lacking(store, iris, date="2019-06-30")
    assert {row[1] for row in lacking(store, iris, date="2030-01-01")} == {"no-document"}


@pytest.mark.parametrize("values", [{}, {"date": "2022-06-30"}, {"period": "2018-2020"}, {"territory": "Delta"}])
def test_an_ambito_with_no_plan_is_never_lacking(store: GraphStore, iris: Iris, values: dict[str, str]) -> None:
    answers = {row[1] for row in lacking(store, iris, **values) if row[0] == "Delta"}
    assert answers == {"no-document"}


def test_an_asst_leaves_its_own_ambiti(store: GraphStore, iris: Iris) -> None:
    assert {row[0] for row in lacking(store, iris, asst="asst/alfa")} == {"Alfa"}


def test_the_matrix_says_the_same(store: GraphStore, iris: Iris) -> None:
    columns = ("territoryLabel", "status", "scope", "rows", "absent", "present", "inPreparation", "notStated")
    rows = ask(store, MATRIX, THEME, iris).rows
    assert {tuple(row.text(name) for name in columns) for row in rows} == {
        ("Alfa", "absent", "area", "1", "1", "0", "0", "0"),
        ("Beta", "absent", "both", "2", "1", "1", "0", "0"),
        ("Gamma", "not-stated", None, "0", "0", "0", "0", "0"),
        ("Distretto Epsilon", "in-preparation", "area", "1", "0", "0", "1", "0"),
        ("Delta", "no-document", None, None, None, None, None, None),
    }
    assert {row.text("territoryLabel") for row in ask(store, MATRIX, {"asst": "asst/alfa"}, iris).rows} == {"Alfa"}


def test_row_by_row_a_territory_has_its_own_marks(store: GraphStore, iris: Iris) -> None:
    rows = ask(store, QUESTIONS["protocols/statuses"], {"territory": "Alfa"}, iris).rows
    assert [(row.text("status"), len(row.sources)) for row in rows] == [("absent", 1)]


def test_a_territory_that_only_a_row_names_can_be_chosen(store: GraphStore, iris: Iris) -> None:
    choices = {choice.it for choice in list_choices(store, LACKING.parameter("territory"), iris)}
    assert {"Alfa", "Delta", "Distretto Epsilon"} <= choices


def test_a_plan_whose_rows_concern_a_territory_covers_it(store: GraphStore, iris: Iris) -> None:
    covering = covering_plans(store, iris, str(iris.territory("distretto", "epsilon")))
    assert {(one.plan_id, one.scope) for found in covering.values() for one in found} == {("matrice", "area")}
