"""The pages of the rules of the check: what each asks, with examples, and what it found in the stored plans."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from api.frame import render_page
from api.operations.rules import RuleCount, plans_of_rule, rule_counts
from api.render.reports import in_language
from api.service import Served
from shapes.report import SEVERITIES
from shapes.rulebook import rule_pages, rule_shapes

router = APIRouter()


@router.get("/rules")
def rules(request: Request, service: Served) -> Response:
    """All rules by severity, with how much each found in the stored plans."""
    pages = rule_pages()
    groups = {severity: [page for page in pages if page.severity == severity] for severity in SEVERITIES}
    context = {"groups": groups, "counts": rule_counts(service.store), "none": RuleCount(), "says": in_language}
    return render_page(request, "rules.html", context)


@router.get("/rules/{name}")
def rule(name: str, request: Request, service: Served) -> Response:
    """One rule: what it reports, of what, what to do, examples, and the plans in which it found something."""
    page = next((one for one in rule_pages() if one.name == name), None)
    if page is None:
        raise HTTPException(404)
    context = {
        "rule": page,
        "written": rule_shapes(name),
        "plans": plans_of_rule(service.store, name, service.iris),
        "count": rule_counts(service.store).get(name, RuleCount()),
        "says": in_language,
    }
    return render_page(request, "rule.html", context)
