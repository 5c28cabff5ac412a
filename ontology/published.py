"""The ontology as it is published: which graph stands at which of its IRIs, in which formats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal as OneOf

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import VANN

from ontology.graphs import MODULES, module, modules_graph, ontology_graph, vocabulary, vocabulary_names
from ontology.terms import DCTERMS, OWL, RAC_NAMESPACE, RDF, SKOS, VOCABULARY_BASE

ONTOLOGY = URIRef(RAC_NAMESPACE.removesuffix("#"))
LICENCE = URIRef("https://creativecommons.org/licenses/by/4.0/")
DUMP_FORMATS: Mapping[str, str] = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "pretty-xml"}
"""The suffix of each published file, and rdflib's name of its format."""

_PREFIXES = {
    "rac": RAC_NAMESPACE,
    "vocab": VOCABULARY_BASE,
    "skos": str(SKOS),
    "owl": str(OWL),
    "dcterms": str(DCTERMS),
}
_TITLES = {"it": "Raccordo: ontologia dei piani sociosanitari", "en": "Raccordo: an ontology of socio-health plans"}
_DESCRIPTIONS = {
    "it": "Che cosa dicono i piani di integrazione sociosanitaria: obiettivi, protocolli, responsabilità, indicatori, "
    "tempi, e il passo del documento da cui ogni affermazione è tratta.",
    "en": "What socio-health integration plans say: objectives, protocols, responsibilities, indicators, times, "
    "and the passage of the document that each statement comes from.",
}

DocumentKind = OneOf["ontology", "module", "scheme", "concept"]


@dataclass(frozen=True, slots=True)
class Document:
    """What stands at one IRI of the ontology; `graph` is shared, so not to be changed."""

    iri: URIRef
    kind: DocumentKind
    graph: Graph


@cache
def whole_graph() -> Graph:
    """The OWL modules under one header, `ONTOLOGY`, whose parts they are; shared, so not to be changed."""
    graph = bound(modules_graph())
    header = URIRef(ONTOLOGY)
    graph.add((header, RDF.type, OWL.Ontology))
    graph.add((header, DCTERMS.license, LICENCE))
    graph.add((header, VANN.preferredNamespacePrefix, Literal("rac")))
    graph.add((header, VANN.preferredNamespaceUri, Literal(RAC_NAMESPACE)))
    graph.add((header, OWL.versionInfo, Literal(version())))
    graph.add((header, OWL.versionIRI, ONTOLOGY + "/" + version()))
    for language, title in _TITLES.items():
        graph.add((header, DCTERMS.title, Literal(title, lang=language)))
        graph.add((header, DCTERMS.description, Literal(_DESCRIPTIONS[language], lang=language)))
    for name in MODULES:
        graph.add((header, DCTERMS.hasPart, ONTOLOGY + "/" + name))
    return graph


@cache
def version() -> str:
    """The version of the ontology: the highest that its modules state."""
    stated = (str(one) for one in modules_graph().objects(None, OWL.versionInfo))
    return max(stated, key=lambda text: [int(part) for part in text.split(".")])


def find_document(iri: str) -> Document | None:
    """What stands at an IRI of the ontology or the vocabularies, or at the IRI of its present version."""
    name = iri.removeprefix(f"{ONTOLOGY}/").removesuffix("/" + version())
    if iri in (str(ONTOLOGY), f"{ONTOLOGY}/{version()}"):
        return Document(ONTOLOGY, "ontology", whole_graph())
    if name in MODULES and iri.startswith(str(ONTOLOGY)):
        return Document(ONTOLOGY + "/" + name, "module", bound(module(name)))
    if iri.startswith(VOCABULARY_BASE):
        return _schemes().get(iri) or _concept(URIRef(iri))
    return None


def schemes() -> tuple[Document, ...]:
    """The vocabularies, by IRI."""
    return tuple(_schemes()[iri] for iri in sorted(_schemes()))


def bound(graph: Iterable[tuple[object, object, object]]) -> Graph:
    """A copy of the triples with the prefixes of the house."""
    copy = Graph()
    for prefix, iri in _PREFIXES.items():
        copy.bind(prefix, iri)
    for triple in graph:
        copy.add(triple)  # type: ignore[arg-type]
    return copy


@cache
def _schemes() -> Mapping[str, Document]:
    found = {}
    for name in vocabulary_names():
        graph = bound(vocabulary(name))
        for scheme in graph.subjects(RDF.type, SKOS.ConceptScheme):
            found[str(scheme)] = Document(URIRef(str(scheme)), "scheme", graph)
    return found


def _concept(iri: URIRef) -> Document | None:
    triples = list(ontology_graph().triples((iri, None, None)))
    return Document(iri, "concept", bound(triples)) if triples else None
