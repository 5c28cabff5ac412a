"""What programs find before they ask: true numbers, a whole record, queries that run, a dump that checks itself."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from rdflib import FOAF, RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DCAT, SKOS, VOID
from rdflib.term import Node
from typer.testing import CliRunner

from api.cli import app as command
from api.discovery import DCATAPIT, SD, SDO, Publication
from api.operations import list_questions
from api.operations.dumping import publication
from api.operations.statistics import PARTS, dataset_statistics
from api.render.crate import METADATA, SUMS
from api.render.linked import LINKED_FORMATS
from api.settings import Settings
from ontology.iris import Iris
from ontology.terms import DCTERMS, RAC, SH
from store import GraphStore, open_store

RANGES = {
    DCTERMS.language: DCTERMS.LinguisticSystem,
    DCTERMS.accrualPeriodicity: DCTERMS.Frequency,
    DCTERMS.conformsTo: DCTERMS.Standard,
    DCTERMS["format"]: DCTERMS.MediaTypeOrExtent,
    DCTERMS.license: DCTERMS.LicenseDocument,
    DCTERMS.publisher: FOAF.Agent,
    DCTERMS.rightsHolder: FOAF.Agent,
    DCAT.theme: SKOS.Concept,
    DCAT.themeTaxonomy: SKOS.ConceptScheme,
    DCAT.landingPage: FOAF.Document,
    DCAT.service: DCAT.DataService,
    DCAT.distribution: DCAT.Distribution,
}
"""What DCAT-AP 3.0.1 wants the values of properties to be."""
DESCRIPTIONS = ("/.well-known/void", "/api/catalogue", "/api/examples")
MANDATORY = {
    DCATAPIT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.modified, DCAT.dataset),
    DCATAPIT.Dataset: (
        DCTERMS.identifier, DCTERMS.title, DCTERMS.description, DCTERMS.modified, DCAT.theme, DCTERMS.rightsHolder,
        DCTERMS.accrualPeriodicity, DCAT.distribution, DCTERMS.publisher,
    ),
    DCATAPIT.Distribution: (DCTERMS["format"], DCAT.accessURL, DCTERMS.license),
    DCATAPIT.Agent: (DCTERMS.identifier, FOAF.name),
    DCATAPIT.LicenseDocument: (DCTERMS.type, FOAF.name),
    DCAT.DataService: (DCAT.endpointURL, DCAT.servesDataset, DCTERMS.title),
}  # fmt: skip


def described(client: httpx.Client, path: str) -> Graph:
    return Graph().parse(data=client.get(path, headers={"Accept": "text/turtle"}).content, format="turtle")


def dataset_of(client: httpx.Client) -> URIRef:
    return URIRef(f"{client.base_url}/.well-known/void#dataset".replace("//.well", "/.well"))


def number(graph: Graph, node: Node, predicate: URIRef) -> int:
    return int(str(graph.value(node, predicate)))


def counted(store: GraphStore, pattern: str) -> dict[str, int]:
    body, _ = store.query(f"SELECT ?t (COUNT({pattern.partition('|')[0]}) AS ?n) WHERE {{ GRAPH ?g {{ "
                          f"{pattern.partition('|')[2]} }} }} GROUP BY ?t")  # fmt: skip
    return {row["t"]["value"]: int(row["n"]["value"]) for row in json.loads(body)["results"]["bindings"]}


def partitions(graph: Graph, dataset: Node, kind: URIRef, term: URIRef, size: URIRef) -> dict[str, int]:
    return {str(graph.value(one, term)): number(graph, one, size) for one in graph.objects(dataset, kind)}


def test_the_numbers_of_void_are_those_of_the_store(client: httpx.Client, loaded: GraphStore) -> None:
    graph, dataset = described(client, "/.well-known/void"), dataset_of(client)
    classes = partitions(graph, dataset, VOID.classPartition, VOID["class"], VOID.entities)
    properties = partitions(graph, dataset, VOID.propertyPartition, VOID.property, VOID.triples)
    assert classes == counted(loaded, "DISTINCT ?s|?s a ?t") and len(classes) > 40
    assert properties == counted(loaded, "*|?s ?t ?o") and len(properties) > 40
    assert number(graph, dataset, VOID.triples) == len(loaded.dump().splitlines())
    parts = [one for one in graph.objects(dataset, VOID.subset) if (one, RDF.type, VOID.Dataset) in graph]
    assert sum(number(graph, one, VOID.triples) for one in parts) == number(graph, dataset, VOID.triples)
    assert {str(one).rpartition("-")[2] for one in parts} == set(PARTS) - {"other"}
    territory = URIRef(f"{dataset}-territory")
    assert number(graph, territory, VOID.triples) == len(loaded.graph(Iris().territory_graph()).splitlines())
    (links,) = graph.subjects(RDF.type, VOID.Linkset)
    assert number(graph, links, VOID.triples) == properties[str(RAC.clvEntry)]


def test_void_leads_to_the_endpoint_and_the_dump(client: httpx.Client) -> None:
    graph, dataset = described(client, "/.well-known/void"), dataset_of(client)
    (endpoint,) = graph.objects(dataset, VOID.sparqlEndpoint)
    assert (endpoint, SD.endpoint, endpoint) in graph
    assert client.get(str(endpoint), params={"query": "ASK{}"}).status_code == 200
    service = Graph().parse(data=client.get(str(endpoint), headers={"Accept": "text/turtle"}).content, format="turtle")
    assert (endpoint, SD.endpoint, endpoint) in service
    (dump,) = graph.objects(dataset, VOID.dataDump)
    assert client.get(str(dump)).headers["content-type"].startswith("application/n-quads")


def test_an_empty_store_has_nothing_to_count() -> None:
    store = open_store("memory:")
    counts = dataset_statistics(store, Iris())
    assert (counts.whole.triples, dict(counts.whole.classes), dict(counts.parts)) == (0, {}, {})
    store.update("INSERT DATA { GRAPH <https://example.org/g> { <https://example.org/a> a <https://example.org/B> } }")
    assert dataset_statistics(store, Iris()).parts["other"].triples == 1
    store.close()


def test_the_record_has_all_that_dcat_ap_it_demands(client: httpx.Client) -> None:
    graph = described(client, "/api/catalogue")
    for kind, properties in MANDATORY.items():
        found = set(graph.subjects(RDF.type, kind))
        assert found, kind
        for node in found:
            for one in properties:
                assert graph.value(node, one) is not None or list(graph.objects(node, one)), (node, one)
    assert {one.language for one in graph.objects(dataset_of(client), DCTERMS.title)} == {"it", "en"}  # type: ignore[attr-defined]
    for address in graph.objects(None, DCAT.downloadURL):
        assert client.get(str(address)).status_code == 200


def test_the_publisher_is_a_setting(loaded: GraphStore) -> None:
    about = publication(Settings(publisher="ATS di Prova", publisher_code="atsprova"), loaded, "https://x.example/")
    assert (about.publisher, about.publisher_code) == ("ATS di Prova", "atsprova")
    assert about == Publication("https://x.example/", Iris().base, "ATS di Prova", "atsprova", about.modified)


def test_each_question_is_an_example_that_runs(client: httpx.Client, loaded: GraphStore) -> None:
    graph = described(client, "/api/examples")
    examples = set(graph.subjects(RDF.type, SH.SPARQLExecutable))
    constructs = {str(one) for one in graph.subjects(RDF.type, SH.SPARQLConstructExecutable)}
    assert len(constructs) == sum(one.constructing is not None for one in list_questions()) >= 4
    assert len(examples) == len(list_questions()) + len(constructs)
    for one in examples:
        (text,) = graph.objects(one, SH.construct if str(one) in constructs else SH.select)
        (target,) = graph.objects(one, SDO.target)
        assert str(target) == f"{client.base_url}/sparql".replace("//sparql", "/sparql")
        assert {label.language for label in graph.objects(one, RDFS.comment)} == {"it", "en"}  # type: ignore[attr-defined]
        assert client.get(str(one)).text.strip() == str(text).strip()
    answers = client.get(
        "/sparql", params={"query": str(next(iter(sorted(graph.objects(None, SH.select))))) + "LIMIT 1"}
    )
    assert answers.status_code == 200
    for text in graph.objects(None, SH.construct):
        answers = client.get("/sparql", params={"query": f"{text} LIMIT 5"}, headers={"Accept": "text/turtle"})
        assert (answers.status_code, len(Graph().parse(data=answers.content)) > 0) == (200, True)


@pytest.mark.parametrize("path", DESCRIPTIONS)
def test_each_description_in_every_format_and_not_twice(client: httpx.Client, path: str) -> None:
    answers = [client.get(path, headers={"Accept": one}) for one in LINKED_FORMATS.values()]
    graphs = []
    for answer, form in zip(answers, ("turtle", "json-ld", "nt", "xml"), strict=True):
        graphs.append(Graph().parse(data=answer.content, format=form))
        assert "Accept" in answer.headers["vary"]
    assert all(set(graphs[0]) == set(other) for other in graphs[1:])
    tag = answers[0].headers["etag"]
    again = client.get(path, headers={"Accept": "text/turtle", "If-None-Match": tag})
    assert again.status_code == 304
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406


def test_the_dump_is_the_dataset(client: httpx.Client, loaded: GraphStore) -> None:
    body = client.get("/api/dump").content
    assert set(ox.parse(body, format=ox.RdfFormat.N_QUADS)) == set(ox.parse(loaded.dump(), format=ox.RdfFormat.N_QUADS))


def test_the_crate_checks_itself(client: httpx.Client) -> None:
    answer = client.get("/api/dump?format=rocrate")
    assert answer.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    nodes = {one["@id"]: one for one in json.loads(archive.read(METADATA))["@graph"]}
    assert nodes[METADATA]["about"] == {"@id": "./"}
    listed = {one["@id"] for one in nodes["./"]["hasPart"]}
    assert listed | {METADATA} == set(archive.namelist())
    sums = dict(reversed(line.split("  ")) for line in archive.read(SUMS).decode().splitlines())  # type: ignore[misc]
    for path in listed - {SUMS}:
        digest = hashlib.sha256(archive.read(path)).hexdigest()
        assert nodes[path]["sha256"] == sums[path] == digest
        assert int(nodes[path]["contentSize"]) == len(archive.read(path))
    assert archive.read("dataset.nq") == client.get("/api/dump?format=nquads").content
    for path in listed:
        if path.endswith(".ttl"):
            assert len(Graph().parse(data=archive.read(path), format="turtle")) > 10
    assert client.get("/api/dump?format=rocrate").content == answer.content


def test_the_command_writes_the_same_crate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RACCORDO_STORE", f"oxigraph:{tmp_path}/store")
    file = tmp_path / "raccordo.zip"
    done = CliRunner().invoke(
        command, ["crate", str(file), "--address", "https://raccordo.example.it/", "--lang", "en"]
    )
    assert done.exit_code == 0, done.output
    archive = zipfile.ZipFile(file)
    void = Graph().parse(data=archive.read("void.ttl"), format="turtle")
    dataset = URIRef("https://raccordo.example.it/.well-known/void#dataset")
    assert (dataset, VOID.triples, Literal(0)) in void
    assert json.loads(archive.read(METADATA))["@graph"][1]["name"].startswith("Raccordo: what")
    assert CliRunner().invoke(command, ["crate", str(file), "--address", "nowhere"]).exit_code == 2


def test_the_values_of_the_record_are_what_dcat_ap_wants(client: httpx.Client) -> None:
    graph = described(client, "/api/catalogue")
    for predicate, kind in RANGES.items():
        values = set(graph.objects(None, predicate))
        assert values, predicate
        assert [value for value in values if (value, RDF.type, kind) not in graph] == []
