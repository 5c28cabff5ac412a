"""Servers of SPARQL 1.1: their addresses, the traps in which engines differ, and answers that were cut."""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from queries.question import load_questions
from store import open_store
from store.endpoint import Address
from store.errors import OutboundRefused, QueryError, QueryTimeout, StoreError, WriteFailed
from store.limits import ReadLimits
from store.probe import WAYS
from store.remote import RemoteStore

GRAPH = "http://ex/graph"
XSD = "http://www.w3.org/2001/XMLSchema#"


def rows(store: RemoteStore, text: str) -> list[dict[str, str]]:
    body, _ = store.query(text)
    return [{name: term["value"] for name, term in row.items()} for row in json.loads(body)["results"]["bindings"]]


@pytest.mark.parametrize("place", ["", "localhost:7878", "ftp://x/", "http://x/#updates=http://x/u"])
def test_an_address_that_is_none_is_told_how_to_be_one(place: str) -> None:
    with pytest.raises(StoreError, match="write sparql:URL"):
        open_store(f"sparql:{place}")


def test_an_address_in_parts() -> None:
    address = Address.parse("http://me:secret@h/q?x=1#update=http://h/u&graphs=http://h/g&login=digest")
    assert (address.query, address.update, address.graphs) == ("http://h/q?x=1", "http://h/u", "http://h/g")
    assert address.login is not None
    assert Address.parse("http://h/q").update == "http://h/q"


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:1/"):
        open_store("sparql:http://127.0.0.1:1/query")


# Each trap in the form that the catalogue uses: the same answer on every engine.
PORTABLE = [
    ("division", "SELECT (xsd:decimal(1) / 2 AS ?x) {}", "0.5"),
    ("empty-sum", f"SELECT (COALESCE(SUM(?o), 0) AS ?x) {{ GRAPH <{GRAPH}> {{ ?s <http://ex/none> ?o }} }}", "0"),
    ("divisor", f"SELECT (IF(?o = 0, -1, 6 / ?o) AS ?x) {{ GRAPH <{GRAPH}> {{ ?s <http://ex/zero> ?o }} }}", "-1"),
    ("large", f"SELECT ?x {{ GRAPH <{GRAPH}> {{ ?s <http://ex/large> ?x }} }}", "9223372036854775808123"),
    ("decimal", f"SELECT ?x {{ GRAPH <{GRAPH}> {{ ?s <http://ex/decimal> ?x }} }}", "0.1"),
    ("quote", f"SELECT ?x {{ GRAPH <{GRAPH}> {{ ?s <http://ex/quote> ?x }} }}", 'è «0,10» 𝄞\n"fine" \\ \''),
    ("filter", f"SELECT (COUNT(*) AS ?x) {{ GRAPH <{GRAPH}> {{ ?s <http://ex/two> ?o FILTER(?o = 2.0) }} }}", "1"),
    (
        "typed-comparison",
        f"SELECT (COUNT(*) AS ?x) {{ GRAPH <{GRAPH}> {{ ?s <http://ex/word> ?o "
        f"FILTER(IF(DATATYPE(?o) = xsd:integer, ?o > 0, false)) }} }}",
        "0",
    ),
    (
        "concatenation",
        f"SELECT (GROUP_CONCAT(STR(?o); SEPARATOR=' ') AS ?x) {{ GRAPH <{GRAPH}> {{ ?s <http://ex/tag> ?o }} }}",
        "uno",
    ),
    (
        "negation",
        f"SELECT (COUNT(*) AS ?x) {{ GRAPH <{GRAPH}> {{ ?s <http://ex/two> ?o "
        "FILTER NOT EXISTS { ?s <http://ex/none> ?y } } }",
        "1",
    ),
    (
        "registry",
        "SELECT (COUNT(DISTINCT ?g) AS ?x) { GRAPH ?g { ?s a <http://ex/Thing> } }",
        "1",
    ),
    ("default-graph", f"SELECT (COUNT(*) AS ?x) {{ GRAPH <{GRAPH}> {{ ?s <http://ex/two> ?o }} }}", "1"),
    (
        "graph-list",
        'SELECT (COUNT(DISTINCT ?g) AS ?x) { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), "http://ex/")) }',
        "1",
    ),
    (
        "union-negation",
        f"SELECT (COUNT(*) AS ?x) {{ {{ GRAPH <{GRAPH}> {{ ?s <http://ex/two> ?o }} "
        f"FILTER NOT EXISTS {{ GRAPH <{GRAPH}> {{ ?s <http://ex/none> ?n }} }} }} UNION "
        f"{{ GRAPH <{GRAPH}> {{ ?s <http://ex/zero> ?o }} "
        f"FILTER NOT EXISTS {{ GRAPH <{GRAPH}> {{ ?s <http://ex/two> ?n }} }} }} }}",
        "1",
    ),
    ("truth", f"SELECT (COUNT(*) AS ?x) {{ GRAPH <{GRAPH}> {{ ?s <http://ex/truth> ?o FILTER(?o = true) }} }}", "1"),
    ("typed-string", f'SELECT (COUNT(*) AS ?x) {{ GRAPH <{GRAPH}> {{ ?s <http://ex/typed> "plain" }} }}', "1"),
    ("exponent", f"SELECT (COUNT(*) AS ?x) {{ GRAPH <{GRAPH}> {{ ?s <http://ex/exp> ?o FILTER(?o = 1000) }} }}", "1"),
    (
        "language-case",
        f"SELECT (COUNT(*) AS ?x) {{ GRAPH <{GRAPH}> {{ ?s <http://ex/case> ?o "
        'FILTER(LANGMATCHES(LANG(?o), "it-it")) } }',
        "1",
    ),
    (
        "accents",
        f"SELECT (COUNT(*) AS ?x) {{ GRAPH <{GRAPH}> {{ ?s <http://ex/accent> ?o "
        'FILTER(CONTAINS(LCASE(STR(?o)), "è così")) } }',
        "1",
    ),
    (
        "dates",
        f"SELECT (COUNT(*) AS ?x) {{ GRAPH <{GRAPH}> {{ ?s <http://ex/day> ?o "
        'FILTER(!(?o > "2021-06-30"^^xsd:date)) } }',
        "2",
    ),
    (
        "two-hierarchies",
        f"SELECT (COUNT(*) AS ?x) {{ VALUES ?top {{ <http://ex/3> <http://ex/4> }} GRAPH <{GRAPH}> {{ "
        "{ ?a <http://ex/up> ?top } UNION { ?a <http://ex/up>/<http://ex/up> ?top } "
        "{ ?a <http://ex/over> ?b } UNION { ?a <http://ex/over>/<http://ex/over> ?b } } }",
        "5",
    ),
    (
        "one-path",
        f"SELECT (COUNT(DISTINCT ?y) AS ?x) {{ GRAPH <{GRAPH}> {{ <http://ex/1> <http://ex/up>+ ?y }} }}",
        "3",
    ),
]
DATA = f"""<http://ex/a> <http://ex/zero> "0"^^<{XSD}integer> .
<http://ex/a> <http://ex/large> "9223372036854775808123" .
<http://ex/a> <http://ex/decimal> "0.10"^^<{XSD}decimal> .
<http://ex/a> <http://ex/quote> "è «0,10» 𝄞\\n\\"fine\\" \\\\ '" .
<http://ex/a> <http://ex/two> "2"^^<{XSD}integer> .
<http://ex/a> <http://ex/word> "x" .
<http://ex/a> <http://ex/tag> "uno"@it .
<http://ex/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://ex/Thing> .
<http://ex/1> <http://ex/up> <http://ex/2> .
<http://ex/2> <http://ex/up> <http://ex/3> .
<http://ex/3> <http://ex/up> <http://ex/4> .
<http://ex/1> <http://ex/over> <http://ex/5> .
<http://ex/2> <http://ex/over> <http://ex/6> .
<http://ex/6> <http://ex/over> <http://ex/7> .
<http://ex/a> <http://ex/truth> "1"^^<{XSD}boolean> .
<http://ex/a> <http://ex/typed> "plain"^^<{XSD}string> .
<http://ex/a> <http://ex/exp> "1.0e3"^^<{XSD}double> .
<http://ex/a> <http://ex/case> "caso"@it-IT .
<http://ex/a> <http://ex/accent> "È COSÌ" .
<http://ex/a> <http://ex/day> "2021-01-01"^^<{XSD}date> .
<http://ex/b> <http://ex/day> "2021-01-01"^^<{XSD}date> .
<http://ex/c> <http://ex/day> "2022-01-01"^^<{XSD}date> .
""".encode()


@pytest.mark.parametrize(("text", "value"), [row[1:] for row in PORTABLE], ids=[row[0] for row in PORTABLE])
def test_a_trap_in_its_portable_form(remote: RemoteStore, text: str, value: str) -> None:
    remote.replace_graphs({GRAPH: DATA})
    assert rows(remote, f"PREFIX xsd: <{XSD}> {text}") == [{"x": value}]


def test_many_triples_and_a_long_quote_arrive_whole(remote: RemoteStore) -> None:
    many = b"".join(f'<http://ex/{n}> <http://ex/p> "{n}" .\n'.encode() for n in range(6_500))
    long = f'<http://ex/a> <http://ex/p> "{"x" * 65_536}" .\n'.encode()
    remote.replace_graphs({GRAPH: many + long})
    assert remote.graph(GRAPH).count(b"\n") == 6_501


def test_blank_nodes_arrive_whole_or_are_refused(remote: RemoteStore) -> None:
    remote.replace_graphs({GRAPH: b"_:x <http://ex/of> _:y .\n_:y <http://ex/of> _:x .\n"})
    circle = f"SELECT ?x {{ GRAPH <{GRAPH}> {{ ?x <http://ex/of> ?y . ?y <http://ex/of> ?x }} }}"
    assert len(rows(remote, circle)) == 2
    try:
        remote.update(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ _:z <http://ex/of> _:z }} }}")
    except StoreError:
        assert len(rows(remote, circle)) == 2
    else:
        assert len(rows(remote, circle)) == 3


# How each server is known to differ; the next version of one may differ less, and this says so.
KNOWN_WAYS = {
    "oxigraph": set[str](),
    "virtuoso": {"default-graph", "division", "joined-paths", "blank-nodes"},
}


def test_what_a_server_does_its_own_way_is_said(server_url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="store.remote"):
        opened = open_store(server_url)
        opened.replace_graphs({GRAPH: DATA})
        name = "virtuoso" if opened.engine == "virtuoso" else "oxigraph"
        opened.close()
    said = {way for way, words in WAYS.items() if any(words in line for line in caplog.messages)}
    assert said == KNOWN_WAYS[name]


def test_no_text_calls_out(remote: RemoteStore) -> None:
    with pytest.raises(OutboundRefused):
        remote.query("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")


def test_an_update_that_might_stay_half_is_refused_or_rolled_back(remote: RemoteStore) -> None:
    remote.replace_graphs({GRAPH: DATA})
    with pytest.raises(StoreError):
        remote.update(f"DROP GRAPH <{GRAPH}> ; DROP GRAPH <http://ex/absent>")
    assert remote.graph(GRAPH).count(b"\n") == DATA.count(b"\n")


class Liar(BaseHTTPRequestHandler):
    """A server that answers the probe, cuts every other answer, and loses half of what it is given."""

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        text = form.get("query", [""])[0]
        pairs = "VALUES ?a" in text
        if "urn:x:silent" in text:
            # Until the client has given up, however long that takes.
            self.rfile.read()
            return
        if "CONSTRUCT" in text:
            body = b"<urn:x:a> <urn:x:p> 1 .\n" * 10_201 if pairs else b'<urn:x:a> <urn:x:p> "1" .\nError: time out'
        elif "COUNT" in text:
            body = b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"7"}}]}}'
        elif pairs:
            more = 9_999 if self.path == "/cuts" else 10_200
            body = b'{"head":{"vars":["a"]},"results":{"bindings":[' + b"{}," * more + b"{}]}}"
        else:
            body = b'{"head":{"vars":["a"]},"results":{"bindings":[{}Error: time out'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_POST

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def liar() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Liar) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"sparql:http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_server_that_cuts_rows_is_not_opened(liar: str) -> None:
    with pytest.raises(StoreError, match=r"10000 rows of 10201.*ResultSetMaxRows"):
        open_store(f"{liar}cuts")


def test_an_answer_with_an_error_behind_it_is_an_error(liar: str) -> None:
    store = open_store(liar)
    for text, accept in (("SELECT ?a {}", "text/csv"), ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "text/turtle")):
        with pytest.raises(StoreError, match="to its end"):
            store.query(text, accept=accept)
    store.close()


@pytest.mark.parametrize("graphs", ["", "#graphs={}graphs"])
def test_a_server_that_loses_triples_is_only_read(liar: str, graphs: str) -> None:
    store = open_store(liar + graphs.format(liar.removeprefix("sparql:")))
    with pytest.raises(WriteFailed, match="only be read"):
        store.replace_graphs({GRAPH: DATA})
    store.close()


@pytest.mark.parametrize("text", ["SELECT * {}", "", "PREFIX insert: <http://ex/>"])
def test_what_is_no_update_is_not_sent(liar: str, text: str) -> None:
    store = open_store(liar)
    with pytest.raises(QueryError):
        store.update(text)
    store.close()


def test_a_server_that_does_not_answer_in_time_is_a_timeout(liar: str) -> None:
    store = open_store(liar, limits=ReadLimits(seconds=2.0))
    with pytest.raises(QueryTimeout, match="in time"):
        store.query("ASK { <urn:x:silent> ?p ?o }")
    store.close()


FORBIDDEN = {
    "MINUS takes all away where nothing is shared": r"\bMINUS\b",
    "an empty GRAPH lists no graphs": r"GRAPH\s+\?\w+\s*\{\s*\}",
    "a path of any length is wrong when two are joined": r"(?:[a-z]+:\w+|>|\))[*+](?=[\s/|)])",
    "a typed string is no plain one": r"\^\^\s*(?:xsd:string|<[^>]*#string>)",
    "a concatenation needs its separator": r"GROUP_CONCAT\((?:(?!SEPARATOR)[^()]|\([^()]*\))*\)",
    "case and accents are folded by the index": r"\bREGEX\b",
}


@pytest.mark.parametrize(("why", "form"), FORBIDDEN.items(), ids=FORBIDDEN.keys())
def test_the_catalogue_keeps_to_forms_that_every_engine_answers_alike(why: str, form: str) -> None:
    texts = {slug: question.text for slug, question in load_questions().items()}
    assert [slug for slug, text in texts.items() if re.search(form, text)] == []


def test_the_forbidden_forms_are_found() -> None:
    wrong = [
        "{ ?a ?b ?c MINUS { ?d ?e ?f } }", "{ GRAPH ?g { } }", "{ ?a skos:broader* ?b }", '"x"^^xsd:string',
        "(GROUP_CONCAT(STR(?a)) AS ?b)", 'FILTER(REGEX(?a, "x"))',
    ]  # fmt: skip
    right = "?a * 2 COUNT(*) SELECT * { ?a skos:broader/skos:broader ?b } GROUP_CONCAT(DISTINCT STR(?a); SEPARATOR=' ')"
    for form, text in zip(FORBIDDEN.values(), wrong, strict=True):
        assert re.search(form, text)
        assert not re.search(form, right)
