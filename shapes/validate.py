"""Check one plan's graph against the rules; the only place that runs them."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Mapping
from functools import cache

from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from ontology.graphs import ontology_graph
from ontology.iris import Iris
from ontology.terms import RAC
from shapes.bundle import RULES, Bundle, Rule, shapes_bundle
from shapes.engine import EngineError, PreparedGraph, Result, focus_nodes, prepared, run
from shapes.place import Places
from shapes.prose import Fault, sentences
from shapes.report import Finding, Outcome, ShapeCheck, ValidationReport, in_order

_ABSENCES = frozenset({SH.MinCountConstraintComponent, SH.QualifiedMinCountConstraintComponent})

_log = logging.getLogger(__name__)


def validate_graph(graph: Graph, plan_id: str, iris: Iris, bundle: Bundle | None = None) -> ValidationReport:
    """The report of the plan whose graph this is, against our rules or those of another bundle.

    The graph is not changed. A graph that says nothing of the plan gets the findings of an empty plan. A rule that
    cannot be run is `not-run` in its check, the others still run, and the report does not conform.
    """
    bundle = bundle or shapes_bundle()
    data = _with_context(graph, iris.plan(plan_id))
    results, faults = _results(data, bundle)
    findings = _findings(results, graph, bundle, plan_id)
    checks = _checks(data, bundle, findings, faults)
    return ValidationReport(
        plan_id=plan_id,
        conforms=not faults and not any(finding.severity == "violation" for finding in findings),
        checks=checks,
        findings=findings,
        graph_hash=graph_hash(graph),
        shapes_hash=bundle.digest,
    )


def graph_hash(graph: Graph) -> str:
    """The SHA-256 of the graph's sorted N-Triples; the same for two graphs with the same triples and no blank nodes."""
    lines = sorted(f"{s.n3()} {p.n3()} {o.n3()} ." for s, p, o in graph)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _with_context(graph: Graph, plan: URIRef) -> PreparedGraph:
    """The plan with the class hierarchy, and with the plan itself, so that an empty graph is an empty plan."""
    data = prepared(graph)
    data.addN((sub, RDFS.subClassOf, over, data) for sub, over in _hierarchy())
    data.add((plan, RDF.type, RAC.Plan))
    return data


@cache
def _hierarchy() -> tuple[tuple[Node, Node], ...]:
    pairs = ontology_graph().subject_objects(RDFS.subClassOf)
    return tuple((sub, over) for sub, over in pairs if isinstance(sub, URIRef) and isinstance(over, URIRef))


def _results(data: Graph, bundle: Bundle) -> tuple[tuple[Result, ...], dict[str, str]]:
    """The results of all rules, and the fault of each rule or file that could not be run."""
    unread = dict.fromkeys(bundle.broken_files, "BadSyntax")
    try:
        return run(data, bundle.graph), unread
    except EngineError as fault:
        _log.warning("the rules do not run together (%s): running them one by one", fault)
    results: list[Result] = []
    faults: dict[str, str] = {}
    for rule in bundle.rules:
        try:
            results += run(data, bundle.alone(rule))
        except EngineError as fault:
            faults[rule.name] = str(fault)
    return tuple(results), {**unread, **faults}


def _findings(results: Iterable[Result], graph: Graph, bundle: Bundle, plan_id: str) -> tuple[Finding, ...]:
    rules = {rule.iri: rule for rule in bundle.rules}
    places = Places(graph)
    found = (_finding(result, rules[URIRef(str(result.shape))], graph, places, plan_id) for result in results)
    return in_order({finding.id: finding for finding in found}.values())


def _finding(result: Result, rule: Rule, graph: Graph, places: Places, plan_id: str) -> Finding:
    place = places.of(*_telling_nodes(result, graph))
    return Finding(
        id=_stable_id(result, plan_id),
        rule=rule.name,
        severity=rule.severity,
        title=rule.title,
        message=sentences(rule, Fault(graph, place, result.focus, result.value)),
        focus=str(result.focus),
        component=str(result.component),
        value=_text(result.value),
        absent=result.component in _ABSENCES,
        objective=_text(place.objective),
        objective_number=place.objective_number,
        objective_title=place.objective_title,
        row=_text(place.row),
        row_order=place.row_order,
        row_label=place.row_label,
        passage=_text(place.passage),
        file=place.file,
        page=place.page,
        line=place.line,
        quote=place.quote,
    )


def _text(iri: Node | None) -> str | None:
    return str(iri) if isinstance(iri, URIRef) else None


def _telling_nodes(result: Result, graph: Graph) -> Iterable[Node]:
    """The value at fault, what the focus node has where the rule looks, then the focus node."""
    if isinstance(result.value, URIRef):
        yield result.value
    if result.path and re.fullmatch("<[^<>]+>", result.path):
        yield from sorted(graph.objects(result.focus, URIRef(result.path[1:-1])), key=str)
    yield result.focus


def _stable_id(result: Result, plan_id: str) -> str:
    value = "" if result.value is None else result.value.n3()
    parts = (plan_id, result.shape.n3(), result.component.n3(), result.focus.n3(), result.path or "", value)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _checks(
    data: Graph, bundle: Bundle, findings: tuple[Finding, ...], faults: Mapping[str, str]
) -> tuple[ShapeCheck, ...]:
    files = [Rule.unknown(RULES[name]) for name in bundle.broken_files]
    checks = (_check(data, bundle, rule, findings, faults.get(rule.name)) for rule in (*bundle.rules, *files))
    return tuple(sorted(checks, key=lambda check: check.rule))


def _check(data: Graph, bundle: Bundle, rule: Rule, findings: tuple[Finding, ...], fault: str | None) -> ShapeCheck:
    focus_count = 0 if fault else len(focus_nodes(data, bundle.graph, rule.iri))
    finding_count = sum(finding.rule == rule.name for finding in findings)
    return ShapeCheck(
        rule=rule.name,
        title=rule.title,
        severity=rule.severity,
        source=rule.source,
        focus_count=focus_count,
        finding_count=finding_count,
        outcome=_outcome(focus_count, finding_count, fault),
        reason=fault,
    )


def _outcome(focus_count: int, finding_count: int, fault: str | None) -> Outcome:
    if fault:
        return "not-run"
    if finding_count:
        return "findings"
    return "passed" if focus_count else "not-verified"
