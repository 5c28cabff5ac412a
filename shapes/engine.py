"""The reference engine: pyshacl on one graph in memory, with each query of the shapes parsed once for the process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from threading import Lock
from typing import Any

import pyshacl
from pyparsing import ParseBaseException
from rdflib import OWL, RDF, RDFS, SH, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.exceptions import Error as RdflibError
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query, SPARQLError
from rdflib.query import Result as QueryResult
from rdflib.term import IdentifiedNode, Node

# What pyshacl, rdflib and their parsers raise on a faulty shape, found by trying; RuntimeError covers pyshacl's own.
FAULTS = (
    RuntimeError, ValueError, TypeError, LookupError, AttributeError, AssertionError, ArithmeticError,
    re.error, ParseBaseException, SPARQLError, RdflibError,
)  # fmt: skip

# pyshacl writes into the shapes graph and rdflib's query parser keeps state: one validation at a time in a process.
_ENGINE = Lock()

Namespaces = tuple[tuple[str, str], ...]


class EngineError(Exception):
    """The shapes could not be run: `str()` names the kind of fault."""


@dataclass(frozen=True)
class Result:
    """One validation result; `path` is the path in SPARQL notation, so that it compares without blank nodes."""

    focus: Node
    shape: Node
    component: URIRef
    severity: Node
    path: str | None
    value: Node | None


class PreparedGraph(Graph):
    """A graph that parses each query text once: parsing takes a hundred times longer than the query itself."""

    _namespaces: Namespaces | None = None

    def query(
        self,
        query_object: str | Query,
        processor: Any = "sparql",
        result: Any = "sparql",
        initNs: Any = None,
        initBindings: Any = None,
        use_store_provided: bool = True,
        **kwargs: Any,
    ) -> QueryResult:
        """The answer of rdflib's own engine, from a prepared query."""
        if isinstance(query_object, str):
            query_object = _prepared(query_object, self._known_namespaces())
        return super().query(query_object, processor, result, initNs, initBindings, use_store_provided, **kwargs)

    def _known_namespaces(self) -> Namespaces:
        if self._namespaces is None:
            self._namespaces = tuple((prefix, str(namespace)) for prefix, namespace in self.namespaces())
        return self._namespaces


@lru_cache(maxsize=1024)
def _prepared(text: str, namespaces: Namespaces) -> Query:
    # pyshacl and we write the same prefixes in front, each in its own order.
    lines = text.split("\n")
    prefixes = list(takewhile(lambda line: line.startswith("PREFIX "), lines))
    return _parsed("\n".join((*sorted(prefixes), *lines[len(prefixes) :])), namespaces)


@lru_cache(maxsize=1024)
def _parsed(text: str, namespaces: Namespaces) -> Query:
    return prepareQuery(text, initNs=dict(namespaces))


def prepared(graph: Graph) -> PreparedGraph:
    """A copy of the graph for the engine, with `xsd:string` literals as plain ones, which pyshacl would tell apart."""
    copy = PreparedGraph(bind_namespaces="none")
    for prefix, namespace in graph.namespaces():
        copy.bind(prefix, namespace)
    copy.addN((s, p, _plain(o), copy) for s, p, o in graph)
    return copy


def _plain(node: Node) -> Node:
    if isinstance(node, Literal) and node.datatype == XSD.string:
        return Literal(str(node))
    return node


def run(data: Graph, shapes: Graph) -> tuple[Result, ...]:
    """The results of all shapes on the data, in no particular order; EngineError when a shape cannot be run."""
    with _ENGINE:
        try:
            _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True, inplace=True)
        except FAULTS as fault:
            raise EngineError(type(fault).__name__) from fault
    if not isinstance(report, Graph):
        raise EngineError(type(report).__name__)
    return tuple(_results(report))


def _results(report: Graph) -> Iterator[Result]:
    for root in report.subjects(RDF.type, SH.ValidationReport):
        for node in report.objects(root, SH.result):
            yield read_result(report, node)


def read_result(report: Graph, node: Node) -> Result:
    """One `sh:ValidationResult` of a report graph."""
    values = {term: report.value(node, term) for term in (SH.focusNode, SH.sourceShape, SH.resultSeverity)}
    path = report.value(node, SH.resultPath)
    return Result(
        focus=_node(values[SH.focusNode]),
        shape=_node(values[SH.sourceShape]),
        component=URIRef(str(report.value(node, SH.sourceConstraintComponent))),
        severity=_node(values[SH.resultSeverity]),
        path=None if path is None else path_text(report, path),
        value=report.value(node, SH.value),
    )


def _node(node: Node | None) -> Node:
    if node is None:
        raise EngineError("incomplete result")
    return node


MODIFIERS = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


def path_text(graph: Graph, path: Node) -> str:
    """A SHACL path in SPARQL notation with full IRIs."""
    if isinstance(path, URIRef):
        return path.n3()
    if (path, RDF.first, None) in graph:
        return "/".join(path_text(graph, step) for step in Collection(graph, path))
    if (choice := graph.value(path, SH.alternativePath)) is not None:
        return "(" + "|".join(path_text(graph, step) for step in Collection(graph, choice)) + ")"
    if (step := graph.value(path, SH.inversePath)) is not None:
        return "^(" + path_text(graph, step) + ")"
    for term, sign in MODIFIERS.items():
        if (step := graph.value(path, term)) is not None:
            return "(" + path_text(graph, step) + ")" + sign
    raise EngineError("unknown path")


def focus_nodes(data: Graph, shapes: Graph, shape: IdentifiedNode) -> frozenset[Node]:
    """The nodes that a shape's own targets select; EngineError when a target's query cannot be run."""
    found: set[Node] = set(shapes.objects(shape, SH.targetNode))
    for target in shapes.objects(shape, SH.targetClass):
        found.update(_instances(data, target))
    for target in shapes.objects(shape, SH.targetSubjectsOf):
        found.update(data.subjects(target))
    for target in shapes.objects(shape, SH.targetObjectsOf):
        found.update(data.objects(None, target))
    for target in shapes.objects(shape, SH.target):
        found.update(_selected(data, shapes, target))
    return frozenset(found)


def _instances(data: Graph, kind: Node) -> Iterator[Node]:
    for subclass in data.transitive_subjects(RDFS.subClassOf, kind):
        yield from data.subjects(RDF.type, subclass)


def _selected(data: Graph, shapes: Graph, target: Node) -> Iterator[Node]:
    try:
        rows = data.query(_prologue(shapes, target) + str(shapes.value(target, SH.select)))
        for row in rows.bindings:
            yield from row.values()
    except FAULTS as fault:
        raise EngineError(type(fault).__name__) from fault


def _prologue(shapes: Graph, query: Node) -> str:
    # What pyshacl puts before a query, so that both use the same prepared one.
    prefixes = {"rdf": str(RDF), "rdfs": str(RDFS), "owl": str(OWL)}
    for ontology in shapes.objects(query, SH.prefixes):
        for declaration in shapes.objects(ontology, SH.declare):
            prefixes[str(shapes.value(declaration, SH.prefix))] = str(shapes.value(declaration, SH.namespace))
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in prefixes.items()) + "\n"
