"""The directory of an embedded store: who may open it now, and how its data are exchanged for others as one step."""

from __future__ import annotations

import fcntl
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.errors import StoreError, StoreLocked
from store.format import check_directory, note_engine
from store.marker import flush_folder, is_whole, unmark

LOCK_SECONDS = 1.0
"""How long an opening waits for a process that is just ending, such as the writer of a service that was killed."""
_TICK_SECONDS = 0.02
# What Oxigraph says of data in a form that it does not know, or may not bring to its own.
_OTHER_FORM = ("too recent version", "outdated encoding version", "not possible to upgrade read-only")


def data_folder(directory: Path) -> Path:
    """Where Oxigraph's own files stand."""
    return directory / "data"


def fresh_folder(directory: Path) -> Path:
    """Where data are made that are to take the place of the present ones."""
    return directory / "data.new"


@contextmanager
def turn(directory: Path) -> Iterator[None]:
    """Open or exchange the data inside this: one process at a time, after what an earlier one left half done.

    Raises `StoreLocked` when another process exchanges them, `StoreError` when a later engine wrote them, `OSError`.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        _take(lock.fileno(), directory)
        check_directory(directory)
        _settle(directory)
        yield
        note_engine(directory)


def put_in_place(directory: Path) -> None:
    """Exchange the data for those in `fresh_folder`, which are marked whole; inside `turn`, with the store closed."""
    data, fresh, old = data_folder(directory), fresh_folder(directory), _old_folder(directory)
    if data.exists():
        data.rename(old)
    fresh.rename(data)
    flush_folder(directory)
    unmark(data)
    shutil.rmtree(old, ignore_errors=True)


def unopened(directory: str, problem: str) -> StoreError:
    """Why a directory does not open: Oxigraph gives no error class of its own for a held lock, only RocksDB's words."""
    if "lock hold" in problem or "While lock file" in problem:
        return StoreLocked(directory)
    if any(words in problem for words in _OTHER_FORM):
        return StoreError(
            it=f"L'archivio «{directory}» è di un'altra versione di Oxigraph: con quella `raccordo dump`, e con questa "
            f"`raccordo restore` ({problem})",
            en=f"The store “{directory}” is of another version of Oxigraph: run `raccordo dump` with that one and "
            f"`raccordo restore` with this one ({problem})",
        )
    return StoreError(
        it=f"L'archivio «{directory}» non si apre: {problem}", en=f"The store “{directory}” cannot be opened: {problem}"
    )


def _old_folder(directory: Path) -> Path:
    return directory / "data.old"


def _settle(directory: Path) -> None:
    """End an exchange that was interrupted: with the new data when these were in place of nothing, else with the old.

    Without `data` an exchange stood between its two steps: opening would make an empty store.
    """
    data, fresh, old = data_folder(directory), fresh_folder(directory), _old_folder(directory)
    if not data.exists():
        if is_whole(fresh):
            put_in_place(directory)
        elif old.exists():
            old.rename(data)
    for left in (fresh, fresh.with_name(f"{fresh.name}.tmp"), old):
        shutil.rmtree(left, ignore_errors=True)


def _take(descriptor: int, directory: Path) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise StoreLocked(str(directory)) from None
            time.sleep(_TICK_SECONDS)
