"""What the service says of its data to programs that look for data: VoID, DCAT-AP_IT, and example queries.

https://www.w3.org/TR/void/, https://www.dati.gov.it/content/dcat-ap-it-v10, https://github.com/sib-swiss/sparql-examples
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rdflib import FOAF, RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, SKOS, VOID

from api.language import LANGUAGES, texts
from api.operations.statistics import Part, Statistics
from ontology.published import LICENCE, ONTOLOGY
from ontology.terms import DCTERMS, RAC, RDFS, SH, XSD
from queries.question import Question

DCATAPIT = Namespace("http://dati.gov.it/onto/dcatapit#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SDO = Namespace("https://schema.org/")

_EU = "http://publications.europa.eu/resource/authority"
_THEMES = ("HEAL", "SOCI")
_CITIES = URIRef("https://w3id.org/italia/controlled-vocabulary/territorial-classifications/cities")
_LICENCE_KIND = URIRef("http://purl.org/adms/licencetype/Attribution")
_VALUE_CLASSES = {
    DCTERMS.language: DCTERMS.LinguisticSystem, DCTERMS.accrualPeriodicity: DCTERMS.Frequency,
    DCTERMS.conformsTo: DCTERMS.Standard, DCTERMS["format"]: DCTERMS.MediaTypeOrExtent, DCTERMS.type: SKOS.Concept,
    DCAT.theme: SKOS.Concept, DCAT.themeTaxonomy: SKOS.ConceptScheme, DCAT.landingPage: FOAF.Document,
    FOAF.homepage: FOAF.Document,
}  # fmt: skip
"""What DCAT-AP's shapes want a value of each property to be, in the record itself: its terms stand elsewhere."""


@dataclass(frozen=True, slots=True)
class Publication:
    """Where the service stands and who answers for its data."""

    address: str
    """The public address of the service, ending with a slash."""
    base: str
    """What the IRIs of the data begin with."""
    publisher: str
    publisher_code: str
    """The code of the publisher in the index of public administrations (IPA)."""
    modified: date
    """When this service first saw the data as they are."""

    @property
    def dataset(self) -> URIRef:
        """The dataset, by the place of its description."""
        return URIRef(f"{self.address}.well-known/void#dataset")

    @property
    def endpoint(self) -> URIRef:
        """The SPARQL endpoint."""
        return URIRef(f"{self.address}sparql")

    @property
    def dump(self) -> URIRef:
        """The whole dataset as N-Quads."""
        return URIRef(f"{self.address}api/dump?format=nquads")

    @property
    def crate(self) -> URIRef:
        """The RO-Crate of the dataset."""
        return URIRef(f"{self.address}api/dump?format=rocrate")


def void_graph(about: Publication, counts: Statistics) -> Graph:
    """The dataset as VoID: its size, its parts, and the classes and properties of each with their numbers."""
    graph = _bound(("void", VOID), ("sd", SD))
    dataset = about.dataset
    graph.add((dataset, RDF.type, VOID.Dataset))
    _named(graph, dataset, "dataset.title", DCTERMS.title)
    _named(graph, dataset, "dataset.description", DCTERMS.description)
    graph.add((dataset, DCTERMS.license, LICENCE))
    graph.add((dataset, VOID.sparqlEndpoint, about.endpoint))
    graph.add((about.endpoint, RDF.type, SD.Service))
    graph.add((about.endpoint, SD.endpoint, about.endpoint))
    graph.add((dataset, VOID.uriSpace, Literal(about.base)))
    graph.add((dataset, VOID.vocabulary, ONTOLOGY))
    graph.add((dataset, VOID.dataDump, about.dump))
    _add_counts(graph, dataset, counts.whole)
    for name, part in counts.parts.items():
        subset = URIRef(f"{dataset}-{name}")
        graph.add((dataset, VOID.subset, subset))
        graph.add((subset, RDF.type, VOID.Dataset))
        _named(graph, subset, f"dataset.{name}", DCTERMS.title)
        _add_counts(graph, subset, part)
    _add_linkset(graph, dataset, counts.whole.properties.get(str(RAC.clvEntry), 0))
    return graph


def catalogue_graph(about: Publication, counts: Statistics) -> Graph:
    """The record of the dataset for a national catalogue, in DCAT-AP_IT, with its service."""
    graph = _bound(("dcat", DCAT), ("dcatapit", DCATAPIT), ("foaf", FOAF))
    catalogue, dataset, agent = URIRef(f"{about.address}api/catalogue#catalogue"), about.dataset, _agent(graph, about)
    for kind in (DCAT.Catalog, DCATAPIT.Catalog):
        graph.add((catalogue, RDF.type, kind))
    for kind in (DCAT.Dataset, DCATAPIT.Dataset):
        graph.add((dataset, RDF.type, kind))
    for node in (catalogue, dataset):
        _named(graph, node, "dataset.title", DCTERMS.title)
        _named(graph, node, "dataset.description", DCTERMS.description)
        graph.add((node, DCTERMS.publisher, agent))
        graph.add((node, DCTERMS.modified, Literal(about.modified.isoformat(), datatype=XSD.date)))
        graph.add((node, DCTERMS.language, URIRef(f"{_EU}/language/ITA")))
    graph.add((catalogue, DCAT.dataset, dataset))
    graph.add((catalogue, DCAT.themeTaxonomy, URIRef(f"{_EU}/data-theme")))
    _named(graph, URIRef(f"{_EU}/data-theme"), "dataset.themes", DCTERMS.title)
    graph.add((catalogue, FOAF.homepage, URIRef(about.address)))
    graph.add((dataset, DCTERMS.identifier, Literal(f"{about.publisher_code}:raccordo")))
    graph.add((dataset, DCTERMS.rightsHolder, agent))
    graph.add((dataset, DCTERMS.accrualPeriodicity, URIRef(f"{_EU}/frequency/IRREG")))
    graph.add((dataset, DCAT.landingPage, URIRef(about.address)))
    graph.add((dataset, DCTERMS.conformsTo, ONTOLOGY))
    for theme in _THEMES:
        concept = URIRef(f"{_EU}/data-theme/{theme}")
        graph.add((dataset, DCAT.theme, concept))
        _named(graph, concept, f"dataset.theme-{theme.lower()}", SKOS.prefLabel)
    _add_files(graph, about)
    _add_service(graph, catalogue, about)
    if counts.whole.triples == 0:
        graph.add((dataset, RDFS.comment, Literal(texts("en")("dataset.empty"), lang="en")))
    for predicate, kind in _VALUE_CLASSES.items():
        for value in set(graph.objects(None, predicate)):
            graph.add((value, RDF.type, kind))
    return graph


def examples_graph(about: Publication, questions: Iterable[Question]) -> Graph:
    """The questions of the catalogue as SHACL-annotated queries that run as they stand."""
    graph = _bound(("sh", SH), ("schema", SDO))
    for question in questions:
        node = URIRef(f"{about.address}api/questions/{question.slug}.rq")
        graph.add((node, RDF.type, SH.SPARQLSelectExecutable))
        graph.add((node, SH.select, Literal(question.text)))
        _add_example(graph, node, question, about)
        if question.constructing is not None:
            triples = URIRef(f"{node}?format=turtle")
            graph.add((triples, RDF.type, SH.SPARQLConstructExecutable))
            graph.add((triples, SH.construct, Literal(question.constructing)))
            _add_example(graph, triples, question, about)
    return graph


def _add_example(graph: Graph, node: URIRef, question: Question, about: Publication) -> None:
    """What is said of a question whether it selects or constructs."""
    graph.add((node, RDF.type, SH.SPARQLExecutable))
    graph.add((node, SDO.target, about.endpoint))
    for language in LANGUAGES:
        graph.add((node, RDFS.label, Literal(question.title.in_language(language), lang=language)))
        graph.add((node, RDFS.comment, Literal(question.title.in_language(language), lang=language)))
        graph.add((node, DCTERMS.description, Literal(question.explanation.in_language(language), lang=language)))
    for word in question.keywords:
        graph.add((node, SDO.keywords, Literal(word)))


def _add_counts(graph: Graph, dataset: URIRef, part: Part) -> None:
    graph.add((dataset, VOID.triples, Literal(part.triples)))
    graph.add((dataset, VOID.classes, Literal(len(part.classes))))
    graph.add((dataset, VOID.properties, Literal(len(part.properties))))
    for number, (term, instances) in enumerate(part.classes.items()):
        node = URIRef(f"{dataset}-class-{number}")
        graph.add((dataset, VOID.classPartition, node))
        graph.add((node, VOID["class"], URIRef(term)))
        graph.add((node, VOID.entities, Literal(instances)))
    for number, (term, triples) in enumerate(part.properties.items()):
        node = URIRef(f"{dataset}-property-{number}")
        graph.add((dataset, VOID.propertyPartition, node))
        graph.add((node, VOID.property, URIRef(term)))
        graph.add((node, VOID.triples, Literal(triples)))


def _add_linkset(graph: Graph, dataset: URIRef, triples: int) -> None:
    """The links of Comuni to the national register of places."""
    if not triples:
        return
    links = URIRef(f"{dataset}-comuni")
    graph.add((dataset, VOID.subset, links))
    graph.add((links, RDF.type, VOID.Linkset))
    graph.add((links, VOID.linkPredicate, RAC.clvEntry))
    graph.add((links, VOID.subjectsTarget, dataset))
    graph.add((links, VOID.objectsTarget, _CITIES))
    graph.add((links, VOID.triples, Literal(triples)))


def _agent(graph: Graph, about: Publication) -> URIRef:
    agent = URIRef(f"{about.address}api/catalogue#publisher")
    for kind in (FOAF.Agent, DCATAPIT.Agent):
        graph.add((agent, RDF.type, kind))
    graph.add((agent, FOAF.name, Literal(about.publisher, lang="it")))
    graph.add((agent, DCTERMS.identifier, Literal(about.publisher_code)))
    return agent


def _add_files(graph: Graph, about: Publication) -> None:
    for address, form in ((about.dump, "RDF_N_QUADS"), (about.crate, "ZIP")):
        for kind in (DCAT.Distribution, DCATAPIT.Distribution):
            graph.add((address, RDF.type, kind))
        graph.add((about.dataset, DCAT.distribution, address))
        graph.add((address, DCAT.accessURL, address))
        graph.add((address, DCAT.downloadURL, address))
        graph.add((address, DCTERMS["format"], URIRef(f"{_EU}/file-type/{form}")))
        graph.add((address, DCTERMS.license, LICENCE))
        _named(graph, address, f"dataset.{form.lower().replace('_', '-')}", DCTERMS.title)
    for kind in (DCTERMS.LicenseDocument, DCATAPIT.LicenseDocument):
        graph.add((LICENCE, RDF.type, kind))
    graph.add((LICENCE, FOAF.name, Literal("Creative Commons Attribution 4.0 International", lang="en")))
    graph.add((LICENCE, DCTERMS.type, _LICENCE_KIND))
    _named(graph, _LICENCE_KIND, "dataset.attribution", SKOS.prefLabel)


def _add_service(graph: Graph, catalogue: URIRef, about: Publication) -> None:
    graph.add((catalogue, DCAT.service, about.endpoint))
    graph.add((about.endpoint, RDF.type, DCAT.DataService))
    graph.add((about.endpoint, DCAT.endpointURL, about.endpoint))
    graph.add((about.endpoint, DCAT.endpointDescription, about.endpoint))
    graph.add((about.endpoint, DCAT.servesDataset, about.dataset))
    graph.add((about.endpoint, DCTERMS.conformsTo, URIRef("https://www.w3.org/TR/sparql11-protocol/")))
    _named(graph, about.endpoint, "dataset.endpoint", DCTERMS.title)


def _named(graph: Graph, node: URIRef, key: str, predicate: URIRef) -> None:
    for language in LANGUAGES:
        graph.add((node, predicate, Literal(texts(language)(key), lang=language)))


def _bound(*prefixes: tuple[str, object]) -> Graph:
    graph = Graph()
    for prefix, namespace in prefixes:
        graph.bind(prefix, str(namespace))
    return graph
