"""Stores of every scheme, with and without readers, and a listener that must hear nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.canary import Canary, listening
from benchmarks.engines import ENGINES, installed
from store import GraphStore, ReadLimits, open_store
from store.remote import RemoteStore

PLACES = {"memory": "memory:", "oxigraph": "oxigraph:{directory}/store"}
READERS = {"in-process": None, "readers": ReadLimits(workers=2, seconds=5.0)}
# With readers `memory:` is a directory like any other (test_store_temporary.py).
EMBEDDED = ["memory-in-process", "oxigraph-in-process", "oxigraph-readers"]
# What a server cannot do, by test: the rest of the contract holds. `docs/stores.md` says what follows from it.
CANNOT = {
    "test_the_dataset_is_the_one_named[virtuoso-default0": "its default graph is the union of all",
    "test_the_dataset_is_the_one_named[virtuoso-default1": "its default graph is the union of all",
    "test_readers_never_see_half_of_a_replacement[virtuoso]": "it replaces one graph after the other",
}


class Servers:
    """The servers that were needed so far, each started once, and one open store on each."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._urls: dict[str, str] = {}
        self._stores: dict[str, RemoteStore] = {}

    def url(self, engine: str) -> str:
        """The store address of a running server."""
        if engine not in self._urls:
            self._urls[engine] = self._stack.enter_context(ENGINES[engine][1]())
        return self._urls[engine]

    def store(self, engine: str) -> RemoteStore:
        """An empty store on a running server."""
        known = self._stores.get(engine)
        if known is None or known.closed:
            opened = open_store(self.url(engine))
            assert isinstance(opened, RemoteStore)
            known = self._stores[engine] = opened
        known.remove_graphs(known.graph_names())
        return known

    def close(self) -> None:
        """End every server."""
        for store in self._stores.values():
            store.close()
        self._stack.close()


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    started = Servers()
    yield started
    started.close()


def needs(engine: str) -> None:
    if not installed(engine):
        pytest.skip(f"{engine}: {ENGINES[engine][0]} is not installed")


@pytest.fixture(params=ENGINES)
def server_url(request: pytest.FixtureRequest, servers: Servers) -> str:
    """The store address of each running server."""
    needs(request.param)
    return servers.url(request.param)


@pytest.fixture(params=ENGINES)
def remote(request: pytest.FixtureRequest, servers: Servers) -> RemoteStore:
    """An empty store on each running server."""
    needs(request.param)
    return servers.store(request.param)


@pytest.fixture(params=[*EMBEDDED, *ENGINES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GraphStore]:
    """An empty store of each scheme, embedded ones with and without reader processes, and on each server."""
    name = request.param
    if name in ENGINES:
        needs(name)
        for test, reason in CANNOT.items():
            if request.node.name.startswith(test):
                request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
        yield request.getfixturevalue("servers").store(name)
        return
    scheme, _, readers = name.partition("-")
    opened = open_store(PLACES[scheme].format(directory=tmp_path), limits=READERS[readers])
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def canary() -> Iterator[Canary]:
    """One listener for the whole run."""
    with listening() as server:
        yield server


@pytest.fixture
def canary_url(canary: Canary) -> str:
    """Where a query that calls out would be heard."""
    return f"http://127.0.0.1:{canary.server_port}/sparql"


@pytest.fixture
def heard(canary: Canary) -> list[str]:
    """The requests heard since the test began."""
    canary.heard.clear()
    return canary.heard
