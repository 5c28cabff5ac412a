"""The pages about plans: the list, one plan, its report."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.frame import render_page
from api.language import texts
from api.negotiation import request_language
from api.operations import list_plans, plan_detail, plan_report
from api.pages.evidence import missing_parts
from api.pages.links import Links
from api.render.reports import finding_groups, in_language, unverified, verdict, where
from api.rest.plans import GRAPH_FORMATS
from api.service import Served
from shapes.report import ValidationReport

router = APIRouter()

DOWNLOADED_REPORTS = ("pdf", "xlsx", "html", "csv", "markdown", "json", "turtle", "sarif", "text")
COUNTED = ("objectives", "rows", "indicators", "responsibilities", "unread")


@router.get("/plans")
def plans(request: Request, service: Served) -> Response:
    """The loaded plans, with how much was read and found in each."""
    found = list_plans(service.store)
    reports = {plan.id: plan_report(service.store, plan.id, service.iris) for plan in found}
    return render_page(request, "plans.html", {"plans": found, "reports": reports, "counted": COUNTED})


@router.get("/plans/{plan_id}")
def plan(plan_id: str, request: Request, service: Served) -> Response:
    """One plan: its objectives and rows, its documents, and what was not read."""
    report = plan_report(service.store, plan_id, service.iris)
    context = {
        "plan": plan_detail(service.store, plan_id, service.iris),
        "graph_formats": list(GRAPH_FORMATS),
        "links": Links(service.iris),
        "missing": missing_parts,
        "counted": COUNTED,
        **report_context(report, request),
    }
    return render_page(request, "plan.html", context)


@router.get("/plans/{plan_id}/report")
def report(plan_id: str, request: Request, service: Served) -> Response:
    """The stored report of a plan."""
    found = plan_report(service.store, plan_id, service.iris)
    links = Links(service.iris)
    context = {**report_context(found, request), "links": links, "report_formats": DOWNLOADED_REPORTS}
    return render_page(request, "report.html", context)


def report_context(report: ValidationReport, request: Request) -> dict[str, object]:
    """What the templates that show a report need."""
    language = request_language(request)
    return {
        "report": report,
        "groups": finding_groups(report, language),
        "unverified": unverified(report),
        "verdict": verdict(report, texts(language)),
        "where": where,
        "says": in_language,
    }
