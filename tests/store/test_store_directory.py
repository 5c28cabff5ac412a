"""Addresses of stores, and the directory of an embedded one: made, locked, opened again."""

from __future__ import annotations

import gc
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from store import SCHEMES, open_store
from store.errors import StoreError, StoreLocked

GRAPH = "http://ex/graph"
TRIPLE = b'<http://ex/a> <http://ex/p> "1" .\n'


@pytest.mark.parametrize("url", ["", "oxigraph", "oxigraph:", "memory", "memory:somewhere", "postgres:x", "/var/store"])
def test_an_address_that_names_no_store_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="names no store"):
        open_store(url)


def test_an_unknown_scheme_is_told_the_known_ones() -> None:
    with pytest.raises(StoreError) as refused:
        open_store("sql:x")
    assert all(f"{scheme}:" in str(refused.value) for scheme in SCHEMES)


def test_a_directory_is_made_and_keeps_its_graphs(tmp_path: Path) -> None:
    url = f"oxigraph:{tmp_path}/deep/er/store"
    first = open_store(url)
    first.replace_graphs({GRAPH: TRIPLE})
    first.close()
    second = open_store(url)
    assert second.graph(GRAPH) == TRIPLE
    second.close()


def test_a_killed_process_loses_nothing_it_was_told_is_written(tmp_path: Path) -> None:
    script = (
        "import os, sys; from store import open_store\n"
        f"open_store(sys.argv[1]).replace_graphs({{{GRAPH!r}: {TRIPLE!r}}}); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", script, f"oxigraph:{tmp_path}/store"], check=False)
    assert killed.returncode == -9
    store = open_store(f"oxigraph:{tmp_path}/store")
    assert store.graph(GRAPH) == TRIPLE
    store.close()


def test_a_process_killed_while_it_writes_leaves_whole_versions(tmp_path: Path) -> None:
    url, names = f"oxigraph:{tmp_path}/store", ("http://ex/plan", "http://ex/report")
    script = (
        "import itertools, sys; from store import open_store\n"
        "store = open_store(sys.argv[1])\n"
        "for version in itertools.count(int(sys.argv[2])):\n"
        "    lines = (f'<http://ex/{n}> <http://ex/version> \"{version}\" .\\n' for n in range(1000))\n"
        "    body = ''.join(lines).encode()\n"
        f"    store.replace_graphs({{name: body for name in {names!r}}})\n"
        "    print(version, flush=True)"
    )
    last = 0
    for delay in (0.0, 0.01, 0.02, 0.03, 0.05):
        writer = subprocess.Popen([sys.executable, "-c", script, url, str(last + 1)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        with writer:
            acknowledged = int(writer.stdout.readline())
            time.sleep(delay)
            writer.kill()
            acknowledged = max([acknowledged, *map(int, writer.stdout.read().split())])
        store = open_store(url)
        versions = [set(re.findall(rb'"(\d+)"', store.graph(name))) for name in names]
        assert [store.graph(name).count(b"\n") for name in names] == [1000, 1000]
        store.close()
        assert versions[0] == versions[1]
        (version,) = versions[0]
        last = int(version)
        assert last >= acknowledged


def test_a_second_opening_says_where_and_what_to_do(tmp_path: Path) -> None:
    directory = str(tmp_path / "store")
    first = open_store(f"oxigraph:{directory}")
    with pytest.raises(StoreLocked) as locked:
        open_store(f"oxigraph:{directory}")
    italian, english = locked.value.reason["it"], locked.value.reason["en"]
    assert all(part in italian for part in (directory, "già aperto", "--store"))
    assert all(part in english for part in (directory, "already open", "--store"))
    first.close()


def test_a_closed_store_opens_again_while_garbage_still_holds_its_engine(tmp_path: Path) -> None:
    def failed(url: str) -> None:
        store = open_store(url)
        with pytest.raises(StoreError) as refused:
            store.query("SELECT * {")
        refused.value.itself = refused.value  # type: ignore[attr-defined]
        store.close()

    gc.disable()
    try:
        failed(f"oxigraph:{tmp_path}/store")
        open_store(f"oxigraph:{tmp_path}/store").close()
    finally:
        gc.enable()


def test_another_process_cannot_open_it_either(tmp_path: Path) -> None:
    url = f"oxigraph:{tmp_path}/store"
    script = "import sys; from store import open_store; open_store(sys.argv[1])"
    first = open_store(url)
    other = subprocess.run([sys.executable, "-c", script, url], capture_output=True, text=True, check=False)
    first.close()
    assert "StoreLocked" in other.stderr
    assert subprocess.run([sys.executable, "-c", script, url], check=False).returncode == 0


def test_a_place_that_is_no_directory_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(f"oxigraph:{tmp_path}/file")


def test_a_directory_that_is_no_store_is_an_error(tmp_path: Path) -> None:
    data = tmp_path / "store" / "data"
    data.mkdir(parents=True)
    (data / "CURRENT").write_text("not a manifest")
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(f"oxigraph:{tmp_path}/store")
