"""What of a plan can be found by its words: each thing it says, with where it says it and what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.operations.labels import local
from api.operations.objectives import ObjectiveDetail, Quote, RowDetail, Said
from api.operations.plans import PlanDetail, PlanSummary
from ontology.iris import Iris

KINDS = (
    "objective", "row", "commitment", "action", "indicator", "responsibility", "progress", "need", "expectation",
    "method", "resource", "instrument", "timeline", "note", "evidence", "unread",
)  # fmt: skip
"""What may be found; `evidence` are the words behind a protocol's status, `unread` what no reader understood."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to be found; `facets` are (name, value) pairs with values as addresses carry them."""

    kind: str
    iri: str
    text: str
    plan_id: str
    plan_title: str
    objective: int | None
    objective_title: str
    row: int | None
    quotes: tuple[Quote, ...]
    facets: tuple[tuple[str, str], ...]


def plan_entries(plan: PlanDetail, iris: Iris) -> Iterator[Entry]:
    """All entries of one plan, in its order."""
    own = _plan_facets(plan.summary, iris)
    for objective in plan.objectives:
        yield from _objective(plan.summary, objective, own)
    for said in plan.unread:
        yield _entry(plan.summary, None, None, "unread", said, own)


def place_value(place: str, iris: Iris) -> str:
    """A territory as addresses carry it: `ambito/lodi`."""
    return place.removeprefix(f"{iris.base}territory/")


def _plan_facets(plan: PlanSummary, iris: Iris) -> tuple[tuple[str, str], ...]:
    places = [("territory", place_value(one.iri, iris)) for one in plan.covers]
    period = [("period", f"{plan.start[:4]}-{plan.end[:4]}")] if plan.start and plan.end else []
    return (*places, ("plan", plan.id), *period)


def _objective(plan: PlanSummary, objective: ObjectiveDetail, own: tuple[tuple[str, str], ...]) -> Iterator[Entry]:
    facets = (*own, ("theme", local(objective.theme))) if objective.theme else own
    title = Said(objective.iri, objective.title, objective.quotes)
    yield _entry(plan, objective, None, "objective", title, facets)
    for row in objective.rows:
        about = (*facets, ("status", row.resolved), *(("service", local(one)) for one in row.services))
        once = {said.text: (kind, said) for kind, said in reversed(list(_said(row)))}
        for kind, said in reversed(once.values()):
            yield _entry(plan, objective, row, kind, said, about)


def _said(row: RowDetail) -> Iterator[tuple[str, Said]]:
    """What a row says; words that it says twice are found under the first of their kinds."""
    if row.label:
        yield "row", Said(row.iri, row.label, row.quotes)
    lists: tuple[tuple[str, Iterable[Said]], ...] = (
        ("commitment", row.commitments), ("action", row.actions), ("progress", row.progress), ("need", row.needs),
        ("expectation", row.expectations), ("method", row.methods), ("resource", row.resources),
        ("instrument", (*row.instruments, *row.planned)), ("note", row.notes),
        ("indicator", (one.said for one in row.indicators)), ("responsibility", (one.said for one in row.owners)),
    )  # fmt: skip
    for kind, found in lists:
        for said in found:
            yield kind, said
    if row.timing:
        yield "timeline", Said(f"{row.iri}/timeline", " ".join(row.timing.texts), row.timing.quotes)
    for status in row.statuses:
        if status.basis != "derived":
            for quote in status.quotes:
                yield "evidence", Said(quote.iri, quote.exact, (quote,))


def _entry(
    plan: PlanSummary,
    objective: ObjectiveDetail | None,
    row: RowDetail | None,
    kind: str,
    said: Said,
    facets: tuple[tuple[str, str], ...],
) -> Entry:
    return Entry(
        kind=kind,
        iri=said.iri,
        text=said.text,
        plan_id=plan.id,
        plan_title=plan.title or plan.id,
        objective=objective.order if objective else None,
        objective_title=objective.title if objective else "",
        row=row.order if row else None,
        quotes=said.quotes,
        facets=(("kind", kind), *dict.fromkeys(facets)),
    )
