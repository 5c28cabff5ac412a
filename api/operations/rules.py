"""What the rules found over all stored plans: counts by rule, and by plan for one rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import SH

from ontology.iris import Iris
from ontology.terms import RAC_NAMESPACE
from queries.solutions import ask_values
from shapes.bundle import RULES
from store import GraphStore

# The accounts of the rules are few; the findings themselves may be very many.
_COUNTS = f"""
PREFIX rac: <{RAC_NAMESPACE}>
PREFIX sh: <{SH}>
SELECT ?rule ?outcome (COUNT(*) AS ?plans) (SUM(?n) AS ?findings) WHERE {{
  GRAPH ?graph {{ ?check rac:outcome ?outcome ; sh:sourceShape ?rule ; rac:findingCount ?n }}
}} GROUP BY ?rule ?outcome"""
_PLANS = f"""
PREFIX rac: <{RAC_NAMESPACE}>
PREFIX sh: <{SH}>
SELECT ?graph ?n WHERE {{
  GRAPH ?graph {{ ?check sh:sourceShape <%s> ; rac:outcome "findings" ; rac:findingCount ?n }}
}}"""


@dataclass(frozen=True, slots=True)
class RuleCount:
    """A rule over all stored reports: its findings, how many plans have some, how many have nothing it looks at."""

    findings: int = 0
    plans: int = 0
    not_verified: int = 0
    not_run: int = 0


@dataclass(frozen=True, slots=True)
class PlanCount:
    """How many findings of one rule a plan has."""

    plan_id: str
    findings: int


def rule_counts(store: GraphStore) -> Mapping[str, RuleCount]:
    """The counts of every rule that some stored report has an account of, by the rule's name. Raises `StoreError`."""
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for row in ask_values(store, _COUNTS):
        name = row["rule"].removeprefix(str(RULES))
        found.setdefault(name, {})[row["outcome"]] = int(row["plans"]), int(row["findings"])
    return {name: _count(by_outcome) for name, by_outcome in found.items()}


def plans_of_rule(store: GraphStore, name: str, iris: Iris) -> tuple[PlanCount, ...]:
    """The plans in which a rule found something, those with most findings first. Raises `StoreError`."""
    start = f"{iris.base}graph/report/"
    rows = ask_values(store, _PLANS % RULES[name])
    counts = (PlanCount(row["graph"].removeprefix(start), int(row["n"])) for row in rows)
    return tuple(sorted(counts, key=lambda one: (-one.findings, one.plan_id)))


def _count(by_outcome: Mapping[str, tuple[int, int]]) -> RuleCount:
    plans = {outcome: count for outcome, (count, _) in by_outcome.items()}
    return RuleCount(
        findings=sum(findings for _, findings in by_outcome.values()),
        plans=plans.get("findings", 0),
        not_verified=plans.get("not-verified", 0),
        not_run=plans.get("not-run", 0),
    )
