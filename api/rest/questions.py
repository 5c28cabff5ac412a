"""The questions of the catalogue: what there is to ask, what may be chosen, and the answers."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from api.negotiation import request_format, request_language
from api.operations import ask_question, construct_answer, list_questions, question_choices
from api.render import ANSWER_FORMATS, answer_types
from api.render.linked import LINKED_FORMATS, write_triples
from api.rest.responses import LANGUAGE_PARAMETER, documented, file_response, format_parameter, given_values
from api.service import Served
from queries.ask import construct_query, question_query
from queries.question import Column, Localised, Parameter, Question, find_question

router = APIRouter(tags=["questions"])

_ANSWER: dict[str, Any] = {
    "response_class": Response,
    "responses": documented(
        "The rows; the triples of a question that constructs.",
        [*(one.media_type for one in ANSWER_FORMATS.values()), *LINKED_FORMATS.values()],
    ),
    "openapi_extra": {"parameters": [format_parameter([*ANSWER_FORMATS, *LINKED_FORMATS]), LANGUAGE_PARAMETER]},
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
    formats: tuple[str, ...]


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
    """The question's SPARQL with the values of the address; before any is bound where there are none.

    With a format of triples it is the CONSTRUCT that gives them.
    """
    question, values = find_question(f"{topic}/{slug}"), given_values(request)
    given = {name: value for name, value in values.items() if value.strip()}
    constructs = request.query_params.get("format") in LINKED_FORMATS
    text = question.constructing if constructs else question.text
    if given or text is None:
        query = construct_query if constructs else question_query
        text = query(question, given, service.iris, request_language(request))
    return file_response(text.encode(), "application/sparql-query", f"{slug}.rq")


@router.get("/questions/{topic}/{slug}", summary="The answer to a question", **_ANSWER)
def answer(topic: str, slug: str, request: Request, service: Served) -> Response:
    """The answer for the parameters in the address, as JSON, CSV, a workbook or Markdown, or as RDF."""
    question = find_question(f"{topic}/{slug}")
    name = request_format(request, answer_types(question), "json")
    about = (service.store, question.slug, given_values(request), service.iris, request_language(request))
    if name in LINKED_FORMATS:
        body = write_triples(construct_answer(*about), name, question.prefixes)
        return file_response(body, LINKED_FORMATS[name], f"raccordo-{topic}-{slug}")
    asked, form = ask_question(*about), ANSWER_FORMATS[name]
    return file_response(form.write(asked), form.media_type, f"raccordo-{topic}-{slug}{form.suffix}")


@router.get("/questions/{topic}/{slug}/choices/{parameter}", summary="What a parameter of a question may be")
def choices(topic: str, slug: str, parameter: str, service: Served) -> list[ChoiceCard]:
    """The values that the loaded data offer; none for a parameter that is typed freely."""
    found = question_choices(service.store, f"{topic}/{slug}", parameter, service.iris)
    return [ChoiceCard(value=one.value, it=one.it, en=one.en) for one in found]


def _card(question: Question) -> QuestionCard:
    shared = {name: getattr(question, name) for name in QuestionCard.model_fields if name not in ("answer", "formats")}
    return QuestionCard(**shared, answer=f"/api/questions/{question.slug}", formats=tuple(answer_types(question)))
