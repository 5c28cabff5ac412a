"""What the endpoint says of itself, true at this moment: https://www.w3.org/TR/sparql11-service-description/."""

from __future__ import annotations

from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef

from api.negotiation import JSONLD, NTRIPLES, RDFXML, TURTLE
from queries.solutions import ask_values
from store import GraphStore

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
ENTAILMENT = Namespace("http://www.w3.org/ns/entailment/")

_FORMAT_NAMES = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads",
)  # fmt: skip
_WRITERS = {TURTLE: "turtle", NTRIPLES: "nt", JSONLD: "json-ld", RDFXML: "xml"}
DESCRIPTION_TYPES = tuple(_WRITERS)


def describe_service(store: GraphStore, endpoint: str, media_type: str, *, updates: bool) -> bytes:
    """The description of `endpoint` in one of `DESCRIPTION_TYPES`, with each graph and its number of triples.

    `updates` says whether anybody may send one. Of the features that the standard names none is claimed that is not
    there: nothing is federated, no address is dereferenced, and an empty graph does not exist.
    """
    graph = Graph()
    graph.bind("sd", SD)
    graph.bind("void", VOID)
    service, dataset = URIRef(endpoint), BNode("dataset")
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, service))
    graph.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    if updates:
        graph.add((service, SD.supportedLanguage, SD.SPARQL11Update))
    graph.add((service, SD.defaultEntailmentRegime, ENTAILMENT.Simple))
    graph.add((service, SD.defaultDataset, dataset))
    for name in _FORMAT_NAMES:
        graph.add((service, SD.resultFormat, FORMATS[name]))
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, SD.defaultGraph, BNode("default")))
    graph.add((BNode("default"), RDF.type, SD.Graph))
    if store.engine == "virtuoso":
        graph.add((service, SD.feature, SD.UnionDefaultGraph))
    else:
        graph.add((BNode("default"), VOID.triples, Literal(_default_size(store))))
    for number, (name, triples) in enumerate(_graph_sizes(store)):
        _add_graph(graph, dataset, number, name, triples)
    return graph.serialize(format=_WRITERS[media_type], encoding="utf-8")


def _add_graph(graph: Graph, dataset: BNode, number: int, name: str, triples: int) -> None:
    named, content = BNode(f"named{number}"), BNode(f"graph{number}")
    graph.add((dataset, SD.namedGraph, named))
    graph.add((named, RDF.type, SD.NamedGraph))
    graph.add((named, SD.name, URIRef(name)))
    graph.add((named, SD.graph, content))
    graph.add((content, RDF.type, SD.Graph))
    graph.add((content, VOID.triples, Literal(triples)))


def _default_size(store: GraphStore) -> int:
    (row,) = ask_values(store, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    return int(row["n"])


def _graph_sizes(store: GraphStore) -> list[tuple[str, int]]:
    return sorted((name, sum(predicates.values())) for name, predicates in store.census().items())
