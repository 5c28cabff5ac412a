"""What an engine says of a rule, in terms that compare, and how reports and paths are read into them."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import RDF, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node


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


@dataclass(frozen=True)
class RuleRun:
    """What became of one rule: the nodes it looked at and its results, or the kind of fault it has."""

    focus: frozenset[Node] = frozenset()
    results: tuple[Result, ...] = ()
    fault: str | None = None

    @property
    def focus_count(self) -> int:
        """How many nodes the rule looked at."""
        return len(self.focus)


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
