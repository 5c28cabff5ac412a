"""The writer process of a service: it alone has the store open, so that no update can take the service down.

Started by `store.served` as `python -m store.writer DESCRIPTOR DIRECTORY MEMORY`. Each request is a JSON list of a verb
and its arguments; each answer a JSON head, and for `dump` the bytes in frames that end with an empty one.
"""

from __future__ import annotations

import json
import sys
from multiprocessing.connection import Connection

import pyoxigraph as ox

from store.errors import StoreError
from store.evaluate import graph_name, not_sparql
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
        while (request := _receive(connection)) is not None:
            _obey(connection, engine, request)


def apply_update(engine: ox.Store, text: str, base: str) -> None:
    """Run an update as one transaction, flushed to disk; raises `QueryError`, `StoreError`."""
    try:
        engine.update(text, base_iri=base or None)
        engine.flush()
    except (SyntaxError, ValueError, RuntimeError) as error:
        raise not_sparql(error) from error
    except OSError as error:
        raise _unwritten(error) from error


def dump_graph(engine: ox.Store, graph: str | None) -> bytes:
    """One named graph as N-Triples, or the whole dataset as N-Quads."""
    if graph is None:
        return engine.dump(format=ox.RdfFormat.N_QUADS) or b""
    return engine.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph_name(graph)) or b""


def _receive(connection: Connection) -> list[str] | None:
    try:
        request: list[str] = json.loads(connection.recv_bytes())
    except EOFError:
        return None
    return request


def _obey(connection: Connection, engine: ox.Store, request: list[str]) -> None:
    body = None
    try:
        match request:
            case ["update", text, base]:
                apply_update(engine, text, base)
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
        raise _unwritten(error) from error


def _unwritten(error: OSError) -> StoreError:
    return StoreError(it=f"L'archivio non si scrive: {error}", en=f"The store cannot be written: {error}")


def _send(connection: Connection, head: dict[str, object]) -> None:
    connection.send_bytes(json.dumps(head).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
