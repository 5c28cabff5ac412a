"""The SPARQL page: a plain form that works everywhere, and an editor over it where one is installed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.errors import reason_of
from api.frame import render_page
from api.language import Language
from api.negotiation import RESULTS_JSON, TURTLE, request_language
from api.operations import list_questions, query_types, run_query
from api.pages.forms import known_values
from api.pages.links import Links
from api.service import Served, Service
from api.sparql import FORMATS
from queries.ask import question_query
from queries.errors import QuestionError
from queries.question import find_question
from store import GraphStore
from store.errors import StoreError

ROWS_ON_PAGE = 500
"""Rows that the page shows; it says so when there are more."""

START = """\
PREFIX rac: <https://w3id.org/raccordo/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>

SELECT ?plan ?title (COUNT(?objective) AS ?objectives)
WHERE {
  GRAPH ?g { ?plan a rac:Plan ; dcterms:title ?title ; rac:hasObjective ?objective . }
}
GROUP BY ?plan ?title
ORDER BY ?plan
"""

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a query gave: a table (`variables`, `rows` of values), or a `text` that is a yes, a no or Turtle."""

    variables: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    total: int = 0
    text: str | None = None
    formats: tuple[str, ...] = ()


@router.get("/sparql-editor")
def editor(request: Request, service: Served) -> Response:
    """A form for `?query=`, or for the SPARQL of `?question=` with its values, and the answer under it."""
    language = request_language(request)
    text, problem = _text(request.query_params, service, language)
    outcome = None
    if problem is None and "query" in request.query_params:
        try:
            outcome = run(service.store, text)
        except StoreError as error:
            problem = reason_of(error, language)
    context = {
        "text": text,
        "problem": problem,
        "outcome": outcome,
        "questions": list_questions(),
        "settings": service.settings,
        "links": Links(service.iris),
        "most": ROWS_ON_PAGE,
    }
    return render_page(request, "editor.html", context, status=400 if problem else 200)


def run(store: GraphStore, text: str) -> Outcome:
    """The outcome of a query, for a page. Raises `StoreError`."""
    types = query_types(text)
    names = tuple(name for name, media_type in FORMATS.items() if media_type in types)
    if RESULTS_JSON not in types:
        body, _ = run_query(store, text, TURTLE)
        return Outcome(text=body.decode(), formats=names)
    result = json.loads(run_query(store, text, RESULTS_JSON)[0])
    if "boolean" in result:
        return Outcome(text=str(result["boolean"]).lower(), formats=names)
    variables, rows = tuple(result["head"]["vars"]), result["results"]["bindings"]
    return Outcome(
        variables=variables,
        rows=tuple(tuple(row.get(one, {}).get("value", "") for one in variables) for row in rows[:ROWS_ON_PAGE]),
        total=len(rows),
        formats=names,
    )


def _text(given: Mapping[str, str], service: Service, language: Language) -> tuple[str, str | None]:
    """The SPARQL to show, and why the question that was asked for cannot be shown."""
    if "question" not in given:
        return given.get("query", START), None
    try:
        question = find_question(given["question"])
        values = known_values(question, given.items())
        return question_query(question, values, service.iris, language), None
    except QuestionError as error:
        return START, reason_of(error, language)
