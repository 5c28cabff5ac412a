"""The texts of updates that the store writes by itself, and the dataset that a protocol gives to an update."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from store.errors import GraphError, QueryError
from store.evaluate import graph_name
from store.guard import Token, certain_tokens


def replacement(graphs: Mapping[str, bytes]) -> str:
    """The update that replaces each graph (IRI → N-Triples); raises `GraphError`."""
    drops = "".join(f"DROP SILENT GRAPH {graph_name(iri)};\n" for iri in graphs)
    return drops + addition(graphs)


def addition(graphs: Mapping[str, bytes]) -> str:
    """The update that adds to each graph (IRI → N-Triples); raises `GraphError`."""
    inserts = "\n".join(f"GRAPH {graph_name(iri)} {{\n{rewritten(iri, graphs[iri])}}}" for iri in graphs)
    return f"INSERT DATA {{\n{inserts}\n}}"


def removal(graphs: Iterable[str]) -> str:
    """The update that drops each graph, absent ones silently; raises `GraphError`."""
    return ";\n".join(f"DROP SILENT GRAPH {graph_name(iri)}" for iri in graphs)


def with_dataset(text: str, using: Iterable[str], using_named: Iterable[str]) -> str:
    """An update whose every WHERE is matched against these graphs (SPARQL 1.1 Protocol, section 2.2.3).

    The clauses stand outside all braces, where tokens are certain; a text whose tokens are not is refused, and so is
    one that names its own dataset. Raises `QueryError`, `GraphError`.
    """
    clauses = "".join(f" USING {graph_name(iri)}" for iri in using)
    clauses += "".join(f" USING NAMED {graph_name(iri)}" for iri in using_named)
    if not clauses:
        return text
    outer = [token for token in certain_tokens(text) if token.depth == 0 or (token.text == "{" and token.depth == 1)]
    if any(token.kind == "word" and token.text.lower() in ("using", "with") for token in outer):
        raise QueryError(
            it="L'aggiornamento ha già USING o WITH: non può avere anche using-graph-uri o using-named-graph-uri.",
            en="The update has USING or WITH: it cannot have using-graph-uri or using-named-graph-uri as well.",
        )
    pieces, end = [], 0
    for number, token in enumerate(outer):
        if token.kind == "word" and token.text.lower() == "where":
            pieces.append(text[end : token.start])
            if number and outer[number - 1].text.lower() == "delete":
                # DELETE WHERE {P} is short for DELETE {P} WHERE {P} (SPARQL 1.1 Update, section 3.1.3.3).
                pieces.append(_pattern(text, outer, number) + " ")
            pieces.append(f"{clauses} ")
            end = token.start
    return "".join(pieces) + text[end:]


def _pattern(text: str, outer: list[Token], where: int) -> str:
    """The braces that follow a WHERE, with what they hold."""
    braces = [token for token in outer[where + 1 :] if token.text in "{}"][:2]
    if len(braces) < 2:
        raise QueryError(it="Manca una parentesi dopo WHERE.", en="A brace is missing after WHERE.")
    return text[braces[0].start : braces[1].start + 1]


def rewritten(iri: str, triples: bytes) -> str:
    """N-Triples read strictly and written again: nothing but triples, and typed strings as plain ones.

    Raises `GraphError`.
    """
    try:
        quads = ox.parse(triples, format=ox.RdfFormat.N_TRIPLES)
        return (ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    except (SyntaxError, ValueError) as error:
        raise GraphError(
            it=f"Il grafo <{iri}> non è in N-Triples: {error}", en=f"The graph <{iri}> is not N-Triples: {error}"
        ) from error
