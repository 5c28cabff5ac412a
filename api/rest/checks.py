"""A draft checked without being stored."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.annotated import WRITERS
from api.errors import NotAcceptable
from api.negotiation import XLSX, request_format, request_language
from api.render import REPORT_FORMATS
from api.render.template import TEMPLATE_FORMS, plan_template
from api.rest.responses import LANGUAGE_PARAMETER, documented, file_response, format_parameter, report_response
from api.service import Served
from api.uploads import annotate_upload, check_upload

router = APIRouter(tags=["checks"])

_FILES = {
    "file": {"type": "string", "format": "binary", "description": "the draft"},
    "manifest": {"type": "string", "format": "binary", "description": "its plan.toml, if any"},
}
_FORM_SCHEMA = {"type": "object", "required": ["file"], "properties": _FILES}
_SHAPE: dict[str, Any] = {
    "response_class": Response,
    "responses": documented("The report.", [one.media_type for one in REPORT_FORMATS.values()]),
    "openapi_extra": {
        "parameters": [format_parameter(REPORT_FORMATS), LANGUAGE_PARAMETER],
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM_SCHEMA}}},
    },
}


_COPY: dict[str, Any] = {
    "response_class": Response,
    "responses": documented("The annotated copy.", WRITERS),
    "openapi_extra": {
        "parameters": [LANGUAGE_PARAMETER],
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM_SCHEMA}}},
    },
}


_TEMPLATE: dict[str, Any] = {
    "response_class": Response,
    "responses": documented("The workbook.", [XLSX]),
    "openapi_extra": {
        "parameters": [{"name": "form", "in": "query", "schema": {"type": "string", "enum": list(TEMPLATE_FORMS)}}]
    },
}


@router.post("/check", summary="The report on a draft, which is not stored", **_SHAPE)
async def check(request: Request, service: Served) -> Response:
    """The report on the document in the form's field `file`, in any of its forms."""
    name = request_format(request, {name: one.media_type for name, one in REPORT_FORMATS.items()}, "json")
    checked = await check_upload(request, service)
    body = REPORT_FORMATS[name].write(checked.report, request_language(request), service.iris)
    return report_response(body, name, checked.plan_id)


@router.get("/template", summary="An empty plan to fill in", **_TEMPLATE)
def template(request: Request) -> Response:
    """A workbook whose filled cells are read without a rest; `form` says for which kind of plan."""
    form = request.query_params.get("form") or "programme-matrix"
    for known in TEMPLATE_FORMS:
        if form == known:
            return file_response(plan_template(known), XLSX, f"raccordo-{known}.xlsx")
    raise NotAcceptable(form, tuple(TEMPLATE_FORMS))


@router.post("/check/annotated", summary="The draft itself with a comment at each finding", **_COPY)
async def annotated(request: Request, service: Served) -> Response:
    """A copy of the document in the form's field `file` (DOCX, XLSX or PDF) with the findings where they belong."""
    name, copy = await annotate_upload(request, service, request_language(request))
    return file_response(copy.body, copy.media_type, f"raccordo-{name}")
