"""A reader process: answers one query at a time on one immutable copy of the store, and may be killed at any moment.

Started by `store.workers` as `python -m store.reader DESCRIPTOR COPY LIMITS`. To each request it sends a JSON head, the
body in frames that are never empty, an empty frame, and a JSON tail: a body without its tail is not whole.
"""

from __future__ import annotations

import io
import json
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import pyoxigraph as ox

from store.errors import AnswerTooLarge, StoreError
from store.evaluate import Request, write_answer
from store.limits import ReadLimits
from store.marker import is_whole
from store.sandbox import forbid_sockets, limit_memory

_HELD_BYTES = 1024 * 1024
"""How much of an answer is kept before its first byte leaves, so that most errors come instead of an answer."""
_FRAME_BYTES = 256 * 1024
_GRACE_SECONDS = 1.0
"""A reader whose parent is gone, so that nobody kills it, ends itself this long after its deadline."""


def main(descriptor: str, copy: str, limits_text: str) -> None:
    """Serve queries until the other end of the connection closes; a copy that is not whole is not served."""
    if not is_whole(Path(copy)):
        return
    limits = ReadLimits(**json.loads(limits_text))
    limit_memory(limits.memory_bytes)
    sandboxed = forbid_sockets()
    engine = ox.Store.read_only(copy)
    with Connection(int(descriptor)) as connection:
        _send(connection, {"sandboxed": sandboxed})
        while (request := _receive(connection)) is not None:
            _reply(connection, engine, request, limits)


def _receive(connection: Connection) -> Request | None:
    try:
        text, accept, default_graphs, named_graphs, base = json.loads(connection.recv_bytes())
    except EOFError:
        return None
    return Request(text, accept, tuple(default_graphs), tuple(named_graphs), base)


def _reply(connection: Connection, engine: ox.Store, request: Request, limits: ReadLimits) -> None:
    frames = _Frames(connection, request.accept, limits)
    try:
        write_answer(engine, request, frames)
        frames.end()
    except StoreError as error:
        problem: dict[str, object] = {"error": type(error).__name__, "reason": error.reason}
        if frames.begun:
            connection.send_bytes(b"")
        _send(connection, problem)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


class _Frames(io.RawIOBase):
    """What Oxigraph writes an answer into."""

    def __init__(self, connection: Connection, media_type: str, limits: ReadLimits) -> None:
        self._connection = connection
        self._media_type = media_type
        self._limits = limits
        self._kept = bytearray()
        self._size = 0
        self.begun = False
        self._rearm()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Keep some bytes, and send what is kept once it is enough."""
        self._size += len(data)
        if self._size > self._limits.answer_bytes:
            raise AnswerTooLarge(
                it=f"La risposta supera {self._limits.answer_bytes} byte: restringi la domanda o scarica tutti i dati.",
                en=f"The answer is longer than {self._limits.answer_bytes} bytes: narrow the question or take a dump.",
            )
        self._kept += data
        if len(self._kept) >= (_FRAME_BYTES if self.begun else _HELD_BYTES):
            self._flush_kept()
        return len(data)

    def end(self) -> None:
        """Send the rest, and say that it was all."""
        self._flush_kept()
        self._connection.send_bytes(b"")
        _send(self._connection, {})

    def _flush_kept(self) -> None:
        if not self.begun:
            _send(self._connection, {"media_type": self._media_type})
            self.begun = True
        if self._kept:
            self._connection.send_bytes(self._kept)
            self._kept.clear()
        self._rearm()

    def _rearm(self) -> None:
        seconds = self._limits.seconds + self._limits.stall_seconds + _GRACE_SECONDS
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _send(connection: Connection, head: dict[str, object]) -> None:
    connection.send_bytes(json.dumps(head).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
