"""The embedded Oxigraph store, in a directory or in memory."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from store.errors import GraphError, StoreError, StoreLocked
from store.evaluate import Request, evaluate, graph_name, not_sparql
from store.guard import check_query, check_update
from store.limits import ReadLimits
from store.workers import WorkerPool


class OxigraphStore:
    """A `GraphStore` on Oxigraph: one writer at a time, queries answered here or by killable readers."""

    def __init__(self, engine: ox.Store, *, pool: WorkerPool | None = None) -> None:
        """Serve `engine`; with a `pool` every query is answered by it, from the state after the last write."""
        self._engine: ox.Store | None = engine
        self._pool = pool
        self._writing = threading.Lock()

    def query(
        self,
        text: str,
        *,
        accept: str = "application/sparql-results+json",
        default_graphs: Iterable[str] = (),
        named_graphs: Iterable[str] = (),
    ) -> tuple[bytes, str]:
        """The body and media type of an answer; also raises `OutboundRefused` and `QueryTooComplex`."""
        check_query(text)
        engine = self._open()
        request = Request(text, accept, tuple(default_graphs), tuple(named_graphs))
        return evaluate(engine, request) if self._pool is None else self._pool.answer(request)

    def update(self, text: str) -> None:
        """Run an update whole or not at all, flushed before this returns; LOAD and SERVICE are refused."""
        check_update(text)
        self._write(text)

    def replace_graphs(self, graphs: Mapping[str, bytes]) -> None:
        """Replace each graph with its N-Triples, all in one transaction; raises `GraphError` before touching any."""
        contents = {str(graph_name(iri)): _parse(iri, triples) for iri, triples in graphs.items()}
        drops = "".join(f"DROP SILENT GRAPH {name};\n" for name in contents)
        inserts = "\n".join(f"GRAPH {name} {{\n{triples}}}" for name, triples in contents.items())
        self._write(f"{drops}INSERT DATA {{\n{inserts}\n}}")

    def remove_graphs(self, graphs: Iterable[str]) -> None:
        """Drop the graphs in one transaction, absent ones silently."""
        self._write(";\n".join(f"DROP SILENT GRAPH {graph_name(iri)}" for iri in graphs))

    def graph(self, iri: str) -> bytes:
        """One graph as N-Triples in byte order of its lines; empty when absent."""
        triples = self._open().dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph_name(iri)) or b""
        return b"".join(sorted(triples.splitlines(keepends=True)))

    def dump(self) -> bytes:
        """The whole dataset as N-Quads, in no order."""
        return self._open().dump(format=ox.RdfFormat.N_QUADS) or b""

    def close(self) -> None:
        """Stop the readers and release the directory's lock; a closed store answers nothing."""
        with self._writing:
            engine, self._engine = self._engine, None
            if engine is not None and self._pool is not None:
                self._pool.close()

    def _open(self) -> ox.Store:
        if self._engine is None:
            raise StoreError(it="L'archivio è chiuso.", en="The store is closed.")
        return self._engine

    def _write(self, text: str) -> None:
        """One transaction, on disk and visible to every later query when this returns."""
        with self._writing:
            engine = self._open()
            try:
                engine.update(text)
                engine.flush()
                if self._pool is not None:
                    self._pool.publish(engine)
            except (SyntaxError, ValueError, RuntimeError) as error:
                raise not_sparql(error) from error
            except OSError as error:
                raise StoreError(
                    it=f"L'archivio non si scrive: {error}", en=f"The store cannot be written: {error}"
                ) from error


def open_memory(place: str, limits: ReadLimits | None) -> OxigraphStore:
    """An empty store that ends with its process; it has no readers, so `limits` bind nothing."""
    if place:
        raise StoreError(
            it=f"«memory:{place}» non è un archivio: scrivi memory:",
            en=f"“memory:{place}” names no store: write memory:",
        )
    return OxigraphStore(ox.Store())


def open_directory(directory: str, limits: ReadLimits | None) -> OxigraphStore:
    """The store in a directory, made when absent; raises `StoreLocked` when another process has it open."""
    if not directory:
        raise StoreError(
            it="«oxigraph:» non è un archivio: scrivi oxigraph:CARTELLA",
            en="“oxigraph:” names no store: write oxigraph:DIRECTORY",
        )
    path = Path(directory)
    data = path / "data"
    try:
        data.mkdir(parents=True, exist_ok=True)
        engine = _engine(str(data))
    except (OSError, RuntimeError) as error:
        # Oxigraph gives no error class of its own for a held lock, only RocksDB's words.
        if "lock hold" in str(error) or "While lock file" in str(error):
            raise StoreLocked(directory) from error
        raise StoreError(
            it=f"L'archivio «{directory}» non si apre: {error}", en=f"The store “{directory}” cannot be opened: {error}"
        ) from error
    pool = None if limits is None else WorkerPool(path / "generations", engine, limits)
    return OxigraphStore(engine, pool=pool)


def _engine(data: str) -> ox.Store:
    try:
        return ox.Store(data)
    except OSError:
        # Oxigraph lets go of a directory only when its object is freed, and a traceback may still hold one of ours.
        gc.collect()
        return ox.Store(data)


def _parse(iri: str, triples: bytes) -> str:
    """N-Triples read strictly and written again, so that nothing but triples reaches the update's text."""
    try:
        quads = ox.parse(triples, format=ox.RdfFormat.N_TRIPLES)
        return (ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    except (SyntaxError, ValueError) as error:
        raise GraphError(
            it=f"Il grafo <{iri}> non è in N-Triples: {error}", en=f"The graph <{iri}> is not N-Triples: {error}"
        ) from error
