"""One write on one Oxigraph store, and its graphs as bytes."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from store.difference import replacing
from store.errors import StoreError
from store.evaluate import graph_name, not_sparql


def apply_update(engine: ox.Store, text: str, base: str) -> None:
    """Run an update as one transaction, flushed to disk; raises `QueryError`, `StoreError`."""
    try:
        engine.update(text, base_iri=base or None)
        engine.flush()
    except (SyntaxError, ValueError, RuntimeError) as error:
        raise not_sparql(error) from error
    except OSError as error:
        raise unwritten(error) from error


def apply_replacement(engine: ox.Store, graphs: Mapping[str, str]) -> None:
    """Replace graphs (IRI → N-Triples, strict) in one transaction, flushed to disk; raises `StoreError`."""
    if text := replacing(engine, graphs):
        apply_update(engine, text, "")


def dump_graph(engine: ox.Store, graph: str | None) -> bytes:
    """One named graph as N-Triples, or the whole dataset as N-Quads."""
    if graph is None:
        return engine.dump(format=ox.RdfFormat.N_QUADS) or b""
    return engine.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph_name(graph)) or b""


def unwritten(error: OSError) -> StoreError:
    """The disk's complaint about a write, as an error of ours."""
    return StoreError(it=f"L'archivio non si scrive: {error}", en=f"The store cannot be written: {error}")
