"""The pages about plans: the list, one plan, its report."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.errors import UnknownValue
from api.frame import render_page
from api.language import texts
from api.negotiation import request_language
from api.operations import list_plans, plan_detail, plan_report
from api.pages.evidence import missing_parts
from api.pages.links import Links
from api.render.reports import finding_groups, in_language, quote, unverified, unwatched, verdict, where
from api.rest.plans import GRAPH_FORMATS
from api.service import Served
from shapes.report import ValidationReport
from shapes.rulebook import rule_pages

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Shown:
    """How many findings pages show: of each rule in a report, of one on its page; groups are open up to `opened`."""

    of_a_rule: int = 50
    on_a_page: int = 500
    opened: int = 500


DOWNLOADED_REPORTS = ("pdf", "xlsx", "html", "csv", "markdown", "json", "turtle", "sarif", "text")
SHOWN = Shown()
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
    """The stored report of a plan in groups; `rule` shows the findings of one rule, from number `from` on."""
    found = plan_report(service.store, plan_id, service.iris)
    context = {**report_context(found, request), "links": Links(service.iris), "report_formats": DOWNLOADED_REPORTS}
    if name := request.query_params.get("rule"):
        return render_page(request, "report-rule.html", {**context, **_one_rule(found, name, request)})
    return render_page(request, "report.html", context)


def report_context(report: ValidationReport, request: Request) -> dict[str, object]:
    """What the templates that show a report need."""
    language = request_language(request)
    return {
        "report": report,
        "groups": finding_groups(report, language),
        "shown": SHOWN,
        "rule_names": frozenset(page.name for page in rule_pages()),
        "unverified": unverified(report),
        "unwatched": unwatched(report, texts(language)),
        "verdict": verdict(report, texts(language)),
        "where": where,
        "quote": quote,
        "says": in_language,
    }


def _one_rule(report: ValidationReport, name: str, request: Request) -> dict[str, object]:
    group = next((one for one in finding_groups(report, request_language(request)) if one.rule == name), None)
    start = request.query_params.get("from", "1")
    if group is None:
        raise UnknownValue("rule", name)
    if not start.isdecimal() or not 1 <= int(start) <= len(group.findings):
        raise UnknownValue("from", start)
    first = int(start)
    last = min(first + SHOWN.on_a_page - 1, len(group.findings))
    return {
        "group": group,
        "first": first,
        "last": last,
        "before": max(1, first - SHOWN.on_a_page) if first > 1 else None,
        "after": last + 1 if last < len(group.findings) else None,
        "found": group.findings[first - 1 : last],
    }
