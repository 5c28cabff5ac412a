"""Plans side by side, theme by theme; one territory over its periods; objectives that say nearly the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.frame import render_page
from api.negotiation import request_language
from api.operations import list_plans
from api.operations.changes import changes_over_time
from api.operations.comparing import PARTS, compare_plans
from api.operations.places import Place
from api.operations.plans import PlanSummary
from api.pages.links import Links
from api.render.changes import years
from api.search import FACETS, Asking
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
        "parts": PARTS[1:],
        "links": Links(service.iris),
    }
    return render_page(request, "compare.html", context)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A territory that may be chosen, and for how many periods its own plans are loaded."""

    value: str
    label: str
    periods: int


@router.get("/compare/over-time")
def over_time(request: Request, service: Served, territory: Annotated[str, Query(max_length=300)] = "") -> Response:
    """The choice of a territory, and what changed in it from period to period."""
    language, links = request_language(request), Links(service.iris)
    found = changes_over_time(service.store, territory, service.iris, language) if territory.strip() else None
    context = {
        "territories": _territories(list_plans(service.store), links),
        "chosen": links.value(found.territory.iri) if found else "",
        "found": found,
        "encoded": urlencode({"territory": territory}, safe="/"),
        "years": years,
        "links": links,
    }
    return render_page(request, "changes.html", context)


def _territories(plans: Iterable[PlanSummary], links: Links) -> list[Chosen]:
    """The territories of plans, those with the most periods first."""
    periods: dict[Place, set[str]] = defaultdict(set)
    for plan in plans:
        for place in plan.covers:
            periods[place].add(f"{plan.start} {plan.end}")
    found = (Chosen(links.value(place.iri), place.label, len(spans)) for place, spans in periods.items())
    return sorted(found, key=lambda one: (-one.periods, one.label.casefold()))


@router.get("/compare/similar")
def similar(request: Request, service: Served, text: Annotated[str, Query(max_length=1000)] = "") -> Response:
    """The objectives of all plans whose titles are like a text, narrowed by theme, territory and period."""
    chosen = {name: value for name in FACETS if (value := request.query_params.get(name, "").strip())}
    found = service.search.similar(Asking(text, chosen, 50), request_language(request)) if text.strip() else None
    context = {"found": found, "text": text, "chosen": chosen, "links": Links(service.iris)}
    return render_page(request, "similar.html", context)
