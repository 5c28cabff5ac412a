"""Data, concepts and the ontology at their own IRIs: one description in every representation, found by programs."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import httpx
import lxml.html
import pytest
from fastapi import FastAPI
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, SKOS, VOID, XSD
from rdflib.term import Node

from api.app import create_app
from api.operations.entities import INCOMING_MOST, INCOMING_PAGE, find_entity
from api.pages.links import Links
from api.render.linked import LINKED_FORMATS
from api.settings import Settings
from ontology.iris import Iris
from ontology.published import ONTOLOGY, schemes, version, whole_graph
from ontology.terms import OA, RAC, VOCABULARY_BASE, concept
from store import GraphStore, open_store

BASE = Iris().base
ROW = f"{BASE}plan/lodi-2021-2023/objective/2/row/1"
Served = Callable[[FastAPI], AbstractContextManager[httpx.Client]]
READERS = {"turtle": "turtle", "jsonld": "json-ld", "ntriples": "nt", "rdfxml": "xml"}


def one_of_each_class(store: GraphStore, *_: object) -> list[str]:
    query = "SELECT (MIN(STR(?s)) AS ?one) WHERE { GRAPH ?g { ?s a ?c } } GROUP BY ?c"
    body, _kind = store.query(query, accept="text/csv")
    return [line for line in body.decode().split("\r\n")[1:] if line.startswith(BASE)]


def rdfa(text: str) -> Graph:
    """The triples in the attributes of a page: `about`, then `rel` + `resource` or `property` + `content`."""
    graph = Graph()
    for element in lxml.html.document_fromstring(text).iter():
        predicate = element.get("rel") if element.get("resource") else element.get("property")
        if predicate:
            (about,) = element.xpath("ancestor::*[@about][1]/@about")
            graph.add((URIRef(about), URIRef(predicate), rdfa_object(element)))
    return graph


def rdfa_object(element: lxml.html.HtmlElement) -> Node:
    if (resource := element.get("resource")) is not None:
        return BNode(resource[2:]) if resource.startswith("_:") else URIRef(resource)
    datatype = element.get("datatype")
    return Literal(element.get("content"), lang=element.get("lang"), datatype=datatype and URIRef(datatype))


def path_of(iri: str) -> str:
    found = Links(Iris()).address(iri)
    assert found is not None
    return found


def test_each_kind_of_thing_says_the_same_in_every_representation(client: httpx.Client, loaded: GraphStore) -> None:
    things = [*one_of_each_class(loaded), str(concept("theme", "abitare")), f"{BASE}graph/territory", ROW]
    assert len(things) > 40
    for iri in things:
        pages = [client.get(path_of(iri), headers={"Accept": one}) for one in LINKED_FORMATS.values()]
        graphs = [
            Graph().parse(data=page.content, format=READERS[name])
            for name, page in zip(LINKED_FORMATS, pages, strict=True)
        ]
        assert len(graphs[0]) > 0, iri
        html = client.get(path_of(iri), headers={"Accept": "text/html"})
        assert html.headers["content-type"].startswith("text/html")
        for other in (*graphs[1:], rdfa(html.text)):
            assert set(graphs[0]) == set(other), iri


def test_what_is_said_of_a_thing_is_all_that_the_store_says_of_it(client: httpx.Client, loaded: GraphStore) -> None:
    query = f"CONSTRUCT {{ <{ROW}> ?p ?o }} WHERE {{ GRAPH ?g {{ <{ROW}> ?p ?o }} }}"
    stored = Graph().parse(data=loaded.query(query, accept="application/n-triples")[0], format="nt")
    served_graph = Graph().parse(data=client.get(path_of(ROW) + "?format=turtle").content, format="turtle")
    assert set(stored) == set(served_graph.triples((URIRef(ROW), None, None)))
    assert (URIRef(f"{BASE}plan/lodi-2021-2023/objective/2"), RAC.hasRow, URIRef(ROW)) in served_graph
    quoted = {str(one) for one in served_graph.objects(None, OA.exact)}
    assert quoted


def test_a_page_shows_the_words_and_where_they_stand(client: httpx.Client, loaded: GraphStore) -> None:
    entity = find_entity(loaded, ROW, Iris())
    assert entity.quotes and all(one.exact and one.file and one.line for one in entity.quotes)
    text = lxml.html.document_fromstring(client.get(path_of(ROW), headers={"Accept": "text/html"}).text).text_content()
    for quote in entity.quotes:
        assert " ".join(quote.exact.split()) in " ".join(text.split())
        assert quote.file in text


def test_a_page_is_in_the_language_of_its_reader(client: httpx.Client) -> None:
    for language, words in (("it", "Che cosa se ne dice"), ("en", "What is said of it")):
        page = client.get(path_of(ROW), headers={"Accept": "text/html", "Accept-Language": language})
        assert words in page.text and f'<html lang="{language}">' in page.text


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "text/html"),
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json, text/turtle;q=0.5", "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml;q=0.9, text/html;q=0.1", "application/rdf+xml"),
    ],
)
@pytest.mark.parametrize("path", ["/id/plan/lodi-2021-2023", "/vocab/theme/abitare", "/vocab/theme", "/ontology/plan"])
def test_the_client_chooses(client: httpx.Client, path: str, accept: str | None, media_type: str) -> None:
    request = client.build_request("GET", path)
    if accept is None:
        del request.headers["accept"]
    else:
        request.headers["accept"] = accept
    response = client.send(request)
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert "Accept" in response.headers["vary"]


def test_what_nobody_offers_is_406(client: httpx.Client) -> None:
    for path in ("/id/plan/lodi-2021-2023", "/ontology"):
        assert client.get(path, headers={"Accept": "image/png"}).status_code == 406
        assert client.get(path + "?format=png").status_code == 406


@pytest.mark.parametrize("path", ["/id/plan/lodi-2021-2023", "/vocab/theme/abitare", "/ontology", "/vocab/theme"])
@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_signposts_lead_from_the_page_to_the_data_and_back(client: httpx.Client, path: str, accept: str) -> None:
    response = client.get(path, headers={"Accept": accept})
    links = re.findall(r'<([^>]+)>; rel="([^"]+)"(?:; type="([^"]+)")?', response.headers["link"])
    relations = {relation for _, relation, _ in links}
    assert {"cite-as", "license"} <= relations
    (cited,) = [address for address, relation, _ in links if relation == "cite-as"]
    assert path_of(cited) == path
    leading = [one for one in links if one[1] in ("describedby", "describes", "item")]
    assert leading
    for address, _, media_type in leading:
        assert client.get(address, headers={"Accept": "*/*"}).headers["content-type"].startswith(media_type)
    if accept == "text/html":
        assert ("https://schema.org/AboutPage", "type", "") in links
        assert {one[2] for one in links if one[1] == "describedby"} == set(LINKED_FORMATS.values())


def test_a_plan_has_its_files_as_items(client: httpx.Client) -> None:
    link = client.get("/id/plan/lodi-2021-2023").headers["link"]
    assert '</api/plans/lodi-2021-2023/graph?format=trig>; rel="item"; type="application/trig"' in link
    assert 'rel="item"' not in client.get(path_of(ROW)).headers["link"]


@pytest.mark.parametrize("path", ["/id/plan/lodi-2021-2023", "/vocab/theme", "/ontology", "/vocab/service/uonpia"])
def test_an_unchanged_answer_is_not_sent_again(client: httpx.Client, path: str) -> None:
    first = client.get(path, headers={"Accept": "text/turtle"})
    tag = first.headers["etag"]
    for header in (tag, f'"other", W/{tag}', "*"):
        again = client.get(path, headers={"Accept": "text/turtle", "If-None-Match": header})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["vary"].startswith(first.headers["vary"].partition(",")[0])
    assert client.get(path, headers={"Accept": "text/turtle", "If-None-Match": '"other"'}).status_code == 200
    others = {client.get(path, headers={"Accept": one}).headers["etag"] for one in ("text/html", "application/ld+json")}
    assert tag not in others and len(others) == 2


def test_any_write_changes_the_tag_of_what_it_touches(served: Served) -> None:
    iris, store = Iris("https://data.example.org/kg/"), open_store("memory:")
    thing, other = iris.plan("x"), iris.plan("y")
    with served(create_app(Settings(base=str(iris.base)), store)) as client:
        store.update(
            f'INSERT DATA {{ GRAPH <{iris.base}g> {{ <{thing}> <{RAC.text}> "a" . <{other}> <{RAC.text}> "b" }} }}'
        )
        before, still = client.get("/id/plan/x").headers["etag"], client.get("/id/plan/y").headers["etag"]
        store.update(f"INSERT DATA {{ GRAPH <{iris.base}g> {{ <{iris.base}z> <{RAC.text}> <{thing}> }} }}")
        after = client.get("/id/plan/x", headers={"If-None-Match": before})
        assert after.status_code == 200 and after.headers["etag"] != before
        assert client.get("/id/plan/y", headers={"If-None-Match": still}).status_code == 304
    store.close()


def test_a_base_of_ones_own_resolves_at_its_own_path(served: Served) -> None:
    iris, store = Iris("https://data.example.org/kg/"), open_store("memory:")
    hostile = 'javascript:alert("1")'
    store.update(f'INSERT DATA {{ GRAPH <{iris.base}g> {{ <{iris.plan("x")}> <{RAC.text}> "<b>a</b>" }} }}')
    store.update(
        f"INSERT DATA {{ GRAPH <{iris.base}g> {{ <{iris.plan('x')}> <{RAC.hasNote}> <javascript:alert(1)> }} }}"
    )
    with served(create_app(Settings(base=str(iris.base)), store)) as client:
        texts = [
            client.get(path, headers={"Accept": "application/n-triples"}).text for path in ("/id/plan/x", "/kg/plan/x")
        ]
        assert texts[0] == texts[1] and str(iris.plan("x")) in texts[0]
        html = client.get("/kg/plan/x", headers={"Accept": "text/html"}).text
        assert "<b>a</b>" not in html and 'href="javascript' not in html and hostile not in html
        assert client.get("/kg/plan/none").status_code == 404
    store.close()


def test_links_that_lead_here_are_bounded_and_paged(served: Served) -> None:
    iris, store = Iris(), open_store("memory:")
    thing, many = iris.plan("busy"), INCOMING_MOST + 200
    triples = "".join(f"<{iris.base}s/{number}> <{RAC.inPlan}> <{thing}> .\n" for number in range(many))
    store.replace_graphs({f"{iris.base}g": triples.encode()})
    entity = find_entity(store, str(thing), iris, 2)
    assert (entity.incoming_total, len(entity.incoming)) == (INCOMING_MOST, INCOMING_PAGE)
    with served(create_app(Settings(), store)) as client:
        page = client.get("/id/plan/busy?page=2", headers={"Accept": "text/html"})
        assert '?page=3>; rel="next"' in page.headers["link"] and '?page=1>; rel="prev"' in page.headers["link"]
        assert f"{INCOMING_MOST}+" in page.text and "SPARQL" in page.text
        seen = {
            line
            for number in range(1, entity.last_page + 1)
            for line in client.get(f"/id/plan/busy?page={number}&format=ntriples").text.splitlines()
        }
        assert len(seen) == INCOMING_MOST
        assert client.get(f"/id/plan/busy?page={entity.last_page + 1}").status_code in (400, 404)
        assert client.get("/id/plan/busy?page=0").status_code == 400
    store.close()


def test_what_is_not_there_says_what_is_near(client: httpx.Client) -> None:
    response = client.get("/id/plan/lodi-2021-2023/objective/99/row/1", headers={"Accept": "text/turtle"})
    assert response.status_code == 404
    problem = response.json()
    assert problem["nearest"] == f"{BASE}plan/lodi-2021-2023"
    assert problem["type"].endswith("unknown-entity")
    page = client.get("/id/plan/none", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert page.status_code == 404 and "/plans" in page.text
    assert client.get("/ontology/none").json()["nearest"] == str(ONTOLOGY)
    for path in ("/id/", "/id/%3E%20%7B", "/vocab/none", "/vocab/theme/none", f"/ontology/plan/{version()}0"):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize("name", LINKED_FORMATS)
def test_the_ontology_is_served_whole(client: httpx.Client, name: str) -> None:
    body = client.get("/ontology", headers={"Accept": LINKED_FORMATS[name]}).content
    assert isomorphic(Graph().parse(data=body, format=READERS[name]), whole_graph())
    same = client.get(f"/ontology/{version()}", headers={"Accept": LINKED_FORMATS[name]})
    assert same.status_code == 200


def test_each_module_and_vocabulary_is_served_at_its_iri(client: httpx.Client) -> None:
    for document in schemes():
        served_graph = Graph().parse(data=client.get(path_of(document.iri) + "?format=ntriples").content, format="nt")
        assert isomorphic(served_graph, document.graph)
    headers = Graph().parse(data=client.get("/vocab?format=turtle").content, format="turtle")
    assert len(set(headers.subjects(RDF.type, SKOS.ConceptScheme))) == len(schemes())


def test_a_term_of_the_ontology_has_its_place_on_the_page(client: httpx.Client) -> None:
    page = lxml.html.document_fromstring(client.get("/ontology", headers={"Accept": "text/html"}).text)
    for name in ("Plan", "hasRow", "confidence"):
        assert page.get_element_by_id(name).findtext(".//p")
        assert path_of(str(RAC[name])) == f"/ontology#{name}"


def test_a_concept_without_a_store_is_described_from_the_vocabulary() -> None:
    store = open_store("memory:")
    entity = find_entity(store, f"{VOCABULARY_BASE}theme/abitare", Iris())
    assert any(one.predicate == str(SKOS.prefLabel) for one in entity.outgoing)
    store.close()


def test_a_graph_is_described_by_its_size(client: httpx.Client, loaded: GraphStore) -> None:
    graph = URIRef(f"{BASE}graph/plan/lodi-2021-2023")
    said = Graph().parse(data=client.get(path_of(graph) + "?format=turtle").content, format="turtle")
    assert (graph, VOID.triples, Literal(len(loaded.graph(graph).splitlines()), datatype=XSD.integer)) in said
