"""Search by words: the hits with their words marked, and facets to narrow them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.frame import render_page
from api.negotiation import request_language
from api.pages.links import Links
from api.search import FACETS, Asking
from api.service import Served

router = APIRouter()

HITS_ON_PAGE = 20
SHOWN_FACETS = tuple(name for name in FACETS if name != "plan")


@router.get("/search")
def search(
    request: Request,
    service: Served,
    q: Annotated[str, Query(max_length=1000)] = "",
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """The hits for the words and the facets of the address."""
    chosen = {name: value for name in FACETS if (value := request.query_params.get(name, "").strip())}
    asking = Asking(q, chosen, HITS_ON_PAGE, offset)
    context = {
        "found": service.search.find(asking, request_language(request)) if q.strip() or chosen else None,
        "asking": asking,
        "shown_facets": SHOWN_FACETS,
        "most": HITS_ON_PAGE,
        "links": Links(service.iris),
    }
    return render_page(request, "search.html", context)
