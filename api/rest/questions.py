"""The questions of the catalogue: what there is to ask, what may be chosen, and the answers."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from api.negotiation import request_format, request_language
from api.operations import ask_question, list_questions, question_choices
from api.render import ANSWER_FORMATS
from api.rest.responses import LANGUAGE_PARAMETER, documented, file_response, format_parameter, given_values
from api.service import Served
from queries.ask import question_query
from queries.question import Column, Localised, Parameter, Question, find_question

router = APIRouter(tags=["questions"])

_ANSWER: dict[str, Any] = {
    "response_class": Response,
    "responses": documented("The rows.", [one.media_type for one in ANSWER_FORMATS.values()]),
    "openapi_extra": {"parameters": [format_parameter(ANSWER_FORMATS), LANGUAGE_PARAMETER]},
}


class QuestionCard(BaseModel):
    """A question without its SPARQL, and where it is answered."""

    slug: str
    title: Localised
    explanation: Localised
    absence: Localised
    keywords: tuple[str, ...]
    any_of: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    answer: str


class ChoiceCard(BaseModel):
    """One value that a parameter accepts, with its label."""

    value: str
    it: str
    en: str


@router.get("/questions", summary="The questions of the catalogue")
def questions() -> list[QuestionCard]:
    """Every question with its parameters and columns."""
    return [_card(question) for question in list_questions()]


@router.get("/questions/{topic}/{slug}.rq", summary="A question as SPARQL", include_in_schema=False)
def source(topic: str, slug: str, request: Request, service: Served) -> Response:
    """The question's SPARQL with the values of the address; before any is bound where there are none."""
    question, values = find_question(f"{topic}/{slug}"), given_values(request)
    given = {name: value for name, value in values.items() if value.strip()}
    text = question_query(question, given, service.iris, request_language(request)) if given else question.text
    return file_response(text.encode(), "application/sparql-query", f"{slug}.rq")


@router.get("/questions/{topic}/{slug}", summary="The answer to a question", **_ANSWER)
def answer(topic: str, slug: str, request: Request, service: Served) -> Response:
    """The answer for the parameters in the address, as JSON, CSV, a workbook or Markdown."""
    name = request_format(request, {name: one.media_type for name, one in ANSWER_FORMATS.items()}, "json")
    asked = ask_question(
        service.store, f"{topic}/{slug}", given_values(request), service.iris, request_language(request)
    )
    form = ANSWER_FORMATS[name]
    return file_response(form.write(asked), form.media_type, f"raccordo-{topic}-{slug}{form.suffix}")


@router.get("/questions/{topic}/{slug}/choices/{parameter}", summary="What a parameter of a question may be")
def choices(topic: str, slug: str, parameter: str, service: Served) -> list[ChoiceCard]:
    """The values that the loaded data offer; none for a parameter that is typed freely."""
    found = question_choices(service.store, f"{topic}/{slug}", parameter, service.iris)
    return [ChoiceCard(value=one.value, it=one.it, en=one.en) for one in found]


def _card(question: Question) -> QuestionCard:
    shared = {name: getattr(question, name) for name in QuestionCard.model_fields if name != "answer"}
    return QuestionCard(**shared, answer=f"/api/questions/{question.slug}")
