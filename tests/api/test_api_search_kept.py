"""The index on disk: opened again it is used, and never when it may be of other data than the store's."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.search import Asking, SearchDesk
from api.search.words import stems
from api.settings import Settings
from store import GraphStore, open_store
from store.keeping import back_up, restore_store

PLANS = ("lodi-2021-2023",)
RAC = "https://w3id.org/raccordo/ontology#"


@pytest.fixture
def directory(loaded: GraphStore, settings: Settings, tmp_path: Path) -> Path:
    """A store on disk with one plan, and its index."""
    with opened(tmp_path / "store", settings) as desk:
        desk.store.replace_graphs({name: loaded.graph(name) for plan in PLANS for name in graphs(plan, settings)})
        assert total(desk, "protocollo") > 0
    return tmp_path / "store"


def graphs(plan: str, settings: Settings) -> tuple[str, str]:
    return str(settings.iris.plan_graph(plan)), f"{settings.iris.base}graph/report/{plan}"


@contextmanager
def opened(directory: Path, settings: Settings) -> Iterator[SearchDesk]:
    """The search beside a store, both let go at the end as a process does."""
    store = open_store(f"oxigraph:{directory}")
    desk = SearchDesk.beside(store, f"oxigraph:{directory}", settings.iris)
    try:
        yield desk
    finally:
        desk.close()
        store.close()


def total(desk: SearchDesk, words: str) -> int:
    return desk.find(Asking(words, {})).total


def renamed(settings: Settings, word: str) -> str:
    """An update that gives an objective of Lodi another title."""
    graph, title = settings.iris.plan_graph("lodi-2021-2023"), f"{settings.iris.base}plan/lodi-2021-2023/objective/1"
    return (
        f"DELETE {{ GRAPH <{graph}> {{ <{title}> <{RAC}title> ?o }} }} "
        f'INSERT {{ GRAPH <{graph}> {{ <{title}> <{RAC}title> "{word}" }} }} '
        f"WHERE {{ GRAPH <{graph}> {{ <{title}> <{RAC}title> ?o }} }}"
    )


def forge(directory: Path) -> None:
    """Put a word into the index that no plan says: whoever finds it has used the index that was there."""
    base = sqlite3.connect(directory / "search.sqlite")
    with base:
        base.execute("UPDATE words SET stems = ? WHERE rowid = (SELECT min(id) FROM entry)", (stems("zanzibar"),))
    base.close()


def test_what_was_read_is_not_read_again(directory: Path, settings: Settings) -> None:
    forge(directory)
    with opened(directory, settings) as desk:
        assert total(desk, "zanzibar") == 1


def test_a_write_of_a_later_process_is_followed(directory: Path, settings: Settings) -> None:
    with opened(directory, settings) as desk:
        desk.store.update(renamed(settings, "Samarcanda"))
    with opened(directory, settings) as desk:
        assert total(desk, "samarcanda") == 1
        desk.store.remove_graphs(graphs("lodi-2021-2023", settings))
        assert total(desk, "samarcanda") == total(desk, "protocollo") == 0


def test_a_process_that_died_after_its_write_is_noticed(directory: Path, settings: Settings) -> None:
    store = open_store(f"oxigraph:{directory}")
    dying = SearchDesk.beside(store, f"oxigraph:{directory}", settings.iris)
    dying._index.begin(None)
    store.update(renamed(settings, "Samarcanda"))
    dying.close()
    store.close()
    with opened(directory, settings) as desk:
        assert total(desk, "samarcanda") == 1


def test_a_plan_read_while_it_is_written_is_read_again(directory: Path, settings: Settings) -> None:
    with opened(directory, settings) as desk:
        desk._index.begin(graphs("lodi-2021-2023", settings))
        assert total(desk, "samarcanda") == 0
        desk.store._store.update(renamed(settings, "Samarcanda"))
        desk._index.end(graphs("lodi-2021-2023", settings))
        assert total(desk, "samarcanda") == 1


def test_restored_data_have_an_index_of_their_own(directory: Path, settings: Settings, tmp_path: Path) -> None:
    back_up(directory, tmp_path / "copy")
    forge(directory)
    restore_store(directory, tmp_path / "copy")
    with opened(directory, settings) as desk:
        assert (total(desk, "zanzibar"), total(desk, "protocollo") > 0) == (0, True)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_file_that_is_no_index_is_made_again(directory: Path, settings: Settings, content: bytes) -> None:
    for part in directory.glob("search.sqlite*"):
        part.unlink()
    (directory / "search.sqlite").write_bytes(content)
    with opened(directory, settings) as desk:
        assert total(desk, "protocollo") > 0


def test_an_index_of_older_code_is_made_again(directory: Path, settings: Settings) -> None:
    forge(directory)
    base = sqlite3.connect(directory / "search.sqlite")
    with base:
        base.execute("UPDATE made SET by = 'another'")
    base.close()
    with opened(directory, settings) as desk:
        assert total(desk, "zanzibar") == 0


def test_a_service_uses_the_index_that_is_there(
    directory: Path, settings: Settings, served: Callable[[FastAPI], AbstractContextManager[httpx.Client]]
) -> None:
    forge(directory)
    store = open_store(f"oxigraph:{directory}")
    with served(create_app(replace(settings, store_url=f"oxigraph:{directory}"), store, kept=True)) as client:
        assert client.get("/api/search?q=zanzibar").json()["total"] == 1
    store.close()
