"""The SPARQL endpoint: SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/) on `/sparql`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.access import require_token, somebody_may
from api.access_log import note_query
from api.audit import audited
from api.description import DESCRIPTION_TYPES, describe_service
from api.gate import Gate
from api.negotiation import (
    CSV,
    HTML,
    JSONLD,
    NQUADS,
    NTRIPLES,
    RDFXML,
    RESULTS_JSON,
    RESULTS_XML,
    TRIG,
    TSV,
    TURTLE,
    format_named,
    request_type,
)
from api.operation import FORM, QUERY, UPDATE, Operation, read_operation
from api.service import Service, current_service
from api.tokens import Scope as Right
from store.evaluate import Request as Question

FORMATS: Mapping[str, str] = {
    "json": RESULTS_JSON, "xml": RESULTS_XML, "csv": CSV, "tsv": TSV,
    "turtle": TURTLE, "ntriples": NTRIPLES, "jsonld": JSONLD, "rdfxml": RDFXML, "trig": TRIG, "nquads": NQUADS,
}  # fmt: skip
"""The formats of answers by the name that `format` takes, for those who cannot send an Accept header."""

_VARY = {"Vary": "Accept"}


class SparqlDoor:
    """The endpoint as an ASGI application: queries for everybody, updates for who shows an admin token."""

    def __init__(self, gate: Gate) -> None:
        """Let queries through `gate`."""
        self._gate = gate

    def routes(self) -> list[Route]:
        """Where the endpoint stands."""
        return [Route(path, self, methods=["GET", "POST"], include_in_schema=False) for path in ("/sparql", "/sparql/")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a query, run an update, describe the service, or lead a browser to the editor."""
        request = Request(scope, receive, send)
        service = current_service(request)
        operation = await read_operation(request)
        if operation is not None:
            note_query(request, operation.kind, operation.shape)
        if operation is None:
            response = await run_in_threadpool(_describe, request, service)
            await response(scope, receive, send)
        elif operation.kind == "query":
            question = _question(request, operation)
            await self._gate.answer(request, service, question, self._gate.versions.of_answer(question))
        else:
            await self._update(request, service, operation)
            await Response(status_code=204)(scope, receive, send)

    async def _update(self, request: Request, service: Service, operation: Operation) -> None:
        token = require_token(request, service.settings, Right.ADMIN)

        def run() -> None:
            with self._gate.versions.writing():
                service.store.update(
                    operation.text,
                    base=_endpoint(request),
                    using_graphs=operation.default_graphs,
                    using_named_graphs=operation.named_graphs,
                )

        with audited(token, "update", None, operation.text.encode()):
            await run_in_threadpool(run)


def _question(request: Request, operation: Operation) -> Question:
    names = {name: media_type for name, media_type in FORMATS.items() if media_type in operation.types}
    accept = names[format_named(operation.format, request, names, next(iter(names)))]
    return Question(operation.text, accept, operation.default_graphs, operation.named_graphs, _endpoint(request))


def _describe(request: Request, service: Service) -> Response:
    media_type = request_type(request, (*DESCRIPTION_TYPES, HTML))
    if media_type == HTML:
        return RedirectResponse("/sparql-editor", 303, headers=_VARY)
    updates = somebody_may(service.settings, Right.ADMIN)
    body = describe_service(service.store, _endpoint(request), media_type, updates=updates)
    return Response(body, media_type=media_type, headers=_VARY)


def _endpoint(request: Request) -> str:
    """The address that the request came to, which is also what relative IRIs are relative to."""
    return str(URL(scope={**request.scope, "query_string": b""}))


_TEXT = {"type": "string"}
_GRAPHS = {"type": "array", "items": {"type": "string", "format": "iri"}}
_DATASET = [{"name": name, "in": "query", "schema": _GRAPHS} for name in ("default-graph-uri", "named-graph-uri")]
_USING = [{"name": name, "in": "query", "schema": _GRAPHS} for name in ("using-graph-uri", "using-named-graph-uri")]
_ANSWER = {"200": {"description": "The answer.", "content": {one: {} for one in FORMATS.values()}}}
_FORM_SCHEMA = {"type": "object", "properties": {"query": _TEXT, "update": _TEXT}}

SPARQL_PATHS: dict[str, Any] = {
    "/sparql": {
        "get": {
            "tags": ["SPARQL"],
            "operationId": "sparql_get",
            "summary": "SPARQL 1.1 query, or the service description",
            "parameters": [
                {"name": "query", "in": "query", "schema": _TEXT},
                *_DATASET,
                {"name": "format", "in": "query", "schema": {**_TEXT, "enum": list(FORMATS)}},
            ],
            "responses": _ANSWER,
        },
        "post": {
            "tags": ["SPARQL"],
            "operationId": "sparql_post",
            "summary": "SPARQL 1.1 query or update",
            "parameters": [*_DATASET, *_USING],
            "requestBody": {
                "required": True,
                "content": {QUERY: {"schema": _TEXT}, UPDATE: {"schema": _TEXT}, FORM: {"schema": _FORM_SCHEMA}},
            },
            "responses": {**_ANSWER, "204": {"description": "The update is done."}},
        },
    }
}
"""What OpenAPI says of the endpoint."""
