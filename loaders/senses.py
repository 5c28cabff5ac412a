"""What an acronym with two meanings stands for in one document: by its dates, then by what the text writes in full."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from rdflib import URIRef
from rdflib.namespace import SKOS

from loaders.document import Document
from loaders.lexicon import Entry, Match, entry_of
from loaders.metadata import period_of
from loaders.span import normalised
from ontology.graphs import ontology_graph
from ontology.terms import RAC

_SHORTEST_FULL = 12  # characters; a label as long as this is a name written in full


def meant(document: Document, match: Match) -> Entry:
    """The entry that `match` stands for in `document`: its own, or the one its acronym means there."""
    key = (match.entry.scheme, match.entry.slug)
    return _senses(document.text, _last_year(document)).get(key, match.entry) if key in _keys() else match.entry


def class_meant(document: Document, of_class: str | None) -> str | None:
    """The class that a body of `of_class` has in `document` («ATS» may be an Ambito there)."""
    own = _classes().get(of_class or "")
    return meant(document, Match(own, 0, 0)).entity_class if own else of_class


@cache
def _keys() -> frozenset[tuple[str, str]]:
    return frozenset((entry_of(concept).scheme, entry_of(concept).slug) for concept, _ in _ambiguous())


@cache
def _classes() -> Mapping[str, Entry]:
    entries = (entry_of(concept) for concept, _ in _ambiguous())
    return {entry.entity_class: entry for entry in entries if entry.scheme == "body"}


@lru_cache(maxsize=4)  # a document is itself and no other: what it says is worked out once, not at each name
def _last_year(document: Document) -> str:
    return (period_of(document).end or "")[:4]


@lru_cache(maxsize=16)
def _senses(text: str, last_year: str) -> Mapping[tuple[str, str], Entry]:
    """The entries whose acronym means another one in `text`, of a plan whose last year is `last_year` (may be
    empty)."""
    plain = f" {normalised(text)} "
    found: dict[tuple[str, str], Entry] = {}
    for concept, others in _ambiguous():
        own = entry_of(concept)
        if other := _other(plain, last_year, concept, others):
            found[(own.scheme, own.slug)] = entry_of(other)
    return found


def _other(plain: str, last_year: str, concept: URIRef, others: Sequence[URIRef]) -> URIRef | None:
    """The one other meaning that the document has for the acronym of `concept`; None when it has its own."""
    written = [other for other in others if _in_full(plain, other)]
    if any(_defined(plain, other, concept) for other in written):
        return next(other for other in written if _defined(plain, other, concept))
    if _in_full(plain, concept) or any(_named(plain, body) for body in _companions(concept)):
        return None
    start = str(ontology_graph().value(concept, RAC.validFrom) or "")[:4]
    if start and last_year and last_year < start:
        return others[0]
    return written[0] if len(written) == 1 else None


def _in_full(plain: str, concept: URIRef) -> bool:
    return any(f" {label} " in plain for label in _labels(concept) if len(label) >= _SHORTEST_FULL)


def _named(plain: str, concept: URIRef) -> bool:
    return any(f" {label} " in plain for label in _labels(concept))


def _defined(plain: str, other: URIRef, concept: URIRef) -> bool:
    """Whether the text gives the acronym right after the other name («Ambito territoriale sociale (ATS)»)."""
    short = [label for label in _labels(concept) if len(label) < _SHORTEST_FULL]
    full = [label for label in _labels(other) if len(label) >= _SHORTEST_FULL]
    return any(re.search(rf" {re.escape(f)} (?:di seguito )?{re.escape(s)} ", plain) for f in full for s in short)


@cache
def _ambiguous() -> tuple[tuple[URIRef, tuple[URIRef, ...]], ...]:
    graph = ontology_graph()
    concepts = sorted({URIRef(str(node)) for node in graph.subjects(RAC.mayMean)})
    return tuple((c, tuple(sorted(URIRef(str(o)) for o in graph.objects(c, RAC.mayMean)))) for c in concepts)


def _companions(concept: URIRef) -> list[URIRef]:
    return [URIRef(str(node)) for node in ontology_graph().objects(concept, RAC.seenWith)]


@cache
def _labels(concept: URIRef) -> tuple[str, ...]:
    graph = ontology_graph()
    labels = (label for p in (SKOS.prefLabel, SKOS.altLabel) for label in graph.objects(concept, p))
    return tuple(sorted({normalised(str(o)) for o in labels if getattr(o, "language", "") == "it"}))
