"""The clients that researchers use work against the endpoint as they are."""

from __future__ import annotations

import httpx
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, TURTLE, SPARQLWrapper

PREFIXES = "PREFIX rac: <https://w3id.org/raccordo/ontology#> PREFIX dcterms: <http://purl.org/dc/terms/> "
PLANS = PREFIXES + "SELECT ?id WHERE { GRAPH ?g { ?plan a rac:Plan ; dcterms:identifier ?id } } ORDER BY ?id"


def test_sparqlwrapper_selects_by_get_and_post(client: httpx.Client) -> None:
    for method in ("GET", "POST"):
        endpoint = SPARQLWrapper(f"{client.base_url}/sparql")
        endpoint.setMethod(method)
        endpoint.setReturnFormat(JSON)
        endpoint.setQuery(PLANS)
        rows = endpoint.query().convert()["results"]["bindings"]
        assert [row["id"]["value"] for row in rows][:2] == ["ausl-8-integrazione", "cernusco-2020"]


def test_sparqlwrapper_constructs(client: httpx.Client) -> None:
    endpoint = SPARQLWrapper(f"{client.base_url}/sparql")
    endpoint.setReturnFormat(TURTLE)
    endpoint.setQuery(PREFIXES + "CONSTRUCT { ?plan a rac:Plan } WHERE { GRAPH ?g { ?plan a rac:Plan } }")
    assert endpoint.query().convert().count(b"lodi-2021-2023") == 1


def test_rdflib_asks_through_its_store(client: httpx.Client) -> None:
    store = SPARQLStore(f"{client.base_url}/sparql")
    assert len(list(store.query(PLANS))) == 4
