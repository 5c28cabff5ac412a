"""The OpenAPI document: what FastAPI derives from the handlers, and an entry for each question of the catalogue."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.graph_store import GRAPH_STORE_PATHS
from api.operations import list_questions
from api.render import answer_types
from api.rest.responses import LANGUAGE_PARAMETER, documented, format_parameter, question_parameter
from api.sparql import SPARQL_PATHS
from queries.question import Question


def install_schema(app: FastAPI) -> None:
    """Let `app` describe itself with the questions of its catalogue."""

    def schema() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
            found["paths"].update(question_paths() | SPARQL_PATHS | GRAPH_STORE_PATHS)
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = schema  # type: ignore[method-assign]


def question_paths() -> dict[str, Any]:
    """The path item of each question, with its parameters typed and described."""
    return {f"/api/questions/{question.slug}": {"get": _operation(question)} for question in list_questions()}


def _operation(question: Question) -> dict[str, Any]:
    return {
        "tags": ["questions"],
        "operationId": "ask_" + question.slug.replace("/", "_").replace("-", "_"),
        "summary": question.title.en,
        "description": f"{question.explanation.en}\n\n{question.absence.en}",
        "parameters": [
            *(question_parameter(one) for one in question.parameters),
            format_parameter(answer_types(question)),
            LANGUAGE_PARAMETER,
        ],
        "responses": documented("The rows, each with the passages it comes from.", answer_types(question).values()),
    }
