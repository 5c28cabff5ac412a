"""A draft checked without being stored."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.negotiation import request_format, request_language
from api.render import REPORT_FORMATS
from api.rest.responses import LANGUAGE_PARAMETER, documented, file_response, format_parameter
from api.service import Served
from api.uploads import check_upload

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


@router.post("/check", summary="The report on a draft, which is not stored", **_SHAPE)
async def check(request: Request, service: Served) -> Response:
    """The report on the document in the form's field `file`, as JSON, text, Markdown, HTML or CSV."""
    name = request_format(request, {name: one.media_type for name, one in REPORT_FORMATS.items()}, "json")
    checked = await check_upload(request, service)
    form = REPORT_FORMATS[name]
    body = form.write(checked.report, request_language(request))
    return file_response(body, form.media_type, f"raccordo-report-{checked.plan_id}{form.suffix}")
