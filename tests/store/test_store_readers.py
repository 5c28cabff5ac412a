"""Queries that would hurt a service: stopped at their limit, while the store goes on answering."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from store import GraphStore, ReadLimits, open_store
from store.errors import AnswerTooLarge, QueryExhausted, QueryTimeout, StoreBusy, StoreError
from store.evaluate import Request
from store.generations import Generations
from store.workers import WorkerPool

SECONDS = 2.0
LIMITS = ReadLimits(workers=1, seconds=SECONDS, wait_seconds=0.3, memory_bytes=1024 * 2**20, answer_bytes=1024 * 1024)
GRAPH = "http://ex/graph"
TRIPLES = b"".join(f'<http://ex/{n}> <http://ex/p> "{n}" .\n'.encode() for n in range(3_000))
CROSS = " ".join(f"GRAPH <{GRAPH}> {{ ?s{n} ?p{n} ?o{n} }}" for n in range(4))
DOUBLING = "".join(f"BIND(CONCAT(?v{n},?v{n}) AS ?v{n + 1}) " for n in range(40))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    opened = open_store(f"oxigraph:{tmp_path}/store", limits=LIMITS)
    opened.replace_graphs({GRAPH: TRIPLES})
    yield opened
    opened.close()


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[WorkerPool]:
    engine = ox.Store(str(tmp_path / "data"))
    engine.update("INSERT DATA { <http://ex/a> <http://ex/p> 1 }")
    generations = Generations(tmp_path / "generations")
    generations.publish(lambda copy: engine.backup(str(copy)))
    opened = WorkerPool(generations, replace(LIMITS, seconds=30.0))
    yield opened
    opened.close()


def ask(text: str, accept: str = "text/csv") -> Request:
    return Request(text, accept)


def answers(store: GraphStore) -> bool:
    return store.query(f"ASK {{ GRAPH <{GRAPH}> {{ ?s ?p '7' }} }}", accept="text/csv")[0] == b"true"


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
        f"SELECT * {{ {CROSS} }} ORDER BY ?o0 ?o3",
        f"SELECT DISTINCT (UUID() AS ?u) {{ {CROSS} }}",
        f"ASK {{ {CROSS} FILTER(?o0 = CONCAT(?o1, ?o3, 'x')) }}",
        f"SELECT * {{ {CROSS} FILTER(REGEX(CONCAT(?o0, ?o1), '(1+)+x')) }}",
    ],
)
def test_an_endless_query_ends_at_its_deadline(store: GraphStore, text: str) -> None:
    start = time.monotonic()
    with pytest.raises((QueryTimeout, QueryExhausted, AnswerTooLarge)):
        store.query(text)
    assert time.monotonic() - start < SECONDS + 60
    assert answers(store)


def test_a_timeout_says_the_limit(store: GraphStore) -> None:
    with pytest.raises(QueryTimeout, match="2 s"):
        store.query(f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}")


def test_a_query_that_eats_memory_is_stopped(pool: WorkerPool) -> None:
    with pytest.raises(QueryExhausted, match="1024 MB"):
        pool.answer(ask(f"SELECT ?v40 {{ BIND('0123456789' AS ?v0) {DOUBLING} }}"))
    assert pool.answer(ask("ASK { ?s ?p 1 }")).body == b"true"


def test_a_query_of_death_takes_its_reader_only(pool: WorkerPool) -> None:
    # The guard refuses this text; here it reaches the engine, as a cleverer one might.
    with pytest.raises(QueryExhausted):
        pool.answer(ask("ASK {" + "{" * 20_000 + "}" * 20_000 + "}"))
    assert pool.answer(ask("ASK { ?s ?p 1 }")).body == b"true"


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
def test_a_reader_opens_no_socket(pool: WorkerPool, canary_url: str, heard: list[str]) -> None:
    with pytest.raises(StoreError):
        pool.answer(ask(f"SELECT * {{ SERVICE <{canary_url}> {{ ?s ?p ?o }} }}"))
    silent = pool.answer(ask(f"SELECT ?s ?p ?o {{ SERVICE SILENT <{canary_url}> {{ ?s ?p ?o }} }}"))
    assert (silent.body, heard) == (b"s,p,o\r\n,,\r\n", [])


def test_an_answer_is_whole_or_refused(store: GraphStore) -> None:
    everything = f"SELECT * {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} VALUES ?copy {{ 1 2 3 4 5 6 7 8 9 10 11 12 }} }}"
    with pytest.raises(AnswerTooLarge):
        store.query(everything)
    body, _ = store.query(f"SELECT ?o {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}", accept="text/csv")
    assert body.count(b"\r\n") == 3_001


def test_a_query_waits_for_a_reader_only_so_long(store: GraphStore) -> None:
    slow = f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}"
    taken = threading.Thread(target=pytest.raises, args=(QueryTimeout, store.query, slow))
    taken.start()
    deadline = time.monotonic() + 60
    while store._pool._idle and time.monotonic() < deadline:  # type: ignore[attr-defined]
        time.sleep(0.01)
    with pytest.raises(StoreBusy):
        store.query("ASK {}")
    taken.join()
    assert answers(store)


def test_only_the_last_generation_stays_on_disk(store: GraphStore, tmp_path: Path) -> None:
    for version in range(4):
        store.replace_graphs({GRAPH: b"".join(TRIPLES.splitlines(keepends=True)[:version])})
        store.query("ASK {}")
    assert len(list((tmp_path / "store" / "generations").iterdir())) == 1


def test_closing_leaves_no_process_and_no_copy(tmp_path: Path) -> None:
    opened = open_store(f"oxigraph:{tmp_path}/store", limits=LIMITS)
    opened.query("ASK {}")
    assert readers_of(tmp_path)
    opened.close()
    assert not readers_of(tmp_path)
    assert not (tmp_path / "store" / "generations").exists()


def test_a_slow_reader_yields_to_the_service_and_is_not_interrupted_with_it(store: GraphStore, tmp_path: Path) -> None:
    assert answers(store)
    (reader,) = readers_of(tmp_path)
    # Linux compares priorities within a session alone (sched(7), autogroups).
    assert (os.getsid(reader), os.getpgid(reader)) == (os.getsid(0), reader)
    slow = threading.Thread(
        target=pytest.raises, args=(QueryTimeout, store.query, f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}")
    )
    slow.start()
    lowest = own = os.getpriority(os.PRIO_PROCESS, 0)
    while slow.is_alive() and lowest == own:
        with suppress(OSError):
            lowest = os.getpriority(os.PRIO_PROCESS, reader)
        time.sleep(0.01)
    slow.join()
    assert lowest > own


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_reader_starts_in_a_part_of_what_it_may_take(store: GraphStore) -> None:
    answers(store)
    (reader,) = store._pool._idle  # type: ignore[attr-defined]
    status = Path(f"/proc/{reader.child._process.pid}/status").read_text()
    (peak,) = re.findall(r"VmPeak:\s+(\d+) kB", status)
    assert int(peak) * 1024 < LIMITS.memory_bytes / 2


def readers_of(directory: Path) -> list[int]:
    """The processes that name the directory on their command line, this one left out."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if str(directory).encode() in command and b"store.reader" in command:
            found.append(int(entry.name))
    return found


def test_readers_end_with_their_parent(tmp_path: Path) -> None:
    script = (
        "import sys; from store import ReadLimits, open_store\n"
        "store = open_store('oxigraph:' + sys.argv[1], limits=ReadLimits(workers=2))\n"
        "store.query('ASK {}'); print('open', flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    with parent:
        assert parent.stdout.readline() == b"open\n"
        assert len(readers_of(tmp_path)) == 2
        os.kill(parent.pid, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while readers_of(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert readers_of(tmp_path) == []
    assert answers_after_crash(tmp_path)


def answers_after_crash(directory: Path) -> bool:
    """Whether the directory of a killed process opens again, with its readers' leftovers gone."""
    opened = open_store(f"oxigraph:{directory}", limits=LIMITS)
    try:
        return opened.query("ASK {}", accept="text/csv")[0] == b"true"
    finally:
        opened.close()
