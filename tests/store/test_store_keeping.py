"""Backups, dumps, restores and compactions: whole, isomorphic, or nothing."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from store import ReadLimits, open_store
from store.directory import data_folder, fresh_folder, turn
from store.errors import GraphError, StoreError, StoreLocked
from store.generations import newest_whole
from store.keeping import back_up, compact_store, dump_store, restore_store
from store.marker import is_whole, mark_whole

WRITTEN = """
PREFIX ex: <http://ex/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA {
  GRAPH ex:plan { ex:a ex:p _:x . _:x ex:q "sì, «così»"@it, "line\\nbreak", 0.10, "2021-02-30"^^ex:odd ; ex:r _:y . _:y ex:r _:x }
  GRAPH ex:report { ex:report ex:of ex:plan ; ex:when "2024-01-01"^^xsd:date . _:x ex:q true }
  ex:alone ex:p "in the default graph"
}
"""  # noqa: E501
ALGORITHM = ox.CanonicalizationAlgorithm.RDFC_1_0_SHA_256
Carry = Callable[[Path, Path], object]


def dumped(directory: Path) -> bytes:
    store = open_store(f"oxigraph:{directory}")
    try:
        return store.dump()
    finally:
        store.close()


def same(one: bytes, other: bytes) -> bool:
    """Whether two datasets are isomorphic, over the borders of their graphs."""
    here, there = (ox.Dataset(ox.parse(quads, format=ox.RdfFormat.N_QUADS)) for quads in (one, other))
    for dataset in (here, there):
        dataset.canonicalize(ALGORITHM)
    return here == there


def by_backup(source: Path, target: Path) -> None:
    back_up(source, target.with_name("copy"))
    restore_store(target, target.with_name("copy"))


def by_dump(source: Path, target: Path) -> None:
    path = target.with_name("dump.nq")
    with path.open("wb") as file:
        dump_store(source, file)
    restore_store(target, path)


def by_packed_dump(source: Path, target: Path) -> None:
    path = target.with_name("dump.nq.gz")
    with path.open("wb") as file, gzip.open(file, "wb") as packed:
        packed.write(dumped(source))
    restore_store(target, path)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A directory with two named graphs, a default graph, and blank nodes in a circle."""
    store = open_store(f"oxigraph:{tmp_path}/source")
    store.update(WRITTEN)
    store.close()
    return tmp_path / "source"


@pytest.mark.parametrize("carry", [by_backup, by_dump, by_packed_dump])
def test_a_copy_restores_to_an_isomorphic_dataset(source: Path, tmp_path: Path, carry: Carry) -> None:
    target = tmp_path / "target"
    older = open_store(f"oxigraph:{target}")
    older.update("INSERT DATA { GRAPH <http://ex/old> { <http://ex/a> <http://ex/p> 1 } }")
    older.close()
    carry(source, target)
    assert len(dumped(target).splitlines()) == 11
    assert same(dumped(source), dumped(target))
    assert not same(dumped(source), dumped(source).replace(b"line", b"lime"))


def test_compacting_gives_space_back_and_keeps_every_quad(source: Path) -> None:
    store = open_store(f"oxigraph:{source}")
    many = b"".join(f'<http://ex/{n}> <http://ex/p> "{n * 7919}" .\n'.encode() for n in range(5_000))
    for _ in range(3):
        store.replace_graphs({"http://ex/many": many})
    store.remove_graphs(["http://ex/many"])
    store.close()
    before, size = dumped(source), sum(path.stat().st_size for path in data_folder(source).iterdir())
    assert compact_store(source) == 11
    assert same(before, dumped(source))
    assert sum(path.stat().st_size for path in data_folder(source).iterdir()) < size / 4


def test_a_running_service_is_backed_up_and_dumped_but_not_exchanged(source: Path, tmp_path: Path) -> None:
    service = open_store(f"oxigraph:{source}", limits=ReadLimits(workers=1))
    try:
        service.update("INSERT DATA { GRAPH <http://ex/late> { <http://ex/a> <http://ex/p> 1 } }")
        by_backup(source, tmp_path / "one")
        by_dump(source, tmp_path / "two")
        for exchange in (compact_store, lambda directory: restore_store(directory, tmp_path / "copy")):
            with pytest.raises(StoreLocked):
                exchange(source)
        assert same(service.dump(), dumped(tmp_path / "one"))
        assert same(service.dump(), dumped(tmp_path / "two"))
    finally:
        service.close()


def test_a_copy_without_its_mark_is_not_restored(source: Path, tmp_path: Path) -> None:
    back_up(source, tmp_path / "copy")
    shutil.copytree(tmp_path / "copy", tmp_path / "half", ignore=shutil.ignore_patterns("WHOLE*"))
    with pytest.raises(StoreError, match="no whole copy"):
        restore_store(tmp_path / "target", tmp_path / "half")
    with pytest.raises(StoreError, match="name a new folder"):
        back_up(source, tmp_path / "copy")


@pytest.mark.parametrize("name", ["bad.nq", "bad.nq.gz", "cut.nq.gz"])
def test_a_dump_that_is_not_whole_leaves_the_store_as_it_was(source: Path, tmp_path: Path, name: str) -> None:
    before = dumped(source)
    bad = before + b"<http://ex/a> <http://ex/p> \n"
    packed = gzip.compress(before * 50)[:-40] if name.startswith("cut") else gzip.compress(bad)
    (tmp_path / name).write_bytes(packed if name.endswith(".gz") else bad)
    with pytest.raises(GraphError, match="not N-Quads to its end"):
        restore_store(source, tmp_path / name)
    assert same(before, dumped(source))
    assert not fresh_folder(source).exists()


def test_a_generation_is_trusted_by_its_mark_alone(tmp_path: Path) -> None:
    for number in ("9", "10", "11", "12.tmp"):
        (tmp_path / number).mkdir()
    assert newest_whole(tmp_path) is None
    for number in ("9", "10", "12.tmp"):
        mark_whole(tmp_path / number)
    assert newest_whole(tmp_path) == tmp_path / "10"


@pytest.mark.parametrize("step", ["before", "between", "after"])
def test_an_exchange_that_was_interrupted_is_ended_by_the_next_opening(source: Path, tmp_path: Path, step: str) -> None:
    """A kill leaves one of three states: the data are the old ones until the new ones stand marked without them."""
    before = dumped(source)
    other = open_store(f"oxigraph:{tmp_path}/other")
    other.update("INSERT DATA { GRAPH <http://ex/new> { <http://ex/a> <http://ex/p> 1 } }")
    other.close()
    after = dumped(tmp_path / "other")
    back_up(tmp_path / "other", fresh_folder(source))
    if step != "before":
        data_folder(source).rename(source / "data.old")
    if step == "after":
        fresh_folder(source).rename(data_folder(source))
    assert same(dumped(source), before if step == "before" else after)
    assert sorted(path.name for path in source.iterdir()) == ["ENGINE.json", "data", "lock"]


def test_new_data_without_their_mark_give_way_to_the_old_ones(source: Path) -> None:
    before = dumped(source)
    shutil.copytree(data_folder(source), fresh_folder(source))
    data_folder(source).rename(source / "data.old")
    assert not is_whole(fresh_folder(source))
    assert same(dumped(source), before)


def test_nobody_opens_a_store_while_it_is_exchanged(source: Path) -> None:
    with turn(source), pytest.raises(StoreLocked):
        open_store(f"oxigraph:{source}")
