"""Plans side by side, territories over time and objectives alike, for programs and spreadsheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.negotiation import JSON, XLSX, request_format, request_language
from api.operations.changes import changes_over_time
from api.operations.comparing import compare_plans
from api.render import changes, comparisons
from api.rest.responses import LANGUAGE_PARAMETER, documented, file_response, format_parameter
from api.search import FACETS, Asking, Similars
from api.search.index import MOST
from api.service import Served

router = APIRouter(tags=["compare"])

FORMATS: Mapping[str, str] = {"json": JSON, "xlsx": XLSX}


@router.get(
    "/compare",
    summary="Two or more plans side by side",
    response_class=Response,
    responses=documented("Theme by theme, what each plan says.", FORMATS.values()),
    openapi_extra={"parameters": [format_parameter(FORMATS), LANGUAGE_PARAMETER]},
)
def compare(
    request: Request, service: Served, plan: Annotated[list[str], Query(description="identifiers, two or more")]
) -> Response:
    """Objectives by theme with status, owners, indicators and deadlines, every line with its passages."""
    name = request_format(request, FORMATS, "json")
    found = compare_plans(service.store, plan, service.iris, request_language(request))
    body = comparisons.to_xlsx(found) if name == "xlsx" else comparisons.to_json(found)
    return file_response(body, FORMATS[name], f"raccordo-compare.{name}")


@router.get(
    "/compare/over-time",
    summary="What changed in a territory from period to period",
    response_class=Response,
    responses=documented("Theme by theme, what is new, gone, changed or the same.", FORMATS.values()),
    openapi_extra={"parameters": [format_parameter(FORMATS), LANGUAGE_PARAMETER]},
)
def over_time(
    request: Request,
    service: Served,
    territory: Annotated[str, Query(max_length=300, description="ambito/lodi, a name of an Ambito, or an IRI")],
) -> Response:
    """The objectives of each period beside those of the one before, every line with its passages."""
    name = request_format(request, FORMATS, "json")
    found = changes_over_time(service.store, territory, service.iris, request_language(request))
    body = changes.to_xlsx(found) if name == "xlsx" else changes.to_json(found)
    return file_response(body, FORMATS[name], f"raccordo-over-time.{name}")


_FACET_PARAMETERS = [
    {"name": name, "in": "query", "schema": {"type": "string"}, "description": "a value of the facet of a search"}
    for name in FACETS
]


@router.get(
    "/similar",
    summary="Objectives that say nearly the same, in all plans",
    openapi_extra={"parameters": [*_FACET_PARAMETERS, LANGUAGE_PARAMETER]},
)
def similar(
    request: Request,
    service: Served,
    text: Annotated[str, Query(max_length=1000, description="an objective's title, or any words")],
    limit: Annotated[int, Query(ge=1, le=MOST)] = 20,
) -> Similars:
    """The objectives whose titles share the most with the text, the most alike first, with their passages."""
    chosen = {name: value for name in FACETS if (value := request.query_params.get(name, "").strip())}
    return service.search.similar(Asking(text, chosen, limit), request_language(request))
