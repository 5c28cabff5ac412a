"""What two plans say together: rules of their own, each a query over named graphs, asked of all plans or of one."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rdflib import DCTERMS, RDF, RDFS, SH, Graph
from rdflib.term import Node

from shapes.bundle import RULES, Text, read_shapes, severity_of, shapes_bundle
from shapes.report import SEVERITIES, Severity

RULES_ACROSS_PLANS = Path(__file__).parent / "across" / "rules.ttl"
Ask = Callable[[str], bytes]
"""Answers a SPARQL SELECT over named graphs with SPARQL JSON; raises one of `faults` for a query that it cannot run."""

_START = re.compile(r"\bWHERE\s*\{")
_BOUND = ("graph", "focus", "otherGraph", "otherFocus")


@dataclass(frozen=True)
class RuleAcrossPlans:
    """A rule on pairs of plans; `query` is its SELECT with prefixes, `template` its sentence with names in braces."""

    name: str
    title: Text
    message: Text
    template: Text
    remedy: Text
    severity: Severity
    source: str
    query: str


@dataclass(frozen=True)
class PairFinding:
    """What a rule found in two plans: the graph of each, and the node in it that the finding is about, as IRIs.

    `id` is the same for the same defect in every run.
    """

    id: str
    rule: str
    severity: Severity
    title: Text
    message: Text
    graph: str
    focus: str
    other_graph: str
    other_focus: str


@dataclass(frozen=True)
class PairCheck:
    """One rule's account; `fault` is why it could not be run."""

    rule: str
    title: Text
    source: str
    finding_count: int
    fault: str | None = None


@dataclass(frozen=True)
class PairReport:
    """The report on pairs of plans, of all or of those of one plan (`graph`)."""

    graph: str | None
    checks: tuple[PairCheck, ...]
    findings: tuple[PairFinding, ...]

    def to_json(self) -> str:
        """The report as indented JSON, the same bytes for the same report."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def check_pairs(
    ask: Ask,
    faults: type[Exception] | tuple[type[Exception], ...],
    graph: str | None = None,
    rules: Iterable[RuleAcrossPlans] | None = None,
) -> PairReport:
    """The report of the rules on all pairs of plans, or on the pairs that the plan of one graph is part of.

    A rule that cannot be run is in its check with the fault, and the others run all the same.
    """
    checks, findings = [], []
    for rule in our_rules() if rules is None else rules:
        try:
            found = _found(ask, rule, graph)
        except faults as fault:
            checks.append(PairCheck(rule.name, rule.title, rule.source, 0, type(fault).__name__))
            continue
        checks.append(PairCheck(rule.name, rule.title, rule.source, len(found)))
        findings += found
    order = list(SEVERITIES)
    findings.sort(key=lambda one: (order.index(one.severity), one.rule, one.graph, one.focus, one.other_graph, one.id))
    return PairReport(graph, tuple(checks), tuple(findings))


def _found(ask: Ask, rule: RuleAcrossPlans, graph: str | None) -> list[PairFinding]:
    rows = [row for query in _queries(rule.query, graph) for row in json.loads(ask(query))["results"]["bindings"]]
    found = (_finding(rule, row) for row in rows)
    return list({finding.id: finding for finding in found}.values())


def _queries(query: str, graph: str | None) -> Iterator[str]:
    """The query as it is, or once with the plan as the one and once as the other of the pair."""
    if graph is None:
        yield query
        return
    for name in ("graph", "otherGraph"):
        yield _START.sub(f"WHERE {{ VALUES ?{name} {{ <{graph}> }} ", query, count=1)


def _finding(rule: RuleAcrossPlans, row: Mapping[str, Any]) -> PairFinding:
    bound = [row[name]["value"] for name in _BOUND]
    identity = "\x1f".join([rule.name, *bound, *(f"{name}={row[name]['value']}" for name in sorted(row))])
    return PairFinding(
        id=hashlib.sha256(identity.encode()).hexdigest()[:16],
        rule=rule.name,
        severity=rule.severity,
        title=rule.title,
        message=Text(_filled(rule.template.it, row), _filled(rule.template.en, row)),
        graph=bound[0],
        focus=bound[1],
        other_graph=bound[2],
        other_focus=bound[3],
    )


def _filled(template: str, row: Mapping[str, Any]) -> str:
    """The sentence with the words of the row; what is no words of a plan, such as an IRI, is left out."""

    def word(found: re.Match[str]) -> str:
        value = row.get(found[1], {})
        return str(value["value"]) if value.get("type") == "literal" else "?"

    return re.sub(r"\{(\w+)\}", word, template)


@cache
def our_rules() -> tuple[RuleAcrossPlans, ...]:
    """Our rules on pairs of plans, by name."""
    return read_rules(read_shapes(RULES_ACROSS_PLANS.read_bytes()))


def read_rules(graph: Graph) -> tuple[RuleAcrossPlans, ...]:
    """The rules in a graph, by name; their prefixes are those of the other rules."""
    return tuple(_rule(graph, node) for node in sorted(graph.subjects(RDF.type, RULES.RuleAcrossPlans), key=str))


def _rule(graph: Graph, node: Node) -> RuleAcrossPlans:
    name = str(node).removeprefix(str(RULES))
    message = Text.read(graph, node, SH.message)
    return RuleAcrossPlans(
        name=name,
        title=Text.read(graph, node, RDFS.label, Text(name, name)),
        message=message,
        template=Text.read(graph, node, RULES.template, message),
        remedy=Text.read(graph, node, RULES.remedy),
        severity=severity_of(graph, node),
        source=str(graph.value(node, DCTERMS.source) or ""),
        query=_prologue() + str(graph.value(node, SH.select)),
    )


@cache
def _prologue() -> str:
    shapes = shapes_bundle().graph
    prefixes = {"rdfs": str(RDFS), "dcterms": str(DCTERMS)}
    for declaration in shapes.objects(None, SH.declare):
        prefixes[str(shapes.value(declaration, SH.prefix))] = str(shapes.value(declaration, SH.namespace))
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in sorted(prefixes.items()))
