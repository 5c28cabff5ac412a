"""The embedded Oxigraph store, in a directory or in memory."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from store.apply import apply_replacement, apply_update, dump_graph
from store.census import Census, census_request, read_census
from store.directory import LOCK_SECONDS, data_folder, turn, unopened
from store.errors import StoreError, StoreLocked
from store.evaluate import Answer, Request, Stream, evaluate
from store.guard import check_query
from store.limits import ReadLimits
from store.served import ServedStore
from store.stop import Stop
from store.whole import WholeWrites

_TICK_SECONDS = 0.05


class OxigraphStore(WholeWrites):
    """A `GraphStore` on Oxigraph in this process: one writer at a time, queries with no deadline."""

    def __init__(self, engine: ox.Store) -> None:
        """Serve `engine`."""
        self._engine: ox.Store | None = engine
        self._writing = threading.Lock()

    @property
    def engine(self) -> str:
        """Oxigraph."""
        return "oxigraph"

    def query(
        self,
        text: str,
        *,
        accept: str = "application/sparql-results+json",
        default_graphs: Iterable[str] = (),
        named_graphs: Iterable[str] = (),
    ) -> tuple[bytes, str]:
        """The body and media type of an answer; also raises `OutboundRefused` and `QueryTooComplex`."""
        return self._answer(Request(text, accept, tuple(default_graphs), tuple(named_graphs)))

    def recall(self, request: Request) -> Answer | None:
        """Nothing: this store keeps no answers."""
        return None

    def stream(self, request: Request, stop: Stop) -> Stream:
        """The whole answer in one part; there is nothing that could be stopped."""
        answer = self._answer(request)
        return Stream(answer.media_type, (part for part in (answer.body,)))

    def graph(self, iri: str) -> bytes:
        """One graph as N-Triples in byte order of its lines; empty when absent."""
        return b"".join(sorted(dump_graph(self._open(), iri).splitlines(keepends=True)))

    def census(self) -> Census:
        """How many triples each graph holds, by predicate, counted now."""
        return read_census(self._answer(census_request()).body)

    def dump(self) -> bytes:
        """The whole dataset as N-Quads, in no order."""
        return dump_graph(self._open(), None)

    def close(self) -> None:
        """Release the directory's lock; a closed store answers nothing."""
        with self._writing:
            self._engine = None

    def _answer(self, request: Request) -> Answer:
        check_query(request.text)
        return evaluate(self._open(), request)

    def _open(self) -> ox.Store:
        if self._engine is None:
            raise StoreError(it="L'archivio è chiuso.", en="The store is closed.")
        return self._engine

    def _write(self, text: str, base: str = "", graphs: Collection[str] | None = None) -> None:
        """One transaction, on disk and visible to every later query when this returns."""
        with self._writing:
            apply_update(self._open(), text, base)

    def _replace(self, graphs: Mapping[str, str]) -> None:
        with self._writing:
            apply_replacement(self._open(), graphs)


class TemporaryStore(ServedStore):
    """A store behind a service that ends with it: readers need files, so it lies in a folder of its own until then."""

    def __init__(self, limits: ReadLimits) -> None:
        """Open an empty store."""
        self._folder = TemporaryDirectory(prefix="raccordo-memory-")
        try:
            super().__init__(Path(self._folder.name), limits)
        except BaseException:
            self._folder.cleanup()
            raise

    def close(self) -> None:
        """Stop every process and delete the folder."""
        super().close()
        self._folder.cleanup()


def open_memory(place: str, limits: ReadLimits | None) -> OxigraphStore | TemporaryStore:
    """An empty store that ends with its process: in memory, or for a service, whose queries may abort their process,
    in a temporary folder with readers as on any disk.
    """
    if place:
        raise StoreError(
            it=f"«memory:{place}» non è un archivio: scrivi memory:",
            en=f"“memory:{place}” names no store: write memory:",
        )
    return OxigraphStore(ox.Store()) if limits is None else TemporaryStore(limits)


def open_directory(directory: str, limits: ReadLimits | None) -> OxigraphStore | ServedStore:
    """The store in a directory, made when absent; raises `StoreLocked` when another process has it open."""
    if not directory:
        raise StoreError(
            it="«oxigraph:» non è un archivio: scrivi oxigraph:CARTELLA",
            en="“oxigraph:” names no store: write oxigraph:DIRECTORY",
        )
    path = Path(directory)
    if limits is not None:
        return ServedStore(path, limits)
    data = data_folder(path)
    try:
        with turn(path):
            data.mkdir(exist_ok=True)
            return OxigraphStore(_engine(str(data)))
    except (OSError, RuntimeError) as error:
        raise unopened(directory, str(error)) from error


def _engine(data: str) -> ox.Store:
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return ox.Store(data)
        except OSError as error:
            # A service that was killed has a writer that is just ending.
            if not isinstance(unopened(data, str(error)), StoreLocked) or time.monotonic() > deadline:
                raise
            # Oxigraph lets go of a directory only when its object is freed, and a traceback may still hold one of ours.
            gc.collect()
            time.sleep(_TICK_SECONDS)
