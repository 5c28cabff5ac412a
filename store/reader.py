"""A reader process: answers one query at a time on one immutable copy of the store, and may be killed at any moment.

Started by `store.workers` as `python -m store.reader COPY DESCRIPTOR LIMITS`; it speaks over one socket pair:
a JSON head, then the body's bytes.
"""

from __future__ import annotations

import json
import signal
import sys
from multiprocessing.connection import Connection

import pyoxigraph as ox

from store.errors import AnswerTooLarge, StoreError
from store.evaluate import Request, evaluate
from store.limits import ReadLimits
from store.sandbox import forbid_sockets, limit_memory

_GRACE_SECONDS = 1.0
"""A reader whose parent is gone, so that nobody kills it, ends itself this long after the deadline."""


def main(copy: str, descriptor: str, limits_text: str) -> None:
    """Serve queries until the other end of the connection closes."""
    limits = ReadLimits(**json.loads(limits_text))
    limit_memory(limits.memory_bytes)
    sandboxed = forbid_sockets()
    engine = ox.Store.read_only(copy)
    with Connection(int(descriptor)) as connection:
        connection.send_bytes(json.dumps({"sandboxed": sandboxed}).encode())
        while (request := _receive(connection)) is not None:
            signal.setitimer(signal.ITIMER_REAL, limits.seconds + _GRACE_SECONDS)
            _reply(connection, engine, request, limits.answer_bytes)
            signal.setitimer(signal.ITIMER_REAL, 0)


def _receive(connection: Connection) -> Request | None:
    try:
        text, accept, default_graphs, named_graphs = json.loads(connection.recv_bytes())
    except EOFError:
        return None
    return Request(text, accept, tuple(default_graphs), tuple(named_graphs))


def _reply(connection: Connection, engine: ox.Store, request: Request, largest: int) -> None:
    try:
        answer = evaluate(engine, request)
        if len(answer.body) > largest:
            raise AnswerTooLarge(
                it=f"La risposta supera {largest} byte: restringi la domanda o scarica tutti i dati.",
                en=f"The answer is longer than {largest} bytes: narrow the question or take a dump.",
            )
    except StoreError as error:
        connection.send_bytes(json.dumps({"error": type(error).__name__, "reason": error.reason}).encode())
        return
    connection.send_bytes(json.dumps({"media_type": answer.media_type}).encode())
    connection.send_bytes(answer.body)


if __name__ == "__main__":
    main(*sys.argv[1:])
