"""The first page: which Ambiti have the protocol on which theme, and where it is written."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.frame import render_page
from api.negotiation import request_language
from api.operations import coverage_matrix, list_plans
from api.operations.matrix import QUESTION, STATUSES
from api.pages.forms import form_fields, known_values
from api.pages.links import Links
from api.render import MATRIX_FORMATS
from api.render.matrices import cell_words
from api.service import Served
from queries.question import find_question

SHOWN_COUNTS = ("conflicting", "absent", "not-stated")
"""What is counted by row and by column, each on its own: what is not stated is not absent."""

router = APIRouter()


@router.get("/")
def matrix(request: Request, service: Served) -> Response:
    """The coverage matrix with its filters."""
    language = request_language(request)
    question = find_question(QUESTION)
    values = known_values(question, request.query_params.items())
    context = {
        "matrix": coverage_matrix(service.store, values, service.iris, language),
        "plans": {plan.id: plan for plan in list_plans(service.store)},
        "fields": form_fields(service, question, values, language),
        "values": values,
        "question": question,
        "statuses": STATUSES,
        "shown_counts": SHOWN_COUNTS,
        "formats": [name for name in MATRIX_FORMATS if name != "json"],
        "links": Links(service.iris),
        "cell_words": cell_words,
    }
    return render_page(request, "matrix.html", context)
