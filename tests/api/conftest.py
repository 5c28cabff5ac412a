"""One store with the sample plans for all tests of the front of house, and clients over real servers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.operations import ingest_ontology, ingest_plan, ingest_territory, plan_sources
from api.settings import Settings
from store import GraphStore, open_store

ROOT = Path(__file__).parents[2]
PLANS = ROOT / "data" / "plans"
TOKEN = "a-token-for-these-tests"


@contextmanager
def served(app: FastAPI) -> Iterator[httpx.Client]:
    """A client of `app` on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings(store_url="memory:", upload_bytes=200_000)


@pytest.fixture(scope="session")
def loaded(settings: Settings) -> Iterator[GraphStore]:
    """The five sample documents, the ontology and the register; read only."""
    store = open_store("memory:")
    ingest_ontology(store, settings.iris)
    ingest_territory(store, ROOT / "data" / "territory" / "territory.ttl", settings.iris)
    for source in plan_sources(PLANS):
        ingest_plan(store, source, settings.iris)
    yield store
    store.close()


@pytest.fixture(scope="session")
def app(settings: Settings, loaded: GraphStore) -> FastAPI:
    return create_app(settings, loaded)


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[httpx.Client]:
    with served(app) as one:
        yield one


@pytest.fixture(scope="module")
def writable() -> Iterator[httpx.Client]:
    """A client of a service over an empty store that takes writes from who shows `TOKEN`."""
    store = open_store("memory:")
    with served(create_app(Settings(token=TOKEN), store)) as one:
        yield one
    store.close()


@pytest.fixture
def bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}"}
