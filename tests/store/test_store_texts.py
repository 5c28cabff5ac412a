"""The dataset of an update: where its clauses go, and what is refused rather than guessed."""

from __future__ import annotations

import pytest
from rdflib.plugins.sparql.parser import parseUpdate

from store import open_store
from store.errors import GraphError, QueryError
from store.texts import with_dataset

ONE, TWO = "http://ex/1", "http://ex/2"
USING = f" USING <{ONE}> USING NAMED <{TWO}> "

REWRITTEN = [
    ("INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }", f"INSERT {{ ?s ?p 1 }} {USING}WHERE {{ ?s ?p ?o }}"),
    ("DELETE{?s ?p 1}WHERE{?s ?p ?o}", f"DELETE{{?s ?p 1}}{USING}WHERE{{?s ?p ?o}}"),
    ("DELETE WHERE { ?s ?p ?o }", f"DELETE {{ ?s ?p ?o }} {USING}WHERE {{ ?s ?p ?o }}"),
    (
        "DELETE WHERE { GRAPH ?g { ?s ?p '}' } }",
        f"DELETE {{ GRAPH ?g {{ ?s ?p '}}' }} }} {USING}WHERE {{ GRAPH ?g {{ ?s ?p '}}' }} }}",
    ),
    ("INSERT DATA { <a:a> <a:a> 'WHERE {' }", "INSERT DATA { <a:a> <a:a> 'WHERE {' }"),
    (
        "PREFIX where: <a:b> INSERT { where:x ?p 1 } WHERE { { SELECT * WHERE { ?s ?p ?o } } } # where",
        f"PREFIX where: <a:b> INSERT {{ where:x ?p 1 }} {USING}WHERE {{ {{ SELECT * WHERE {{ ?s ?p ?o }} }} }} # where",
    ),
    ("CLEAR ALL ; # WHERE\nDROP DEFAULT", "CLEAR ALL ; # WHERE\nDROP DEFAULT"),
]


@pytest.mark.parametrize(("text", "expected"), REWRITTEN)
def test_every_where_gets_the_clauses(text: str, expected: str) -> None:
    found = with_dataset(text, [ONE], [TWO])
    assert found == expected
    parseUpdate(found)


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT {{ ?s ?p 1 }} USING <{ONE}> WHERE {{ ?s ?p ?o }}",
        f"WITH <{ONE}> DELETE {{ ?s ?p 1 }} WHERE {{ ?s ?p ?o }}",
        "DELETE WHERE { ?s ?p ?o FILTER(?s<?b#>)\n }",
        "DELETE WHERE",
    ],
)
def test_what_is_not_certain_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        with_dataset(text, [ONE], [])


def test_a_name_that_is_no_iri_is_refused() -> None:
    with pytest.raises(GraphError):
        with_dataset("DELETE WHERE { ?s ?p ?o }", ["http://ex/> WHERE {} ; DROP ALL #"], [])


def test_without_a_dataset_the_text_stays_as_it_is() -> None:
    text = f"WITH <{ONE}> DELETE {{ ?s ?p ?b }} WHERE {{ ?s ?p ?b FILTER(?b<?s#>)\n }}"
    assert with_dataset(text, [], []) == text


def test_a_delete_where_touches_its_dataset_only() -> None:
    store = open_store("memory:")
    store.update(f"INSERT DATA {{ <a:a> <a:a> 1 GRAPH <{ONE}> {{ <a:a> <a:a> 2 }} }}")
    store.update("DELETE WHERE { ?s ?p ?o }", using_graphs=[ONE])
    assert store.dump().count(b"\n") == 2
    store.update(f"DELETE WHERE {{ GRAPH <{ONE}> {{ ?s ?p ?o }} }}", using_named_graphs=[ONE])
    assert b'"1"' in store.dump()
    assert store.graph(ONE) == b""
    store.close()
