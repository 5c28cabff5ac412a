"""The SPARQL 1.1 Graph Store HTTP Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/) on `/graph-store`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.access import require_token
from api.audit import audited
from api.errors import MalformedRequest, UnknownGraph
from api.gate import Gate
from api.negotiation import GRAPH_TYPES, request_type
from api.operation import body_type, read_body
from api.payloads import PAYLOAD_TYPES, read_payload
from api.service import Service, current_service
from api.tokens import Scope as Right
from store import GraphStore
from store.evaluate import Request as Question
from store.evaluate import graph_name

PATH = "/graph-store"
_MULTIPART = "multipart/form-data"
_MOST_PARTS = 50


@dataclass(frozen=True, slots=True)
class Target:
    """One graph: a named one, or with `None` the default graph."""

    iri: str | None

    def pattern(self) -> str:
        """The graph pattern that matches all its triples."""
        return "{ ?s ?p ?o }" if self.iri is None else f"{{ GRAPH {graph_name(self.iri)} {{ ?s ?p ?o }} }}"

    def exists(self, store: GraphStore) -> bool:
        """Whether it holds a triple: engines do not agree on what an empty graph is."""
        body, _ = store.query(f"ASK {self.pattern()}")
        return bool(json.loads(body)["boolean"])

    def put(self, store: GraphStore, triples: bytes) -> None:
        """Leave these triples (N-Triples) in it and no other."""
        if self.iri is None:
            store.update(f"DROP SILENT DEFAULT;\nINSERT DATA {{\n{triples.decode()}}}")
        else:
            store.replace_graphs({self.iri: triples})

    def add(self, store: GraphStore, triples: bytes) -> None:
        """Add these triples (N-Triples) to it."""
        if self.iri is None:
            store.update(f"INSERT DATA {{\n{triples.decode()}}}")
        else:
            store.add_to_graphs({self.iri: triples})

    def drop(self, store: GraphStore) -> None:
        """Leave nothing in it."""
        if self.iri is None:
            store.update("DROP SILENT DEFAULT")
        else:
            store.remove_graphs([self.iri])


class GraphStoreDoor:
    """The protocol as an ASGI application: reading for everybody, writing for who shows a load token."""

    def __init__(self, gate: Gate) -> None:
        """Let readings through `gate`."""
        self._gate = gate

    def routes(self) -> list[Route]:
        """Where the graphs stand: by `?graph=` or `?default` at the address itself, or by an address below it."""
        methods = ["GET", "PUT", "POST", "DELETE"]
        return [Route(path, self, methods=methods, include_in_schema=False) for path in (PATH, PATH + "/{name:path}")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read, put, add to or drop one graph."""
        request = Request(scope, receive, send)
        service = current_service(request)
        if request.method == "GET":
            await self._read(request, service)
            return
        token = require_token(request, service.settings, Right.LOAD)
        target = _new_target(request) if request.method == "POST" and not _named(request) else _target(request)
        body = b"" if request.method == "DELETE" else await _payload(request, service, target)
        with audited(token, f"graph-store {request.method}", target.iri, body):
            response = await run_in_threadpool(self._write, request, service.store, target, body)
        if response.status_code == 201 and target.iri is not None:
            response.headers["Location"] = target.iri
        await response(scope, receive, send)

    async def _read(self, request: Request, service: Service) -> None:
        target = _target(request)
        accept = request_type(request, GRAPH_TYPES)
        tag = self._gate.versions.of_graph(target.iri, accept)
        if not await run_in_threadpool(target.exists, service.store):
            raise UnknownGraph(target.iri)
        question = Question(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {target.pattern()}", accept)
        await self._gate.answer(request, service, question, tag)

    def _write(self, request: Request, store: GraphStore, target: Target, triples: bytes) -> Response:
        with self._gate.versions.writing_graph(request, target.iri, lambda: target.exists(store)):
            return _write(request.method, store, target, triples)


def _write(method: str, store: GraphStore, target: Target, triples: bytes) -> Response:
    known = target.exists(store)
    if method == "DELETE":
        if not known:
            raise UnknownGraph(target.iri)
        target.drop(store)
    elif method == "PUT":
        target.put(store, triples)
    else:
        target.add(store, triples)
    return Response(status_code=204 if known else 201)


def _named(request: Request) -> bool:
    """Whether a request says which graph it is about."""
    return bool(request.path_params.get("name") or request.url.query)


def _target(request: Request) -> Target:
    """The graph that a request is about. Raises `MalformedRequest`, `GraphError`."""
    if request.path_params.get("name"):
        return Target(str(request.url.replace(query="", fragment="")))
    try:
        # Not through the framework, which drops parameters without a value.
        pairs = parse_qsl(request.url.query, keep_blank_values=True, errors="strict", max_num_fields=8)
    except ValueError as error:
        raise MalformedRequest(it="I parametri non sono UTF-8.", en="The parameters are not UTF-8.") from error
    match [pair for pair in pairs if pair[0] in ("graph", "default")]:
        case [("default", _)]:
            return Target(None)
        case [("graph", iri)]:
            graph_name(iri)
            return Target(iri)
    raise MalformedRequest(it="Serve «graph=IRI» oppure «default».", en="Either “graph=IRI” or “default” is needed.")


def _new_target(request: Request) -> Target:
    """A graph of its own for what is posted to the store itself (section 5.5 of the protocol)."""
    return Target(f"{str(request.url.replace(query='', fragment='')).rstrip('/')}/{uuid4()}")


async def _payload(request: Request, service: Service, target: Target) -> bytes:
    media_type, most = body_type(request), service.settings.upload_bytes
    base = target.iri or str(request.url)
    body = await read_body(request, most)
    if media_type != _MULTIPART:
        return await run_in_threadpool(read_payload, body, media_type, base)
    parts = []
    async with _again(request, body).form(max_files=_MOST_PARTS, max_fields=_MOST_PARTS) as form:
        for _, part in form.multi_items():
            if isinstance(part, UploadFile):
                part_type = (part.content_type or "").partition(";")[0].strip().lower()
                parts.append(await run_in_threadpool(read_payload, await part.read(), part_type, base))
    if not parts:
        raise MalformedRequest(it="Il modulo non contiene file.", en="The form holds no file.")
    return b"".join(parts)


def _again(request: Request, body: bytes) -> Request:
    """The same request, whose body is read once more."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    return Request(request.scope, receive)


_GRAPH = {"name": "graph", "in": "query", "schema": {"type": "string", "format": "iri"}}
_DEFAULT = {"name": "default", "in": "query", "allowEmptyValue": True, "schema": {"type": "string"}}
_BODY = {"required": True, "content": {one: {"schema": {"type": "string"}} for one in PAYLOAD_TYPES}}


def _documented(name: str, summary: str, responses: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "tags": ["Graph Store"],
        "operationId": f"graph_store_{name}",
        "summary": summary,
        "parameters": [_GRAPH, _DEFAULT],
        "responses": responses,
        **more,
    }


_DONE = {"201": {"description": "The graph is new."}, "204": {"description": "Done."}}
GRAPH_STORE_PATHS: dict[str, Any] = {
    PATH: {
        "get": _documented(
            "get", "One graph", {"200": {"description": "The graph.", "content": {one: {} for one in GRAPH_TYPES}}}
        ),
        "put": _documented("put", "Put a graph in the place of another", _DONE, requestBody=_BODY),
        "post": _documented("post", "Add to a graph, or make a new one", _DONE, requestBody=_BODY),
        "delete": _documented("delete", "Drop a graph", {"204": {"description": "Done."}}),
    }
}
"""What OpenAPI says of the protocol."""
