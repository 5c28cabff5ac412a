"""The names that code may use: a term the ontology does not define raises, so a typo cannot pass."""

from __future__ import annotations

from functools import cache

from rdflib import URIRef
from rdflib.namespace import DCTERMS, OWL, PROV, RDF, RDFS, SH, SKOS, XSD, Namespace

from ontology.graphs import modules_graph, ontology_graph

RAC_NAMESPACE = "https://w3id.org/raccordo/ontology#"
VOCABULARY_BASE = "https://w3id.org/raccordo/vocab/"
OA = Namespace("http://www.w3.org/ns/oa#")

__all__ = [
    "DCTERMS", "OA", "OWL", "PROV", "RAC", "RAC_NAMESPACE", "RDF", "RDFS", "SH", "SKOS", "VOCABULARY_BASE", "XSD",
    "RaccordoTerms", "concept",
]  # fmt: skip


class RaccordoTerms:
    """The terms of the Raccordo ontology as attributes (`RAC.Plan`) or items (`RAC["Plan"]`).

    Not a string, as rdflib's namespaces are, since terms such as `title` and `start` would meet string methods.
    """

    def __getattr__(self, name: str) -> URIRef:
        if name not in _local_names():
            raise AttributeError(f"the ontology has no term rac:{name}")
        return URIRef(RAC_NAMESPACE + name)

    def __getitem__(self, name: str) -> URIRef:
        if name not in _local_names():
            raise KeyError(name)
        return URIRef(RAC_NAMESPACE + name)

    def __contains__(self, term: object) -> bool:
        return str(term).removeprefix(RAC_NAMESPACE) in _local_names() and str(term).startswith(RAC_NAMESPACE)

    def __str__(self) -> str:
        return RAC_NAMESPACE


RAC = RaccordoTerms()


def concept(scheme: str, slug: str) -> URIRef:
    """The IRI of a vocabulary concept, such as `concept("theme", "abitare")`.

    Raises `KeyError` when the vocabularies have no such concept.
    """
    iri = URIRef(f"{VOCABULARY_BASE}{scheme}/{slug}")
    if iri not in _concepts():
        raise KeyError(f"{scheme}/{slug}")
    return iri


@cache
def _local_names() -> frozenset[str]:
    subjects = {str(subject) for subject in modules_graph().subjects(RDF.type, None)}
    return frozenset(iri.removeprefix(RAC_NAMESPACE) for iri in subjects if iri.startswith(RAC_NAMESPACE))


@cache
def _concepts() -> frozenset[URIRef]:
    return frozenset(URIRef(str(subject)) for subject in ontology_graph().subjects(SKOS.inScheme, None))
