"""Plans side by side, for programs and spreadsheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.negotiation import JSON, XLSX, request_format, request_language
from api.operations.comparing import compare_plans
from api.render import comparisons
from api.rest.responses import LANGUAGE_PARAMETER, documented, file_response, format_parameter
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
