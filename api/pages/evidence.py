"""The evidence panel: what the plans say, word for word; a fragment for htmx, else a page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.frame import render_page
from api.operations import find_evidence
from api.operations.matrix import QUESTION
from api.operations.objectives import RowDetail
from api.operations.places import all_places
from api.pages.links import Links
from api.service import Served

router = APIRouter()

ITEMS = ("progress", "commitments", "actions", "needs", "expectations", "methods", "resources", "notes")
"""The lists of a row that are words alone."""


@router.get("/evidence")
def evidence(
    request: Request,
    service: Served,
    territory: str = "",
    theme: str = "",
    plan: str = "",
    objective: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """The evidence in a territory on a theme, or in an objective of a plan."""
    found = find_evidence(service.store, service.iris, territory=territory, theme=theme, plan=plan, objective=objective)
    place = all_places(service.store, service.iris).get(found.territory) if found.territory else None
    context = {
        "evidence": found,
        "place": place,
        "items": ITEMS,
        "reason": reason_key,
        "missing": missing_parts,
        "links": Links(service.iris),
        "question": QUESTION,
    }
    return render_page(request, "evidence.html", context)


def reason_key(row: RowDetail) -> str:
    """The key of the words that say why a row has its resolved status (docs/model.md, protocol statuses)."""
    marked, stated = row.status("column-mark"), row.status("cell-text")
    if row.resolved == "conflicting" and marked and stated:
        return "why.conflict"
    if marked and stated:
        if marked.value == stated.value:
            return "why.agree"
        return "why.plans" if stated.value == "in-preparation" else "why.other"
    if marked or stated:
        return "why.mark-only" if marked else "why.words-only"
    return "why.nothing" if row.resolved == "not-stated" else "why.planned"


def missing_parts(row: RowDetail) -> tuple[str, ...]:
    """The keys of what a row of a plan should say and does not: who, by which indicator, when."""
    parts = {"owners": row.owners, "indicators": row.indicators, "timing": row.timing}
    return tuple(f"evidence.{name}" for name, value in parts.items() if not value)
