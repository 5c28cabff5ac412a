"""Stores of every scheme, with and without readers, and a listener that must hear nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from store import SCHEMES, GraphStore, ReadLimits, open_store

# A new row in SCHEMES needs a place here, and then passes the whole contract.
PLACES = {"memory": "memory:", "oxigraph": "oxigraph:{directory}/store"}
READERS = {"in-process": None, "readers": ReadLimits(workers=2, seconds=5.0)}


@pytest.fixture(params=[(scheme, readers) for scheme in SCHEMES for readers in READERS], ids="-".join)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GraphStore]:
    """An empty store of each scheme, with and without reader processes."""
    scheme, readers = request.param
    opened = open_store(PLACES[scheme].format(directory=tmp_path), limits=READERS[readers])
    yield opened
    opened.close()


class Canary(ThreadingHTTPServer):
    """A server on this machine that keeps the path of every request it gets."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), CanaryHandler)
        self.heard: list[str] = []


class CanaryHandler(BaseHTTPRequestHandler):
    """Notes each request and finds nothing."""

    def do_GET(self) -> None:
        assert isinstance(self.server, Canary)
        self.server.heard.append(self.path)
        self.send_error(404)

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def canary() -> Iterator[Canary]:
    """One listener for the whole run."""
    with Canary() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def canary_url(canary: Canary) -> str:
    """Where a query that calls out would be heard."""
    return f"http://127.0.0.1:{canary.server_port}/sparql"


@pytest.fixture
def heard(canary: Canary) -> list[str]:
    """The requests heard since the test began."""
    canary.heard.clear()
    return canary.heard
