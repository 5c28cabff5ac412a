"""Replacing graphs by what differs: a plan that is read again says mostly what it said, which need not be written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

import pyoxigraph as ox

from store.evaluate import graph_name

MOST_TRIPLES = 200_000
"""Graphs with more are replaced whole: to compare them would take memory and time that writing them does not."""


def replacing(engine: ox.Store, graphs: Mapping[str, str]) -> str:
    """The update that makes each graph (IRI → N-Triples, strict) what it should be; empty when all of them are.

    It takes away before it adds: two spellings of one number are one triple of the store.
    """
    drops: list[str] = []
    removed: list[str] = []
    added: list[str] = []
    for iri, text in graphs.items():
        name = graph_name(iri)
        gone, come = _compared(engine, name, text)
        if gone is None:
            drops.append(f"DROP SILENT GRAPH {name}")
        elif gone:
            removed.append(f"GRAPH {name} {{\n{_lines(gone)}}}")
        if come:
            added.append(f"GRAPH {name} {{\n{_lines(come)}}}")
    steps = [*drops, *_step("DELETE DATA", removed), *_step("INSERT DATA", added)]
    return ";\n".join(steps)


def _compared(engine: ox.Store, name: ox.NamedNode, text: str) -> tuple[list[ox.Triple] | None, list[ox.Triple]]:
    """What goes and what comes; `None` goes where the graph is to be dropped: it is large, has blank nodes or ends."""
    wanted = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)]
    held = [quad.triple for quad in islice(engine.quads_for_pattern(None, None, None, name), MOST_TRIPLES + 1)]
    if (
        not wanted
        or max(len(held), len(wanted)) > MOST_TRIPLES
        or any(map(_is_blank, held))
        or any(map(_is_blank, wanted))
    ):
        return None, wanted
    old, new = set(held), set(wanted)
    return [one for one in held if one not in new], [one for one in wanted if one not in old]


def _is_blank(triple: ox.Triple) -> bool:
    return isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)


def _lines(triples: Iterable[ox.Triple]) -> str:
    return (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def _step(verb: str, parts: list[str]) -> list[str]:
    body = "\n".join(parts)
    return [f"{verb} {{\n{body}\n}}"] if parts else []
