"""The name of a term for people, by one rule: the language asked for, then none, then English, then its local name."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from rdflib import RDFS, SKOS, Literal, URIRef

from api.language import Language
from ontology.graphs import ontology_graph

_NAMING = (SKOS.prefLabel, RDFS.label)


@cache
def term_label(iri: str, language: Language) -> str:
    """The label of a concept, class or property of the ontology."""
    graph = ontology_graph()
    named = (one for predicate in _NAMING for one in graph.objects(URIRef(iri), predicate))
    labels = ((str(one), one.language) for one in named if isinstance(one, Literal))
    return best_label(labels, language) or local(iri)


def best_label(labels: Iterable[tuple[str, str | None]], language: Language) -> str | None:
    """The label that suits a reader best; `None` when there is none at all."""
    found: dict[str | None, str] = {}
    for text, tag in labels:
        found.setdefault(tag, text)
    return next((found[tag] for tag in (language, None, "en", "it") if tag in found), None)


def local(iri: str) -> str:
    """The part of an IRI after its last slash or hash."""
    return iri.rstrip("/").rsplit("#", 1)[-1].rsplit("/", 1)[-1]
