"""The constraints of SHACL Core that say something of single nodes, compiled; each value is judged as pyshacl does."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from pyshacl.constraints.core.string_based_constraints import StringBasedConstraintBase
from pyshacl.rdfutil.compare import compare_literal
from rdflib import RDF, RDFS, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection as RdfList
from rdflib.term import Node

from shapes.plan_graph import PlanGraph
from shapes.results import EngineError

Values = Collection[Node]
Check = Callable[[PlanGraph, Node, Values], Iterable[Node | None]]
"""From a focus node and its value nodes: the values at fault, None for a fault that is no single value's."""
Judge = Callable[[PlanGraph, Node], bool]
Parameters = Mapping[Node, Sequence[Node]]


class Uncompiled(EngineError):
    """Something that only the reference engine knows, or that is wrong: it will say so."""


def only(values: Sequence[Node]) -> Node:
    """The one value of a parameter that takes one."""
    if len(values) != 1:
        raise Uncompiled("several values")
    return values[0]


def whole_number(values: Sequence[Node]) -> int:
    """The one value of a parameter that takes a count."""
    value = only(values)
    if not isinstance(value, Literal) or value.datatype != XSD.integer or not isinstance(value.value, int):
        raise Uncompiled("no count")
    return value.value


def _each(judge: Judge) -> Check:
    return lambda data, focus, values: [value for value in values if not judge(data, value)]


def _all(checks: Iterable[Check]) -> Check:
    parts = tuple(checks)
    return lambda data, focus, values: [fault for part in parts for fault in part(data, focus, values)]


def _min_count(shapes: Graph, parameters: Parameters) -> Check:
    least = whole_number(parameters[SH.minCount])
    return lambda data, focus, values: () if len(values) >= least else (None,)


def _max_count(shapes: Graph, parameters: Parameters) -> Check:
    most = whole_number(parameters[SH.maxCount])
    return lambda data, focus, values: () if len(values) <= most else (None,)


def _class(shapes: Graph, parameters: Parameters) -> Check:
    return _all(_each(_instance_of(kind)) for kind in parameters[SH["class"]])


def _instance_of(kind: Node) -> Judge:
    def judge(data: PlanGraph, value: Node) -> bool:
        kinds = () if isinstance(value, Literal) else data.values(value, RDF.type)
        return kind in kinds or any(kind in data.transitive_objects(each, RDFS.subClassOf) for each in kinds)

    return judge


def _datatype(shapes: Graph, parameters: Parameters) -> Check:
    wanted = only(parameters[SH.datatype])
    if wanted in (RDFS.Literal, RDFS.Datatype, RDF.langString):
        raise Uncompiled("a datatype of its own kind")

    def judge(data: PlanGraph, value: Node) -> bool:
        if not isinstance(value, Literal):
            return False
        if value.datatype is None:
            return wanted == XSD.string and value.language is None
        return value.datatype == wanted and not value.ill_typed

    return _each(judge)


_KINDS: Mapping[Node, tuple[type[Node], ...]] = {
    SH.IRI: (URIRef,),
    SH.Literal: (Literal,),
    SH.BlankNode: (BNode,),
    SH.IRIOrLiteral: (URIRef, Literal),
    SH.BlankNodeOrIRI: (BNode, URIRef),
    SH.BlankNodeOrLiteral: (BNode, Literal),
}


def _node_kind(shapes: Graph, parameters: Parameters) -> Check:
    kinds = _KINDS[only(parameters[SH.nodeKind])]
    return _each(lambda data, value: isinstance(value, kinds))


def _pattern(shapes: Graph, parameters: Parameters) -> Check:
    flags = str(only(parameters[SH.flags])).lower() if SH.flags in parameters else ""
    options = (re.IGNORECASE if "i" in flags else 0) | (re.MULTILINE if "m" in flags else 0)
    patterns = [re.compile(str(pattern), options) for pattern in parameters[SH.pattern]]
    return _all(_each(_matching(pattern)) for pattern in patterns)


def _matching(pattern: re.Pattern[str]) -> Judge:
    return lambda data, value: not isinstance(value, BNode) and pattern.search(_words(value)) is not None


def _words(value: Node) -> str:
    return str(StringBasedConstraintBase.value_node_to_string(value))


def _min_length(shapes: Graph, parameters: Parameters) -> Check:
    least = whole_number(parameters[SH.minLength])
    return _each(lambda data, value: not least or (not isinstance(value, BNode) and len(_words(value)) >= least))


def _max_length(shapes: Graph, parameters: Parameters) -> Check:
    most = whole_number(parameters[SH.maxLength])
    return _each(lambda data, value: not isinstance(value, BNode) and len(_words(value)) <= most)


def _within(term: URIRef, holds: Callable[[int, int], bool]) -> Callable[[Graph, Parameters], Check]:
    def compiled(shapes: Graph, parameters: Parameters) -> Check:
        return _all(_each(_compared(limit, holds)) for limit in parameters[term])

    return compiled


def _compared(limit: Node, holds: Callable[[int, int], bool]) -> Judge:
    if not isinstance(limit, Literal):
        raise Uncompiled("no limit")

    def judge(data: PlanGraph, value: Node) -> bool:
        if not isinstance(value, Literal) or isinstance(value.value, str) != isinstance(limit.value, str):
            return False
        try:
            return holds(compare_literal(value, limit), 0)
        except (TypeError, NotImplementedError):
            return False

    return judge


def _in(shapes: Graph, parameters: Parameters) -> Check:
    allowed = frozenset(RdfList(shapes, only(parameters[SH["in"]])))
    return _each(lambda data, value: value in allowed)


def _has_value(shapes: Graph, parameters: Parameters) -> Check:
    wanted = tuple(parameters[SH.hasValue])
    return lambda data, focus, values: [None for each in wanted if each not in values]


def _equals(shapes: Graph, parameters: Parameters) -> Check:
    return _all(_same_as(predicate) for predicate in parameters[SH.equals])


def _same_as(predicate: Node) -> Check:
    return lambda data, focus, values: set(values) ^ set(data.values(focus, predicate))


def _disjoint(shapes: Graph, parameters: Parameters) -> Check:
    return _all(_apart_from(predicate) for predicate in parameters[SH.disjoint])


def _apart_from(predicate: Node) -> Check:
    return lambda data, focus, values: set(values) & set(data.values(focus, predicate))


def _ordered(term: URIRef, holds: Callable[[Literal, Literal], bool]) -> Callable[[Graph, Parameters], Check]:
    def compiled(shapes: Graph, parameters: Parameters) -> Check:
        return _all(_before(predicate, holds) for predicate in parameters[term])

    return compiled


def _before(predicate: Node, holds: Callable[[Literal, Literal], bool]) -> Check:
    def check(data: PlanGraph, focus: Node, values: Values) -> Iterable[Node | None]:
        return [value for value in values for other in data.values(focus, predicate) if not in_order(value, other)]

    def in_order(value: Node, other: Node) -> bool:
        if not isinstance(value, Literal) or not isinstance(other, Literal):
            raise Uncompiled("no literals")
        one, two = (each.value if isinstance(each.value, str) else each for each in (value, other))
        return type(one) is type(two) and holds(one, two)  # type: ignore[arg-type]

    return check


COMPONENTS: Mapping[Node, tuple[URIRef, Callable[[Graph, Parameters], Check]]] = {
    SH.minCount: (SH.MinCountConstraintComponent, _min_count),
    SH.maxCount: (SH.MaxCountConstraintComponent, _max_count),
    SH["class"]: (SH.ClassConstraintComponent, _class),
    SH.datatype: (SH.DatatypeConstraintComponent, _datatype),
    SH.nodeKind: (SH.NodeKindConstraintComponent, _node_kind),
    SH.pattern: (SH.PatternConstraintComponent, _pattern),
    SH.minLength: (SH.MinLengthConstraintComponent, _min_length),
    SH.maxLength: (SH.MaxLengthConstraintComponent, _max_length),
    SH.minExclusive: (SH.MinExclusiveConstraintComponent, _within(SH.minExclusive, operator.gt)),
    SH.minInclusive: (SH.MinInclusiveConstraintComponent, _within(SH.minInclusive, operator.ge)),
    SH.maxExclusive: (SH.MaxExclusiveConstraintComponent, _within(SH.maxExclusive, operator.lt)),
    SH.maxInclusive: (SH.MaxInclusiveConstraintComponent, _within(SH.maxInclusive, operator.le)),
    SH["in"]: (SH.InConstraintComponent, _in),
    SH.hasValue: (SH.HasValueConstraintComponent, _has_value),
    SH.equals: (SH.EqualsConstraintComponent, _equals),
    SH.disjoint: (SH.DisjointConstraintComponent, _disjoint),
    SH.lessThan: (SH.LessThanConstraintComponent, _ordered(SH.lessThan, operator.lt)),
    SH.lessThanOrEquals: (SH.LessThanOrEqualsConstraintComponent, _ordered(SH.lessThanOrEquals, operator.le)),
}
"""For each parameter: the component whose results it gives, and what compiles it."""
