"""The end of a service: what is under way may end, nothing new is taken, what lasts too long is cut for all to see."""

from __future__ import annotations

import http.client
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from api.tokens import Scope, create_token
from benchmarks.started import Started, started
from store import open_store

ROWS = 300_000
LONG = "SELECT ?a ?b WHERE { VALUES ?x { 1 2 3 } " + " ".join(
    f"VALUES ?{name} {{ {' '.join(f'{number:05}' for number in range(step))} }}"
    for name, step in (("a", 400), ("b", 250))
) + " }"  # fmt: skip


@contextmanager
def streaming(service: Started) -> Iterator[http.client.HTTPResponse]:
    """A long answer of which only the head has been read: more than what the sockets between hold."""
    host, port = service.client.base_url.host, service.client.base_url.port
    connection = http.client.HTTPConnection(host, port, timeout=120)
    connection.request("GET", "/sparql?query=" + quote(LONG), headers={"Accept": "application/sparql-results+xml"})
    yield connection.getresponse()
    connection.close()


def stopping(service: Started) -> None:
    """Tell a service to stop, and wait until it says so."""
    service.process.send_signal(signal.SIGTERM)
    while service.client.get("/ready").status_code == 200:
        pass


def test_a_service_that_stops_ends_its_answers_and_takes_no_more(tmp_path: Path) -> None:
    token = create_token(tmp_path / "tokens.json", "x", Scope.ADMIN)[1]
    store, bearer = f"oxigraph:{tmp_path / 'store'}", {"Authorization": f"Bearer {token}"}
    patient = {"stop_seconds": "600", "query_seconds": "600"}
    with started(store, tokens=str(tmp_path / "tokens.json"), **patient) as service:
        done = service.client.post("/sparql", data={"update": "INSERT DATA { <a:a> <a:p> 1 }"}, headers=bearer)
        with streaming(service) as long:
            stopping(service)
            refused = service.client.get("/sparql", params={"query": "ASK {}"})
            alive = service.client.get("/health").status_code
            body = long.read()
        code = service.ended()
    assert done.status_code == 204
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (503, "stopping")
    assert refused.headers["retry-after"] == "5"
    assert alive == 200
    assert body.count(b"<result>") == ROWS
    assert body.endswith(b"</sparql>")
    assert code == 0
    with closing(open_store(store)) as again:
        assert b"true" in again.query("ASK { <a:a> <a:p> 1 }")[0]


def test_an_answer_that_does_not_end_in_time_is_broken_off(tmp_path: Path) -> None:
    with (
        started(f"oxigraph:{tmp_path / 'store'}", stop_seconds="1", query_seconds="600") as service,
        streaming(service) as long,
    ):
        service.process.send_signal(signal.SIGINT)
        code = service.ended()
        with pytest.raises(http.client.IncompleteRead):
            long.read()
        text = service.log.read_text(encoding="utf-8")
    assert code == 0
    assert "requests broken off" in text
