"""The coverage matrix for programs and spreadsheets."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.negotiation import request_format, request_language
from api.operations import coverage_matrix
from api.operations.matrix import QUESTION
from api.render import MATRIX_FORMATS
from api.rest.responses import (
    LANGUAGE_PARAMETER,
    documented,
    file_response,
    format_parameter,
    given_values,
    question_parameter,
)
from api.service import Served
from queries.question import find_question

router = APIRouter(tags=["matrix"])

_SHAPE: dict[str, Any] = {
    "response_class": Response,
    "responses": documented("The matrix.", [one.media_type for one in MATRIX_FORMATS.values()]),
    "openapi_extra": {
        "parameters": [
            *(question_parameter(one) for one in find_question(QUESTION).parameters),
            format_parameter(MATRIX_FORMATS),
            LANGUAGE_PARAMETER,
        ]
    },
}


@router.get("/matrix", summary="Territories by themes: the status of the protocol in each cell", **_SHAPE)
def matrix(request: Request, service: Served) -> Response:
    """The matrix for the filters `ats`, `territory`, `theme` and `period`, as JSON, CSV or a workbook."""
    name = request_format(request, {name: one.media_type for name, one in MATRIX_FORMATS.items()}, "json")
    found = coverage_matrix(service.store, given_values(request), service.iris, request_language(request))
    form = MATRIX_FORMATS[name]
    return file_response(form.write(found), form.media_type, f"raccordo-matrix{form.suffix}")
