"""Questions that need the class hierarchy answer right on asserted data alone: nothing is inferred at load."""

from __future__ import annotations

import io
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph

from benchmarks.hierarchy import CLOSURE, MATERIALISED, QUESTIONS, answer, asserted
from ontology.graphs import ontology_graph
from ontology.iris import Iris

REGISTER = Path(__file__).parents[2] / "data" / "territory" / "territory.ttl"
IRIS = Iris()
BASE = "https://w3id.org/raccordo/id/"
# Asserted as loaders write it: each actor with its own class, each row with the services it names, no class above them.
PLAN = """
PREFIX : <https://w3id.org/raccordo/id/plan/p/>
PREFIX rac: <https://w3id.org/raccordo/ontology#>
PREFIX role: <https://w3id.org/raccordo/vocab/role/>
PREFIX service: <https://w3id.org/raccordo/vocab/service/>
:row-1 a rac:Row ; rac:involvesService service:cps , service:consultorio .
:row-2 a rac:Row ; rac:involvesService service:uonpia .
:row-3 a rac:Row ; rac:involvesService service:serd , service:tutela-minori .
:row-4 a rac:Row ; rac:involvesService service:psichiatria .
:asst a rac:ASST . :ats a rac:ATS . :ausl a rac:AUSL . :comune a rac:Comune . :ambito a rac:Ambito . :cps a rac:CPS .
:r1 rac:aboutRow :row-1 ; rac:role role:owner ; rac:actor :asst .
:r2 rac:aboutRow :row-1 ; rac:role role:partner ; rac:actor :comune .
:r3 rac:aboutRow :row-2 ; rac:role role:partner ; rac:actor :ats .
:r4 rac:aboutRow :row-3 ; rac:role role:owner ; rac:actor :ambito .
:r5 rac:aboutRow :row-3 ; rac:role role:host ; rac:actor :ausl .
:r6 rac:aboutRow :row-4 ; rac:role role:owner ; rac:actor :cps .
"""
VOCAB = "https://w3id.org/raccordo/vocab/"
ROW = f"{BASE}plan/p/"
EXPECTED = {
    # Not the consultorio, the SerD or child protection, which are services of other kinds.
    "mental-health-rows": [
        (f"{ROW}row-1", f"{VOCAB}service/cps"),
        (f"{ROW}row-2", f"{VOCAB}service/uonpia"),
        (f"{ROW}row-4", f"{VOCAB}service/psichiatria"),
    ],
    # Not the Comune, which is a body of another kind, nor the CPS, which is a unit, nor the Ambito, which is no body.
    "health-authority-roles": [
        (f"{ROW}row-1", f"{VOCAB}role/owner", f"{ROW}asst"),
        (f"{ROW}row-2", f"{VOCAB}role/partner", f"{ROW}ats"),
        (f"{ROW}row-3", f"{VOCAB}role/host", f"{ROW}ausl"),
    ],
}


@pytest.fixture(scope="module")
def store() -> ox.Store:
    found = ox.Store()
    found.load(PLAN.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(f"{BASE}graph/plan/p"))
    found.load(REGISTER.read_bytes(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(str(IRIS.territory_graph())))
    ontology = io.BytesIO(ontology_graph().serialize(format="nt", encoding="utf-8"))
    found.load(ontology, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(str(IRIS.ontology_graph())))
    return found


@pytest.mark.parametrize("name", EXPECTED)
def test_a_question_about_a_plan_follows_the_hierarchy(name: str, store: ox.Store) -> None:
    assert answer(store, asserted(name)) == EXPECTED[name]


def test_any_body_of_an_ats(store: ox.Store) -> None:
    pairs = answer(store, asserted("bodies-of-an-ats"))
    milan = f"{BASE}territory/ats/ats-della-citta-metropolitana-di-milano"
    bodies = {body for ats, body in pairs if ats == milan}
    assert {f"{BASE}territory/asst/asst-di-lodi", f"{BASE}territory/asst/asst-rhodense"} < bodies
    kinds = {body.split("/territory/")[1].split("/")[0] for _, body in pairs}
    # Of two kinds, and no Ambito, though Ambiti lie in the territory of an ATS too.
    assert kinds == {"asst", "irccs"}
    register = Graph().parse(REGISTER)
    ambiti = register.query("SELECT ?a { ?a rac:inTerritoryOf ?ats . ?a a rac:Ambito . ?ats a rac:ATS }")
    assert len(ambiti) > 0


@pytest.mark.parametrize("name", MATERIALISED)
def test_each_question_needs_the_hierarchy(name: str, store: ox.Store) -> None:
    flat = asserted(name).replace("rdfs:subClassOf*", "<https://example.org/nothing>")
    assert "rdfs:subClassOf*" in asserted(name)
    assert answer(store, flat) == []
    assert answer(store, asserted(name))


def test_types_written_at_load_would_give_the_same_answers(store: ox.Store) -> None:
    before = {name: answer(store, asserted(name)) for name in MATERIALISED}
    inferred = ox.Store()
    inferred.extend(store)
    inferred.update(CLOSURE)
    assert {name: answer(inferred, question) for name, question in MATERIALISED.items()} == before


def test_each_question_is_told_in_both_languages_and_measured() -> None:
    names = {path.stem for path in QUESTIONS.glob("*.rq")}
    assert names == set(MATERIALISED)
    for name in names:
        english, italian = asserted(name).splitlines()[:2]
        assert english.startswith("# Question: ")
        assert italian.startswith("# Domanda: ")
