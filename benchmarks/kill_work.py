"""What is killed by `benchmarks.kill`: one kind of work on a store, for ever, a line for each thing that is done.

Started as `python -m benchmarks.kill_work WORK FOLDER FIRST`; it imports the store alone, so that it begins at once.
"""

from __future__ import annotations

import itertools
import pickle
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from store import GraphStore, ReadLimits, open_store
from store.keeping import back_up, compact_store, restore_store

LIMITS = ReadLimits(workers=1)
Graphs = dict[str, bytes]
Work = Callable[[Path, list[Graphs], int], Iterator[int]]
"""Works in a folder, writing the versions from the number given on."""


def _load(folder: Path, versions: list[Graphs], first: int) -> Iterator[int]:
    """Write one version after the other as `raccordo load` does: a plan and its report together."""
    yield from _write_all(open_store(store_url(folder)), versions, first)


def _update(folder: Path, versions: list[Graphs], first: int) -> Iterator[int]:
    """Write one version after the other through the writer of a service."""
    yield from _write_all(open_store(store_url(folder), limits=LIMITS), versions, first)


def _start(folder: Path, versions: list[Graphs], first: int) -> Iterator[int]:
    """Start and end services."""
    while True:
        open_store(store_url(folder), limits=LIMITS).close()
        yield first - 1


def _back_up(folder: Path, versions: list[Graphs], first: int) -> Iterator[int]:
    """Take backups into folders of their own."""
    for number in itertools.count():
        back_up(folder / "store", folder / "backups" / f"{first}-{number}")
        yield first - 1


def _compact(folder: Path, versions: list[Graphs], first: int) -> Iterator[int]:
    """Compact the store again and again."""
    while True:
        compact_store(folder / "store")
        yield first - 1


def _restore(folder: Path, versions: list[Graphs], first: int) -> Iterator[int]:
    """Restore the store from a backup of itself again and again."""
    source = folder / "backups" / f"of-{first}"
    back_up(folder / "store", source)
    while True:
        yield first - 1
        restore_store(folder / "store", source)


WORKS: Mapping[str, Work] = {
    "load": _load, "update": _update, "start": _start, "backup": _back_up, "compact": _compact, "restore": _restore,
}  # fmt: skip


def _write_all(store: GraphStore, versions: list[Graphs], first: int) -> Iterator[int]:
    for number in itertools.count(first):
        store.replace_graphs(versions[number % len(versions)])
        yield number


def store_url(folder: Path) -> str:
    """The store that is worked on in a folder."""
    return f"oxigraph:{folder}/store"


def main(work: str, folder: Path, first: int) -> None:
    """Say 0, then the number of the version that is written for certain after each thing done."""
    versions: list[Graphs] = pickle.loads((folder / "versions").read_bytes())
    print(0, flush=True)
    for number in WORKS[work](folder, versions, first):
        print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
