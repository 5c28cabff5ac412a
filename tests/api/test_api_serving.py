"""The service under attack: hostile queries end in an error and alone, nothing cut is taken for whole."""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import httpx
import pytest

from api.admission import Admission, Rules
from api.app import create_app
from api.errors import TooManyQueries
from api.settings import Settings
from benchmarks.hostile import GRAPH, HOSTILE, TRIPLES
from benchmarks.serving import served
from store import GraphStore, ReadLimits, open_store
from store.errors import StoreBusy

SECONDS = 1.0
PATIENCE = 60
"""How many seconds a busy machine may take over what has no limit of its own."""
LIMITS = ReadLimits(workers=4, seconds=SECONDS, memory_bytes=1024 * 2**20, answer_bytes=8 * 2**20)
QUICK = f"ASK {{ GRAPH <{GRAPH}> {{ ?s ?p '7' }} }}"
ENDLESS = HOSTILE["cartesian-count"]
LONG = f"SELECT * {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} GRAPH <{GRAPH}> {{ ?a ?b ?c }} }}"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    opened = open_store(f"oxigraph:{tmp_path_factory.mktemp('served')}/store", limits=LIMITS)
    opened.replace_graphs({GRAPH: TRIPLES})
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def attacked(store: GraphStore) -> Iterator[httpx.Client]:
    """A client of a service with short limits, whose one address may ask for more than others may."""
    settings = Settings(token_file="/nonexistent/tokens.json", client_queries=4, client_seconds=3600)
    with served(create_app(settings, store)) as client:
        yield client


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """A store that lets a query compute for longer than any test waits."""
    limits = replace(LIMITS, seconds=3 * PATIENCE)
    opened = open_store(f"oxigraph:{tmp_path_factory.mktemp('lasting')}/store", limits=limits)
    opened.replace_graphs({GRAPH: TRIPLES})
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def patient(lasting: GraphStore) -> Iterator[httpx.Client]:
    """A client of a service that lets a query compute for long, and gives no answer above its size."""
    with served(create_app(Settings(token_file="/nonexistent/tokens.json"), lasting)) as client:
        yield client


def ask(client: httpx.Client, query: str, accept: str = "text/csv") -> httpx.Response:
    return client.post("/sparql", data={"query": query}, headers={"Accept": accept})


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_ends_in_an_error_and_alone(attacked: httpx.Client, name: str) -> None:
    start = time.monotonic()
    try:
        status = ask(attacked, HOSTILE[name], accept="*/*").status_code
    except httpx.RemoteProtocolError:
        status = 0
    assert time.monotonic() - start < SECONDS + PATIENCE
    assert status in (0, 400, 422, 503, 504)
    # Without the cache, by the white space.
    quick = attacked.get("/sparql", params={"query": f"{QUICK} # {name}"}, headers={"Accept": "*/*"})
    assert quick.json()["boolean"] is True


@pytest.mark.parametrize(
    "accept",
    ["text/csv", "text/tab-separated-values", "application/sparql-results+json", "application/sparql-results+xml"],
)
def test_an_answer_that_is_cut_is_never_taken_for_whole(patient: httpx.Client, accept: str) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        ask(patient, LONG, accept)


def test_a_graph_that_is_cut_is_never_taken_for_whole(patient: httpx.Client) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        ask(patient, LONG.replace("SELECT *", "CONSTRUCT { ?s ?b ?c . ?a ?p ?o } WHERE"), "application/n-triples")


def test_a_long_answer_comes_in_parts_and_whole(patient: httpx.Client) -> None:
    text = f"SELECT ?s ?o ?n {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} VALUES ?n {{ {' '.join(map(str, range(40)))} }} }}"
    response = ask(patient, text)
    assert "content-length" not in response.headers
    assert response.content.count(b"\r\n") == 1 + 40 * TRIPLES.count(b"\n")
    again = ask(patient, text)
    assert (again.content, "content-length" in again.headers) == (response.content, True)


def test_health_and_others_answer_while_an_attack_lasts(attacked: httpx.Client) -> None:
    address, stop = str(attacked.base_url), threading.Event()

    def attack(number: int) -> None:
        with httpx.Client(base_url=address, timeout=PATIENCE, trust_env=False) as client:
            while not stop.is_set():
                ask(client, f"{ENDLESS} # {number}", accept="*/*")

    threads = [threading.Thread(target=attack, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    health = []
    for _ in range(20):
        start = time.monotonic()
        assert attacked.get("/health").status_code == 200
        health.append(time.monotonic() - start)
        time.sleep(0.05)
    stop.set()
    for thread in threads:
        thread.join()
    assert ask(attacked, f"{QUICK} # after").status_code == 406  # ASK has no CSV
    assert sorted(health)[len(health) // 2] < PATIENCE


def test_a_client_that_leaves_frees_its_reader(lasting: GraphStore, patient: httpx.Client) -> None:
    host, port = patient.base_url.host, patient.base_url.port
    assert port is not None
    connections = [socket.create_connection((host, port)) for _ in range(4)]
    for number, connection in enumerate(connections):
        target = "/sparql?query=" + quote(f"{ENDLESS} # {number} leaves")
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert becomes(lasting, busy=True)
    for connection in connections:
        connection.close()
    assert becomes(lasting, busy=False)


def becomes(store: GraphStore, *, busy: bool) -> bool:
    deadline = time.monotonic() + PATIENCE
    while bool(store._pool._busy) is not busy and time.monotonic() < deadline:  # type: ignore[attr-defined]
        time.sleep(0.02)
    return bool(store._pool._busy) is busy  # type: ignore[attr-defined]


def test_head_of_a_long_answer_has_no_body(patient: httpx.Client) -> None:
    connection = http.client.HTTPConnection(patient.base_url.host, patient.base_url.port, timeout=PATIENCE)
    text = f"SELECT ?s ?o ?n {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} VALUES ?n {{ {' '.join(map(str, range(41)))} }} }}"
    for _ in range(2):
        connection.request("HEAD", "/sparql?format=csv&query=" + quote(text))
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, b"")
    connection.close()


RULES = Rules(at_once=2, per_client=1, client_seconds=60.0, wait_seconds=0.2, waiting_per_client=2)


async def hold(gate: Admission, name: str, until: asyncio.Event) -> None:
    async with gate.admit(name):
        await until.wait()


async def entered(gate: Admission, name: str) -> str:
    try:
        async with gate.admit(name):
            return "in"
    except (TooManyQueries, StoreBusy) as error:
        return type(error).__name__


def test_one_client_has_its_share_and_no_more() -> None:
    async def scene() -> list[str]:
        gate, until = Admission(RULES), asyncio.Event()
        holder = asyncio.create_task(hold(gate, "a", until))
        await asyncio.sleep(0)
        first = [await entered(gate, "a"), await entered(gate, "b")]
        until.set()
        await holder
        return [*first, await entered(gate, "a")]

    assert asyncio.run(scene()) == ["TooManyQueries", "in", "in"]


def test_a_client_that_used_its_time_is_told_when_to_come_back() -> None:
    async def scene() -> int:
        gate = Admission(RULES)
        gate._client("a").used(RULES, 70.0)
        with pytest.raises(TooManyQueries) as refused:
            async with gate.admit("a"):
                pass
        return refused.value.retry_seconds

    assert asyncio.run(scene()) in (10, 11)


def test_the_last_place_is_for_who_asks_for_little() -> None:
    async def scene() -> list[str]:
        gate, until = Admission(RULES), asyncio.Event()
        for name in ("heavy", "heavier"):
            gate._client(name).used(RULES, 5.0)
        holder = asyncio.create_task(hold(gate, "heavy", until))
        await asyncio.sleep(0)
        found = [await entered(gate, "heavier"), await entered(gate, "light")]
        until.set()
        await holder
        return found

    assert asyncio.run(scene()) == ["StoreBusy", "in"]


def test_who_asks_slow_queries_one_after_the_other_has_a_quarter_of_the_places() -> None:
    rules = replace(RULES, at_once=4, per_client=2, slow_after=0.5)

    async def scene() -> list[str]:
        gate, until = Admission(rules), asyncio.Event()
        for name in ("slow", "slower"):
            for _ in range(5):
                gate._client(name).used(rules, 0.6)
        for _ in range(50):
            gate._client("busy").used(rules, 0.02)
        holders = [asyncio.create_task(hold(gate, "slow", until))]
        await asyncio.sleep(0)
        found = [await entered(gate, "slower"), await entered(gate, "busy")]
        until.set()
        await asyncio.gather(*holders)
        return [*found, await entered(gate, "slower")]

    assert asyncio.run(scene()) == ["StoreBusy", "in", "in"]


def test_slow_queries_are_remembered_while_others_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    rules, clock = replace(RULES, slow_after=0.5), [0.0]
    monkeypatch.setattr("api.admission.time", SimpleNamespace(monotonic=lambda: clock[0]))
    client = Admission(rules)._client("a")
    for _ in range(4):
        clock[0] += 2.0
        client.used(rules, 2.0)
    clock[0] += 1.0
    assert (client.used(rules), client.light(rules)) == (1.0, False)
    clock[0] += 180.0
    assert client.light(rules)


def test_a_client_that_leaves_the_queue_takes_no_place() -> None:
    async def scene() -> str:
        gate, until = Admission(RULES), asyncio.Event()
        holder = asyncio.create_task(hold(gate, "a", until))
        await asyncio.sleep(0)
        waiting = asyncio.create_task(hold(gate, "a", until))
        await asyncio.sleep(0)
        waiting.cancel()
        until.set()
        await holder
        return await entered(gate, "a")

    assert asyncio.run(scene()) == "in"


def test_too_many_queries_are_429_with_a_time(store: GraphStore, tmp_path: Path) -> None:
    settings = Settings(token_file=str(tmp_path / "tokens.json"), client_queries=1, client_seconds=1)
    with served(create_app(settings, store)) as client:
        assert ask(client, f"{ENDLESS} # once", accept="*/*").status_code == 504
        refused = ask(client, f"{ENDLESS} # twice", accept="*/*")
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.headers["content-type"] == "application/problem+json"
