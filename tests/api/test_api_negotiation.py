"""Which representation and which language a client gets: tables of headers and outcomes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from api.errors import NotAcceptable
from api.negotiation import (
    ASK_TYPES,
    CSV,
    GRAPH_TYPES,
    HTML,
    JSON,
    JSONLD,
    NTRIPLES,
    RDFXML,
    RESULTS_JSON,
    RESULTS_XML,
    SELECT_TYPES,
    TSV,
    TURTLE,
    choose,
    choose_language,
    negotiate,
)

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"

SELECT = [
    (None, RESULTS_JSON),
    ("", RESULTS_JSON),
    ("*/*", RESULTS_JSON),
    ("application/json", RESULTS_JSON),
    ("application/sparql-results+xml", RESULTS_XML),
    ("APPLICATION/SPARQL-RESULTS+XML ; charset=utf-8", RESULTS_XML),
    ("application/xml", RESULTS_XML),
    ("text/*", CSV),
    ("text/tab-separated-values, text/csv;q=0.9", TSV),
    ("text/csv;q=0.2, */*;q=0.1", CSV),
    ("*/*, text/csv", RESULTS_JSON),
    ("text/csv;q=0, text/*", TSV),
    ("application/sparql-results+json;q=0, */*;q=0.5", RESULTS_XML),
    ("image/png, text/csv;q=0.001", CSV),
    ("text/csv;q=nonsense, text/tab-separated-values;q=0.1", TSV),
    ("text/csv;q=7, text/tab-separated-values;q=0.1", TSV),
    ("text/csv;q=nan, text/tab-separated-values;q=0.1", TSV),
    (BROWSER, RESULTS_XML),
]
GRAPH = [
    (None, TURTLE),
    ("application/ld+json", JSONLD),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', JSONLD),
    ("application/json", JSONLD),
    ("application/rdf+xml;q=0.9, text/turtle;q=0.8", RDFXML),
    ("text/plain", NTRIPLES),
    ("application/n-triples", NTRIPLES),
]
REFUSED = ["image/png", "*/*;q=0", "text/html", "application/pdf, image/*", "application/sparql-results+json;q=0"]


@pytest.mark.parametrize(("accept", "media_type"), SELECT)
def test_select(accept: str | None, media_type: str) -> None:
    assert negotiate(accept, SELECT_TYPES) == media_type


@pytest.mark.parametrize(("accept", "media_type"), GRAPH)
def test_graph(accept: str | None, media_type: str) -> None:
    assert negotiate(accept, GRAPH_TYPES) == media_type


@pytest.mark.parametrize("accept", REFUSED)
def test_refused(accept: str) -> None:
    with pytest.raises(NotAcceptable) as refusal:
        negotiate(accept, SELECT_TYPES)
    assert refusal.value.offered == SELECT_TYPES


def test_ask_has_no_spreadsheet() -> None:
    with pytest.raises(NotAcceptable):
        negotiate("text/csv", ASK_TYPES)


def test_the_server_prefers_in_its_order() -> None:
    assert [negotiate("text/html, application/json", types) for types in ((JSON, HTML), (HTML, JSON))] == [JSON, HTML]


FORMATS = {"json": JSON, "csv": CSV, "csv-it": CSV}


@pytest.mark.parametrize(
    ("name", "accept", "found"),
    [
        ("csv-it", "application/json", "csv-it"),
        (None, "text/csv", "csv"),
        (None, None, "json"),
        ("", "*/*", "json"),
    ],
)
def test_a_named_format_wins(name: str | None, accept: str | None, found: str) -> None:
    assert choose(name, accept, FORMATS, "json") == found


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(NotAcceptable, match="pdf"):
        choose("pdf", None, FORMATS, "json")


@pytest.mark.parametrize(
    ("asked", "remembered", "header", "language"),
    [
        (None, None, None, "it"),
        (None, None, "en-GB,en;q=0.9", "en"),
        (None, None, "fr, de", "it"),
        (None, None, "fr, en;q=0.3, it;q=0.2", "en"),
        (None, None, "*", "it"),
        (None, None, "it;q=0, *", "en"),
        (None, "en", "it", "en"),
        ("it", "en", "en", "it"),
        ("xx", "en", "it", "en"),
        ("xx", "yy", None, "it"),
    ],
)
def test_language(asked: str | None, remembered: str | None, header: str | None, language: str) -> None:
    assert choose_language(asked, remembered, header) == language


def test_nobody_else_reads_accept() -> None:
    api = Path(__file__).parents[2] / "api"
    readers = [
        path.name
        for path in api.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in ("accept", "accept-language")
    ]
    assert set(readers) == {"negotiation.py"}
