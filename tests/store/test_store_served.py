"""A store behind a service: its writer may die, its answers are kept until a write, its queries are stopped."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from queue import Queue

import pytest

from store import ReadLimits, open_store
from store.cache import AnswerCache
from store.child import Child
from store.errors import QueryStopped, StoreBusy, StoreError, WriteFailed
from store.evaluate import Answer, Request
from store.served import ServedStore
from store.stop import Stop

LIMITS = ReadLimits(workers=4, seconds=60.0, write_seconds=5.0, slow_after=1.0)
GRAPH = "http://ex/graph"
TRIPLES = b"".join(f'<http://ex/{n}> <http://ex/p> "{n}" .\n'.encode() for n in range(2_000))
CROSS = " ".join(f"GRAPH <{GRAPH}> {{ ?s{n} ?p{n} ?o{n} }}" for n in range(4))
ENDLESS = Request(f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}", "text/csv")
QUICK = Request(f"SELECT ?o {{ GRAPH <{GRAPH}> {{ <http://ex/7> ?p ?o }} }}", "text/csv")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ServedStore]:
    opened = open_store(f"oxigraph:{tmp_path}/store", limits=LIMITS)
    assert isinstance(opened, ServedStore)
    opened.replace_graphs({GRAPH: TRIPLES})
    yield opened
    opened.close()


def body(store: ServedStore, request: Request) -> bytes:
    return b"".join(store.stream(request, Stop()).chunks)


@pytest.mark.parametrize(
    ("update", "why"),
    [
        (f"INSERT {{ GRAPH <http://ex/new> {{ ?s0 ?p1 ?o2 }} }} WHERE {{ {CROSS} }}", r"within \d+ s|\(SIGABRT\)"),
        ("INSERT { <a:a> <a:a> 1 } WHERE { " + "{" * 20_000 + "}" * 20_000 + " }", r"broke on it \(SIG[A-Z]+\)"),
    ],
    ids=["endless", "of-death"],
)
def test_an_update_that_hurts_takes_the_writer_only(store: ServedStore, update: str, why: str) -> None:
    with pytest.raises(WriteFailed, match=why):
        store.update(update)
    assert body(store, QUICK) == b"o\r\n7\r\n"
    assert store.graph("http://ex/new") == b""
    store.replace_graphs({"http://ex/new": TRIPLES})
    assert store.graph("http://ex/new").count(b"\n") == 2_000


def test_a_writer_that_ends_at_its_start_is_told_as_that(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"ended at its start \(.+\): is there memory"):
        open_store(f"oxigraph:{tmp_path}/store", limits=replace(LIMITS, write_memory_bytes=2**20))


def test_a_reader_that_does_not_start_is_not_the_fault_of_the_query(tmp_path: Path) -> None:
    store = open_store(f"oxigraph:{tmp_path}/store", limits=replace(LIMITS, memory_bytes=2**20))
    try:
        with pytest.raises(StoreError, match=r"did not start \(.+\): the query is not at fault"):
            store.query("ASK {}")
    finally:
        store.close()


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
def test_the_writer_opens_no_socket(tmp_path: Path, canary_url: str, heard: list[str]) -> None:
    writer = Child("store.writer", str(tmp_path / "data"), str(4 * 2**30))
    assert json.loads(writer.receive(time.monotonic() + 60)) == {"sandboxed": True}
    for update in (f"LOAD <{canary_url}>", f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{canary_url}> {{ ?s ?p ?o }} }}"):
        writer.connection.send_bytes(json.dumps(["update", update, ""]).encode())
        assert "error" in json.loads(writer.receive(time.monotonic() + 60))
    writer.close()
    assert heard == []


def test_an_answer_is_kept_until_the_next_write(store: ServedStore) -> None:
    assert store.recall(QUICK) is None
    first = body(store, QUICK)
    assert store.recall(QUICK) == Answer(first, "text/csv")
    assert store.recall(QUICK._replace(default_graphs=(GRAPH,))) is None
    assert store.recall(QUICK._replace(base="http://ex/")) is None
    store.replace_graphs({GRAPH: b""})
    assert store.recall(QUICK) is None
    assert body(store, QUICK) == b"o\r\n"


def test_an_answer_that_nobody_read_to_its_end_is_not_kept(store: ServedStore) -> None:
    large = Request(
        f"SELECT * {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} VALUES ?n {{ {' '.join(map(str, range(60)))} }} }}", "text/csv"
    )
    stream = store.stream(large, Stop())
    assert len(next(stream.chunks)) < 60 * len(TRIPLES)
    stream.chunks.close()
    assert store.recall(large) is None
    assert body(store, QUICK) == b"o\r\n7\r\n"


def test_who_leaves_stops_the_query(store: ServedStore) -> None:
    stop = Stop()
    threading.Timer(0.3, stop.pull).start()
    start = time.monotonic()
    with pytest.raises(QueryStopped):
        store.stream(ENDLESS, stop)
    assert time.monotonic() - start < LIMITS.seconds


def test_a_stop_before_the_start_is_heard(store: ServedStore) -> None:
    stop = Stop()
    stop.pull()
    with pytest.raises(QueryStopped):
        store.stream(ENDLESS, stop)


def test_slow_queries_keep_half_of_the_readers_only(store: ServedStore) -> None:
    stops, outcomes = [Stop() for _ in range(4)], Queue[type[Exception]]()

    def ask(stop: Stop) -> None:
        try:
            store.stream(ENDLESS, stop)
        except StoreError as error:
            outcomes.put(type(error))

    threads = [threading.Thread(target=ask, args=(stop,)) for stop in stops]
    for thread in threads:
        thread.start()
    try:
        assert outcomes.get(timeout=LIMITS.seconds) is StoreBusy
        assert body(store, QUICK) == b"o\r\n7\r\n"
    finally:
        for stop in stops:
            stop.pull()
        for thread in threads:
            thread.join()
    assert [outcomes.get() for _ in range(3)].count(QueryStopped) >= LIMITS.slow_workers


def test_the_cache_forgets_what_was_used_longest_ago() -> None:
    cache = AnswerCache(800)
    answers = {number: Request(f"{number:02}", "text/csv") for number in range(12)}
    for request in answers.values():
        cache.put(1, request, Answer(b"x" * 90, "text/csv"))
        cache.get(1, answers[0])
    assert cache.get(1, answers[0]) is not None
    assert cache.get(1, answers[1]) is None
    assert cache.get(2, answers[0]) is None
    assert cache.get(1, answers[11]) is not None


@pytest.mark.parametrize("function", ["NOW()", "rand()", "UUID()", "StrUUID()", "BNODE()"])
def test_what_differs_each_time_is_not_kept(function: str) -> None:
    cache = AnswerCache(10_000)
    request = Request(f"SELECT ({function} AS ?x) {{}}", "text/csv")
    cache.put(1, request, Answer(b"x", "text/csv"))
    assert cache.get(1, request) is None


def test_an_answer_too_large_is_not_kept() -> None:
    cache = AnswerCache(800)
    cache.put(1, QUICK, Answer(b"x" * 200, "text/csv"))
    assert cache.get(1, QUICK) is None
