"""How complete plans are: rows with an owner, an indicator, times of their own, by plan, territory, ATS and theme."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from typing import Literal as Choice

from rdflib import RDF, XSD, Graph, Literal, URIRef

from shapes.bundle import RULES
from shapes.unwatched import DQV

Ask = Callable[[str], bytes]
"""Answers a SPARQL SELECT over named graphs with SPARQL JSON."""
Kind = Choice["plan", "territory", "ats", "theme"]
Metric = Choice["owner", "indicator", "timeline"]

METRICS: tuple[Metric, ...] = ("owner", "indicator", "timeline")

_PREFIXES = """\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rac: <https://w3id.org/raccordo/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX basis: <https://w3id.org/raccordo/vocab/basis/>
PREFIX form: <https://w3id.org/raccordo/vocab/form/>
PREFIX role: <https://w3id.org/raccordo/vocab/role/>
"""
_PLANS = """
SELECT ?plan ?title ?territory ?territoryName ?ats ?atsName ?start ?end WHERE {
  GRAPH ?graph {
    ?plan a rac:Plan .
    OPTIONAL { ?plan dcterms:title ?title }
    OPTIONAL { ?plan rac:coversTerritory ?territory . ?territory rdfs:label ?territoryName }
    OPTIONAL { ?plan rac:underATS ?ats . ?ats rdfs:label ?atsName }
    OPTIONAL { ?plan rac:hasPeriod ?period . OPTIONAL { ?period rac:start ?start } OPTIONAL { ?period rac:end ?end } }
  }
}"""
_ROWS = """
SELECT ?plan ?theme (COUNT(DISTINCT ?row) AS ?rows) WHERE {
  GRAPH ?graph {
    ?plan a rac:Plan ; rac:hasObjective ?objective .
    ?objective rac:hasRow ?row .
    ?row rac:form ?form .
    OPTIONAL { ?objective rac:theme ?theme }
    FILTER(?form != form:topics-matrix)
    %s
  }
} GROUP BY ?plan ?theme"""
# Times that only repeat the plan's period are none of the row's own.
_PATTERNS: Mapping[Metric, str] = {
    "owner": """?row rac:hasResponsibility ?one .
    ?one rac:actorResolved true ; rac:role ?role ; rac:basis ?basis .
    FILTER(?role IN (role:owner, role:lead) && ?basis IN (basis:explicit, basis:column))""",
    "indicator": "?row rac:hasIndicator ?one .",
    "timeline": """?row rac:hasTimeline ?one .
    OPTIONAL { ?one rac:deadline|rac:minPerYear|rac:maxPerYear|rac:duration ?more }
    OPTIONAL {
      ?plan rac:hasPeriod ?period . ?period rac:start ?start ; rac:end ?end . ?one rac:start ?start ; rac:end ?end }
    FILTER(BOUND(?more) || !BOUND(?start))""",
}


@dataclass(frozen=True)
class Figures:
    """How many rows, and how many of them have each thing."""

    rows: int = 0
    owner: int = 0
    indicator: int = 0
    timeline: int = 0

    def __add__(self, other: Figures) -> Figures:
        """The figures of both together."""
        return Figures(self.rows + other.rows, *(getattr(self, m) + getattr(other, m) for m in METRICS))

    def share(self, metric: Metric) -> Decimal | None:
        """The share of the rows, from 0 to 1 in four decimals; None when there are no rows to have it."""
        if not self.rows:
            return None
        return (Decimal(getattr(self, metric)) / self.rows).quantize(Decimal("0.0001"))

    def points_since(self, before: Figures, metric: Metric) -> Decimal | None:
        """By how many percentage points the share has risen; None when either side has no rows."""
        now, then = self.share(metric), before.share(metric)
        return None if now is None or then is None else (now - then) * 100


@dataclass(frozen=True)
class Completeness:
    """The figures of one plan, territory, ATS or theme; `name` is its title or label, if the graph gives one."""

    kind: Kind
    iri: str
    name: str | None
    figures: Figures


@dataclass(frozen=True)
class PlanCompleteness(Completeness):
    """The figures of a plan, by theme too (None: no theme), with what the plan is filed under; dates are ISO."""

    themes: Mapping[str | None, Figures] = field(default_factory=dict)
    territory: str | None = None
    territory_name: str | None = None
    ats: str | None = None
    ats_name: str | None = None
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True)
class Change:
    """What the same thing was and is: two runs on it, or two plans of one territory that follow one another."""

    before: Completeness
    after: Completeness

    def points(self, metric: Metric) -> Decimal | None:
        """By how many percentage points the share has risen; None when either side has no rows."""
        return self.after.figures.points_since(self.before.figures, metric)


def plan_completeness(ask: Ask) -> tuple[PlanCompleteness, ...]:
    """The figures of every plan in the named graphs, in order of their IRIs."""
    counts = _counts(ask)
    facts = {row["plan"]: row for row in _rows(ask, _PLANS)}
    return tuple(_plan(plan, facts[plan], counts.get(plan, {})) for plan in sorted(facts))


def _counts(ask: Ask) -> dict[str, dict[str | None, Figures]]:
    found: dict[str, dict[str | None, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    patterns: list[tuple[str, str]] = [("rows", ""), *_PATTERNS.items()]
    for name, pattern in patterns:
        for row in _rows(ask, _ROWS % pattern):
            # Grouping nothing gives one row of nothing.
            if "plan" in row:
                found[row["plan"]][row.get("theme")][name] = int(row["rows"])
    return {plan: _figures(themes) for plan, themes in found.items()}


def _figures(themes: Mapping[str | None, Mapping[str, int]]) -> dict[str | None, Figures]:
    return {theme: Figures(**counts) for theme, counts in themes.items()}


def _rows(ask: Ask, query: str) -> Iterator[dict[str, str]]:
    for row in json.loads(ask(_PREFIXES + query))["results"]["bindings"]:
        yield {name: value["value"] for name, value in row.items()}


def _plan(iri: str, facts: Mapping[str, str], themes: Mapping[str | None, Figures]) -> PlanCompleteness:
    return PlanCompleteness(
        kind="plan",
        iri=iri,
        name=facts.get("title"),
        figures=_sum(themes.values()),
        themes=themes,
        territory=facts.get("territory"),
        territory_name=facts.get("territoryName"),
        ats=facts.get("ats"),
        ats_name=facts.get("atsName"),
        start=facts.get("start"),
        end=facts.get("end"),
    )


def _sum(figures: Iterable[Figures]) -> Figures:
    return reduce(Figures.__add__, figures, Figures())


def by_territory(plans: Iterable[PlanCompleteness]) -> tuple[Completeness, ...]:
    """The figures of each territory that plans cover: an Ambito, Distretto, ASST or AUSL."""
    return _grouped("territory", ((plan.territory, plan.territory_name, plan.figures) for plan in plans))


def by_ats(plans: Iterable[PlanCompleteness]) -> tuple[Completeness, ...]:
    """The figures of each ATS that plans stand under."""
    return _grouped("ats", ((plan.ats, plan.ats_name, plan.figures) for plan in plans))


def by_theme(plans: Iterable[PlanCompleteness]) -> tuple[Completeness, ...]:
    """The figures of each theme of the vocabulary over all plans; objectives without a theme are in none."""
    return _grouped("theme", ((theme, None, figures) for plan in plans for theme, figures in plan.themes.items()))


def _grouped(kind: Kind, parts: Iterable[tuple[str | None, str | None, Figures]]) -> tuple[Completeness, ...]:
    groups: dict[str, list[tuple[str | None, Figures]]] = defaultdict(list)
    for iri, name, figures in parts:
        if iri is not None:
            groups[iri].append((name, figures))
    return tuple(
        Completeness(kind, iri, min((name for name, _ in parts if name), default=None), _sum(f for _, f in parts))
        for iri, parts in sorted(groups.items())
    )


def between_runs(before: Iterable[Completeness], after: Iterable[Completeness]) -> tuple[Change, ...]:
    """What changed for whatever is in both runs, in order of IRIs; what is only in one has nothing to compare."""
    earlier = {(each.kind, each.iri): each for each in before}
    both = (each for each in sorted(after, key=lambda one: one.iri) if (each.kind, each.iri) in earlier)
    return tuple(Change(earlier[each.kind, each.iri], each) for each in both)


def between_periods(plans: Iterable[PlanCompleteness]) -> tuple[Change, ...]:
    """Each plan beside the one before it for the same territory: the last that ended before it starts."""
    dated = sorted((plan for plan in plans if plan.territory and plan.start and plan.end), key=lambda one: one.iri)
    changes = []
    for plan in dated:
        earlier = [one for one in dated if one.territory == plan.territory and str(one.end) < str(plan.start)]
        if earlier:
            changes.append(Change(max(earlier, key=lambda one: (str(one.end), one.iri)), plan))
    return tuple(changes)


def completeness_graph(all_figures: Iterable[Completeness]) -> Graph:
    """The figures as DQV measurements of `shapes/metrics.ttl`; an empty plan has its count of rows and no shares."""
    graph = Graph()
    for one in all_figures:
        _measure(graph, one, "rows", Literal(one.figures.rows))
        for metric in METRICS:
            if (share := one.figures.share(metric)) is not None:
                _measure(graph, one, f"rows-with-{metric}", Literal(share, datatype=XSD.decimal))
    return graph


def _measure(graph: Graph, one: Completeness, metric: str, value: Literal) -> None:
    node = URIRef(f"{one.iri}/completeness/{metric}")
    graph.add((node, RDF.type, DQV.QualityMeasurement))
    graph.add((node, DQV.computedOn, URIRef(one.iri)))
    graph.add((node, DQV.isMeasurementOf, RULES[metric]))
    graph.add((node, DQV.value, value))
