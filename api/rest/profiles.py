"""The data in the terms of others."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.caching import conditional
from api.negotiation import request_format
from api.operations.profiles import export_profile
from api.render.linked import LINKED_FORMATS, write_graph
from api.rest.responses import documented, format_parameter
from api.service import Served
from ontology.profiles import profile_names

router = APIRouter(tags=["export"])

_SHAPE: dict[str, Any] = {
    "response_class": Response,
    "responses": documented("The graph.", LINKED_FORMATS.values()),
    "openapi_extra": {
        "parameters": [
            {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "enum": [*profile_names()]}},
            format_parameter(LINKED_FORMATS),
        ]
    },
}


@router.get("/profiles/{name}", summary="All plans in the terms of others: eu or ontopia", **_SHAPE)
def profile(name: str, request: Request, service: Served) -> Response:
    """ORG, PROV, P-Plan and CPSV-AP (`eu`), or COV, CLV, RO, TI, CPSV and Indicator (`ontopia`); no term of ours."""
    form = request_format(request, LINKED_FORMATS, "turtle")
    body = write_graph(export_profile(service.store, name), form)
    return conditional(request, Response(body, media_type=LINKED_FORMATS[form], headers={"Vary": "Accept"}))
