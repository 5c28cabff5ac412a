"""The parts of the engines: paths, queries asked once for all, the indexed graph, targets, faults."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef

from shapes.bundle import read_shapes, shapes_bundle
from shapes.compiled import Compiled
from shapes.engine import ENGINES, EngineName, engine_version, run_rules
from shapes.paths import compile_path
from shapes.plan_graph import PlanGraph, canonical_lines
from shapes.queries import _prepared, prepared_query
from shapes.results import EngineError, path_text
from shapes.validate import hierarchy

HERE = Path(__file__).parent
EX = "http://example.org/"
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
PREFIXES = f"@prefix : <{EX}> . @prefix sh: <{SH}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "


def plan(*paths: Path) -> PlanGraph:
    graph = Graph().parse(HERE / "base.ttl")
    for path in paths:
        graph.parse(path)
    return PlanGraph(graph.serialize(format="nt", encoding="utf-8"), hierarchy())


def small(turtle: str) -> PlanGraph:
    return PlanGraph.of(Graph().parse(data=PREFIXES + turtle))


TARGETS = {
    "sh:targetClass :A": {"one", "two"},
    "sh:targetNode :nowhere": {"nowhere"},
    "sh:targetSubjectsOf :to": {"two"},
    "sh:targetObjectsOf :to": {"three"},
    'sh:target [ sh:select "SELECT ?this WHERE { ?this ?p ?o . ?o ?q ?r }" ]': {"two"},
    "sh:targetNode :one , :nowhere ; sh:targetClass :B": {"nowhere", "one", "two"},
}


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("target", TARGETS)
def test_focus_nodes_of_every_kind_of_target(target: str, name: EngineName) -> None:
    data = small(":B rdfs:subClassOf :A . :one a :A . :two a :B ; :to :three .")
    shapes = read_shapes(f"{PREFIXES} :shape a sh:NodeShape ; {target} ; sh:hasValue :none .".encode())
    run = ENGINES[name](shapes).run(data, URIRef(f"{EX}shape"))
    assert {str(result.focus).removeprefix(EX) for result in run.results} == TARGETS[target]
    assert run.focus_count == len(TARGETS[target])


PATHS = {
    ":a": ("<{}a>", {"2", "3"}),
    "( :a :b )": ("<{}a>/<{}b>", {"4"}),
    "[ sh:inversePath :a ]": ("^(<{}a>)", {"0"}),
    "[ sh:inversePath ( :b :a ) ]": ("^(<{}b>/<{}a>)", {"5"}),
    "[ sh:alternativePath ( :a :b ) ]": ("(<{}a>|<{}b>)", {"2", "3", "6"}),
    "[ sh:zeroOrMorePath :a ]": ("(<{}a>)*", {"1", "2", "3"}),
    "[ sh:oneOrMorePath :a ]": ("(<{}a>)+", {"2", "3"}),
    "[ sh:zeroOrOnePath :a ]": ("(<{}a>)?", {"1", "2", "3"}),
}


@pytest.mark.parametrize("path", PATHS)
def test_paths(path: str) -> None:
    text, values = PATHS[path]
    graph = Graph().parse(data=f"{PREFIXES} :shape sh:path {path} .")
    node = graph.value(URIRef(f"{EX}shape"), SH.path)
    assert node is not None
    assert path_text(graph, node) == text.replace("{}", EX)
    data = small(":0 :a :1 . :5 :b :0 . :1 :a :2 , :3 ; :b :6 . :2 :a :3 ; :b :4 . :3 :b :4 .")
    found = compile_path(graph, node)(data, URIRef(f"{EX}1"))
    assert {str(value).removeprefix(EX) for value in found} == values
    assert len(found) == len(values)


def test_unknown_path_raises() -> None:
    for read in (path_text, compile_path):
        with pytest.raises(EngineError):
            read(Graph(), Literal("a"))


def test_graph_reads_what_rdflib_reads() -> None:
    words = ["tab\t", "a\r\nb", 'q"', "\\", "\u2028\x85\x0b", "é", "\U0001f600", "\x00"]
    graph = Graph()
    for number, text in enumerate(words):
        graph.add((URIRef(f"{EX}è"), URIRef(f"{EX}{number}"), Literal(text)))
    graph.add((BNode("b"), RDF.type, Literal("1.50", datatype=XSD.decimal)))
    graph.add((BNode("b"), RDF.type, Literal("ciao", lang="it")))
    assert set(PlanGraph.of(graph)) == set(graph)
    assert len(PlanGraph.of(graph)) == len(graph)


def test_graph_reads_every_freedom_of_ntriples() -> None:
    text = f'# a comment\n\n  <{EX}a>\t<{EX}b> "\\u0041\\t"^^<{XSD.string}> . # more\n<{EX}\\u00E8> <{EX}b> _:x.\n'
    data = PlanGraph(text.encode())
    assert len(data) == 2
    assert data.values(URIRef(f"{EX}a"), URIRef(f"{EX}b")) == [Literal("A\t")]
    assert isinstance(data.values(URIRef(f"{EX}è"), URIRef(f"{EX}b"))[0], BNode)


def test_lines_are_the_same_whoever_wrote_them() -> None:
    one = f'<{EX}a> <{EX}b> "x\ty" .\n<{EX}a> <{EX}b> "z"^^<{XSD.string}> .\n'.encode()
    two = f'<{EX}a> <{EX}b> "z" .\n<{EX}a> <{EX}b> "x\\ty" .\n<{EX}a> <{EX}b> "z" .\n'.encode()
    assert canonical_lines(one) == canonical_lines(two)


def test_graph_does_not_change() -> None:
    data = small(":a :b :c .")
    triple = next(iter(data))
    assert data.add(triple) is data
    for change in (lambda: data.add(triple[::-1]), lambda: data.remove(triple), lambda: data.addN([(*triple, data)])):
        with pytest.raises(TypeError):
            change()


WHOLE = {
    "?this ?p ?o": True,
    "?this ?p ?o FILTER(?this != ?o)": True,
    "?this ?p ?o OPTIONAL { ?this ?q ?value }": True,
    "{ ?this ?p ?o } UNION { ?this ?q ?o }": True,
    "?this ?p ?o FILTER NOT EXISTS { ?this ?q ?r }": True,
    "?this ?p ?o BIND(STR(?this) AS ?value)": True,
    "?x ?p ?o FILTER(?x = ?this)": False,
    "{ ?this ?p ?o } UNION { ?x ?q ?o FILTER(?x = ?this) }": False,
    "?x ?p ?o OPTIONAL { ?this ?q ?value }": False,
    "?x ?p ?o OPTIONAL { ?x ?q ?value FILTER(?x = ?this) } ?this ?r ?s": False,
    "?this ?p ?o MINUS { ?this ?q 1 }": False,
    "?this ?p ?o { SELECT ?o WHERE { ?x ?y ?o } LIMIT 1 }": False,
    "?this ?p ?o FILTER NOT EXISTS { { SELECT ?o WHERE { ?x ?y ?o } LIMIT 1 } }": False,
    "GRAPH ?g { ?this ?p ?o }": False,
}


@pytest.mark.parametrize("pattern", WHOLE)
def test_only_joined_queries_are_asked_for_all_nodes_at_once(pattern: str) -> None:
    assert prepared_query(f"SELECT DISTINCT ?this ?value WHERE {{ {pattern} }}").whole == WHOLE[pattern]


def test_counts_and_limits_are_not_asked_for_all_nodes_at_once() -> None:
    counted = "SELECT ?this (COUNT(?o) AS ?value) WHERE { ?this ?p ?o } GROUP BY ?this"
    assert not prepared_query(counted).whole
    assert not prepared_query("SELECT ?this WHERE { ?this ?p ?o } LIMIT 1").whole


def test_values_keep_the_words_of_the_plan() -> None:
    """Oxigraph knows 1.50 as 1.5; the finding must not."""
    data = small(":a :b 1.50 . :c :b 2 .")
    query = "SELECT DISTINCT $this ?value WHERE { $this :b ?value }"
    shape = f':shape a sh:NodeShape ; sh:targetSubjectsOf :b ; sh:sparql [ sh:select "{query}" ; sh:prefixes :p ] .'
    prefix = f':p sh:declare [ sh:prefix "" ; sh:namespace "{EX}" ] .'
    shapes = read_shapes(f"{PREFIXES} {shape} {prefix}".encode())
    for make in ENGINES.values():
        values = {str(result.value) for result in make(shapes).run(data, URIRef(f"{EX}shape")).results}
        assert values == {"1.50", "2"}


def test_every_rule_of_ours_is_compiled() -> None:
    rules = {rule.iri for rule in shapes_bundle().rules}
    assert rules <= Compiled(shapes_bundle().graph).compiled()


def test_each_query_is_parsed_once() -> None:
    for name in ENGINES:
        run_rules(plan(), shapes_bundle(), name)
    before = _prepared.cache_info().misses
    for name in ENGINES:
        run_rules(plan(), shapes_bundle(), name)
    assert _prepared.cache_info().misses == before


@pytest.mark.parametrize("name", ENGINES)
def test_threads_do_not_disturb_each_other(name: EngineName) -> None:
    graphs = [plan(path) for path in sorted(HERE.glob("*/fail.ttl"))[:16]]
    alone = [run_rules(graph, shapes_bundle(), name) for graph in graphs]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda graph: run_rules(graph, shapes_bundle(), name), graphs))
    assert [{rule: set(run.results) for rule, run in one.items()} for one in together] == [
        {rule: set(run.results) for rule, run in one.items()} for one in alone
    ]


def test_versions_tell_the_engines_apart() -> None:
    assert engine_version("fast") != engine_version("reference")
    assert "pyshacl-" in engine_version("fast")


def patterns_of_queries() -> list[str]:
    """The texts that queries of ours give to REGEX and REPLACE as patterns, or might."""
    selects = [str(select) for select in shapes_bundle().graph.objects(None, SH.select)]
    texts = [text for select in selects if re.search("REGEX|REPLACE", select) for text in _TEXT.findall(select)]
    return sorted({text.replace("\\\\", "\\") for text in texts if len(text) > 2})


@pytest.mark.parametrize("pattern", patterns_of_queries())
def test_patterns_of_queries_mean_something_to_both_engines(pattern: str) -> None:
    re.compile(pattern)
    (row,) = ox.Store().query(f'SELECT (REGEX("", {Literal(pattern).n3()}) AS ?is) {{}}')
    assert row["is"] is not None
