"""An index that has many plans to read: no search hangs, each says how far it is, and the answer is the same."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app as commands
from api.errors import IndexBuilding
from api.negotiation import RESULTS_JSON
from api.search import Asking, Found, SearchDesk
from api.search import desk as desk_module
from api.search.builder import LATEST, SOONEST
from api.settings import Settings
from store import GraphStore
from store.errors import StoreError

ROOT = Path(__file__).parents[2]
WORDS = Asking("protocollo", {})
CEILING = 60.0  # seconds that a thread may need on a machine that others keep busy


class SlowStore:
    """A store that gives no graph before it is told to, and may fail then."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self.ready, self.asked = threading.Event(), threading.Event()
        self.failure: StoreError | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def graph(self, iri: str) -> bytes:
        self.asked.set()
        assert self.ready.wait(CEILING)
        if self.failure is not None:
            raise self.failure
        return self._store.graph(iri)


@pytest.fixture
def slow(loaded: GraphStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowStore]:
    monkeypatch.setattr(desk_module, "AT_ONCE", 2)
    store = SlowStore(loaded)
    yield store
    store.ready.set()


@pytest.fixture
def desk(slow: SlowStore, settings: Settings) -> Iterator[SearchDesk]:
    found = SearchDesk(slow, settings.iris)  # type: ignore[arg-type]
    yield found
    slow.ready.set()
    found.close()


def eventually(ask: Callable[[], Found]) -> Found:
    """The answer as soon as the index is made."""
    end = time.monotonic() + CEILING
    while time.monotonic() < end:
        try:
            return ask()
        except IndexBuilding:
            time.sleep(0.01)
    raise AssertionError("the index was never made")


def test_a_search_says_how_far_the_index_is_and_answers_when_it_is_made(
    slow: SlowStore, desk: SearchDesk, loaded: GraphStore, settings: Settings
) -> None:
    for _ in range(2):
        with pytest.raises(IndexBuilding, match="0 piani letti su 4") as caught:
            desk.find(WORDS)
        assert SOONEST <= caught.value.retry_seconds <= LATEST
    slow.ready.set()
    found = eventually(lambda: desk.find(WORDS))
    whole = SearchDesk(loaded, settings.iris)
    whole.catch_up()
    assert found == whole.find(WORDS)
    assert found.total > 10
    whole.close()


def test_what_ends_the_reading_is_said_once_and_the_next_search_begins_again(slow: SlowStore, desk: SearchDesk) -> None:
    slow.failure = StoreError(it="il disco è sparito", en="the disk is gone")
    with pytest.raises(IndexBuilding):
        desk.find(WORDS)
    slow.ready.set()
    with pytest.raises(StoreError, match="the disk is gone"):
        eventually(lambda: desk.find(WORDS))
    slow.failure = None
    assert eventually(lambda: desk.find(WORDS)).total > 10


def test_closing_waits_for_the_plan_that_is_being_read_and_no_longer(slow: SlowStore, desk: SearchDesk) -> None:
    with pytest.raises(IndexBuilding):
        desk.find(WORDS)
    assert slow.asked.wait(CEILING)
    closing = threading.Thread(target=desk.close)
    closing.start()
    slow.ready.set()
    closing.join(CEILING)
    assert not closing.is_alive()


def test_a_command_waits_and_hears_of_each_plan(slow: SlowStore, desk: SearchDesk) -> None:
    slow.ready.set()
    heard: list[tuple[int, int]] = []
    desk.catch_up(lambda done, total: heard.append((done, total)))
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert desk.find(WORDS).total > 10


def test_the_doors_say_when_to_come_again(
    slow: SlowStore, settings: Settings, served: Callable[[FastAPI], AbstractContextManager[httpx.Client]]
) -> None:
    with served(create_app(settings, slow)) as client:  # type: ignore[arg-type]
        refused = client.get("/api/search?q=protocollo")
        assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (503, "index-building")
        assert SOONEST <= int(refused.headers["Retry-After"]) <= LATEST
        page = client.get("/search?q=protocollo&lang=it", headers={"Accept": "text/html"})
        assert page.status_code == 503
        assert "0 piani letti su 4" in page.text
        assert 'href="/search?q=protocollo"' in page.text
        asked = client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": RESULTS_JSON})
        assert asked.status_code == 200
        slow.ready.set()


def test_loading_leaves_an_index_that_a_search_has_nothing_to_add_to(tmp_path: Path) -> None:
    plan = str(ROOT / "data" / "plans" / "ausl-8-integrazione")
    loaded = CliRunner().invoke(commands, ["load", plan, "--store", f"oxigraph:{tmp_path / 'store'}"])
    assert loaded.exit_code == 0, loaded.output
    base = sqlite3.connect(tmp_path / "store" / "search.sqlite")
    assert base.execute("SELECT plan, sure FROM edition").fetchall() == [("ausl-8-integrazione", 1)]
    base.close()
