"""The fast engine: each rule compiled once to look-ups in the indexed graph; what it does not compile, pyshacl runs."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyshacl.helper.sparql_query_helper import SPARQLQueryHelper
from pyshacl.shape import Shape
from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef, Variable
from rdflib.collection import Collection as RdfList
from rdflib.term import Node

from shapes.constraints import COMPONENTS, Check, Uncompiled, only, whole_number
from shapes.paths import compile_path
from shapes.plan_graph import PlanGraph
from shapes.queries import PreparedQuery, Row, prepared_query
from shapes.reference import FAULTS, Reference
from shapes.results import Result, RuleRun, path_text

Focus = Callable[[PlanGraph], Collection[Node]]
Run = Callable[[PlanGraph, Node], Iterator[Result]]
Part = Callable[[PlanGraph, Node, Collection[Node]], Iterator[Result]]

_THIS, _PATH, _VALUE, _FAILURE = (Variable(name) for name in ("this", "path", "value", "failure"))
_NESTING: Mapping[Node, URIRef] = {
    SH.node: SH.NodeConstraintComponent,
    SH["not"]: SH.NotConstraintComponent,
    SH["and"]: SH.AndConstraintComponent,
    SH["or"]: SH.OrConstraintComponent,
    SH.xone: SH.XoneConstraintComponent,
}
_QUALIFIED = (
    (SH.qualifiedMinCount, SH.QualifiedMinCountConstraintComponent, operator.lt),
    (SH.qualifiedMaxCount, SH.QualifiedMaxCountConstraintComponent, operator.gt),
)
_SILENT = frozenset({
    SH.path, SH.target, SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.severity, SH.message,
    SH.name, SH.description, SH.order, SH.group, SH.flags, SH.qualifiedMinCount, SH.qualifiedMaxCount,
})  # fmt: skip


@dataclass(frozen=True)
class Program:
    """A compiled rule: its focus nodes, and its results on one of them."""

    focus: Focus
    run: Run


class Compiled:
    """The rules of one shapes graph, compiled."""

    def __init__(self, shapes: Graph) -> None:
        """Compile the shapes; raises `EngineError` when they are no shapes."""
        self._reference = Reference(shapes)
        self._programs: dict[Node, Program] = {}
        compiler = _Compiler(self._reference)
        for name in self._reference.names():
            try:
                self._programs[name] = compiler.program(name)
            except FAULTS:
                # Whatever is wrong with a shape, the reference engine says it.
                continue

    def names(self) -> tuple[Node, ...]:
        """The shapes, those without targets among them."""
        return self._reference.names()

    def compiled(self) -> frozenset[Node]:
        """The shapes that need no other engine."""
        return frozenset(self._programs)

    def run(self, data: PlanGraph, shape: Node) -> RuleRun:
        """What one shape says of the data."""
        program = self._programs.get(shape)
        if program is None:
            return self._reference.run(data, shape)
        try:
            focus = program.focus(data)
            return RuleRun(frozenset(focus), tuple(result for node in focus for result in program.run(data, node)))
        except FAULTS:
            return self._reference.run(data, shape)


class _Compiler:
    """Makes programs of the shapes that the reference engine has read."""

    def __init__(self, reference: Reference) -> None:
        self._graph = reference.graph
        self._shapes = reference.shapes
        self._runs: dict[Node, Run] = {}
        self._open: set[Node] = set()

    def program(self, name: Node) -> Program:
        """A shape with its targets."""
        if (None, SH.parameter, None) in self._graph:
            raise Uncompiled("constraint components")
        return Program(compile_targets(self._graph, self._shapes[name]), self._run(name))

    def _run(self, name: Node) -> Run:
        """The results of a shape on a focus node, its targets left aside; none of a shape that leads back to itself."""
        if name in self._open:
            raise Uncompiled("recursion")
        if name not in self._runs:
            self._open.add(name)
            try:
                self._runs[name] = self._compiled(self._shapes[name])
            finally:
                self._open.discard(name)
        return self._runs[name]

    def _compiled(self, shape: Shape) -> Run:
        parameters: dict[Node, list[Node]] = defaultdict(list)
        for predicate, value in self._graph.predicate_objects(shape.node):
            parameters[predicate].append(value)
        parts = tuple(self._parts(shape, parameters))
        path = shape.path()
        values = compile_path(self._graph, path) if path is not None else None

        def run(data: PlanGraph, focus: Node) -> Iterator[Result]:
            found = (focus,) if values is None else values(data, focus)
            for part in parts:
                yield from part(data, focus, found)

        return run

    def _parts(self, shape: Shape, parameters: Mapping[Node, Sequence[Node]]) -> Iterator[Part]:
        for term in parameters:
            if term in COMPONENTS:
                component, compiled = COMPONENTS[term]
                yield self._reported(shape, component, compiled(self._graph, parameters))
            elif term in _NESTING:
                component = _NESTING[term]
                yield from (self._reported(shape, component, self._nested(term, each)) for each in parameters[term])
            elif term == SH.qualifiedValueShape:
                yield from self._qualified(shape, parameters)
            elif term == SH.property:
                yield from (self._property(each) for each in parameters[term])
            elif term == SH.sparql:
                yield from (compile_query(self._graph, shape, each) for each in parameters[term])
            elif str(term).startswith(str(SH)) and term not in _SILENT:
                raise Uncompiled(str(term))

    def _reported(self, shape: Shape, component: URIRef, check: Check) -> Part:
        path = _path_of(self._graph, shape)

        def part(data: PlanGraph, focus: Node, values: Collection[Node]) -> Iterator[Result]:
            for value in check(data, focus, values):
                yield Result(focus, shape.node, component, shape.severity, path, value)

        return part

    def _nested(self, term: Node, value: Node) -> Check:
        """Of sh:node, sh:not, sh:and, sh:or, sh:xone: the values with the wrong number of shapes they conform to."""
        members = [value] if term in (SH.node, SH["not"]) else list(RdfList(self._graph, value))
        runs = [self._run(member) for member in members]
        if term == SH.node and self._shapes[value].is_property_shape:
            raise Uncompiled("no node shape")
        right: Collection[int] = {len(runs)}
        if term in (SH["not"], SH.xone):
            right = {int(term == SH.xone)}
        elif term == SH["or"]:
            right = range(1, len(runs) + 1)

        def check(data: PlanGraph, focus: Node, values: Collection[Node]) -> list[Node]:
            return [each for each in values if sum(_conforms(run, data, each) for run in runs) not in right]

        return check

    def _qualified(self, shape: Shape, parameters: Mapping[Node, Sequence[Node]]) -> Iterator[Part]:
        run = self._run(only(parameters[SH.qualifiedValueShape]))
        for term, component, wrong in _QUALIFIED:
            if term in parameters:
                limit = whole_number(parameters[term])
                yield self._reported(shape, component, _counted(run, limit, wrong))

    def _property(self, name: Node) -> Part:
        run = self._run(name)
        if not self._shapes[name].is_property_shape:
            raise Uncompiled("no property shape")
        return lambda data, focus, values: (result for value in values for result in run(data, value))


def _conforms(run: Run, data: PlanGraph, node: Node) -> bool:
    return next(run(data, node), None) is None


def _counted(run: Run, limit: int, wrong: Callable[[int, int], bool]) -> Check:
    def check(data: PlanGraph, focus: Node, values: Collection[Node]) -> tuple[None, ...]:
        return (None,) if wrong(sum(_conforms(run, data, value) for value in values), limit) else ()

    return check


def _path_of(graph: Graph, shape: Shape) -> str | None:
    path = shape.path()
    return None if path is None else path_text(graph, path)


def compile_query(graph: Graph, shape: Shape, constraint: Node) -> Part:
    """A `sh:sparql` constraint that is answered for all focus nodes at once."""
    select = only(list(graph.objects(constraint, SH.select)))
    if not isinstance(select, Literal) or (constraint, SH.deactivated, None) in graph:
        raise Uncompiled("no query")
    query = prepared_of(graph, shape, constraint, str(select))
    path, component = _path_of(graph, shape), SH.SPARQLConstraintComponent

    def part(data: PlanGraph, focus: Node, values: Collection[Node]) -> Iterator[Result]:
        rows = data.answers.rows(query, {"this": focus})
        if rows is None:
            raise Uncompiled("not for all at once")
        own = None if shape.is_property_shape else focus
        seen: list[Row] = []
        for row in rows:
            if _PATH in row or _FAILURE in row:
                raise Uncompiled("a path or a failure of its own")
            if row not in seen:
                seen.append(row)
                yield Result(row.get(_THIS, focus), shape.node, component, shape.severity, path, row.get(_VALUE, own))

    return part


def prepared_of(graph: Graph, shape: Shape, constraint: Node, select: str) -> PreparedQuery:
    """The query of a constraint as pyshacl would ask it; raises what pyshacl raises."""
    helper = SPARQLQueryHelper(shape, constraint, select)
    helper.collect_prefixes()
    bindings, text = helper.pre_bind_variables(shape.node)
    query = prepared_query(helper.apply_prefixes(text))
    if set(bindings) != {"this"} or not query.whole:
        raise Uncompiled("not for all at once")
    return query


def compile_targets(graph: Graph, shape: Shape) -> Focus:
    """The focus nodes of a shape's own targets."""
    named = frozenset(shape.target_nodes())
    kinds = frozenset(shape.target_classes()) | frozenset(shape.implicit_class_targets())
    sources, ends = frozenset(shape.target_subjects_of()), frozenset(shape.target_objects_of())
    queries = tuple(_target_query(graph, shape, target) for target in graph.objects(shape.node, SH.target))

    def focus(data: PlanGraph) -> set[Node]:
        found = set(named)
        for kind in kinds:
            for each in data.transitive_subjects(RDFS.subClassOf, kind):
                found.update(data.subjects(RDF.type, each))
        for predicate in sources:
            found.update(data.subjects(predicate))
        for predicate in ends:
            found.update(data.objects(None, predicate))
        for query in queries:
            rows = data.answers.rows(query, {})
            if rows is None:
                raise Uncompiled("not for all at once")
            found.update(row[_THIS] for row in rows)
        return found

    return focus


def _target_query(graph: Graph, shape: Shape, target: Node) -> PreparedQuery:
    select = only(list(graph.objects(target, SH.select)))
    helper = SPARQLQueryHelper(shape, target, str(select))
    helper.collect_prefixes()
    return prepared_query(helper.apply_prefixes(str(select)))
