"""Stores of other versions: a later one opens what an earlier one wrote, an earlier one says what to do."""

from __future__ import annotations

import io
import json
import logging
import re
import tarfile
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from store import ReadLimits, format, open_store
from store.directory import unopened
from store.errors import StoreError, StoreLocked
from store.keeping import back_up, compact_store, dump_store, restore_store

STORES = Path(__file__).parent / "stores"
MARK = "ENGINE.json"
LATER = "pyoxigraph 99.0.0"
EARLIER = "pyoxigraph 0.1.0"


def canonical(quads: bytes) -> ox.Dataset:
    dataset = ox.Dataset(ox.parse(quads, format=ox.RdfFormat.N_QUADS))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0_SHA_256)
    return dataset


def noted(directory: Path) -> str:
    return str(json.loads((directory / MARK).read_text())["engine"])


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with one triple, closed."""
    opened = open_store(f"oxigraph:{tmp_path}/store")
    opened.update("INSERT DATA { GRAPH <http://ex/g> { <http://ex/a> <http://ex/p> 1 } }")
    opened.close()
    return tmp_path / "store"


@pytest.mark.parametrize("kept", sorted(STORES.glob("*.tar.gz")), ids=lambda path: path.name)
@pytest.mark.parametrize("limits", [None, ReadLimits(workers=1)], ids=["in-process", "readers"])
def test_a_store_that_an_earlier_version_wrote_opens_whole(
    tmp_path: Path, kept: Path, limits: ReadLimits | None
) -> None:
    with tarfile.open(kept) as archive:
        archive.extractall(tmp_path, filter="data")
    expected = (STORES / kept.name.replace(".tar.gz", ".nq")).read_bytes()
    opened = open_store(f"oxigraph:{tmp_path}/store", limits=limits)
    try:
        assert canonical(opened.dump()) == canonical(expected)
        opened.update("INSERT DATA { GRAPH <http://ex/new> { <http://ex/a> <http://ex/p> 1 } }")
        assert canonical(opened.dump()) != canonical(expected)
    finally:
        opened.close()
    assert noted(tmp_path / "store") == format.ENGINE


def test_the_form_of_this_engine_is_kept_among_the_stores() -> None:
    """With a new series of the engine a store of it has to be kept too (what `WRITTEN` in test_store_keeping makes)."""
    series = ".".join(format.ENGINE.removeprefix("pyoxigraph ").split(".")[:2])
    assert [path for path in STORES.glob("*.tar.gz") if path.name.startswith(f"pyoxigraph-{series}.")]


@pytest.mark.parametrize("limits", [None, ReadLimits(workers=1)], ids=["in-process", "readers"])
def test_a_store_of_a_later_version_is_not_touched(store: Path, limits: ReadLimits | None) -> None:
    (store / MARK).write_text(json.dumps({"engine": LATER}))
    before = {path.name: path.read_bytes() for path in (store / "data").iterdir()}
    with pytest.raises(StoreError) as refused:
        open_store(f"oxigraph:{store}", limits=limits)
    for words in refused.value.reason.values():
        assert all(part in words for part in (str(store), LATER, format.ENGINE, "raccordo dump", "raccordo restore"))
    assert {path.name: path.read_bytes() for path in (store / "data").iterdir()} == before


@pytest.mark.parametrize("work", [compact_store, lambda directory: dump_store(directory, io.BytesIO())])
def test_no_command_touches_a_store_of_a_later_version(store: Path, work: Callable[[Path], object]) -> None:
    (store / MARK).write_text(json.dumps({"engine": LATER}))
    with pytest.raises(StoreError, match=re.escape(LATER)):
        work(store)


def test_the_way_from_a_later_version_is_a_dump(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The later version dumps, this one restores: into a directory of its own, or one that it may open."""
    with monkeypatch.context() as later, (tmp_path / "dump.nq").open("wb") as file:
        later.setattr(format, "ENGINE", LATER)
        dump_store(store, file)
    assert noted(store) == LATER
    assert restore_store(tmp_path / "other", tmp_path / "dump.nq") == 1
    opened = open_store(f"oxigraph:{tmp_path}/other")
    assert canonical(opened.dump()) == canonical((tmp_path / "dump.nq").read_bytes())
    opened.close()


def test_a_store_of_an_earlier_version_is_brought_up_and_says_so(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    (store / MARK).write_text(json.dumps({"engine": EARLIER}))
    with caplog.at_level(logging.WARNING, logger="store.format"):
        open_store(f"oxigraph:{store}").close()
        open_store(f"oxigraph:{store}").close()
    assert len([line for line in caplog.messages if EARLIER in line and format.ENGINE in line]) == 1
    assert noted(store) == format.ENGINE


@pytest.mark.parametrize("mark", [None, b"", b"{", b"[]", b'{"engine": "other"}', b"\xff"])
def test_a_store_whose_mark_says_nothing_is_opened_and_marked(store: Path, mark: bytes | None) -> None:
    (store / MARK).unlink()
    if mark is not None:
        (store / MARK).write_bytes(mark)
    open_store(f"oxigraph:{store}").close()
    assert noted(store) == format.ENGINE


def test_a_backup_of_a_later_version_is_not_restored(store: Path, tmp_path: Path) -> None:
    back_up(store, tmp_path / "copy")
    whole = tmp_path / "copy" / "WHOLE.json"
    whole.write_text(json.dumps({**json.loads(whole.read_text()), "engine": LATER}))
    with pytest.raises(StoreError, match=re.escape(LATER)):
        restore_store(store, tmp_path / "copy")


def test_what_is_within_a_series_is_no_other_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(format, "ENGINE", "pyoxigraph 0.5.13")
    for same in ("pyoxigraph 0.5.0", "pyoxigraph 0.5.99", "pyoxigraph 0.4.11", ""):
        format.check_engine(Path("x"), same)
    for later in ("pyoxigraph 0.6.0", "pyoxigraph 0.10.1", "pyoxigraph 1.0.0"):
        with pytest.raises(StoreError, match="earlier version does not open it"):
            format.check_engine(Path("x"), later)


@pytest.mark.parametrize(
    "problem",
    [
        "The RocksDB database is using the too recent version 3. Upgrade to the latest Oxigraph version.",
        "The RocksDB database is using the outdated encoding version 0.",
        "It is not possible to upgrade read-only Oxigraph instances to newer Oxigraph versions",
    ],
)
def test_what_the_engine_itself_refuses_has_the_same_remedy(problem: str) -> None:
    error = unopened("/x", problem)
    assert not isinstance(error, StoreLocked)
    assert all("raccordo dump" in words and problem in words for words in error.reason.values())
