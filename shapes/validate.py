"""Check one plan's graph against the rules; the only place that runs them."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from ontology.graphs import ontology_graph
from ontology.iris import Iris
from ontology.terms import RAC
from shapes.bundle import RULES, Bundle, Rule, shapes_bundle
from shapes.engine import DEFAULT_ENGINE, EngineName, engine_version, run_rules
from shapes.place import Places
from shapes.plan_graph import PlanGraph, canonical_lines
from shapes.prose import Fault, sentences
from shapes.report import Finding, Outcome, ReportKey, ShapeCheck, ValidationReport, in_order
from shapes.results import Result, RuleRun
from shapes.unwatched import unwatched_nodes

_ABSENCES = frozenset({SH.MinCountConstraintComponent, SH.QualifiedMinCountConstraintComponent})


@dataclass(frozen=True)
class Unit:
    """What is validated at a time: one plan's graph, and the little of other graphs that rules may look at.

    Both are N-Triples in UTF-8; the class hierarchy is always there and need not be given.
    """

    plan_id: str
    plan: bytes
    context: bytes = b""

    def key(self, bundle: Bundle | None = None, engine: EngineName = DEFAULT_ENGINE) -> ReportKey:
        """What the report depends on: two units with the same key have the same report."""
        rules = bundle or shapes_bundle()
        return ReportKey(digest(self.plan), rules.digest, digest(self.context, hierarchy()), engine_version(engine))


def digest(*ntriples: bytes) -> str:
    """The SHA-256 of the sorted N-Triples; the same for the same triples without blank nodes, whoever wrote them."""
    return hashlib.sha256("\n".join(canonical_lines(*ntriples)).encode()).hexdigest()


def validate_graph(graph: Graph, plan_id: str, iris: Iris, bundle: Bundle | None = None) -> ValidationReport:
    """The report of the plan whose graph this is, as `validate_unit` gives it; the graph is not changed."""
    return validate_unit(Unit(plan_id, graph.serialize(format="nt", encoding="utf-8")), iris, bundle)


def validate_unit(
    unit: Unit, iris: Iris, bundle: Bundle | None = None, engine: EngineName = DEFAULT_ENGINE
) -> ValidationReport:
    """The report of a unit against our rules or those of another bundle.

    A graph that says nothing of the plan gets the findings of an empty plan. A rule that cannot be run is `not-run` in
    its check, the others still run, and the report does not conform.
    """
    bundle = bundle or shapes_bundle()
    data = plan_data(unit, iris)
    runs = run_rules(data, bundle, engine)
    findings = _findings(runs, data, bundle, unit.plan_id)
    checks = _checks(bundle, runs, findings)
    return ValidationReport(
        plan_id=unit.plan_id,
        conforms=not any(check.outcome == "not-run" for check in checks)
        and not any(finding.severity == "violation" for finding in findings),
        checks=checks,
        findings=findings,
        unwatched=unwatched_nodes(data, runs.values()),
        **unit.key(bundle, engine)._asdict(),
    )


def plan_data(unit: Unit, iris: Iris) -> PlanGraph:
    """What the rules see: the unit, the class hierarchy, and the plan itself: an empty graph is an empty plan."""
    itself = f"{iris.plan(unit.plan_id).n3()} {RDF.type.n3()} {RAC.Plan.n3()} .\n"
    return PlanGraph(unit.plan, unit.context, hierarchy(), itself.encode())


@cache
def hierarchy() -> bytes:
    """The subclass axioms between named classes, as N-Triples."""
    pairs = ontology_graph().subject_objects(RDFS.subClassOf)
    named = [(sub, over) for sub, over in pairs if isinstance(sub, URIRef) and isinstance(over, URIRef)]
    return "".join(sorted(f"{sub.n3()} {RDFS.subClassOf.n3()} {over.n3()} .\n" for sub, over in named)).encode()


def _findings(runs: Mapping[str, RuleRun], data: PlanGraph, bundle: Bundle, plan_id: str) -> tuple[Finding, ...]:
    places = Places(data)
    found: dict[str, Finding] = {}
    for rule in bundle.rules:
        results = runs[rule.name].results
        made = [(_finding(result, rule, data, places, plan_id), result.value) for result in results]
        kept = _first_of_each(made) if rule.once else [finding for finding, _ in made]
        found |= {finding.id: finding for finding in kept}
    return in_order(found.values())


def _first_of_each(found: Iterable[tuple[Finding, Node | None]]) -> Iterable[Finding]:
    """Of the findings with one value the first in the document."""
    first: dict[Node | None, Finding] = {}
    for finding, value in sorted(found, key=lambda one: (one[0].line or 0, one[0].table or 0, one[0].id)):
        first.setdefault(value, finding)
    return first.values()


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
        table=place.table,
        table_row=place.table_row,
        table_column=place.table_column,
        sheet=place.sheet,
        cell=place.cell,
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


def _checks(bundle: Bundle, runs: Mapping[str, RuleRun], findings: tuple[Finding, ...]) -> tuple[ShapeCheck, ...]:
    counts = Counter(finding.rule for finding in findings)
    checks = [_check(rule, runs[rule.name], counts[rule.name]) for rule in bundle.rules]
    checks += [_check(Rule.unknown(RULES[name]), RuleRun(fault="BadSyntax"), 0) for name in bundle.broken_files]
    return tuple(sorted(checks, key=lambda check: check.rule))


def _check(rule: Rule, run: RuleRun, finding_count: int) -> ShapeCheck:
    return ShapeCheck(
        rule=rule.name,
        title=rule.title,
        severity=rule.severity,
        source=rule.source,
        focus_count=run.focus_count,
        finding_count=finding_count,
        outcome=_outcome(run, finding_count),
        reason=run.fault,
    )


def _outcome(run: RuleRun, finding_count: int) -> Outcome:
    if run.fault:
        return "not-run"
    if finding_count:
        return "findings"
    return "passed" if run.focus_count else "not-verified"
