"""The SPARQL endpoint: SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/) on `/sparql`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.access import require_token
from api.audit import audited
from api.description import DESCRIPTION_TYPES, describe_service
from api.errors import MalformedRequest, NotProvided, UnsupportedBody
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
    request_format,
    request_type,
)
from api.operations import query_types, run_query
from api.service import Served, Service
from api.tokens import Scope
from store.guard import MAX_QUERY_BYTES

MAX_BODY_BYTES = 16 * MAX_QUERY_BYTES

FORMATS: Mapping[str, str] = {
    "json": RESULTS_JSON, "xml": RESULTS_XML, "csv": CSV, "tsv": TSV,
    "turtle": TURTLE, "ntriples": NTRIPLES, "jsonld": JSONLD, "rdfxml": RDFXML, "trig": TRIG, "nquads": NQUADS,
}  # fmt: skip
"""The formats of answers by the name that `format` takes, for those who cannot send an Accept header."""

_FORM, _QUERY, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
_VARY = {"Vary": "Accept"}

router = APIRouter(tags=["SPARQL"])

_TEXT = {"type": "string"}
_GRAPHS = {"type": "array", "items": {"type": "string", "format": "iri"}}
_DATASET = [{"name": name, "in": "query", "schema": _GRAPHS} for name in ("default-graph-uri", "named-graph-uri")]
_ANSWER = {"200": {"description": "The answer.", "content": {one: {} for one in FORMATS.values()}}}
_QUERY_SHAPE: dict[str, Any] = {
    "response_class": Response,
    "responses": _ANSWER,
    "openapi_extra": {
        "parameters": [
            {"name": "query", "in": "query", "schema": _TEXT},
            *_DATASET,
            {"name": "format", "in": "query", "schema": {**_TEXT, "enum": list(FORMATS)}},
        ]
    },
}
_FORM_SCHEMA = {"type": "object", "properties": {"query": _TEXT, "update": _TEXT}}
_BODY_SHAPE: dict[str, Any] = {
    "response_class": Response,
    "responses": {**_ANSWER, "204": {"description": "The update is done."}},
    "openapi_extra": {
        "parameters": _DATASET,
        "requestBody": {
            "required": True,
            "content": {_QUERY: {"schema": _TEXT}, _UPDATE: {"schema": _TEXT}, _FORM: {"schema": _FORM_SCHEMA}},
        },
    },
}


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks for: the text of a query or an update, and its dataset."""

    kind: str
    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@router.get("/sparql", summary="SPARQL 1.1 query, or the service description", **_QUERY_SHAPE)
@router.get("/sparql/", include_in_schema=False)
async def read(request: Request, service: Served) -> Response:
    """Answer `?query=`; without one describe the service, or lead a browser to the editor."""
    parameters = _pairs(request.url.query)
    if not parameters:
        return await run_in_threadpool(_describe, request, service)
    operation = _from_parameters(parameters)
    if operation.kind == "update":
        raise MalformedRequest(
            it="Un aggiornamento si manda con POST, mai con GET.", en="An update is sent by POST, never by GET."
        )
    return await run_in_threadpool(_answer, request, service, operation)


@router.post("/sparql", summary="SPARQL 1.1 query or update", **_BODY_SHAPE)
@router.post("/sparql/", include_in_schema=False)
async def write(request: Request, service: Served) -> Response:
    """Answer a query, or run an update for who shows the token; the body is a form or the bare SPARQL text."""
    operation = await _from_body(request)
    if operation.kind == "query":
        return await run_in_threadpool(_answer, request, service, operation)
    token = require_token(request, service.settings, Scope.ADMIN)
    if operation.default_graphs or operation.named_graphs:
        raise NotProvided(
            it="using-graph-uri e using-named-graph-uri non sono disponibili: scrivi USING nel testo.",
            en="using-graph-uri and using-named-graph-uri are not provided: write USING in the text.",
        )
    with audited(token, "update", None, operation.text.encode()):
        await run_in_threadpool(service.store.update, operation.text)
    return Response(status_code=204)


def _answer(request: Request, service: Service, operation: Operation) -> Response:
    types = query_types(operation.text)
    names = {name: media_type for name, media_type in FORMATS.items() if media_type in types}
    media_type = names[request_format(request, names, next(iter(names)))]
    body, media_type = run_query(
        service.store, operation.text, media_type, operation.default_graphs, operation.named_graphs
    )
    return Response(body, media_type=media_type, headers=_VARY)


def _describe(request: Request, service: Service) -> Response:
    media_type = request_type(request, (*DESCRIPTION_TYPES, HTML))
    if media_type == HTML:
        return RedirectResponse("/sparql-editor", 303, headers=_VARY)
    endpoint = str(request.url.replace(query="", fragment=""))
    return Response(describe_service(service.store, endpoint, media_type), media_type=media_type, headers=_VARY)


async def _from_body(request: Request) -> Operation:
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    media_type = media_type.strip().lower()
    if media_type not in (_FORM, _QUERY, _UPDATE):
        raise UnsupportedBody(
            it=f"Il corpo di un POST è {_FORM}, {_QUERY} o {_UPDATE}.",
            en=f"The body of a POST is {_FORM}, {_QUERY} or {_UPDATE}.",
        )
    if "charset=" in parameters.lower() and "utf-8" not in parameters.lower():
        raise UnsupportedBody(it="Il corpo deve essere in UTF-8.", en="The body has to be in UTF-8.")
    text = _utf8(await _body(request))
    if media_type == _FORM:
        # The protocol puts all parameters in the form; W3C's tests put the dataset in the address.
        return _from_parameters([*_pairs(request.url.query), *_pairs(text)])
    kind = "query" if media_type == _QUERY else "update"
    return _operation(kind, text, _pairs(request.url.query))


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            size = f"{MAX_BODY_BYTES // 1024} kB"
            raise MalformedRequest(it=f"Il corpo supera {size}.", en=f"The body is larger than {size}.")
    return body


def _from_parameters(pairs: list[tuple[str, str]]) -> Operation:
    """The one operation that the parameters hold. Raises `MalformedRequest`."""
    texts = [(name, value) for name, value in pairs if name in ("query", "update")]
    if len(texts) != 1:
        raise MalformedRequest(
            it="Serve un solo parametro «query» o «update».", en="Exactly one parameter “query” or “update” is needed."
        )
    kind, text = texts[0]
    return _operation(kind, text, pairs)


def _operation(kind: str, text: str, pairs: list[tuple[str, str]]) -> Operation:
    default, named = (
        ("default-graph-uri", "named-graph-uri") if kind == "query" else ("using-graph-uri", "using-named-graph-uri")
    )
    return Operation(
        kind=kind,
        text=text,
        default_graphs=tuple(value for name, value in pairs if name == default),
        named_graphs=tuple(value for name, value in pairs if name == named),
    )


def _pairs(encoded: str) -> list[tuple[str, str]]:
    """The parameters of a query string or a form, in order. Raises `MalformedRequest` when they are not UTF-8."""
    try:
        return parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError as error:
        raise MalformedRequest(it="I parametri non sono UTF-8.", en="The parameters are not UTF-8.") from error


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedRequest(it="Il corpo non è UTF-8.", en="The body is not UTF-8.") from error
