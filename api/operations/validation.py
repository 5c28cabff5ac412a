"""Validation of stored plans: a report is kept as long as all that it was made from stays the same."""

from __future__ import annotations

import multiprocessing
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import islice

from rdflib import Literal
from rdflib.term import Node

from api.errors import UnknownPlan
from api.operations.plans import check_plan_id
from ontology.iris import Iris
from ontology.terms import RAC
from shapes.across_plans import PairReport, check_pairs
from shapes.engine import DEFAULT_ENGINE, EngineName
from shapes.plan_graph import PlanGraph
from shapes.report import ValidationReport, report_from_graph, report_graph
from shapes.statuses import with_statuses
from shapes.validate import Unit, validate_unit
from store import GraphStore
from store.errors import StoreError

BATCH = 16  # plans that are in memory at a time, whose reports are written together
ENOUGH_FOR_PROCESSES = 8


@dataclass(frozen=True, slots=True)
class Verdict:
    """A plan's report, and whether it was made now or kept because nothing it depends on has changed."""

    report: ValidationReport
    made: bool


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored report, and the reading key that stands beside it in its graph (`api.operations.sources`)."""

    report: ValidationReport
    reading_key: Node | None


def validate_plan(store: GraphStore, plan_id: str, iris: Iris, engine: EngineName = DEFAULT_ENGINE) -> ValidationReport:
    """Check a stored plan against the rules of today and store the report. Raises `UnknownPlan`."""
    (verdict,) = validate_plans(store, [plan_id], iris, engine)
    return verdict.report


def validate_plans(
    store: GraphStore, plan_ids: Sequence[str], iris: Iris, engine: EngineName = DEFAULT_ENGINE
) -> Iterator[Verdict]:
    """Check stored plans and store their reports, in the order of the identifiers; many of them in processes.

    What is in memory at a time does not grow with the number of plans. Raises `UnknownPlan`.
    """
    with ExitStack() as stack:
        pool = stack.enter_context(_processes()) if len(plan_ids) >= ENOUGH_FOR_PROCESSES else None
        for batch in _batches(plan_ids):
            yield from _validate_batch(store, batch, iris, engine, pool)


def renewed_report(
    store: GraphStore, plan: bytes, made: ValidationReport, iris: Iris, engine: EngineName = DEFAULT_ENGINE
) -> ValidationReport:
    """The report of a plan (N-Triples) that is about to be stored, against the report that the store holds.

    `made` is its report as it was read, without the store; where the register says more, it is made again.
    """
    unit = Unit(made.plan_id, plan, register_context(store, plan, iris))
    before = stored_report(store, made.plan_id, iris)
    key = unit.key(engine=engine)
    if before and before.report.key == key:
        return before.report
    report = made if made.key == key else validate_unit(unit, iris, engine=engine)
    return with_statuses(report, before.report if before else None)


def check_plan_pairs(store: GraphStore, iris: Iris, plan_id: str | None = None) -> PairReport:
    """What the stored plans say together, all of them or the one with each other. Raises `UnknownPlan`."""
    if plan_id is not None:
        stored_unit(store, plan_id, iris)
    graph = None if plan_id is None else str(iris.plan_graph(plan_id))
    return check_pairs(lambda query: store.query(query)[0], StoreError, graph)


def plan_report(store: GraphStore, plan_id: str, iris: Iris) -> ValidationReport:
    """The stored report of a plan. Raises `UnknownPlan`."""
    check_plan_id(plan_id)
    found = stored_report(store, plan_id, iris)
    if found is None:
        raise UnknownPlan(plan_id)
    return found.report


def stored_report(store: GraphStore, plan_id: str, iris: Iris) -> Stored | None:
    """The stored report of a plan, None when there is none."""
    graph = PlanGraph(store.graph(str(iris.report_graph(plan_id))))
    try:
        report = report_from_graph(graph, plan_id, iris)
    except KeyError:
        return None
    return Stored(report, graph.value(iris.report(plan_id), RAC.readingKey))


def stored_unit(store: GraphStore, plan_id: str, iris: Iris) -> Unit:
    """A stored plan with what its rules may look at beside it. Raises `UnknownPlan`."""
    check_plan_id(plan_id)
    plan = store.graph(str(iris.plan_graph(plan_id)))
    if not plan:
        raise UnknownPlan(plan_id)
    return Unit(plan_id, plan, register_context(store, plan, iris))


def register_context(store: GraphStore, plan: bytes, iris: Iris) -> bytes:
    """What the territory register links the bodies and areas that a plan names to, as N-Triples.

    Links only: the words for a body are those of the plan.
    """
    named = sorted(set(re.findall(rf"<{re.escape(iris.base)}territory/[^>\s]+>", plan.decode())))
    if not named:
        return b""
    links = f"GRAPH <{iris.territory_graph()}> {{ ?place ?link ?other FILTER(isIRI(?other)) }}"
    query = f"CONSTRUCT {{ ?place ?link ?other }} WHERE {{ VALUES ?place {{ {' '.join(named)} }} {links} }}"
    body, _ = store.query(query, accept="application/n-triples")
    return body


def report_triples(report: ValidationReport, iris: Iris, reading_key: Node | None) -> Mapping[str, bytes]:
    """The named graph of a report as N-Triples, with the reading key of the plan if there is one."""
    graph = report_graph(report, iris)
    if isinstance(reading_key, Literal):
        graph.add((iris.report(report.plan_id), RAC.readingKey, reading_key))
    return {str(iris.report_graph(report.plan_id)): graph.serialize(format="nt", encoding="utf-8")}


def _processes() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("forkserver"))


def _batches(plan_ids: Iterable[str]) -> Iterator[tuple[str, ...]]:
    waiting = iter(plan_ids)
    while batch := tuple(islice(waiting, BATCH)):
        yield batch


def _validate_batch(
    store: GraphStore, batch: Sequence[str], iris: Iris, engine: EngineName, pool: Executor | None
) -> Iterator[Verdict]:
    units = {plan_id: stored_unit(store, plan_id, iris) for plan_id in batch}
    before = {plan_id: stored_report(store, plan_id, iris) for plan_id in batch}
    due = [unit for unit in units.values() if not _is_current(before[unit.plan_id], unit, engine)]
    check = partial(validate_unit, iris=iris, engine=engine)
    made = {report.plan_id: report for report in (pool.map if pool else map)(check, due)}
    graphs: dict[str, bytes] = {}
    for plan_id, report in made.items():
        stored = before[plan_id]
        made[plan_id] = with_statuses(report, stored.report if stored else None)
        graphs |= report_triples(made[plan_id], iris, stored.reading_key if stored else None)
    if graphs:
        store.replace_graphs(graphs)
    for plan_id in batch:
        stored = before[plan_id]
        if plan_id in made:
            yield Verdict(made[plan_id], made=True)
        elif stored:
            yield Verdict(stored.report, made=False)


def _is_current(stored: Stored | None, unit: Unit, engine: EngineName) -> bool:
    return stored is not None and stored.report.key == unit.key(engine=engine)
