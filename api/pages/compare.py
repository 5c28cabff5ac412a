"""Plans side by side, theme by theme."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.frame import render_page
from api.negotiation import request_language
from api.operations import list_plans
from api.operations.comparing import compare_plans
from api.pages.links import Links
from api.service import Served

router = APIRouter()


@router.get("/compare")
def compare(request: Request, service: Served, plan: Annotated[list[str] | None, Query()] = None) -> Response:
    """The choice of plans, and their comparison once two are chosen."""
    chosen = list(dict.fromkeys(plan or ()))
    found = compare_plans(service.store, chosen, service.iris, request_language(request)) if len(chosen) > 1 else None
    context = {
        "plans": list_plans(service.store),
        "chosen": chosen,
        "comparison": found,
        "encoded": urlencode([("plan", one) for one in chosen]),
        "parts": ("owners", "indicators", "deadlines"),
        "links": Links(service.iris),
    }
    return render_page(request, "compare.html", context)
