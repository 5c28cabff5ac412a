"""The writer process of a service: it alone has the store open, so that no update can take the service down.

Started by `store.served` as `python -m store.writer DESCRIPTOR DIRECTORY MEMORY`. Each request is a JSON list of a verb
and its arguments; each answer a JSON head, and for `dump` the bytes in frames that end with an empty one.
"""

from __future__ import annotations

import json
import os
import select
import sys
import threading
from multiprocessing.connection import Connection
from typing import Any

import pyoxigraph as ox

from store.apply import apply_replacement, apply_update, dump_graph, unwritten
from store.errors import StoreError
from store.sandbox import forbid_sockets, limit_memory

_FRAME_BYTES = 1024 * 1024


def main(descriptor: str, directory: str, memory: str) -> None:
    """Open the store and write what is asked until the other end of the connection closes."""
    limit_memory(int(memory))
    with Connection(int(descriptor)) as connection:
        try:
            engine = ox.Store(directory)
        except (OSError, RuntimeError) as error:
            _send(connection, {"unopened": str(error)})
            return
        _send(connection, {"sandboxed": forbid_sockets()})
        # Not before the sockets are forbidden, which binds this thread and those that come after.
        threading.Thread(target=_end_with, args=(connection.fileno(),), daemon=True).start()
        while (request := _receive(connection)) is not None:
            _obey(connection, engine, request)


def _end_with(descriptor: int) -> None:
    """End this process as soon as the service is gone: a long write would keep the next one from opening the store."""
    closed = select.poll()
    closed.register(descriptor, 0)
    closed.poll()
    os._exit(0)


def _receive(connection: Connection) -> list[Any] | None:
    try:
        request: list[Any] = json.loads(connection.recv_bytes())
    except EOFError:
        return None
    return request


def _obey(connection: Connection, engine: ox.Store, request: list[Any]) -> None:
    body = None
    try:
        match request:
            case ["update", text, base]:
                apply_update(engine, text, base)
            case ["replace", graphs]:
                apply_replacement(engine, graphs)
            case ["publish", copy]:
                _publish(engine, copy)
            case ["dump", graph]:
                body = dump_graph(engine, graph)
    except StoreError as error:
        _send(connection, {"error": type(error).__name__, "reason": error.reason})
        return
    _send(connection, {})
    if body is not None:
        for start in range(0, len(body), _FRAME_BYTES):
            connection.send_bytes(body[start : start + _FRAME_BYTES])
        connection.send_bytes(b"")


def _publish(engine: ox.Store, copy: str) -> None:
    try:
        engine.backup(copy)
    except OSError as error:
        raise unwritten(error) from error


def _send(connection: Connection, head: dict[str, object]) -> None:
    connection.send_bytes(json.dumps(head).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
