"""Copies of an embedded store, and a store made of a copy: `raccordo backup | dump | restore | compact`.

A copy is taken from the store itself, or, while a service has it open, from the generation that its readers use.
"""

from __future__ import annotations

import gc
import gzip
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from store.directory import data_folder, fresh_folder, put_in_place, turn, unopened
from store.errors import GraphError, StoreError, StoreLocked
from store.format import check_engine
from store.generations import newest_whole
from store.marker import engine_of, is_whole, mark_whole

_GZIP = ".gz"


def back_up(directory: Path, target: Path) -> None:
    """Copy the store into a new folder, marked as whole once everything is on disk. Raises `StoreError`, `OSError`."""
    if target.exists():
        raise StoreError(
            it=f"«{target}» esiste già: indica una cartella nuova.", en=f"“{target}” exists: name a new folder."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with _readable(directory) as engine:
        engine.backup(str(target))
    for path in target.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    mark_whole(target)


def dump_store(directory: Path, output: IO[bytes]) -> None:
    """Write every quad as N-Quads, in no order. Raises `StoreError`, `OSError`."""
    with _readable(directory) as engine:
        engine.dump(output, format=ox.RdfFormat.N_QUADS)


def restore_store(directory: Path, source: Path) -> int:
    """Exchange the whole store for a backup folder or an N-Quads file (`.gz` too); how many quads it has now.

    The store stays as it was when the source is not whole or not RDF, and when this is interrupted. Raises
    `StoreError`, `StoreLocked`, `GraphError`, `OSError`.
    """
    if source.is_dir() and not is_whole(source):
        raise StoreError(
            it=f"«{source}» non è una copia intera: `raccordo backup` non è arrivato alla fine.",
            en=f"“{source}” is no whole copy: `raccordo backup` did not come to its end.",
        )
    if source.is_dir():
        check_engine(source, engine_of(source))
    return _exchange(directory, lambda fresh: _from_folder(source, fresh) if source.is_dir() else _read(source, fresh))


def compact_store(directory: Path) -> int:
    """Exchange the store for a copy without the space that deleted quads and interrupted writes left; its quads."""

    def compacted(fresh: Path) -> None:
        engine = ox.Store(str(data_folder(directory)))
        engine.optimize()
        engine.backup(str(fresh))

    return _exchange(directory, compacted)


def _exchange(directory: Path, make: Callable[[Path], None]) -> int:
    with turn(directory):
        try:
            # Nobody else has it open, and nobody else can open it before the exchange is done.
            ox.Store(str(_made(data_folder(directory))))
            gc.collect()
            fresh = fresh_folder(directory)
            make(fresh)
            gc.collect()
            quads = len(ox.Store.read_only(str(fresh)))
        except (OSError, RuntimeError) as error:
            raise unopened(str(directory), str(error)) from error
        mark_whole(fresh)
        put_in_place(directory)
    return quads


def _from_folder(source: Path, fresh: Path) -> None:
    ox.Store.read_only(str(source)).backup(str(fresh))


def _read(source: Path, fresh: Path) -> None:
    fresh.mkdir()
    engine = ox.Store(str(fresh))
    try:
        with gzip.open(source) if source.name.endswith(_GZIP) else source.open("rb") as file:
            engine.bulk_load(cast(IO[bytes], file), format=ox.RdfFormat.N_QUADS)
    except (SyntaxError, EOFError, gzip.BadGzipFile) as error:
        raise GraphError(
            it=f"«{source}» non è N-Quads fino in fondo: {error}", en=f"“{source}” is not N-Quads to its end: {error}"
        ) from error
    engine.flush()


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def _readable(directory: Path) -> Iterator[ox.Store]:
    """The store, open for reading: its data, or the newest whole generation of the service that has them open."""
    if not data_folder(directory).exists() and not directory.exists():
        raise StoreError(it=f"«{directory}» non c'è.", en=f"There is no “{directory}”.")
    try:
        with turn(directory):
            engine = ox.Store(str(_made(data_folder(directory))))
    except (OSError, RuntimeError) as error:
        problem = unopened(str(directory), str(error))
        copy = newest_whole(directory / "generations") if isinstance(problem, StoreLocked) else None
        if copy is None:
            raise problem from error
        engine = ox.Store.read_only(str(copy))
    yield engine
