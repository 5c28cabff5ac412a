"""The catalogue of questions, each a small form with its answer under it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from api.errors import reason_of
from api.frame import render_page
from api.language import Language
from api.negotiation import request_language
from api.operations import Asked, ask_question, list_questions
from api.pages.forms import form_fields, known_values
from api.pages.links import Links
from api.render import answer_types
from api.render.charts import draw_chart
from api.render.table import option_labels
from api.service import Served, Service
from queries.ask import construct_query
from queries.errors import ParameterError
from queries.question import Column, Question, find_question

ROWS_ON_PAGE = 500
"""Rows that a page shows; it says so when there are more, and the downloads hold them all."""

SIGNS: Mapping[str, str] = {
    "declared-absent": "absent",
    "contradictory": "conflicting",
    "absent": "absent",
    "conflicting": "conflicting",
    "in-preparation": "in-preparation",
    "present": "present",
    "not-stated": "not-stated",
    "no-document": "no-document",
}
"""The sign that goes with each coded status of an answer."""

router = APIRouter()


@router.get("/questions")
def questions(request: Request) -> Response:
    """The questions of the catalogue."""
    by_topic = {topic: tuple(found) for topic, found in groupby(list_questions(), lambda one: one.topic)}
    return render_page(request, "questions.html", {"topics": by_topic})


@router.get("/questions/{topic}/{slug}")
def question(topic: str, slug: str, request: Request, service: Served) -> Response:
    """One question: its form, and the answer once it can be given."""
    language, found = request_language(request), find_question(f"{topic}/{slug}")
    values = known_values(found, request.query_params.items())
    asked, problem = _answer(service, found, values, language)
    context = {
        "question": found,
        "fields": form_fields(service, found, values, language),
        "asked": asked,
        "problem": problem,
        "chart": Markup(drawn) if asked and (drawn := draw_chart(asked)) else None,
        "columns": shown_columns(found, asked),
        "signs": SIGNS,
        "labels": {column.name: option_labels(column, language) for column in found.columns},
        "encoded": urlencode(values),
        "formats": list(answer_types(found)),
        "constructs": construct_query(found, values, service.iris, language) if asked and found.triples else None,
        "most": ROWS_ON_PAGE,
        "links": Links(service.iris),
    }
    return render_page(request, "question.html", context, status=400 if problem else 200)


def shown_columns(question: Question, asked: Asked | None) -> tuple[Column, ...]:
    """The columns for people: an identifier is shown by its label, and a column that is empty throughout not at all."""
    names = {column.name for column in question.columns}
    rows = asked.answer.rows if asked else ()
    filled = {name for row in rows for name in row.cells}
    return tuple(
        one for one in question.columns if one.name in filled and (one.kind != "iri" or f"{one.name}Label" not in names)
    )


def _answer(
    service: Service, question: Question, values: Mapping[str, str], language: Language
) -> tuple[Asked | None, str | None]:
    """The answer, or the problem with the values, or neither while nothing was given that a question needs."""
    try:
        return ask_question(service.store, question.slug, values, service.iris, language), None
    except ParameterError as error:
        return None, reason_of(error, language) if values else None
