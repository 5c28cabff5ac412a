"""Search by words, for programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.negotiation import request_language
from api.rest.responses import LANGUAGE_PARAMETER
from api.search import FACETS, Asking, Found
from api.search.index import MOST
from api.service import Served

router = APIRouter(tags=["search"])


_FACET_PARAMETERS = [
    {"name": name, "in": "query", "schema": {"type": "string"}, "description": "a value of the facet in an answer"}
    for name in FACETS
]


@router.get(
    "/search",
    summary="What the plans say, by words",
    openapi_extra={"parameters": [*_FACET_PARAMETERS, LANGUAGE_PARAMETER]},
)
def search(
    request: Request,
    service: Served,
    q: Annotated[str, Query(max_length=1000, description='words; "a phrase"; a beginning*')] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 20,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Found:
    """What holds all the words, the best first, with its passages, and the counts of each facet among all hits.

    Words are compared by Italian stem, without case or accents.
    """
    chosen = {name: value for name in FACETS if (value := request.query_params.get(name, "").strip())}
    return service.search.find(Asking(q, chosen, limit, offset), request_language(request))
