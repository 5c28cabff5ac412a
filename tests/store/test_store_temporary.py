"""`memory:` behind a service: a query that aborts its process ends a reader alone, and nothing is left afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.hostile import GRAPH, HOSTILE, TRIPLES
from store import ReadLimits, open_store
from store.errors import QueryExhausted

DEATH = HOSTILE["death-by-order"]


def test_the_query_does_abort_the_process_that_runs_it() -> None:
    code = "import sys, pyoxigraph; list(pyoxigraph.Store().query(sys.stdin.read()))"
    done = subprocess.run([sys.executable, "-c", code], input=DEATH, text=True, capture_output=True, check=False)
    assert done.returncode < 0


def test_it_ends_a_reader_and_not_the_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    store = open_store("memory:", limits=ReadLimits(workers=1))
    try:
        store.replace_graphs({GRAPH: TRIPLES})
        for _ in range(2):
            with pytest.raises(QueryExhausted):
                store.query(DEATH)
        assert b"true" in store.query(f"ASK {{ GRAPH <{GRAPH}> {{ ?s ?p '7' }} }}")[0]
        assert len(os.listdir(tmp_path)) == 1
    finally:
        store.close()
    assert os.listdir(tmp_path) == []


def test_a_command_keeps_it_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    store = open_store("memory:")
    store.replace_graphs({GRAPH: TRIPLES})
    assert os.listdir(tmp_path) == []
    store.close()
