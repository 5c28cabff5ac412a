"""Out of the store in the terms of others: the union of a profile's CONSTRUCT queries."""

from __future__ import annotations

from rdflib import Graph

from api.errors import NotAcceptable
from api.negotiation import NTRIPLES
from ontology.profiles import profile_names, profile_queries
from store import GraphStore


def export_profile(store: GraphStore, name: str) -> Graph:
    """All loaded plans and the register in the terms of a profile. Raises `NotAcceptable`, `StoreError`."""
    if name not in profile_names():
        raise NotAcceptable(name, profile_names())
    graph = Graph()
    for query in profile_queries(name).values():
        body, _ = store.query(query, accept=NTRIPLES)
        # A CONSTRUCT gives a triple once for each solution.
        graph.parse(data=b"".join(set(body.splitlines(keepends=True))), format="nt")
    return graph
