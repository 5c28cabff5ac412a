"""The ontology and the vocabularies at their own IRIs: a page for people, RDF for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Request
from rdflib import Graph, Literal, URIRef
from starlette.responses import Response

from api.caching import conditional
from api.errors import UnknownEntity
from api.frame import PAGE_HEADERS, render_page
from api.language import Language
from api.negotiation import request_format, request_language
from api.operations.labels import best_label, term_label
from api.pages.links import Links
from api.render.linked import LINKED_FORMATS, PAGE_FORMATS, write_graph
from api.service import Served, Service
from api.signposts import data_links, page_links
from ontology.graphs import MODULES
from ontology.published import LICENCE, ONTOLOGY, Document, bound, find_document, schemes
from ontology.terms import DCTERMS, OWL, RAC_NAMESPACE, RDF, RDFS, SKOS, VOCABULARY_BASE

router = APIRouter()

_SORTS = (
    ("classes", OWL.Class),
    ("object-properties", OWL.ObjectProperty),
    ("data-properties", OWL.DatatypeProperty),
    ("annotation-properties", OWL.AnnotationProperty),
)
_RELATIONS = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range)


@dataclass(frozen=True, slots=True)
class TermCard:
    """A class or property on the page: its names, what it means, and the terms it is defined by (relation → IRIs)."""

    iri: str
    anchor: str
    label: str
    definition: str
    example: str
    relations: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ConceptCard:
    """A concept on the page of its vocabulary."""

    iri: str
    label: str
    definition: str
    others: tuple[str, ...]


@router.get("/ontology")
@router.get("/ontology/{rest:path}")
def ontology(request: Request, service: Served, rest: str = "") -> Response:
    """The ontology, one of its modules, or the present version of either."""
    return _represent(request, service, f"{ONTOLOGY}/{rest}" if rest else str(ONTOLOGY))


@router.get("/vocab")
def vocabularies(request: Request, service: Served) -> Response:
    """The list of the vocabularies; in RDF, their headers."""
    headers = bound(triple for one in schemes() for triple in one.graph.triples((one.iri, None, None)))
    return _answer(request, service, Document(URIRef(VOCABULARY_BASE), "ontology", headers), "vocabularies.html")


@router.get("/vocab/{scheme}")
def vocabulary(scheme: str, request: Request, service: Served) -> Response:
    """One vocabulary, whole."""
    return _represent(request, service, VOCABULARY_BASE + scheme)


def _represent(request: Request, service: Service, iri: str) -> Response:
    document = find_document(iri)
    if document is None:
        raise UnknownEntity(iri, str(ONTOLOGY) if iri.startswith(str(ONTOLOGY)) else None)
    return _answer(request, service, document, "vocabulary.html" if document.kind == "scheme" else "ontology.html")


def _answer(request: Request, service: Service, document: Document, template: str) -> Response:
    name = request_format(request, PAGE_FORMATS, "html")
    path = request.url.path
    if name == "html":
        response = render_page(request, template, _context(document, request_language(request), Links(service.iris)))
        response.headers["Link"] = page_links(path, document.iri, licence=str(LICENCE))
    else:
        body = write_graph(bound(document.graph), name)
        response = Response(body, media_type=PAGE_FORMATS[name], headers=PAGE_HEADERS)
        response.headers["Link"] = data_links(path, document.iri, licence=str(LICENCE))
    return conditional(request, response)


def _context(document: Document, language: Language, links: Links) -> dict[str, object]:
    graph = document.graph
    return {
        "document": document,
        "title": _text(graph, document.iri, language, DCTERMS.title),
        "description": _text(graph, document.iri, language, DCTERMS.description),
        "version": _text(graph, document.iri, language, OWL.versionInfo),
        "modules": [str(ONTOLOGY + "/" + name) for name in MODULES] if document.kind == "ontology" else [],
        "schemes": [(str(one.iri), _text(one.graph, one.iri, language, DCTERMS.title)) for one in schemes()],
        "sorts": [(key, list(_terms(graph, sort, language))) for key, sort in _SORTS],
        "concepts": sorted(_concepts(graph, language), key=lambda one: one.label.casefold()),
        "links": links,
        "formats": list(LINKED_FORMATS),
    }


def _terms(graph: Graph, sort: URIRef, language: Language) -> Iterator[TermCard]:
    """The terms of the house of one sort, by label."""
    own = {URIRef(str(one)) for one in graph.subjects(RDF.type, sort) if str(one).startswith(RAC_NAMESPACE)}
    for iri in sorted(own, key=lambda one: (term_label(one, language).casefold(), one)):
        yield TermCard(
            iri=str(iri),
            anchor=iri.removeprefix(RAC_NAMESPACE),
            label=term_label(iri, language),
            definition=_text(graph, iri, language, SKOS.definition),
            example=_text(graph, iri, language, SKOS.example),
            relations=tuple((str(one), found) for one in _RELATIONS if (found := _named(graph.objects(iri, one)))),
        )


def _concepts(graph: Graph, language: Language) -> Iterator[ConceptCard]:
    for subject in set(graph.subjects(SKOS.inScheme, None)):
        iri = URIRef(str(subject))
        spellings = sorted(str(one) for one in graph.objects(iri, SKOS.altLabel))
        yield ConceptCard(
            str(iri), term_label(iri, language), _text(graph, iri, language, SKOS.definition), tuple(spellings)
        )


def _named(nodes: Iterable[object]) -> tuple[str, ...]:
    return tuple(sorted(str(one) for one in nodes if isinstance(one, URIRef)))


def _text(graph: Graph, subject: URIRef, language: Language, predicate: URIRef) -> str:
    literals = (one for one in graph.objects(subject, predicate) if isinstance(one, Literal))
    return best_label(((str(one), one.language) for one in literals), language) or ""
