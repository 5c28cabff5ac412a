"""What the answers of the REST interface have in common."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from api.headers import CONTENT_SECURITY_POLICY
from api.language import LANGUAGES
from api.negotiation import CSV, DOCX, HTML, PDF, SARIF, XLSX
from api.render import REPORT_FORMATS
from api.render.report_page import STYLE
from queries.question import Parameter

NOT_VALUES = frozenset({"format", "lang"})
"""Parameters of an address that say how to answer, not what to ask."""

_SCHEMA_FORMATS: Mapping[str, str] = {"date": "date", "iri": "iri"}
_DOWNLOADED = frozenset({CSV, DOCX, PDF, SARIF, XLSX})
_OWN_STYLE = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


def documented(description: str, media_types: Iterable[str]) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of the good answer of a handler that writes its own representations."""
    return {"200": {"description": description, "content": {one: {} for one in media_types}}}


def format_parameter(names: Iterable[str]) -> dict[str, Any]:
    """What OpenAPI says of `format`, which handlers leave to `negotiation`."""
    return {"name": "format", "in": "query", "schema": {"type": "string", "enum": list(names)}}


def question_parameter(parameter: Parameter) -> dict[str, Any]:
    """What OpenAPI says of a parameter of a question."""
    schema: dict[str, Any] = {"type": "string"}
    if parameter.type in _SCHEMA_FORMATS:
        schema["format"] = _SCHEMA_FORMATS[parameter.type]
    if parameter.options:
        schema["enum"] = [option.value for option in parameter.options]
    if parameter.default is not None:
        schema["default"] = parameter.default
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": f"{parameter.label.en} ({parameter.type})",
        "schema": schema,
    }


LANGUAGE_PARAMETER: Mapping[str, Any] = {
    "name": "lang",
    "in": "query",
    "schema": {"type": "string", "enum": list(LANGUAGES)},
}
"""What OpenAPI says of `lang`."""


def given_values(request: Request) -> Mapping[str, str]:
    """The parameters of the address that are values of a question, those left empty included."""
    return {name: value for name, value in request.query_params.items() if name not in NOT_VALUES}


def file_response(body: bytes, media_type: str, file_name: str) -> Response:
    """A representation; spreadsheets are offered for download under `file_name`."""
    headers = {"Vary": "Accept, Accept-Language, Cookie"}
    if media_type in _DOWNLOADED:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file_name)}"
    return Response(body, media_type=media_type, headers=headers)


def report_response(body: bytes, name: str, plan_id: str) -> Response:
    """A report in one of `REPORT_FORMATS`; the page, which stands alone, may use the style that it carries."""
    form = REPORT_FORMATS[name]
    response = file_response(body, form.media_type, f"raccordo-report-{plan_id}{form.suffix}")
    if form.media_type == HTML:
        response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; style-src 'sha256-{_OWN_STYLE}'"
    return response
