"""Killable readers: each query runs in a process of its own store copy, and dies with it at the deadline.

Kept libraries of killable workers (pebble, loky) were looked at first: they return whole results only, do not say which
process runs a task, so that it cannot be given a lower priority, and know no process that belongs to a generation.
"""

from __future__ import annotations

import json
import logging
import math
import threading
import time
from collections.abc import Generator
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from store import errors
from store.child import Child
from store.errors import QueryExhausted, QueryStopped, QueryTimeout, StoreBusy, StoreError
from store.evaluate import Answer, Request, Stream
from store.generations import Generations
from store.limits import ReadLimits
from store.stop import Stop

_TICK_SECONDS = 0.05
_START_SECONDS = 30.0

_log = logging.getLogger(__name__)


class WorkerPool:
    """As many reader processes as `limits.workers`, always on the last published generation."""

    def __init__(self, generations: Generations, limits: ReadLimits) -> None:
        """Start the readers on the current generation."""
        self._limits = limits
        self._generations = generations
        self._changed = threading.Condition()
        self._idle: list[_Reader] = []
        self._busy: set[_Reader] = set()
        self._closed = False
        for _ in range(limits.workers):
            self._idle.append(self._start())
        self._warden = threading.Thread(target=self._watch, daemon=True)
        self._warden.start()

    def answer(self, request: Request, stop: Stop | None = None) -> Answer:
        """The whole answer; raises `QueryTimeout`, `QueryExhausted`, `StoreBusy` and what `evaluate` raises."""
        stream = self.stream(request, stop or Stop())
        return Answer(b"".join(stream.chunks), stream.media_type)

    def stream(self, request: Request, stop: Stop) -> Stream:
        """The answer in parts; its chunks raise instead of ending when it is not whole, and may be closed early."""
        parts = self._run(request, stop)
        return Stream(next(parts).decode(), parts)

    def aside(self, request: Request, stop: Stop) -> Answer:
        """The whole answer by a reader of its own, behind every other process, within the time of a write."""
        reader = self._start(replace(self._limits, seconds=self._limits.write_seconds))
        try:
            reader.child.yield_processor()
            with stop.ends(reader.child.kill):
                media_type, *body = reader.ask(request, stop)
            return Answer(b"".join(body), media_type.decode())
        finally:
            self._stop(reader)

    def close(self) -> None:
        """Wait for the queries under way and end every reader."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._busy, timeout=self._limits.seconds)
            readers = [*self._idle, *self._busy]
            self._idle.clear()
        self._warden.join()
        for reader in readers:
            self._stop(reader)

    def _run(self, request: Request, stop: Stop) -> Generator[bytes, None, None]:
        """The media type, then the body's frames."""
        reader = self._take()
        try:
            reader = self._current(reader)
            with self._changed:
                self._busy.add(reader)
                self._changed.notify_all()
            with stop.ends(reader.child.kill):
                yield from reader.ask(request, stop)
        finally:
            self._give_back(reader)

    def _take(self) -> _Reader:
        with self._changed:
            if not self._changed.wait_for(lambda: self._idle or self._closed, timeout=self._limits.wait_seconds):
                seconds = f"{self._limits.wait_seconds:g} s"
                raise StoreBusy(
                    it=f"Nessun lettore si è liberato entro {seconds}: riprova più tardi.",
                    en=f"No reader was free within {seconds}: try again later.",
                )
            if self._closed:
                raise StoreError(it="L'archivio è chiuso.", en="The store is closed.")
            # One that is still starting, as after an attack, only where there is no other.
            reader = next((one for one in reversed(self._idle) if one.ready), self._idle[0])
            self._idle.remove(reader)
            return reader

    def _give_back(self, reader: _Reader) -> None:
        with self._changed:
            self._busy.discard(reader)
        # A killed reader is replaced ahead of need; where that fails, the next query tries again.
        with suppress(OSError):
            reader = self._current(reader)
        with self._changed:
            self._idle.append(reader)
            self._changed.notify_all()

    def _current(self, reader: _Reader) -> _Reader:
        """The reader itself, or a new one when it is spent or reads an older generation."""
        if reader.usable and reader.copy == self._generations.current:
            return reader
        fresh = self._start()
        self._stop(reader)
        return fresh

    def _start(self, limits: ReadLimits | None = None) -> _Reader:
        copy = self._generations.acquire()
        try:
            return _Reader(copy, limits or self._limits)
        except OSError:
            self._generations.release(copy)
            raise

    def _stop(self, reader: _Reader) -> None:
        reader.child.close()
        self._generations.release(reader.copy)

    def _watch(self) -> None:
        """Lower the priority of queries that last, and end slow ones beyond their share where no reader is free."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._busy or self._closed)
                if self._closed:
                    return
                self._judge(time.monotonic())
            time.sleep(_TICK_SECONDS)

    def _judge(self, now: float) -> None:
        for reader in self._busy:
            if not reader.reniced and now - reader.began > self._limits.nice_after:
                reader.reniced = True
                reader.child.yield_processor()
        # One that was ended already is as good as free, although its thread may not have heard of it.
        running = [reader for reader in self._busy if not reader.evicted]
        slow = sorted(
            (reader for reader in running if now - reader.began > self._limits.slow_after),
            key=lambda reader: reader.began,
        )
        if len(running) == self._limits.workers and len(slow) > self._limits.slow_workers:
            slow[-1].evicted = True
            slow[-1].child.kill()


class _Reader:
    """One reader process, seen from the writer's side; used by one thread at a time."""

    def __init__(self, copy: Path, limits: ReadLimits) -> None:
        self.copy = copy
        self.child = Child("store.reader", str(copy), json.dumps(asdict(limits)))
        # A process that starts is not a slow query, however long it takes.
        self.began = math.inf
        self.reniced = False
        self.evicted = False
        self._limits = limits
        self._ready = False
        self._spent = False

    @property
    def ready(self) -> bool:
        """Whether the process has come up, so that a query put to it need not wait for that."""
        return self._ready or self.child.connection.poll()

    @property
    def usable(self) -> bool:
        """Whether another query may be put to it: it lives, ended its last one, and has its first priority."""
        return not self._spent and not self.reniced and self.child.alive

    def ask(self, request: Request, stop: Stop) -> Generator[bytes, None, None]:
        """The media type and the frames of an answer; a process that does not end its answer is killed."""
        self._spent = True
        try:
            yield from self._exchange(request, stop)
            self._spent = False
        except TimeoutError:
            seconds = f"{self._limits.seconds:g} s"
            raise QueryTimeout(
                it=f"La query non è finita entro {seconds} ed è stata fermata.",
                en=f"The query did not end within {seconds} and was stopped.",
            ) from None
        except (EOFError, OSError) as error:
            raise self._gone(stop) from error
        finally:
            self.began = math.inf
            if self._spent:
                self.child.kill()

    def _exchange(self, request: Request, stop: Stop) -> Generator[bytes, None, None]:
        self._await_ready(stop)
        allowance = _Allowance(self._limits.seconds)
        self.began = time.monotonic()
        self.child.connection.send_bytes(json.dumps(request).encode())
        head = json.loads(self._receive(allowance))
        if "error" not in head:
            yield head["media_type"].encode()
            while frame := self._receive(allowance):
                yield frame
            head = json.loads(self._receive(allowance))
        if "error" in head:
            self._spent = False
            raise getattr(errors, head["error"])(**head["reason"])

    def _await_ready(self, stop: Stop) -> None:
        """Wait for a new process to open its copy; raises `StoreError` when it ends instead, or takes too long."""
        if self._ready:
            return
        try:
            greeting: dict[str, Any] = json.loads(self._receive(_Allowance(_START_SECONDS)))
        except (EOFError, OSError) as error:
            if stop.pulled or self.evicted:
                raise
            late = isinstance(error, TimeoutError)
            ending = f"{_START_SECONDS:g} s" if late else self.child.ending()
            raise StoreError(
                it=f"Un lettore non è partito ({ending}): la query non c'entra. Riprova; se si ripete, controlla la "
                "memoria libera, e RACCORDO_QUERY_MEMORY_BYTES.",
                en=f"A reader process did not start ({ending}): the query is not at fault. Try again; if it happens "
                "again, check the free memory, and RACCORDO_QUERY_MEMORY_BYTES.",
            ) from error
        self._ready = True
        if not greeting["sandboxed"]:
            _log.warning("this system has no seccomp: outbound calls are refused by the query's text alone")

    def _receive(self, allowance: _Allowance) -> bytes:
        with allowance:
            return self.child.receive(allowance.deadline)

    def _gone(self, stop: Stop) -> StoreError:
        """Why the process ended before its answer did."""
        if stop.pulled:
            return QueryStopped(it="La query è stata interrotta.", en="The query was stopped.")
        if self.evicted:
            return StoreBusy(
                it="Troppe query lente insieme: questa è stata fermata, riprova più tardi.",
                en="Too many slow queries at once: this one was stopped, try again later.",
            )
        size = f"{self._limits.memory_bytes // 2**20} MB"
        return QueryExhausted(
            it=f"La query ha preso più di {size}, o più stack di quanto ce n'è, o il motore non l'ha retta.",
            en=f"The query took more than {size}, or more stack than there is, or the engine broke on it.",
        )


class _Allowance:
    """The seconds that a query may still compute: they pass only while its parent waits for it."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        self.deadline = 0.0

    def __enter__(self) -> None:
        self.deadline = time.monotonic() + self._left

    def __exit__(self, *_: object) -> None:
        self._left = self.deadline - time.monotonic()
