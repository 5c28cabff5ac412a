"""The validation report: what was checked, what was found and where, as frozen records and as RDF."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal as Choice
from typing import NamedTuple, cast

from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.term import Node

from ontology.iris import Iris
from ontology.terms import RAC
from shapes.bundle import RULES, Rule, Text, shapes_bundle
from shapes.unwatched import Unwatched, add_unwatched, read_unwatched

Severity = Choice["violation", "warning", "info"]
Outcome = Choice["passed", "findings", "not-verified", "not-run"]
Status = Choice["new", "unchanged", "resolved"]

SEVERITIES: dict[Severity, URIRef] = {"violation": SH.Violation, "warning": SH.Warning, "info": SH.Info}
# SHACL 1.2 names what makes a report fail; rdflib's SH knows only the terms of 1.0.
CONFORMANCE_DISALLOWS = URIRef(f"{SH}conformanceDisallows")


@dataclass(frozen=True)
class Finding:
    """One thing a rule found: what, where, and the words of the document (`quote`) when there are any.

    `id` is the same for the same defect in every run. `objective`, `row`, `passage`, `focus` and `value` are IRIs of
    the plan's graph. `absent` means that something is missing: the place then is where it should stand. `status` is
    against the report before this one, None when there was none.
    """

    id: str
    rule: str
    severity: Severity
    title: Text
    message: Text
    focus: str
    component: str
    value: str | None = None
    absent: bool = False
    objective: str | None = None
    objective_number: str | None = None
    objective_title: str | None = None
    row: str | None = None
    row_order: int | None = None
    row_label: str | None = None
    passage: str | None = None
    file: str | None = None
    page: int | None = None
    line: int | None = None
    table: int | None = None
    table_row: int | None = None
    table_column: int | None = None
    sheet: str | None = None
    cell: str | None = None
    quote: str | None = None
    status: Status | None = None


@dataclass(frozen=True)
class ShapeCheck:
    """One rule's account: how many nodes it looked at, how many findings it gave, and how it ended.

    `not-verified` means that the plan has nothing the rule looks at; `not-run` that the rule itself failed (`reason`).
    """

    rule: str
    title: Text
    severity: Severity
    source: str
    focus_count: int
    finding_count: int
    outcome: Outcome
    reason: str | None = None


class ReportKey(NamedTuple):
    """All that a report depends on: digests of the plan, the rules and the other graphs they saw, and the engine."""

    graph_hash: str
    shapes_hash: str
    context_hash: str
    engine: str


@dataclass(frozen=True)
class ValidationReport:
    """The report of one plan; `conforms` means that every rule ran, something was checked and nothing was violated.

    `resolved` are findings of the report before this one that are no more, `unwatched` what no rule looked at.
    """

    plan_id: str
    conforms: bool
    checks: tuple[ShapeCheck, ...]
    findings: tuple[Finding, ...]
    graph_hash: str
    shapes_hash: str
    context_hash: str
    engine: str
    resolved: tuple[Finding, ...] = ()
    unwatched: tuple[Unwatched, ...] = ()

    @property
    def key(self) -> ReportKey:
        """What the report was made from."""
        return ReportKey(self.graph_hash, self.shapes_hash, self.context_hash, self.engine)

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(finding.severity == severity for finding in self.findings)

    def to_json(self) -> str:
        """The report as indented JSON, the same bytes for the same report."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by severity, then by their place in the plan, then by rule: one order for every run."""
    return tuple(sorted(findings, key=_rank))


def _rank(finding: Finding) -> tuple[object, ...]:
    severity = list(SEVERITIES).index(finding.severity)
    place = _natural(finding.row or finding.objective or "")
    return severity, place, finding.rule, finding.line or 0, finding.id


def _natural(iri: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", iri))


def report_graph(report: ValidationReport, iris: Iris) -> Graph:
    """The report as the content of its named graph: a SHACL report with our terms for place and account."""
    graph = Graph()
    root = iris.report(report.plan_id)
    graph.add((root, RDF.type, SH.ValidationReport))
    graph.add((root, SH.conforms, Literal(report.conforms)))
    graph.add((root, CONFORMANCE_DISALLOWS, SH.Violation))
    graph.add((root, RAC.aboutPlan, iris.plan(report.plan_id)))
    graph.add((root, RAC.planGraphHash, Literal(report.graph_hash)))
    graph.add((root, RAC.shapesHash, Literal(report.shapes_hash)))
    graph.add((root, RAC.contextHash, Literal(report.context_hash)))
    graph.add((root, RAC.engine, Literal(report.engine)))
    for check in report.checks:
        node = iris.child(root, "shape", check.rule)
        graph.add((root, RAC.checkedShape, node))
        _add_check(graph, node, check)
    for finding in report.findings:
        node = iris.child(root, "finding", finding.id)
        graph.add((root, SH.result, node))
        _add_finding(graph, node, finding)
    for finding in report.resolved:
        node = iris.child(root, "resolved", finding.id)
        graph.add((root, RAC.resolvedFinding, node))
        _add_finding(graph, node, finding)
    add_unwatched(graph, root, report.unwatched)
    return graph


def _rule_iri(name: str) -> URIRef:
    """One of ours by its name, one of another tool by the IRI that is its name."""
    return URIRef(name) if ":" in name else RULES[name]


def _add_check(graph: Graph, node: URIRef, check: ShapeCheck) -> None:
    graph.add((node, RDF.type, RAC.ShapeCheck))
    graph.add((node, SH.sourceShape, _rule_iri(check.rule)))
    graph.add((node, RAC.focusNodeCount, Literal(check.focus_count)))
    graph.add((node, RAC.findingCount, Literal(check.finding_count)))
    graph.add((node, RAC.outcome, Literal(check.outcome)))
    if check.reason:
        graph.add((node, RAC.reason, Literal(check.reason)))


def _add_finding(graph: Graph, node: URIRef, finding: Finding) -> None:
    graph.add((node, RDF.type, SH.ValidationResult))
    graph.add((node, SH.sourceShape, _rule_iri(finding.rule)))
    graph.add((node, SH.sourceConstraintComponent, URIRef(finding.component)))
    graph.add((node, SH.resultSeverity, SEVERITIES[finding.severity]))
    graph.add((node, SH.resultMessage, Literal(finding.message.it, lang="it")))
    graph.add((node, SH.resultMessage, Literal(finding.message.en, lang="en")))
    graph.add((node, RAC.absentValue, Literal(finding.absent)))
    for name, term in LINKS.items():
        if (iri := getattr(finding, name)) is not None:
            graph.add((node, term, URIRef(iri)))
    for name, term in TEXTS.items():
        if (value := getattr(finding, name)) is not None:
            graph.add((node, term, Literal(value)))


LINKS = {
    "focus": SH.focusNode,
    "value": SH.value,
    "objective": RAC.aboutObjective,
    "row": RAC.aboutRow,
    "passage": RAC.hasPassage,
}
TEXTS = {
    "objective_number": RAC.number,
    "objective_title": RAC.title,
    "row_order": RAC.order,
    "row_label": RAC.label,
    "file": RAC.fileName,
    "page": RAC.page,
    "line": RAC.line,
    "table": RAC.table,
    "table_row": RAC.tableRow,
    "table_column": RAC.tableColumn,
    "sheet": RAC.sheet,
    "cell": RAC.cellName,
    "quote": RAC.text,
    "status": RAC.findingStatus,
}


def report_from_graph(graph: Graph, plan_id: str, iris: Iris) -> ValidationReport:
    """The report that `report_graph` wrote; KeyError when the graph holds no report of this plan."""
    root = iris.report(plan_id)
    if (root, RDF.type, SH.ValidationReport) not in graph:
        raise KeyError(plan_id)
    rules = {rule.iri: rule for rule in shapes_bundle().rules}
    checks = (_read_check(graph, node, rules) for node in graph.objects(root, RAC.checkedShape))
    findings = (_read_finding(graph, node, rules) for node in graph.objects(root, SH.result))
    resolved = (_read_finding(graph, node, rules) for node in graph.objects(root, RAC.resolvedFinding))
    return ValidationReport(
        plan_id=plan_id,
        conforms=bool(_python(graph, root, SH.conforms)),
        checks=tuple(sorted(checks, key=lambda check: check.rule)),
        findings=in_order(findings),
        graph_hash=str(_python(graph, root, RAC.planGraphHash)),
        shapes_hash=str(_python(graph, root, RAC.shapesHash)),
        context_hash=str(_python(graph, root, RAC.contextHash)),
        engine=str(_python(graph, root, RAC.engine)),
        resolved=in_order(resolved),
        unwatched=read_unwatched(graph, root),
    )


def _python(graph: Graph, node: Node, term: URIRef) -> object:
    value = graph.value(node, term)
    return value.toPython() if isinstance(value, Literal) else None


def _rule(graph: Graph, node: Node, rules: dict[URIRef, Rule]) -> Rule:
    iri = URIRef(str(graph.value(node, SH.sourceShape)))
    return rules.get(iri) or Rule.unknown(iri)


def _read_check(graph: Graph, node: Node, rules: dict[URIRef, Rule]) -> ShapeCheck:
    rule = _rule(graph, node, rules)
    reason = _python(graph, node, RAC.reason)
    return ShapeCheck(
        rule=rule.name,
        title=rule.title,
        severity=rule.severity,
        source=rule.source,
        focus_count=cast("int", _python(graph, node, RAC.focusNodeCount)),
        finding_count=cast("int", _python(graph, node, RAC.findingCount)),
        outcome=cast("Outcome", _python(graph, node, RAC.outcome)),
        reason=None if reason is None else str(reason),
    )


def _read_finding(graph: Graph, node: Node, rules: dict[URIRef, Rule]) -> Finding:
    rule = _rule(graph, node, rules)
    severity = graph.value(node, SH.resultSeverity)
    links = {name: graph.value(node, term) for name, term in LINKS.items()}
    texts = {name: _python(graph, node, term) for name, term in TEXTS.items()}
    return Finding(
        id=str(node).rsplit("/", 1)[-1],
        rule=rule.name,
        severity=next(name for name, iri in SEVERITIES.items() if iri == severity),
        title=rule.title,
        message=Text.read(graph, node, SH.resultMessage),
        component=str(graph.value(node, SH.sourceConstraintComponent)),
        absent=bool(_python(graph, node, RAC.absentValue)),
        **{name: None if iri is None else str(iri) for name, iri in links.items()},  # type: ignore[arg-type]
        **texts,  # type: ignore[arg-type]
    )
