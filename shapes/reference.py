"""The reference engine: pyshacl, driven shape by shape on an indexed graph, its shapes read once for the process."""

from __future__ import annotations

import re
from collections.abc import Iterable
from threading import Lock
from typing import Any

from pyparsing import ParseBaseException
from pyshacl.errors import ValidationFailure
from pyshacl.monkey import apply_patches
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import SH, Graph, URIRef
from rdflib.exceptions import Error as RdflibError
from rdflib.plugins.sparql.sparql import SPARQLError
from rdflib.term import Node

from shapes.plan_graph import PlanGraph
from shapes.results import EngineError, Result, RuleRun, path_text
from shapes.strict import strict_booleans

# What pyshacl, rdflib and their parsers raise on a faulty shape, found by trying; RuntimeError covers pyshacl's own.
FAULTS = (
    RuntimeError, ValueError, TypeError, LookupError, AttributeError, AssertionError, ArithmeticError,
    re.error, ParseBaseException, SPARQLError, RdflibError, ValidationFailure, EngineError,
)  # fmt: skip

# rdflib's query parser keeps state and pyshacl notes things in its shapes: one validation at a time in a process.
ENGINE_LOCK = Lock()

_EXECUTOR = SHACLExecutor(advanced_mode=True)
_SYSTEM = [f"{s.n3()} {p.n3()} {o.n3()} .".encode() for s, p, o in ShapesGraph.system_triples]
_UNSUPPORTED = (SH.rule, SH.js, SH.jsFunctionName, SH.returnType)


class Reference:
    """pyshacl on the shapes of one graph."""

    def __init__(self, shapes: Graph) -> None:
        """Read the shapes; raises `EngineError` when they are no shapes."""
        with ENGINE_LOCK:
            try:
                with strict_booleans():
                    self.graph = PlanGraph.of(shapes, *_SYSTEM)
                self.shapes = _shapes(self.graph)
            except FAULTS as fault:
                raise EngineError(type(fault).__name__) from fault

    def names(self) -> tuple[Node, ...]:
        """The shapes, those without targets among them."""
        return tuple(self.shapes)

    def run(self, data: PlanGraph, shape: Node) -> RuleRun:
        """What one shape says of the data."""
        with ENGINE_LOCK:
            try:
                return self._run(data, self.shapes[shape])
            except FAULTS as fault:
                return RuleRun(fault=type(fault).__name__)

    def _run(self, data: PlanGraph, shape: Shape) -> RuleRun:
        focus = list(shape.focus_nodes(data))
        if not focus or shape.deactivated:
            return RuleRun(frozenset(focus))
        _, reports = shape.validate(_EXECUTOR, data, focus=focus)
        return RuleRun(frozenset(focus), tuple(self._result(node, triples) for _, node, triples in reports))

    def _result(self, node: Node, triples: Iterable[tuple[Node, URIRef, object]]) -> Result:
        # What a result says of a node of a graph comes as a pair of both.
        said: dict[URIRef, Any] = {p: o[1] if isinstance(o, tuple) else o for s, p, o in triples if s == node}
        path = said.get(SH.resultPath)
        return Result(
            focus=said[SH.focusNode],
            shape=said[SH.sourceShape],
            component=said[SH.sourceConstraintComponent],
            severity=said[SH.resultSeverity],
            path=None if path is None else path_text(self.graph, path),
            value=said.get(SH.value),
        )


def _shapes(graph: Graph) -> dict[Node, Shape]:
    apply_patches()
    for term in _UNSUPPORTED:
        if (None, term, None) in graph:
            raise EngineError(f"unsupported: {term.fragment}")
    shapes = {shape.node: shape for shape in ShapesGraph(graph).shapes}
    for shape in shapes.values():
        shape.set_advanced(True)
    return shapes
