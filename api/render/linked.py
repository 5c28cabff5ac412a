"""Graphs as RDF in the formats that linked data is served in."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox
from rdflib import Graph

from api.negotiation import HTML, JSONLD, NTRIPLES, RDFXML, TURTLE
from ontology.terms import DCTERMS, OA, OWL, PROV, RAC_NAMESPACE, RDFS, SKOS, VOCABULARY_BASE, XSD

LINKED_FORMATS: Mapping[str, str] = {"turtle": TURTLE, "jsonld": JSONLD, "ntriples": NTRIPLES, "rdfxml": RDFXML}
"""The formats by the name that `format` takes."""
PAGE_FORMATS: Mapping[str, str] = {"html": HTML, **LINKED_FORMATS}
"""The same with the page that people read, which is what a client without a preference gets."""

_WRITERS = {
    "turtle": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD, "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
}  # fmt: skip
_PREFIXES: Mapping[str, str] = {
    "rac": RAC_NAMESPACE, "dcterms": str(DCTERMS), "oa": str(OA), "owl": str(OWL), "prov": str(PROV),
    "rdfs": str(RDFS), "skos": str(SKOS), "vocab": VOCABULARY_BASE, "xsd": str(XSD),
}  # fmt: skip


def write_graph(graph: Graph, name: str, prefixes: Mapping[str, str] = _PREFIXES) -> bytes:
    """The graph in one of `LINKED_FORMATS`, each literal as it is written and the same bytes for the same graph."""
    lines = sorted(graph.serialize(format="nt", encoding="utf-8").splitlines(keepends=True))
    return write_triples(b"".join(lines), name, prefixes)


def write_triples(lines: bytes, name: str, prefixes: Mapping[str, str] = _PREFIXES) -> bytes:
    """N-Triples in one of `LINKED_FORMATS`, in the order of their lines."""
    triples = (quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))
    used = dict(prefixes) if name in ("turtle", "rdfxml") else None
    return ox.serialize(triples, format=_WRITERS[name], prefixes=used) or b""
