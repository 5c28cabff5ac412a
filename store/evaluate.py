"""One query on one Oxigraph store: text in, serialised bytes out."""

from __future__ import annotations

import io
from collections.abc import Generator
from typing import IO, NamedTuple, TypeVar

import pyoxigraph as ox

from store.errors import GraphError, QueryError, StoreError, UnsupportedFormat

RESULT_TYPES = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
"""Media types of SELECT and ASK answers, the preferred one first."""

GRAPH_TYPES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "text/n3": ox.RdfFormat.N3,
}
"""Media types of CONSTRUCT and DESCRIBE answers, the preferred one first."""


_Format = TypeVar("_Format", ox.QueryResultsFormat, ox.RdfFormat)


class Request(NamedTuple):
    """A query with the dataset and the media type it wants; empty graphs mean the whole store."""

    text: str
    accept: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base: str = ""
    """What relative IRIs of the text are relative to; empty: there may be none."""


class Answer(NamedTuple):
    """The bytes of an answer and their media type."""

    body: bytes
    media_type: str


class Stream(NamedTuple):
    """An answer on its way: its chunks raise `StoreError` instead of ending when it is not whole.

    One thread at a time takes them; closing them early ends the query.
    """

    media_type: str
    chunks: Generator[bytes, None, None]


def evaluate(engine: ox.Store, request: Request) -> Answer:
    """The whole answer to a query; raises what `write_answer` raises."""
    output = io.BytesIO()
    write_answer(engine, request, output)
    return Answer(output.getvalue(), request.accept)


def write_answer(engine: ox.Store, request: Request, output: IO[bytes] | io.RawIOBase) -> None:
    """Write the answer to a query as it is found; raises `QueryError`, `UnsupportedFormat`, `GraphError`, `StoreError`.

    The result never leaves the calling thread: an Oxigraph result moved to another one aborts the process.
    """
    base = request.base or None
    try:
        if not (request.default_graphs or request.named_graphs):
            results = engine.query(request.text, base_iri=base)
        else:
            # Both are given: with one alone, `GRAPH` would still see every graph of the store.
            results = engine.query(
                request.text,
                base_iri=base,
                default_graph=[graph_name(iri) for iri in request.default_graphs],
                named_graphs=[graph_name(iri) for iri in request.named_graphs],
            )
        _serialise(results, request.accept, output)
    except (SyntaxError, ValueError, RuntimeError) as error:
        raise not_sparql(error) from error
    except OSError as error:
        raise StoreError(it=f"L'archivio non si legge: {error}", en=f"The store cannot be read: {error}") from error


def graph_name(iri: str) -> ox.NamedNode:
    """One IRI as Oxigraph's own term; raises `GraphError` on text that is no absolute IRI."""
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise GraphError(
            it=f"«{iri}» non è un IRI assoluto: {error}", en=f"“{iri}” is no absolute IRI: {error}"
        ) from error


def not_sparql(error: Exception) -> QueryError:
    """The engine's complaint about a text, as an error of ours."""
    return QueryError(it=f"Il testo SPARQL non è valido: {error}", en=f"The SPARQL text is not valid: {error}")


def _serialise(
    results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, accept: str, output: IO[bytes] | io.RawIOBase
) -> None:
    if isinstance(results, ox.QueryTriples):
        results.serialize(output, format=known_format(GRAPH_TYPES, accept))  # type: ignore[arg-type]
    else:
        results.serialize(output, format=known_format(RESULT_TYPES, accept))  # type: ignore[arg-type]


def known_format(known: dict[str, _Format], accept: str) -> _Format:
    """Oxigraph's name for a media type of one form of query; raises `UnsupportedFormat`."""
    chosen = known.get(accept)
    if chosen is None:
        there_is = ", ".join(known)
        raise UnsupportedFormat(
            it=f"«{accept}» non va bene per questa forma di query: chiedi {there_is}",
            en=f"“{accept}” does not fit this form of query: ask for {there_is}",
        )
    return chosen
