"""The words behind a cell of the matrix, or behind an objective of a plan."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.operations import Evidence, find_evidence
from api.service import Served

router = APIRouter(tags=["evidence"])


@router.get("/evidence", summary="The words behind a cell of the matrix")
def evidence(
    service: Served,
    territory: Annotated[str, Query(description="IRI, kind/name (ambito/lodi) or name; with `theme`")] = "",
    theme: Annotated[str, Query(description="slug or IRI of a theme")] = "",
    plan: Annotated[str, Query(description="identifier of a plan; with `objective`")] = "",
    objective: Annotated[int, Query(ge=0, description="place of the objective in the plan, from 1")] = 0,
) -> Evidence:
    """What the plans say, row by row: the mark, the words, the status read from both, and where each stands."""
    return find_evidence(service.store, service.iris, territory=territory, theme=theme, plan=plan, objective=objective)
