"""The report as RDF and JSON: what is written is read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef

from ontology.iris import Iris
from ontology.terms import RAC, RAC_NAMESPACE
from shapes.report import CONFORMANCE_DISALLOWS, ValidationReport, report_from_graph, report_graph
from shapes.validate import validate_graph

HERE = Path(__file__).parent
IRIS = Iris()


@pytest.fixture(scope="module")
def report() -> ValidationReport:
    graph = Graph().parse(HERE / "base.ttl")
    for path in sorted(HERE.glob("*/fail.ttl")):
        graph.parse(path)
    graph.set((IRIS.child(IRIS.plan("p"), "objective", 1), RAC.title, Literal('Righe\n"strane" \\ { <b>')))
    return validate_graph(graph, "p", IRIS)


def test_what_is_written_is_read_back(report: ValidationReport) -> None:
    assert report_from_graph(report_graph(report, IRIS), "p", IRIS) == report


def test_read_back_after_a_file(report: ValidationReport) -> None:
    text = report_graph(report, IRIS).serialize(format="nt")
    assert report_from_graph(Graph().parse(data=text, format="nt"), "p", IRIS) == report


def test_read_back_beside_the_plan(report: ValidationReport) -> None:
    together = report_graph(report, IRIS) + Graph().parse(HERE / "base.ttl")
    assert report_from_graph(together, "p", IRIS) == report


def test_no_report_raises() -> None:
    with pytest.raises(KeyError):
        report_from_graph(Graph(), "p", IRIS)


def test_graph_is_a_shacl_report(report: ValidationReport) -> None:
    graph = report_graph(report, IRIS)
    root = IRIS.report("p")
    assert (root, SH.conforms, Literal(False)) in graph
    assert (root, CONFORMANCE_DISALLOWS, SH.Violation) in graph
    results = list(graph.objects(root, SH.result))
    assert len(results) == len(report.findings)
    for node in results:
        for term in (SH.focusNode, SH.resultSeverity, SH.sourceShape, SH.sourceConstraintComponent):
            assert len(list(graph.objects(node, term))) == 1
        assert {m.language for m in graph.objects(node, SH.resultMessage) if isinstance(m, Literal)} == {"it", "en"}
    assert len(list(graph.subjects(RDF.type, RAC.ShapeCheck))) == len(report.checks)


def test_graph_has_no_blank_node_and_no_unknown_term(report: ValidationReport) -> None:
    nodes = {node for triple in report_graph(report, IRIS) for node in triple}
    assert not [node for node in nodes if isinstance(node, BNode)]
    ours = [node for node in nodes if isinstance(node, URIRef) and node.startswith(RAC_NAMESPACE)]
    assert all(node in RAC for node in ours)


def test_json_has_everything(report: ValidationReport) -> None:
    data = json.loads(report.to_json())
    assert data["plan_id"] == "p"
    assert len(data["findings"]) == len(report.findings)
    assert set(data["findings"][0]["message"]) == {"it", "en"}


def test_counts(report: ValidationReport) -> None:
    assert report.count("violation") + report.count("warning") + report.count("info") == len(report.findings)
    assert report.count("info") >= 2
