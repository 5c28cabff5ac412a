"""Killable readers: each query runs in a process of its own store copy, and dies with it at the deadline."""

from __future__ import annotations

import contextlib
import json
import logging
import queue
import subprocess
import sys
import time
from dataclasses import asdict
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from store import errors
from store.errors import QueryExhausted, QueryTimeout, StoreBusy, StoreError
from store.evaluate import Answer, Request
from store.generations import Generations
from store.limits import ReadLimits

_log = logging.getLogger(__name__)


class WorkerPool:
    """As many reader processes as `limits.workers`, always on the last published generation."""

    def __init__(self, directory: Path, engine: ox.Store, limits: ReadLimits) -> None:
        """Publish the engine's present state under `directory` and start the readers."""
        self._limits = limits
        self._generations = Generations(directory)
        self._generations.publish(engine)
        self._idle: queue.LifoQueue[_Reader] = queue.LifoQueue()
        for _ in range(limits.workers):
            self._idle.put(self._start())

    def publish(self, engine: ox.Store) -> None:
        """Make the engine's present state the one that every query from now on is answered from."""
        self._generations.publish(engine)

    def answer(self, request: Request) -> Answer:
        """The reader's answer; raises `QueryTimeout`, `QueryExhausted`, `StoreBusy` and what `evaluate` raises."""
        try:
            reader = self._idle.get(timeout=self._limits.wait_seconds)
        except queue.Empty:
            seconds = f"{self._limits.wait_seconds:g} s"
            raise StoreBusy(
                it=f"Nessun lettore si è liberato entro {seconds}: riprova più tardi.",
                en=f"No reader was free within {seconds}: try again later.",
            ) from None
        try:
            reader = self._current(reader)
            return reader.ask(request, time.monotonic() + self._limits.seconds)
        finally:
            # A killed reader is replaced ahead of need; where that fails, the next query tries again.
            with contextlib.suppress(OSError):
                reader = self._current(reader)
            self._idle.put(reader)

    def close(self) -> None:
        """Wait for the queries under way, end every reader and delete the copies."""
        for _ in range(self._limits.workers):
            self._stop(self._idle.get())
        self._generations.close()

    def _current(self, reader: _Reader) -> _Reader:
        """The reader itself, or a new one when it is dead or reads an older generation."""
        if reader.alive and reader.copy == self._generations.current:
            return reader
        fresh = self._start()
        self._stop(reader)
        return fresh

    def _start(self) -> _Reader:
        return _Reader(self._generations.acquire(), self._limits)

    def _stop(self, reader: _Reader) -> None:
        reader.kill()
        self._generations.release(reader.copy)


class _Reader:
    """One reader process, seen from the writer's side; used by one thread at a time."""

    def __init__(self, copy: Path, limits: ReadLimits) -> None:
        self.copy = copy
        self._limits = limits
        self._ready = False
        self._connection, theirs = Pipe()
        with theirs:
            arguments = [str(copy), str(theirs.fileno()), json.dumps(asdict(limits))]
            # An empty environment: a reader needs no setting and must know no secret.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "store.reader", *arguments],
                pass_fds=[theirs.fileno()],
                env={},
                # An interrupt from the keyboard is for the service, which ends its readers in good order.
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process at once, whatever it does, and wait until it is gone."""
        self._connection.close()
        self._process.kill()
        self._process.wait()

    def ask(self, request: Request, deadline: float) -> Answer:
        """One query's answer; a process that gives neither an answer nor an error of its own is killed."""
        replied = False
        try:
            head, body = self._exchange(request, deadline)
            replied = True
        except (EOFError, OSError) as error:
            size = f"{self._limits.memory_bytes // 2**20} MB"
            raise QueryExhausted(
                it=f"La query ha preso più di {size}, o più stack di quanto ce n'è.",
                en=f"The query took more than {size}, or more stack than there is.",
            ) from error
        finally:
            if not replied:
                self.kill()
        if "error" in head:
            raise getattr(errors, head["error"])(**head["reason"])
        return Answer(body, head["media_type"])

    def _exchange(self, request: Request, deadline: float) -> tuple[dict[str, Any], bytes]:
        self._await_ready(deadline)
        self._connection.send_bytes(json.dumps(request).encode())
        head = json.loads(self._receive(deadline))
        return head, b"" if "error" in head else self._receive(deadline)

    def _await_ready(self, deadline: float) -> None:
        """Wait for a new process to open its copy; raises `StoreError` when it ends instead."""
        if self._ready:
            return
        try:
            greeting = json.loads(self._receive(deadline))
        except (EOFError, ConnectionError) as error:
            raise StoreError(it="Un lettore non è partito.", en="A reader process could not start.") from error
        self._ready = True
        if not greeting["sandboxed"]:
            _log.warning("this system has no seccomp: outbound calls are refused by the query's text alone")

    def _receive(self, deadline: float) -> bytes:
        if not self._connection.poll(max(0.0, deadline - time.monotonic())):
            seconds = f"{self._limits.seconds:g} s"
            raise QueryTimeout(
                it=f"La query non è finita entro {seconds} ed è stata fermata.",
                en=f"The query did not end within {seconds} and was stopped.",
            )
        return self._connection.recv_bytes()
