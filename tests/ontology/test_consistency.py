"""HermiT: the modules hold, and a planted fault does not pass."""

from __future__ import annotations

import shutil

import pytest
from rdflib import Graph, URIRef

from ontology.consistency import ReasonerMissing, check_consistency, main
from ontology.graphs import modules_graph
from ontology.terms import OWL, RAC, RDF, RDFS

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="HermiT runs on Java, and there is no java here")
NEW = URIRef("https://example.org/new")


def modules_and(*triples: tuple[URIRef, URIRef, URIRef]) -> Graph:
    graph = Graph() + modules_graph()
    for triple in triples:
        graph.add(triple)
    return graph


@needs_java
def test_the_ontology_is_consistent_and_every_class_can_have_a_member(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    assert capsys.readouterr().out == "consistent\n"


@needs_java
def test_a_class_below_two_disjoint_classes_is_found() -> None:
    fault = modules_and((NEW, RDF.type, OWL.Class), (NEW, RDFS.subClassOf, RAC.ATS), (NEW, RDFS.subClassOf, RAC.Ambito))
    found = check_consistency(fault)
    assert found.consistent
    assert found.unsatisfiable == (str(NEW),)
    assert not found.holds


@needs_java
def test_a_member_of_two_disjoint_classes_is_found() -> None:
    fault = modules_and((NEW, RDF.type, OWL.NamedIndividual), (NEW, RDF.type, RAC.ATS), (NEW, RDF.type, RAC.Ambito))
    assert not check_consistency(fault).consistent


def test_without_java_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ReasonerMissing):
        check_consistency(modules_graph())
    assert main() == 2
    assert "Java" in capsys.readouterr().err
