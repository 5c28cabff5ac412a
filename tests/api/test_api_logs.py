"""What the service writes down: each request with its cost, and nothing that anybody asked, sent or is called."""

from __future__ import annotations

import io
import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.access_log import fingerprint
from api.app import create_app
from api.logs import JsonLines, TextLines, configure_logs
from api.settings import Settings
from api.tokens import Scope, create_token
from benchmarks.serving import served
from benchmarks.started import Started, started

SECRET = "maria-esposito"
EMPTY = "http://example.org/g"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What this process logs, in the form of a service; afterwards logging is as it was."""
    root, ours, stream = logging.getLogger(), logging.getLogger("raccordo"), io.StringIO()
    kept = root.handlers, root.level, ours.level
    configure_logs("json", stream)
    yield stream
    logging.captureWarnings(capture=False)
    root.handlers, root.level, ours.level = kept


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Started, str]]:
    """A service as its operator starts it, which logs JSON, and a token that may do everything."""
    folder = tmp_path_factory.mktemp("logs")
    token = create_token(folder / "tokens.json", "x", Scope.ADMIN)[1]
    store = f"oxigraph:{folder / 'store'}"
    with started(store, tokens=str(folder / "tokens.json"), log_format="json") as running:
        yield running, token


def requests(client: httpx.Client, token: str) -> Iterator[httpx.Response]:
    """A text of somebody's in every place of a request that takes one, in good requests and in bad ones."""
    quoted = f"ASK {{ ?s ?p '{SECRET}' }}"
    bearer = {"Authorization": f"Bearer {token}"}
    turtle = {**bearer, "Content-Type": "text/turtle"}
    yield client.request(SECRET.upper(), "/health")
    yield client.get("/sparql", params={"query": quoted})
    yield client.get("/sparql", params={"query": f"ASK {{ <http://example.org/{SECRET}> ?p ?o "})
    yield client.get("/sparql", params={"query": f"SELECT {SECRET}", "format": SECRET})
    yield client.post("/sparql", data={"query": quoted}, headers={"User-Agent": SECRET, "Referer": f"http://{SECRET}/"})
    yield client.post("/sparql", content=f"SERVICE {SECRET}", headers={"Content-Type": "application/sparql-query"})
    yield client.post("/sparql", data={"update": f"INSERT DATA {{ <a:a> <a:p> '{SECRET}' }}"}, headers=bearer)
    yield client.post("/sparql", data={"update": f"INSERT {SECRET}"}, headers=bearer)
    yield client.post("/sparql", data={"update": quoted}, headers={"Authorization": f"Bearer {SECRET}"})
    yield client.put(f"/graph-store?graph={EMPTY}", content=f"<a:a> <a:p> '{SECRET}' .", headers=turtle)
    yield client.put(f"/graph-store?graph={EMPTY}", content=f"<a:a> {SECRET}", headers=turtle)
    yield client.get("/graph-store", params={"graph": f"http://example.org/{SECRET}"})
    yield client.get(f"/id/person/{SECRET}")
    yield client.get(f"/{SECRET}")
    yield client.get("/search", params={"q": SECRET}, headers={"Accept": "text/html"})
    yield client.get("/questions/provenance/where-stated", params={"text": SECRET})
    yield client.get(f"/api/questions/{SECRET}/{SECRET}")
    yield client.post("/api/check", files={"file": (f"{SECRET}.pdf", b"%PDF-1.4 " + SECRET.encode())})


def logged(service: Started, wanted: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
    """The requests that a service has logged, once they are as wanted: that of an answer may come after its bytes."""
    deadline = time.monotonic() + 60
    while True:
        lines = service.log.read_text(encoding="utf-8").split("\n")[:-1]
        events = [json.loads(line) for line in lines if line.startswith("{")]
        found = [one for one in events if one.get("log") == "raccordo.access"]
        if wanted(found) or time.monotonic() > deadline:
            return found
        time.sleep(0.01)


def test_nothing_that_somebody_sends_is_in_the_logs(service: tuple[Started, str]) -> None:
    running, token = service
    statuses = [response.status_code for response in requests(running.client, token)]
    events = logged(running, lambda events: len(events) >= len(statuses) - 1)
    assert {200, 204, 400, 401, 404} <= set(statuses)
    text = running.log.read_text(encoding="utf-8")
    assert SECRET.casefold() not in text.casefold()
    assert "127.0.0.1" not in json.dumps(events)
    # The first one has no method that the server knows: it answers by itself.
    assert sorted(one["status"] for one in events) == sorted(statuses[1:])


def test_a_request_is_logged_with_its_cost(service: tuple[Started, str]) -> None:
    running, _ = service
    before = len(logged(running, lambda _: True))
    size = len(running.client.get("/sparql", params={"query": "ASK { ?a ?b 'x' }"}).content)
    last = logged(running, lambda events: len(events) > before)[-1]
    assert (last["door"], last["method"], last["status"], last["bytes"]) == ("sparql", "GET", 200, size)
    assert (last["form"], last["query"]) == ("query", fingerprint("ASK { ?a ?b 'y' }"))
    assert last["ms"] >= 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ASK { ?s ?p 'Rossi' }", 'ASK {\n ?s ?p "Verdi" }', True),
        ("ASK { <http://a/1> ?p 7 }", "ASK { <http://b/2> ?p 12 }", True),
        ('ASK { ?s ?p """a"b""" }', "ASK { ?s ?p '''c\nd''' }", True),
        ("ASK { ?s ?p ?o }", "ASK { ?s ?o ?p }", False),
    ],
)
def test_a_fingerprint_is_of_the_shape(one: str, other: str, same: bool) -> None:
    assert (fingerprint(one) == fingerprint(other)) is same


def test_an_error_that_nobody_foresaw_is_logged_by_its_places(settings: Settings, log: io.StringIO) -> None:
    class Broken:
        engine = "broken"

        def query(self, *_: object, **__: object) -> None:
            raise RuntimeError(SECRET)

    with served(create_app(settings, Broken())) as client:  # type: ignore[arg-type]
        assert client.get("/api/plans").status_code == 500
    text = log.getvalue()
    assert SECRET not in text
    unforeseen = next(one for one in map(json.loads, text.splitlines()) if one["log"] == "api.problems")
    assert unforeseen["exception"] == "RuntimeError"
    assert Path(__file__).name in unforeseen["places"][-1]


def test_what_a_library_logs_is_withheld(log: io.StringIO) -> None:
    logging.getLogger("rdflib.term").warning("%s does not look like a valid URI", SECRET)
    said = json.loads(log.getvalue())
    assert (said["log"], said["level"]) == ("rdflib.term", "warning")
    assert SECRET not in log.getvalue()


def test_lines_for_people_and_for_programs() -> None:
    record = logging.makeLogRecord(
        {"name": "raccordo.access", "levelname": "INFO", "msg": "request", "fields": {"status": 200, "ms": 1.5}}
    )
    assert TextLines().format(record).endswith(" access: request status=200 ms=1.5")
    assert json.loads(JsonLines().format(record)).items() >= {"level": "info", "status": 200, "ms": 1.5}.items()


def test_a_stream_that_is_no_terminal_gets_json(log: io.StringIO) -> None:
    stream = io.StringIO()
    configure_logs("auto", stream)
    logging.getLogger("raccordo.service").info("hello")
    assert json.loads(stream.getvalue())["event"] == "hello"
