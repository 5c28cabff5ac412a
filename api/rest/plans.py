"""The loaded plans: what was read in them, their reports, and their graphs."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from api.negotiation import (
    JSONLD,
    NQUADS,
    NTRIPLES,
    RDFXML,
    TRIG,
    TURTLE,
    request_format,
    request_language,
)
from api.operations import PlanSummary, export_plan, list_plans, plan_detail, plan_report
from api.operations.objectives import ObjectiveDetail
from api.render import REPORT_FORMATS
from api.rest.responses import LANGUAGE_PARAMETER, documented, format_parameter, report_response
from api.service import Served

GRAPH_FORMATS = {
    "turtle": TURTLE, "ntriples": NTRIPLES, "jsonld": JSONLD, "rdfxml": RDFXML, "trig": TRIG, "nquads": NQUADS,
}  # fmt: skip
"""The RDF formats by the name that `format` takes."""

router = APIRouter(tags=["plans"])

_REPORT: dict[str, Any] = {
    "response_class": Response,
    "responses": documented("The report.", [one.media_type for one in REPORT_FORMATS.values()]),
    "openapi_extra": {"parameters": [format_parameter(REPORT_FORMATS), LANGUAGE_PARAMETER]},
}
_GRAPH: dict[str, Any] = {
    "response_class": Response,
    "responses": documented("The graph.", GRAPH_FORMATS.values()),
    "openapi_extra": {"parameters": [format_parameter(GRAPH_FORMATS)]},
}


class RowCard(BaseModel):
    """One row of an objective, with its resolved protocol status."""

    order: int
    label: str | None
    status: str
    indicators: int
    responsibilities: int


class ObjectiveCard(BaseModel):
    """One objective, its theme as a concept's IRI, and its rows."""

    order: int
    number: str | None
    title: str
    level: str
    theme: str | None
    rows: list[RowCard]


class PlanCard(BaseModel):
    """A plan in short, and where the rest of it is."""

    summary: PlanSummary
    objectives: list[ObjectiveCard]
    report: str
    graph: str


@router.get("/plans", summary="The loaded plans")
def plans(service: Served) -> list[PlanSummary]:
    """Each loaded plan with how much was read in it."""
    return list(list_plans(service.store))


@router.get("/plans/{plan_id}", summary="One plan in short")
def plan(plan_id: str, service: Served) -> PlanCard:
    """The plan, its objectives and the status of their rows."""
    detail = plan_detail(service.store, plan_id, service.iris)
    return PlanCard(
        summary=detail.summary,
        objectives=[_objective(one) for one in detail.objectives],
        report=f"/api/plans/{plan_id}/report",
        graph=f"/api/plans/{plan_id}/graph",
    )


@router.get("/plans/{plan_id}/report", summary="The validation report of a plan", **_REPORT)
def report(plan_id: str, request: Request, service: Served) -> Response:
    """The stored report in any of its forms."""
    name = request_format(request, {name: one.media_type for name, one in REPORT_FORMATS.items()}, "json")
    form = REPORT_FORMATS[name]
    body = form.write(plan_report(service.store, plan_id, service.iris), request_language(request), service.iris)
    return report_response(body, name, plan_id)


@router.get("/plans/{plan_id}/graph", summary="The graph of a plan", **_GRAPH)
def graph(plan_id: str, request: Request, service: Served) -> Response:
    """The plan's named graph as Turtle, N-Triples, JSON-LD, RDF/XML, TriG or N-Quads."""
    media_type = GRAPH_FORMATS[request_format(request, GRAPH_FORMATS, "turtle")]
    body = export_plan(service.store, plan_id, media_type, service.iris)
    return Response(body, media_type=media_type, headers={"Vary": "Accept"})


def _objective(objective: ObjectiveDetail) -> ObjectiveCard:
    rows = [
        RowCard(
            order=row.order,
            label=row.label,
            status=row.resolved,
            indicators=len(row.indicators),
            responsibilities=len(row.owners),
        )
        for row in objective.rows
    ]
    return ObjectiveCard(
        order=objective.order,
        number=objective.number,
        title=objective.title,
        level=objective.level,
        theme=objective.theme,
        rows=rows,
    )
