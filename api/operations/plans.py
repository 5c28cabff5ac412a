"""What the store knows of its plans: the list, and one plan whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import URIRef

from api.errors import UnknownPlan
from api.operations.facts import Facts, Term, read_facts, read_term
from api.operations.labels import local
from api.operations.objectives import ObjectiveDetail, Said, read_objective, read_said
from api.operations.places import Place
from ontology.iris import Iris, slug
from ontology.terms import DCTERMS, RAC, RDFS
from queries.solutions import ask_solutions
from store import GraphStore


@dataclass(frozen=True, slots=True)
class File:
    """One rendition of a plan."""

    sha256: str
    name: str
    media_type: str
    columns_reliable: bool


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """A plan and how much was read in it."""

    id: str
    iri: str
    title: str | None
    kind: str
    covers: tuple[Place, ...]
    ats: tuple[Place, ...]
    start: str | None
    end: str | None
    files: tuple[File, ...]
    objectives: int
    rows: int
    indicators: int
    responsibilities: int
    unread: int


@dataclass(frozen=True, slots=True)
class PlanDetail:
    """A plan with its objectives, and the blocks that no reader claimed."""

    summary: PlanSummary
    objectives: tuple[ObjectiveDetail, ...]
    unread: tuple[Said, ...]


COUNTED: Mapping[str, URIRef] = {
    "objectives": RAC.Objective,
    "rows": RAC.Row,
    "indicators": RAC.Indicator,
    "responsibilities": RAC.Responsibility,
    "unread": RAC.UnreadBlock,
}
"""What a summary counts, and its class."""

_HEADERS = f"""
SELECT ?g ?s ?p ?o WHERE {{
  GRAPH ?g {{
    ?plan a <{RAC.Plan}> .
    ?plan (<{RAC.setOutIn}>/<{RAC.hasRendition}>?|<{RAC.hasPeriod}>|<{RAC.coversTerritory}>|<{RAC.underATS}>)? ?s .
    ?s ?p ?o .
    FILTER(?p NOT IN (<{RAC.hasObjective}>, <{RAC.citesLegalAct}>))
  }}
}}"""
_COUNTS = f"""
SELECT ?g ?class (COUNT(?one) AS ?n) WHERE {{
  VALUES ?class {{ {" ".join(f"<{iri}>" for iri in COUNTED.values())} }}
  GRAPH ?g {{ ?plan a <{RAC.Plan}> . ?one a ?class }}
}} GROUP BY ?g ?class"""


PLAN_QUERIES = (_HEADERS, _COUNTS)
"""What the list of plans is read from: what each says of itself, and how much was read in it."""


def list_plans(store: GraphStore) -> tuple[PlanSummary, ...]:
    """The loaded plans, by identifier."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in ask_solutions(store, _COUNTS):
        counts[row["g"]["value"]][row["class"]["value"]] = int(row["n"]["value"])
    headers: dict[str, list[tuple[str, str, Term]]] = defaultdict(list)
    for row in ask_solutions(store, _HEADERS):
        headers[row["g"]["value"]].append((row["s"]["value"], row["p"]["value"], read_term(row["o"])))
    plans = (_summary(Facts(iter(triples)), counts[graph]) for graph, triples in headers.items())
    return tuple(sorted(plans, key=lambda plan: plan.id))


def plan_detail(store: GraphStore, plan_id: str, iris: Iris) -> PlanDetail:
    """One plan, whole. Raises `UnknownPlan`."""
    return read_plan(plan_facts(store, plan_id, iris))


def read_plan(facts: Facts) -> PlanDetail:
    """The plan whose whole graph this is. Raises `IndexError` when it is the graph of no plan."""
    plan = facts.instances(RAC.Plan)[0]
    objectives = facts.ordered(plan, RAC.hasObjective, RAC.order)
    unread = sorted(facts.instances(RAC.UnreadBlock), key=lambda one: facts.number(one, RAC.order) or 0)
    return PlanDetail(
        summary=plan_summary(facts),
        objectives=tuple(read_objective(facts, one) for one in objectives),
        unread=tuple(read_said(facts, one) for one in unread),
    )


def plan_summary(facts: Facts) -> PlanSummary:
    """The summary of the plan whose whole graph this is."""
    return _summary(facts, {str(kind): len(facts.instances(kind)) for kind in COUNTED.values()})


def plan_facts(store: GraphStore, plan_id: str, iris: Iris) -> Facts:
    """The graph of one plan. Raises `UnknownPlan` when it is not loaded."""
    check_plan_id(plan_id)
    if facts := read_facts(store, iris.plan_graph(plan_id)):
        return facts
    raise UnknownPlan(plan_id)


def check_plan_id(plan_id: str) -> None:
    """Pass an identifier that can be part of an IRI as it stands. Raises `UnknownPlan`."""
    if not plan_id or slug(plan_id) != plan_id:
        raise UnknownPlan(plan_id)


def _summary(facts: Facts, counts: Mapping[str, int]) -> PlanSummary:
    """The summary of the plan whose header these facts hold."""
    plan = facts.instances(RAC.Plan)[0]
    document = facts.text(plan, RAC.setOutIn) or ""
    period = facts.text(plan, RAC.hasPeriod) or ""
    files = (_file(facts, one) for one in facts.iris(document, RAC.hasRendition))
    return PlanSummary(
        id=facts.text(plan, DCTERMS.identifier) or "",
        iri=plan,
        title=facts.text(plan, DCTERMS.title),
        kind=next(iter(facts.kinds(document)), ""),
        covers=tuple(_place(facts, one) for one in facts.iris(plan, RAC.coversTerritory)),
        ats=tuple(_place(facts, one) for one in facts.iris(plan, RAC.underATS)),
        start=facts.text(period, RAC.start),
        end=facts.text(period, RAC.end),
        files=tuple(sorted(files, key=lambda file: file.name)),
        **{name: counts.get(str(kind), 0) for name, kind in COUNTED.items()},
    )


def _place(facts: Facts, node: str) -> Place:
    kind = next((local(one) for one in facts.kinds(node)), "")
    return Place(node, kind, facts.text(node, RDFS.label) or local(node))


def _file(facts: Facts, node: str) -> File:
    return File(
        sha256=facts.text(node, RAC.sha256) or "",
        name=facts.text(node, RAC.fileName) or "",
        media_type=facts.text(node, DCTERMS["format"]) or "",
        columns_reliable=bool(facts.truth(node, RAC.columnsReliable)),
    )
