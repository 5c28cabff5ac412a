"""Turtle that is the same, byte for byte, for the same graph: files under version control are compared by line."""

from __future__ import annotations

import re
from itertools import groupby

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from ontology.terms import RAC_NAMESPACE, RDF, RDFS, SKOS, XSD

_PREFIXES = {"rac": RAC_NAMESPACE, "rdf": str(RDF), "rdfs": str(RDFS), "skos": str(SKOS), "xsd": str(XSD)}
_LOCAL_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def to_turtle(graph: Graph) -> str:
    """The graph as Turtle, sorted by subject, predicate and object. Raises `ValueError` for a blank node."""
    lines = sorted((_term(s), "a" if p == RDF.type else _term(p), _term(o)) for s, p, o in graph)
    blocks = [f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(_PREFIXES.items())]
    for subject, triples in groupby(lines, key=lambda line: line[0]):
        pairs = " ;\n    ".join(f"{predicate} {value}" for _, predicate, value in triples)
        blocks.append(f"\n{subject} {pairs} .\n")
    return "".join(blocks)


def _term(node: Node) -> str:
    if isinstance(node, Literal):
        return node.n3()
    if not isinstance(node, URIRef):
        raise ValueError("a graph kept in a file has no blank nodes")
    for prefix, iri in _PREFIXES.items():
        local = node.removeprefix(iri)
        if local != node and _LOCAL_NAME.fullmatch(local):
            return f"{prefix}:{local}"
    return node.n3()
