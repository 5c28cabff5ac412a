"""SHACL paths compiled to look-ups."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from rdflib import RDF, SH, Graph, URIRef
from rdflib.collection import Collection as RdfList
from rdflib.term import Node

from shapes.plan_graph import PlanGraph
from shapes.results import EngineError

Values = Callable[[PlanGraph, Node], Collection[Node]]


def compile_path(shapes: Graph, path: Node, inverse: bool = False) -> Values:
    """What gives the value nodes of a focus node, each once; raises `EngineError` for what is no path."""
    if isinstance(path, URIRef):
        return _towards(path) if inverse else _along(path)
    if (path, RDF.first, None) in shapes:
        steps = [compile_path(shapes, step, inverse) for step in RdfList(shapes, path)]
        return _in_turn(steps[::-1] if inverse else steps)
    for term, compiled in _FORMS.items():
        if (part := shapes.value(path, term)) is not None:
            return compiled(shapes, part, inverse)
    raise EngineError("unknown path")


def _alternative(shapes: Graph, choices: Node, inverse: bool) -> Values:
    return _any([compile_path(shapes, step, inverse) for step in RdfList(shapes, choices)])


def _inverse(shapes: Graph, step: Node, inverse: bool) -> Values:
    return compile_path(shapes, step, not inverse)


def _zero_or_one(shapes: Graph, step: Node, inverse: bool) -> Values:
    return _any([_itself, compile_path(shapes, step, inverse)])


def _one_or_more(shapes: Graph, step: Node, inverse: bool) -> Values:
    return _again(compile_path(shapes, step, inverse))


def _zero_or_more(shapes: Graph, step: Node, inverse: bool) -> Values:
    return _any([_itself, _one_or_more(shapes, step, inverse)])


_FORMS: Mapping[URIRef, Callable[[Graph, Node, bool], Values]] = {
    SH.alternativePath: _alternative,
    SH.inversePath: _inverse,
    SH.zeroOrOnePath: _zero_or_one,
    SH.oneOrMorePath: _one_or_more,
    SH.zeroOrMorePath: _zero_or_more,
}


def _itself(data: PlanGraph, node: Node) -> Collection[Node]:
    return (node,)


def _along(predicate: URIRef) -> Values:
    return lambda data, node: data.values(node, predicate)


def _towards(predicate: URIRef) -> Values:
    return lambda data, node: data.holders(predicate, node)


def _in_turn(steps: Iterable[Values]) -> Values:
    def values(data: PlanGraph, node: Node) -> Collection[Node]:
        found: Collection[Node] = (node,)
        for step in steps:
            found = {value for each in found for value in step(data, each)}
        return found

    return values


def _any(choices: Iterable[Values]) -> Values:
    return lambda data, node: {value for choice in choices for value in choice(data, node)}


def _again(step: Values) -> Values:
    def values(data: PlanGraph, node: Node) -> Collection[Node]:
        found: set[Node] = set()
        waiting = list(step(data, node))
        while waiting:
            each = waiting.pop()
            if each not in found:
                found.add(each)
                waiting.extend(step(data, each))
        return found

    return values
