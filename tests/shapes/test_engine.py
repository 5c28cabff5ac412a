"""The accelerated engine gives what plain pyshacl gives."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDFS, SH, Graph, Literal, URIRef

from ontology.graphs import ontology_graph
from shapes.bundle import shapes_bundle
from shapes.engine import EngineError, _parsed, focus_nodes, path_text, prepared, read_result, run

HERE = Path(__file__).parent
EXAMPLES = sorted(HERE.glob("*/*.ttl"))


def whole(*paths: Path) -> Graph:
    graph = Graph().parse(HERE / "base.ttl")
    for path in paths:
        graph.parse(path)
    for sub, over in ontology_graph().subject_objects(RDFS.subClassOf):
        graph.add((sub, RDFS.subClassOf, over))
    return graph


@pytest.mark.parametrize("paths", [EXAMPLES, EXAMPLES[::2], EXAMPLES[1::2]], ids=["all", "failing", "passing"])
def test_same_results_as_plain_pyshacl(paths: list[Path]) -> None:
    data, shapes = whole(*paths), shapes_bundle().graph
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True)
    expected = Counter(read_result(report, node) for node in report.objects(None, SH.result))
    assert expected or not any(path.stem == "fail" for path in paths)
    assert Counter(run(prepared(data), shapes)) == expected


def test_focus_nodes_of_every_kind_of_target() -> None:
    data = Graph().parse(
        data="""@prefix : <http://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        :B rdfs:subClassOf :A . :one a :A . :two a :B . :two :to :three . """
    )
    shapes = Graph().parse(
        data="""@prefix : <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
        :class sh:targetClass :A . :node sh:targetNode :nowhere . :subjects sh:targetSubjectsOf :to .
        :objects sh:targetObjectsOf :to .
        :query sh:target [ sh:select "SELECT ?this WHERE { ?this ?p ?o . ?o ?q ?r }" ] .
        :broken sh:target [ sh:select "SELECT" ] ."""
    )
    name = "http://example.org/"
    found = {
        shape: {str(node).removeprefix(name) for node in focus_nodes(data, shapes, URIRef(name + shape))}
        for shape in ("class", "node", "subjects", "objects", "query")
    }
    assert found == {
        "class": {"one", "two"},
        "node": {"nowhere"},
        "subjects": {"two"},
        "objects": {"three"},
        "query": {"two"},
    }
    with pytest.raises(EngineError):
        focus_nodes(data, shapes, URIRef(f"{name}broken"))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (":a", "<http://example.org/a>"),
        ("( :a :b )", "<http://example.org/a>/<http://example.org/b>"),
        ("[ sh:inversePath :a ]", "^(<http://example.org/a>)"),
        ("[ sh:alternativePath ( :a :b ) ]", "(<http://example.org/a>|<http://example.org/b>)"),
        ("[ sh:zeroOrMorePath :a ]", "(<http://example.org/a>)*"),
        ("[ sh:oneOrMorePath :a ]", "(<http://example.org/a>)+"),
        ("[ sh:zeroOrOnePath :a ]", "(<http://example.org/a>)?"),
    ],
)
def test_path_text(path: str, text: str) -> None:
    prefixes = "@prefix : <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> . "
    graph = Graph().parse(data=f"{prefixes} :shape sh:path {path} .")
    node = graph.value(URIRef("http://example.org/shape"), SH.path)
    assert node is not None
    assert path_text(graph, node) == text


def test_unknown_path_raises() -> None:
    with pytest.raises(EngineError):
        path_text(Graph(), Literal("a"))


def test_prepared_is_a_copy() -> None:
    graph = Graph().parse(HERE / "base.ttl")
    copy = prepared(graph)
    copy.remove((None, None, None))
    assert len(graph) > 0


def test_each_query_is_parsed_once() -> None:
    data = whole()
    run(prepared(data), shapes_bundle().graph)
    before = _parsed.cache_info().misses
    run(prepared(data), shapes_bundle().graph)
    for rule in shapes_bundle().rules:
        focus_nodes(prepared(data), shapes_bundle().graph, rule.iri)
    assert _parsed.cache_info().misses == before


def test_threads_do_not_disturb_each_other() -> None:
    shapes = shapes_bundle().graph
    graphs = [whole(path) for path in EXAMPLES[:24]]
    alone = [Counter(run(prepared(graph), shapes)) for graph in graphs]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda graph: Counter(run(prepared(graph), shapes)), graphs))
    assert together == alone
