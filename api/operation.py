"""What a request of the SPARQL 1.1 Protocol asks for (https://www.w3.org/TR/sparql11-protocol/#protocol)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import parse_qsl

from starlette.requests import Request

from api.access_log import fingerprint
from api.errors import BodyTooLarge, MalformedRequest, UnsupportedBody
from api.operations import query_types
from store.guard import MAX_QUERY_BYTES

MAX_BODY_BYTES = 16 * MAX_QUERY_BYTES
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"

_Pairs = list[tuple[str, str]]
_OWN_GRAPHS = {
    "query": ("default-graph-uri", "named-graph-uri"),
    "update": ("using-graph-uri", "using-named-graph-uri"),
}
_ADDRESSES_KEPT = 256


@dataclass(frozen=True)
class Operation:
    """The text of a query or an update, and its dataset; what follows from them is worked out once."""

    kind: str
    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None
    """The name of a format that the address asks for."""

    @cached_property
    def types(self) -> tuple[str, ...]:
        """The media types that the answer to the query may have. Raises `QueryError`."""
        return query_types(self.text)

    @cached_property
    def shape(self) -> str:
        """The fingerprint of the text."""
        return fingerprint(self.text)


async def read_operation(request: Request) -> Operation | None:
    """The operation that a GET or a POST asks for; `None` for a GET that asks for nothing.

    Raises `MalformedRequest`, `UnsupportedBody`, `BodyTooLarge`.
    """
    if request.method == "POST":
        return await _from_body(request)
    address: bytes = request.scope["query_string"]
    # Who asks again mostly asks in the same words; a long address is not worth its memory.
    operation = _from_address(address) if len(address) <= MAX_QUERY_BYTES else _from_address.__wrapped__(address)
    if operation is not None and operation.kind == "update":
        raise MalformedRequest(
            it="Un aggiornamento si manda con POST, mai con GET.", en="An update is sent by POST, never by GET."
        )
    return operation


@lru_cache(_ADDRESSES_KEPT)
def _from_address(address: bytes) -> Operation | None:
    pairs = _pairs(address)
    return _from_parameters(pairs, pairs) if pairs else None


async def read_body(request: Request, most: int) -> bytes:
    """The body of a request. Raises `BodyTooLarge` as soon as it is longer than `most` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise BodyTooLarge(most)
    return bytes(body)


def body_type(request: Request) -> str:
    """The media type of a body, in lower case. Raises `UnsupportedBody` for text that is not UTF-8."""
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    if "charset=" in parameters.lower() and "utf-8" not in parameters.lower():
        raise UnsupportedBody(it="Il corpo deve essere in UTF-8.", en="The body has to be in UTF-8.")
    return media_type.strip().lower()


async def _from_body(request: Request) -> Operation:
    media_type = body_type(request)
    if media_type not in (FORM, QUERY, UPDATE):
        raise UnsupportedBody(
            it=f"Il corpo di un POST è {FORM}, {QUERY} o {UPDATE}.",
            en=f"The body of a POST is {FORM}, {QUERY} or {UPDATE}.",
        )
    body = await read_body(request, MAX_BODY_BYTES)
    address = _pairs(request.scope["query_string"])
    if media_type == FORM:
        # The protocol puts all parameters in the form; W3C's tests put the dataset in the address.
        return _from_parameters([*address, *_pairs(body)], address)
    return _operation("query" if media_type == QUERY else "update", _utf8(body), address, address)


def _from_parameters(pairs: _Pairs, address: _Pairs) -> Operation:
    texts = [(name, value) for name, value in pairs if name in _OWN_GRAPHS]
    if len(texts) != 1:
        raise MalformedRequest(
            it="Serve un solo parametro «query» o «update».", en="Exactly one parameter “query” or “update” is needed."
        )
    kind, text = texts[0]
    return _operation(kind, text, pairs, address)


def _operation(kind: str, text: str, pairs: _Pairs, address: _Pairs) -> Operation:
    default, named = _OWN_GRAPHS[kind]
    return Operation(
        kind=kind,
        text=text,
        default_graphs=tuple(value for name, value in pairs if name == default),
        named_graphs=tuple(value for name, value in pairs if name == named),
        format=dict(address).get("format"),
    )


def _pairs(encoded: bytes) -> _Pairs:
    """The parameters of a query string or a form, in order. Raises `MalformedRequest` when they are not UTF-8."""
    try:
        return parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError as error:
        raise MalformedRequest(it="I parametri non sono UTF-8.", en="The parameters are not UTF-8.") from error


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedRequest(it="Il corpo non è UTF-8.", en="The body is not UTF-8.") from error
