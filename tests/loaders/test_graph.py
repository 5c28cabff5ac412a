"""The graph of a plan: no blank node, the same triples each time, every fact with its passage."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from rdflib import RDF, BNode, Graph, URIRef
from rdflib.compare import isomorphic

from loaders.graph import build_graph
from loaders.pipeline import read_plan
from ontology.graphs import ontology_graph
from ontology.iris import Iris
from ontology.terms import OA, PROV, RAC, concept

PLANS = sorted(p for p in (Path(__file__).parents[2] / "data" / "plans").iterdir() if p.is_dir())
IRIS = Iris()


@cache
def graph(folder: Path) -> Graph:
    return build_graph(read_plan(folder), IRIS)


@pytest.mark.parametrize("folder", PLANS, ids=lambda p: p.name)
def test_no_blank_nodes(folder):
    assert not [t for t in graph(folder) if any(isinstance(term, BNode) for term in t)]


@pytest.mark.parametrize("folder", PLANS, ids=lambda p: p.name)
def test_the_same_files_give_the_same_triples(folder):
    assert isomorphic(graph(folder), build_graph(read_plan(folder), IRIS))


@pytest.mark.parametrize("folder", PLANS, ids=lambda p: p.name)
def test_every_text_has_its_passage_and_every_passage_its_quote(folder):
    triples = graph(folder)
    for node in set(triples.subjects(RAC.text, None)) - set(triples.subjects(RDF.type, RAC.Period)):
        assert (node, RAC.hasPassage, None) in triples, node
    passages = set(triples.objects(None, RAC.hasPassage))
    assert passages
    for passage in passages:
        selector = triples.value(passage, OA.hasSelector)
        assert triples.value(selector, OA.exact)
        assert (triples.value(passage, OA.hasSource), RDF.type, RAC.Rendition) in triples


@pytest.mark.parametrize("folder", PLANS, ids=lambda p: p.name)
def test_only_terms_of_the_ontology(folder):
    known = set(ontology_graph().subjects())
    used = {t for triple in graph(folder) for t in triple[1:] if isinstance(t, URIRef) and "raccordo/ontology#" in t}
    assert not {term for term in used if term not in known}


def test_a_plan_with_two_renditions_keeps_both_places():
    triples = graph(next(p for p in PLANS if p.name.startswith("lodi")))
    row = IRIS.child(IRIS.plan("lodi-2021-2023"), "objective", 2, "row", 1)
    sources = {
        triples.value(passage, OA.hasSource)
        for item in triples.objects(row, RAC.hasCommitment)
        for passage in triples.objects(item, RAC.hasPassage)
    }
    assert len(sources) == 2


def test_a_conflict_keeps_its_two_readings():
    triples = graph(next(p for p in PLANS if p.name.startswith("lodi")))
    row = IRIS.child(IRIS.plan("lodi-2021-2023"), "objective", 1, "row", 1)
    resolved = IRIS.child(row, "status", "resolved")
    values = {
        str(triples.value(s, RAC.statusValue)).rsplit("/", 1)[-1]
        for s in triples.objects(resolved, PROV.wasDerivedFrom)
    }
    assert (resolved, RAC.statusValue, concept("status", "conflicting")) in triples
    assert values == {"present", "absent"}


def test_the_base_of_data_can_be_another():
    other = build_graph(read_plan(PLANS[0]), Iris("https://esempio.example/id/"))
    assert not [s for s in other.subjects() if str(s).startswith(IRIS.base)]
