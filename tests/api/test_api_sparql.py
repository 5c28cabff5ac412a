"""The SPARQL 1.1 Protocol: operations, datasets, media types, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote, urlencode

import httpx
import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph, Literal, URIRef

from api.description import SD, VOID
from ontology.iris import Iris
from store import GraphStore

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
LODI = Iris().plan_graph("lodi-2021-2023")
CERNUSCO = Iris().plan_graph("cernusco-2020")
# Distinct: Oxigraph counts a triple once for each of the graphs that are merged into the default graph.
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o } }"
COUNT_NAMED = "SELECT (COUNT(DISTINCT ?g) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
CONSTRUCT = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{LODI}> {{ ?s ?p ?o }} }}"


def number(response: httpx.Response) -> int:
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


def test_get_form_and_direct_answer_alike(client: httpx.Client) -> None:
    get = client.get("/sparql", params={"query": COUNT_NAMED})
    form = client.post("/sparql", data={"query": COUNT_NAMED})
    direct = client.post("/sparql", content=COUNT_NAMED, headers={"Content-Type": f"{QUERY}; charset=UTF-8"})
    assert number(get) == number(form) == number(direct) == 10
    assert get.content == form.content == direct.content


def test_a_percent_sign_arrives_whole_by_every_way(client: httpx.Client) -> None:
    query = 'SELECT ("100%25" AS ?x) WHERE {}'
    answers = [
        client.get("/sparql", params={"query": query}),
        client.post("/sparql", data={"query": query}),
        client.post("/sparql", content=query, headers={"Content-Type": QUERY}),
    ]
    assert {one.json()["results"]["bindings"][0]["x"]["value"] for one in answers} == {"100%25"}


@pytest.mark.parametrize(
    "path", [f"/sparql?{urlencode({'query': COUNT})}", "/sparql/", "/plans", "/api/matrix?format=csv"]
)
def test_head_is_get_without_its_body(client: httpx.Client, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "content-length", "vary"):
        assert head.headers[name] == get.headers[name]


def test_datasets(client: httpx.Client) -> None:
    def count(query: str, *graphs: tuple[str, str]) -> int:
        return number(client.get("/sparql?" + urlencode([("query", query), *graphs])))

    default, named = "default-graph-uri", "named-graph-uri"
    lodi, cernusco = count(COUNT, (default, LODI)), count(COUNT, (default, CERNUSCO))
    assert lodi > 1000
    assert count(COUNT, (default, LODI), (default, CERNUSCO)) == lodi + cernusco - shared_triples(client)
    assert count(COUNT_NAMED, (named, LODI)) == 1
    assert count(COUNT, (named, LODI)) == 0
    posted = client.post("/sparql", data={"query": COUNT, default: str(LODI)})
    direct = client.post(f"/sparql?{default}={quote(LODI)}", content=COUNT, headers={"Content-Type": QUERY})
    assert number(posted) == number(direct) == lodi


def shared_triples(client: httpx.Client) -> int:
    query = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{LODI}> {{ ?s ?p ?o }} GRAPH <{CERNUSCO}> {{ ?s ?p ?o }} }}"
    return number(client.get("/sparql", params={"query": query}))


SELECT_TYPES = [
    ("application/sparql-results+json", lambda body: json.loads(body)["head"]["vars"] == ["n"]),
    ("application/sparql-results+xml", lambda body: b"<sparql" in body),
    ("text/csv", lambda body: next(csv.reader(io.StringIO(body.decode()))) == ["n"]),
    ("text/tab-separated-values", lambda body: body.startswith(b"?n")),
]


@pytest.mark.parametrize(("media_type", "fits"), SELECT_TYPES, ids=[one for one, _ in SELECT_TYPES])
def test_select_types(client: httpx.Client, media_type: str, fits: object) -> None:
    response = client.get("/sparql", params={"query": COUNT}, headers={"Accept": media_type})
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert "Accept" in response.headers["vary"]
    assert callable(fits)
    assert fits(response.content)


@pytest.mark.parametrize("media_type", ["application/sparql-results+json", "application/sparql-results+xml"])
def test_ask_types(client: httpx.Client, media_type: str) -> None:
    response = client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": media_type})
    assert response.headers["content-type"] == media_type
    assert b"true" in response.content


GRAPH_TYPES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}


@pytest.mark.parametrize(("media_type", "parser"), GRAPH_TYPES.items())
def test_graph_types(client: httpx.Client, loaded: GraphStore, media_type: str, parser: ox.RdfFormat) -> None:
    response = client.get("/sparql", params={"query": CONSTRUCT}, headers={"Accept": media_type})
    assert response.headers["content-type"].partition(";")[0] == media_type
    read = {quad.triple for quad in ox.parse(response.content, format=parser)}
    assert read == {quad.triple for quad in ox.parse(loaded.graph(LODI), format=ox.RdfFormat.N_TRIPLES)}


def test_describe_is_a_graph(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": f"DESCRIBE <{LODI}>"})
    assert response.headers["content-type"].startswith("text/turtle")


def test_a_format_can_be_named_in_the_address(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": COUNT, "format": "csv"}, headers={"Accept": "text/html"})
    assert response.headers["content-type"].startswith("text/csv")


BAD = [
    ("POST", "/sparql", "query=ASK%20%7B%7D", {}, 415),
    ("POST", "/sparql", "query=ASK%20%7B%7D", {"Content-Type": "text/plain"}, 415),
    ("POST", "/sparql", "ASK {}", {}, 415),
    ("POST", "/sparql", "ASK {}".encode("utf-16"), {"Content-Type": QUERY}, 400),
    ("POST", "/sparql", "ASK {}", {"Content-Type": f"{QUERY}; charset=UTF-16"}, 415),
    ("POST", "/sparql", "query=%FF%FE", {"Content-Type": FORM}, 400),
    ("POST", "/sparql", "query=ASK{}&query=ASK{}", {"Content-Type": FORM}, 400),
    ("POST", "/sparql", "query=ASK{}&update=CLEAR+ALL", {"Content-Type": FORM}, 400),
    ("POST", "/sparql", "nothing=1", {"Content-Type": FORM}, 400),
    ("POST", "/sparql", "SELECT * {", {"Content-Type": QUERY}, 400),
    ("POST", "/sparql", "x" * 1_100_000, {"Content-Type": QUERY}, 413),
    ("GET", "/sparql?update=CLEAR+ALL", None, {}, 400),
    ("GET", "/sparql?query=ASK{}&query=ASK{}", None, {}, 400),
    ("GET", "/sparql?query=", None, {}, 400),
    ("GET", "/sparql?query=CLEAR+ALL", None, {}, 400),
    ("GET", "/sparql?default-graph-uri=http://x/", None, {}, 400),
    ("PUT", "/sparql?query=ASK{}", None, {}, 405),
    ("GET", "/sparql?query=ASK{}", None, {"Accept": "image/png"}, 406),
    ("GET", "/sparql?query=ASK{}", None, {"Accept": "text/csv"}, 406),
    ("GET", "/sparql?query=SELECT*{SERVICE<http://127.0.0.1:1/>{?s?p?o}}", None, {}, 403),
    ("GET", "/sparql?query=ASK{}&default-graph-uri=not-an-iri", None, {}, 400),
]


@pytest.mark.parametrize(("method", "path", "body", "headers", "status"), BAD)
def test_bad_requests(
    client: httpx.Client, method: str, path: str, body: str | bytes | None, headers: dict[str, str], status: int
) -> None:
    response = client.request(method, path, content=body, headers=headers)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"


def test_without_a_token_nobody_writes(client: httpx.Client) -> None:
    for headers in ({}, {"Authorization": "Bearer anything"}):
        response = client.post("/sparql", data={"update": "CLEAR ALL"}, headers=headers)
        assert response.status_code == 403
    assert number(client.get("/sparql", params={"query": COUNT_NAMED})) == 10


@pytest.mark.parametrize("shown", [None, "Bearer wrong-wrong-wrong", "Basic rac_0_x", "Bearer"])
def test_a_wrong_token_does_not_write(writable: httpx.Client, shown: str | None) -> None:
    headers = {"Authorization": shown} if shown else {}
    response = writable.post("/sparql", data={"update": "CLEAR ALL"}, headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")


def test_the_token_writes_by_form_and_directly(writable: httpx.Client, bearer: dict[str, str]) -> None:
    insert = "INSERT DATA {{ GRAPH <http://example.org/{name}> {{ <http://s> <http://p> '{name}' }} }}"
    form = writable.post("/sparql", data={"update": insert.format(name="a")}, headers=bearer)
    direct = writable.post("/sparql", content=insert.format(name="b"), headers={"Content-Type": UPDATE, **bearer})
    assert (form.status_code, direct.status_code) == (204, 204)
    assert number(writable.get("/sparql", params={"query": COUNT_NAMED})) == 2


@pytest.mark.parametrize(
    ("update", "status"),
    [
        ("LOAD <http://127.0.0.1:1/>", 403),
        ("DELETE", 400),
        ("INSERT { <a:a> <a:a> <a:a> } WHERE { SERVICE <a:a> {} }", 403),
    ],
)
def test_a_writer_cannot_call_out(writable: httpx.Client, bearer: dict[str, str], update: str, status: int) -> None:
    assert writable.post("/sparql", data={"update": update}, headers=bearer).status_code == status


def test_an_update_sees_the_graphs_that_its_request_names(writable: httpx.Client, bearer: dict[str, str]) -> None:
    graph = "http://example.org/using-{}"
    insert = " ".join(f"GRAPH <{graph.format(n)}> {{ <http://s> <http://p> {n} }}" for n in (1, 2))
    copy = f"INSERT {{ GRAPH <{graph.format(3)}> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}"
    for form in ({"update": f"INSERT DATA {{ {insert} }}"}, {"update": copy, "using-graph-uri": graph.format(2)}):
        assert writable.post("/sparql", data=form, headers=bearer).status_code == 204
    rows = writable.get("/graph-store", params={"graph": graph.format(3)}, headers={"Accept": "application/n-triples"})
    assert [line.split()[2] for line in rows.text.splitlines()] == ['"2"^^<http://www.w3.org/2001/XMLSchema#integer>']


def test_the_bare_address_describes_the_service(writable: httpx.Client, bearer: dict[str, str]) -> None:
    insert = "INSERT DATA { GRAPH <http://example.org/size> { <http://s> <http://p> 1 , 2 , 3 } }"
    assert writable.post("/sparql", data={"update": insert}, headers=bearer).status_code == 204
    response = writable.get("/sparql")
    assert response.headers["content-type"].startswith("text/turtle")
    graph = Graph().parse(data=response.content, format="turtle")
    endpoint = URIRef(str(writable.base_url.join("/sparql")))
    assert (endpoint, RDF.type, SD.Service) in graph
    assert (endpoint, SD.endpoint, endpoint) in graph
    named = graph.value(None, SD.name, URIRef("http://example.org/size"))
    assert graph.value(graph.value(named, SD.graph), VOID.triples) == Literal(3)
    default = graph.value(graph.value(endpoint, SD.defaultDataset), SD.defaultGraph)
    counted = writable.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}).json()
    assert graph.value(default, VOID.triples) == Literal(int(counted["results"]["bindings"][0]["n"]["value"]))
    assert set(graph.objects(endpoint, SD.supportedLanguage)) == {SD.SPARQL11Query, SD.SPARQL11Update}
    assert set(graph.objects(endpoint, SD.feature)) == set()


def test_the_description_names_updates_only_where_somebody_may_send_one(client: httpx.Client) -> None:
    graph = Graph().parse(data=client.get("/sparql").content, format="turtle")
    assert set(graph.objects(None, SD.supportedLanguage)) == {SD.SPARQL11Query}


FORMAT_TYPES = {
    "SPARQL_Results_JSON": "application/sparql-results+json", "SPARQL_Results_XML": "application/sparql-results+xml",
    "SPARQL_Results_CSV": "text/csv", "SPARQL_Results_TSV": "text/tab-separated-values", "Turtle": "text/turtle",
    "N-Triples": "application/n-triples", "JSON-LD": "application/ld+json", "RDF_XML": "application/rdf+xml",
    "TriG": "application/trig", "N-Quads": "application/n-quads",
}  # fmt: skip


def test_every_format_that_the_description_names_is_given(client: httpx.Client) -> None:
    graph = Graph().parse(data=client.get("/sparql").content, format="turtle")
    named = {str(one).rpartition("/")[2] for one in graph.objects(None, SD.resultFormat)}
    assert named == set(FORMAT_TYPES)
    for name, media_type in FORMAT_TYPES.items():
        text = "SELECT * {}" if "Results" in name else "CONSTRUCT { <a:a> <a:a> 1 } {}"
        response = client.get("/sparql", params={"query": text}, headers={"Accept": media_type})
        assert response.headers["content-type"].partition(";")[0] == media_type


@pytest.mark.parametrize(
    "media_type", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
def test_the_description_is_negotiated(client: httpx.Client, media_type: str) -> None:
    response = client.get("/sparql", headers={"Accept": media_type})
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert len(list(ox.parse(response.content, format=GRAPH_TYPES[media_type]))) > 20


def test_a_browser_at_the_bare_address_comes_to_the_editor(client: httpx.Client) -> None:
    response = client.get("/sparql", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (response.status_code, response.headers["location"]) == (303, "/sparql-editor")


def test_anybody_may_read_across_origins_and_nobody_write(client: httpx.Client) -> None:
    origin = {"Origin": "https://evil.example"}
    read = client.get("/sparql", params={"query": "ASK {}"}, headers=origin)
    assert read.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in read.headers
    asked = {**origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    assert client.options("/sparql", headers=asked).status_code == 400
