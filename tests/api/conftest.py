"""One store with the sample plans for all tests of the front of house, and clients over real servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.operations import ingest_ontology, ingest_plan, ingest_territory, plan_sources
from api.settings import Settings
from api.tokens import Scope, create_token
from benchmarks.serving import served as serve
from store import GraphStore, open_store

ROOT = Path(__file__).parents[2]
PLANS = ROOT / "data" / "plans"


@pytest.fixture(scope="session")
def served() -> Callable[[FastAPI], AbstractContextManager[httpx.Client]]:
    """Serves an application of a test's own."""
    return serve


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings(store_url="memory:", upload_bytes=200_000, token_file="/nonexistent/tokens.json")


@pytest.fixture(scope="session")
def loaded(settings: Settings) -> Iterator[GraphStore]:
    """The five sample documents, the ontology and the register; read only."""
    store = open_store("memory:")
    ingest_ontology(store, settings.iris)
    ingest_territory(store, ROOT / "data" / "territory" / "territory.ttl", settings.iris)
    for source in plan_sources(PLANS).plans:
        ingest_plan(store, source, settings.iris)
    yield store
    store.close()


@pytest.fixture(scope="session")
def app(settings: Settings, loaded: GraphStore) -> FastAPI:
    return create_app(settings, loaded)


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[httpx.Client]:
    with serve(app) as one:
        yield one


@pytest.fixture(scope="session")
def token_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the tokens of the services that take writes."""
    return tmp_path_factory.mktemp("tokens") / "tokens.json"


@pytest.fixture(scope="session")
def tokens(token_file: Path) -> Mapping[Scope, str]:
    """A token of each scope, as its holder shows it."""
    return {scope: create_token(token_file, scope.value, scope)[1] for scope in Scope}


@pytest.fixture(scope="module")
def writable(token_file: Path, tokens: Mapping[Scope, str]) -> Iterator[httpx.Client]:
    """A client of a service over an empty store that takes writes from who shows a token."""
    store = open_store("memory:")
    with serve(create_app(Settings(token_file=str(token_file)), store)) as one:
        yield one
    store.close()


@pytest.fixture
def bearer(tokens: Mapping[Scope, str]) -> dict[str, str]:
    """What the holder of an admin token sends."""
    return {"Authorization": f"Bearer {tokens[Scope.ADMIN]}"}
