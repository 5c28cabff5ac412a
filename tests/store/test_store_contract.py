"""The contract of `store/contract.md`, on every scheme, with and without reader processes."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from store import GraphStore
from store.errors import GraphError, OutboundRefused, QueryError, StoreError, UnsupportedFormat
from store.evaluate import GRAPH_TYPES, RESULT_TYPES

PLAN, REPORT, OTHER = "http://ex/graph/plan", "http://ex/graph/report", "http://ex/graph/other"
OLD = b'<http://ex/a> <http://ex/p> "old" .\n'
NEW = b'<http://ex/a> <http://ex/p> "new"@it .\n<http://ex/a> <http://ex/q> <http://ex/b> .\n'
ROWS = Path(__file__).parent / "rows"
RESULT_FILES = {
    "application/sparql-results+json": "rows.srj",
    "application/sparql-results+xml": "rows.srx",
    "text/csv": "rows.csv",
    "text/tab-separated-values": "rows.tsv",
}
# Servers have graphs of their own, which a free ?g meets as well.
GRAPHS_QUERY = 'SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), "http://ex/")) } ORDER BY ?g'


def bindings(store: GraphStore, text: str, **options: list[str]) -> list[dict[str, str]]:
    body, media_type = store.query(text, **options)
    assert media_type == "application/sparql-results+json"
    rows = json.loads(body)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


def graphs(store: GraphStore) -> list[str]:
    return [row["g"] for row in bindings(store, GRAPHS_QUERY)]


def test_a_new_store_is_empty(store: GraphStore) -> None:
    assert (store.dump(), store.graph(PLAN), graphs(store)) == (b"", b"", [])


def test_a_write_is_visible_to_the_next_query(store: GraphStore) -> None:
    store.replace_graphs({PLAN: OLD, REPORT: NEW})
    assert graphs(store) == [PLAN, REPORT]
    store.replace_graphs({PLAN: NEW})
    assert (store.graph(PLAN), store.graph(REPORT)) == (NEW, NEW)
    assert bindings(store, f"SELECT ?o {{ GRAPH <{PLAN}> {{ ?s <http://ex/p> ?o }} }}") == [{"o": "new"}]


def test_the_same_input_twice_gives_the_same_triples(store: GraphStore) -> None:
    store.replace_graphs({PLAN: NEW, REPORT: OLD})
    first = sorted(store.dump().splitlines())
    store.replace_graphs({PLAN: NEW, REPORT: OLD})
    assert sorted(store.dump().splitlines()) == first


def test_an_empty_replacement_empties_the_graph(store: GraphStore) -> None:
    store.replace_graphs({PLAN: OLD})
    store.replace_graphs({PLAN: b""})
    assert store.graph(PLAN) == b""


@pytest.mark.parametrize(
    "bad",
    [
        b"<http://ex/a> <http://ex/p> <no-scheme> .\n",
        b"not triples",
        b"\xff\xfe",
        b"<http://ex/a> <http://ex/p> <http://ex/b> <http://ex/g> .\n",
        b"} ; DROP ALL ; INSERT DATA {",
        b"@prefix ex: <http://ex/> .\nex:a ex:p ex:b .\n",
    ],
)
def test_a_bad_graph_leaves_every_graph_as_it_was(store: GraphStore, bad: bytes) -> None:
    store.replace_graphs({PLAN: OLD, OTHER: OLD})
    with pytest.raises(GraphError, match=REPORT):
        store.replace_graphs({PLAN: NEW, REPORT: bad})
    assert (store.graph(PLAN), store.graph(REPORT), store.graph(OTHER)) == (OLD, b"", OLD)


@pytest.mark.parametrize("name", ["", "relative", "http://ex/a b", "http://ex/> { } } ; DROP ALL #"])
def test_a_name_that_is_no_iri_is_refused(store: GraphStore, name: str) -> None:
    store.replace_graphs({PLAN: OLD})
    with pytest.raises(GraphError):
        store.replace_graphs({name: NEW})
    with pytest.raises(GraphError):
        store.remove_graphs([name])
    with pytest.raises(GraphError):
        store.graph(name)
    assert store.graph(PLAN) == OLD


def test_values_hold_the_words_of_the_update_language(store: GraphStore) -> None:
    hostile = rb'<http://ex/a> <http://ex/p> "} } ; DROP ALL ; # \"\\ \n '.replace(b"\n", b"") + '→ è"@it .\n'.encode()
    store.replace_graphs({PLAN: hostile, OTHER: OLD})
    assert isomorphic(Graph().parse(data=store.graph(PLAN)), Graph().parse(data=hostile))
    assert store.graph(OTHER) == OLD


def test_a_graph_comes_in_line_order(store: GraphStore) -> None:
    lines = [f'<http://ex/{n}> <http://ex/p> "{n}" .\n'.encode() for n in range(50)]
    store.replace_graphs({PLAN: b"".join(reversed(lines))})
    assert store.graph(PLAN) == b"".join(sorted(lines))


def test_a_big_graph_is_replaced_whole(store: GraphStore) -> None:
    count = 20_000
    triples = b"".join(f'<http://ex/{n}> <http://ex/p> "testo {n}" .\n'.encode() for n in range(count))
    store.replace_graphs({PLAN: triples})
    counted = bindings(store, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{PLAN}> {{ ?s ?p ?o }} }}")
    assert counted == [{"n": str(count)}]


def test_removing_drops_those_graphs_and_no_other(store: GraphStore) -> None:
    store.replace_graphs({PLAN: OLD, REPORT: OLD, OTHER: OLD})
    store.remove_graphs([PLAN, REPORT, "http://ex/graph/absent"])
    assert graphs(store) == [OTHER]


def test_removing_nothing_changes_nothing(store: GraphStore) -> None:
    store.replace_graphs({PLAN: OLD})
    store.remove_graphs([])
    assert graphs(store) == [PLAN]


def test_a_dump_holds_every_graph(store: GraphStore) -> None:
    store.replace_graphs({PLAN: OLD, REPORT: NEW})
    expected = {
        line[:-1] + f"<{name}> .".encode() for name, part in ((PLAN, OLD), (REPORT, NEW)) for line in part.splitlines()
    }
    assert set(store.dump().splitlines()) == expected


def test_an_update_is_whole_or_nothing(store: GraphStore) -> None:
    store.replace_graphs({PLAN: OLD})
    with pytest.raises(StoreError):
        store.update(f"DROP GRAPH <{PLAN}> ; CLEAR GRAPH <http://ex/graph/absent>")
    assert store.graph(PLAN) == OLD
    store.update(f'INSERT DATA {{ GRAPH <{OTHER}> {{ <http://ex/a> <http://ex/p> "old" }} }}')
    assert store.graph(OTHER) == OLD


def test_readers_never_see_half_of_a_replacement(store: GraphStore) -> None:
    versions = [
        {name: f'<http://ex/a> <http://ex/version> "{version}" .\n'.encode() * 1 for name in (PLAN, REPORT)}
        for version in range(12)
    ]
    store.replace_graphs(versions[0])
    text = f"SELECT ?plan ?report {{ GRAPH <{PLAN}> {{ ?s ?v ?plan }} GRAPH <{REPORT}> {{ ?s ?v ?report }} }}"
    done, seen, broken = threading.Event(), set[str](), list[object]()

    def read() -> None:
        while not done.is_set():
            rows = bindings(store, text)
            if len(rows) != 1 or rows[0]["plan"] != rows[0]["report"]:
                broken.append(rows)
            else:
                seen.add(rows[0]["plan"])

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for version in versions[1:]:
        store.replace_graphs(version)
    done.set()
    for thread in threads:
        thread.join()
    assert broken == []
    assert seen <= {str(version) for version in range(12)}
    assert seen


def test_concurrent_writers_lose_no_update(store: GraphStore) -> None:
    def write(worker: int) -> None:
        for step in range(10):
            store.replace_graphs({f"http://ex/graph/{worker}-{step}": OLD})

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(graphs(store)) == 30


@pytest.mark.parametrize("accept", sorted(RESULT_TYPES))
def test_rows_come_in_the_media_type_asked_for(store: GraphStore, accept: str) -> None:
    store.replace_graphs({PLAN: OLD})
    body, media_type = store.query(f"SELECT ?o ?x {{ GRAPH <{PLAN}> {{ ?s ?p ?o }} }}", accept=accept)
    assert (media_type, body) == (accept, (ROWS / RESULT_FILES[accept]).read_bytes())


def test_every_row_type_answers_yes_or_no(store: GraphStore) -> None:
    answers = {accept: store.query("ASK {}", accept=accept) for accept in RESULT_TYPES}
    assert all(b"true" in body and media_type == accept for accept, (body, media_type) in answers.items())


@pytest.mark.parametrize("accept", sorted(GRAPH_TYPES))
def test_graphs_come_in_the_media_type_asked_for(store: GraphStore, accept: str) -> None:
    store.replace_graphs({PLAN: NEW})
    body, media_type = store.query(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{PLAN}> {{ ?s ?p ?o }} }}", accept=accept)
    assert media_type == accept
    # Triples without a graph are Turtle in these three, which rdflib reads into datasets only.
    syntax = "turtle" if accept in ("application/n-quads", "application/trig", "text/n3") else accept
    assert isomorphic(Graph().parse(data=body, format=syntax), Graph().parse(data=NEW))


@pytest.mark.parametrize(
    ("text", "accept"),
    [
        ("SELECT * {}", "text/turtle"),
        ("ASK {}", "application/n-triples"),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "application/sparql-results+json"),
        ("DESCRIBE <http://ex/a>", "text/csv"),
        ("SELECT * {}", "text/html"),
        ("SELECT * {}", ""),
    ],
)
def test_a_media_type_that_does_not_fit_is_refused(store: GraphStore, text: str, accept: str) -> None:
    with pytest.raises(UnsupportedFormat, match="ask for"):
        store.query(text, accept=accept)


@pytest.mark.parametrize(
    ("default", "named", "expected"),
    [
        ([], [], {("new", PLAN), ("old", OTHER)}),
        ([PLAN], [], {("new", "")}),
        ([], [OTHER], {("old", OTHER)}),
        ([PLAN, OTHER], [PLAN], {("new", ""), ("old", ""), ("new", PLAN)}),
    ],
)
def test_the_dataset_is_the_one_named(
    store: GraphStore, default: list[str], named: list[str], expected: set[tuple[str, str]]
) -> None:
    store.replace_graphs({PLAN: NEW, OTHER: OLD})
    text = (
        "SELECT ?o ?g FROM <http://ex/ignored> { { ?s <http://ex/p> ?o } UNION { GRAPH ?g { ?s <http://ex/p> ?o } } }"
    )
    if not (default or named):
        text = text.replace("FROM <http://ex/ignored>", "")
    rows = bindings(store, text, default_graphs=default, named_graphs=named)
    assert {(row["o"], row.get("g", "")) for row in rows} == expected


@pytest.mark.parametrize("text", ["", "SELECT", "SELECT * { ?s ?p }", "DROP ALL", "SELECT (1 AS ?x) (2 AS ?x) {}"])
def test_text_that_is_no_query_is_an_error(store: GraphStore, text: str) -> None:
    with pytest.raises(QueryError):
        store.query(text)


def test_text_that_is_no_update_is_an_error(store: GraphStore) -> None:
    with pytest.raises(QueryError):
        store.update("SELECT * {}")


def test_an_update_is_no_way_to_the_network_or_the_disk(store: GraphStore, tmp_path: Path) -> None:
    secret = tmp_path / "secret.nt"
    secret.write_bytes(OLD)
    with pytest.raises(OutboundRefused):
        store.update(f"LOAD <{secret.as_uri()}>")
    assert store.dump() == b""


def test_a_closed_store_says_so(store: GraphStore) -> None:
    store.close()
    for use in (
        lambda: store.query("ASK {}"),
        store.dump,
        lambda: store.graph(PLAN),
        lambda: store.update("CLEAR ALL"),
    ):
        with pytest.raises(StoreError, match="closed"):
            use()
