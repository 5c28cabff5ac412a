"""An embedded store behind a service: one writer process, many killable readers, and the answers they gave."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Collection, Generator, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from store import errors
from store.cache import AnswerCache
from store.census import Census, Counts
from store.child import Child
from store.deriving import Deriver
from store.directory import LOCK_SECONDS, data_folder, turn, unopened
from store.errors import StoreError, StoreLocked, WriteFailed
from store.evaluate import Answer, Request, Stream
from store.generations import Generations
from store.guard import check_query
from store.limits import ReadLimits
from store.standing import Standing
from store.stop import Stop
from store.whole import WholeWrites
from store.workers import WorkerPool

_OPENING_SECONDS = 120.0


class ServedStore(WholeWrites):
    """A `GraphStore` in a directory, whose queries and writes run in processes of their own."""

    def __init__(self, directory: Path, limits: ReadLimits) -> None:
        """Open the directory; raises `StoreLocked`, `StoreError`."""
        self._limits = limits
        self._directory = directory
        self._writing = threading.RLock()
        self._writer = self._start_writer()
        self._generations = Generations(directory / "generations")
        self._cache = AnswerCache(limits.cache_bytes)
        self._state = 0
        self._publish()
        self._pool = WorkerPool(self._generations, limits)
        self._closed = False
        self._closing = Stop()
        self._counts = Counts(lambda request: self._pool.aside(request, self._closing).body)
        self._standing = Standing()
        self._deriver = Deriver(self._counts, self._standing, self._renew)

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
        """The body and media type of an answer, kept for the same query until the next write."""
        request = Request(text, accept, tuple(default_graphs), tuple(named_graphs))
        if (known := self.recall(request)) is not None:
            return known
        stream = self.stream(request, Stop())
        return b"".join(stream.chunks), stream.media_type

    def recall(self, request: Request) -> Answer | None:
        """The answer given before to the same request on the same data; takes no time worth measuring."""
        answer = self._cache.get(self._state, request)
        if answer is not None:
            self._standing.recalled(request)
        return answer

    def stream(self, request: Request, stop: Stop) -> Stream:
        """The answer in parts, kept when it has come whole; also raises `OutboundRefused` and `QueryTooComplex`."""
        self._check_open()
        check_query(request.text)
        state, began = self._state, time.monotonic()
        stream = self._pool.stream(request, stop)
        return stream._replace(chunks=self._kept(state, began, request, stream))

    def graph(self, iri: str) -> bytes:
        """One graph as N-Triples in byte order of its lines; empty when absent."""
        return b"".join(sorted(self._dump(iri).splitlines(keepends=True)))

    def census(self) -> Census:
        """How many triples each graph holds, by predicate: only the graphs written to since are counted."""
        self._check_open()
        return self._counts.current(self._limits.write_seconds)

    def dump(self) -> bytes:
        """The whole dataset as N-Quads, in no order."""
        return self._dump(None)

    def close(self) -> None:
        """Stop every process and release the directory's lock; a closed store answers nothing."""
        with self._writing:
            if not self._closed:
                self._closed = True
                self._closing.pull()
                self._deriver.close()
                self._pool.close()
                self._writer.close()
                self._generations.close()

    def _renew(self, request: Request, stop: Stop) -> None:
        """Have the answer to a request ready, unless it is or there is a newer state."""
        state = self._state
        if self._cache.get(state, request) is None:
            answer = self._pool.aside(request, stop)
            if state == self._state:
                self._cache.put(state, request, answer)

    def _kept(self, state: int, began: float, request: Request, stream: Stream) -> Generator[bytes, None, None]:
        parts, size = [], 0
        with closing(stream.chunks):
            for chunk in stream.chunks:
                size += len(chunk)
                if size <= self._limits.cache_bytes:
                    parts.append(chunk)
                yield chunk
        seconds = time.monotonic() - began
        whole = size <= self._limits.cache_bytes and state == self._state
        if whole and self._cache.put(state, request, Answer(b"".join(parts), stream.media_type)):
            self._standing.computed(request, seconds)

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError(it="L'archivio è chiuso.", en="The store is closed.")

    def _write(self, text: str, base: str = "", graphs: Collection[str] | None = None) -> None:
        """One transaction, on disk and visible to every later query when this returns."""
        self._change(graphs, "update", text, base)

    def _replace(self, graphs: Mapping[str, str]) -> None:
        self._change(graphs.keys(), "replace", graphs)

    def _change(self, graphs: Collection[str] | None, *command: object) -> None:
        """Have the writer change some graphs, or any, and publish what came of it."""
        with self._writing:
            self._check_open()
            try:
                self._command(*command)
                # Before readers see it, so that no census has one graph of this write and not another; and after, so
                # that none keeps what stood before; also after a failure, which may have come behind the write.
                self._counts.touch(graphs)
                self._publish()
            finally:
                self._counts.touch(graphs)
                self._deriver.published()

    def _publish(self) -> None:
        self._generations.publish(lambda copy: self._command("publish", str(copy)))
        self._state += 1
        self._cache.clear()

    def _dump(self, graph: str | None) -> bytes:
        with self._writing:
            self._check_open()
            self._command("dump", graph)
            deadline = time.monotonic() + self._limits.write_seconds
            return b"".join(iter(lambda: self._writer.receive(deadline), b""))

    def _command(self, *request: object) -> None:
        """Have the writer do one thing; one that fails to answer is replaced, with the store as it left it."""
        try:
            self._writer.connection.send_bytes(json.dumps(request).encode())
            head: dict[str, Any] = json.loads(self._writer.receive(time.monotonic() + self._limits.write_seconds))
        except (EOFError, OSError) as error:
            failure = self._failed(error)
            self._writer.close()
            self._writer = self._start_writer()
            raise failure from error
        if "error" in head:
            raise getattr(errors, head["error"])(**head["reason"])

    def _failed(self, error: Exception) -> WriteFailed:
        """Why the writer gave no answer."""
        if isinstance(error, TimeoutError):
            seconds = f"{self._limits.write_seconds:g} s"
            why_it, why_en = f"non è finita entro {seconds}", f"did not end within {seconds}"
        else:
            ending, size = self._writer.ending(), f"{self._limits.write_memory_bytes // 2**20} MB"
            why_it = f"ha preso più di {size}, o il motore non l'ha retta ({ending})"
            why_en = f"took more than {size}, or the engine broke on it ({ending})"
        return WriteFailed(
            it=f"La scrittura {why_it}: è avvenuta per intero o per niente. Dividila in parti più piccole.",
            en=f"The write {why_en}: it happened whole or not at all. Divide it into smaller ones.",
        )

    def _start_writer(self) -> Child:
        """A writer with the store open; the one of a service that was killed is given time to end."""
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                return self._open_writer()
            except StoreLocked:
                if time.monotonic() > deadline:
                    raise

    def _open_writer(self) -> Child:
        data = data_folder(self._directory)
        try:
            with turn(self._directory):
                data.mkdir(exist_ok=True)
                writer = Child("store.writer", str(data), str(self._limits.write_memory_bytes))
                problem = _greeting(writer)
        except OSError as error:
            raise unopened(str(self._directory), str(error)) from error
        if problem is not None:
            writer.close()
            raise unopened(str(self._directory), problem)
        return writer


def _greeting(writer: Child) -> str | None:
    """Why a new writer does not have the store open, if it has not."""
    try:
        head: dict[str, str] = json.loads(writer.receive(time.monotonic() + _OPENING_SECONDS))
    except TimeoutError:
        return f"the process that writes did not open it within {_OPENING_SECONDS:g} s"
    except EOFError:
        return f"the process that writes ended at its start ({writer.ending()}): is there memory for it?"
    return head.get("unopened")
