"""What is found out about a server before it is believed: whether it answers and writes whole."""

from __future__ import annotations

import json
from dataclasses import dataclass

from store.endpoint import Endpoint
from store.errors import StoreError, WriteFailed
from store.texts import replacement


@dataclass(frozen=True)
class WriteTraits:
    """How a server writes."""

    transactions: bool
    """Whether an update of several operations, and of many triples, happens whole or not at all."""


_ROWS = 101
_MANY = 6_000
_SCRATCH = "urn:x-raccordo:probe"


def probe_reading(endpoint: Endpoint) -> None:
    """Find out whether the server gives every row. Raises `StoreError` with the remedy when it does not."""
    values = " ".join(map(str, range(_ROWS)))
    pairs = f"WHERE {{ VALUES ?a {{ {values} }} VALUES ?b {{ {values} }} }}"
    rows = json.loads(endpoint.ask(f"SELECT ?a ?b {pairs}", "application/sparql-results+json"))["results"]["bindings"]
    made = f"CONSTRUCT {{ <urn:x:a> <urn:x:p> ?n }} {pairs[:-1]} BIND(?a * {_ROWS} + ?b AS ?n) }}"
    triples = endpoint.ask(made, "application/n-triples").count(b"\n")
    for found in (len(rows), triples):
        if found < _ROWS**2:
            raise StoreError(
                it=f"Il server taglia le risposte in silenzio ({found} righe su {_ROWS**2}): alza il suo limite "
                "(in Virtuoso ResultSetMaxRows, nella sezione [SPARQL]).",
                en=f"The server cuts answers silently ({found} rows of {_ROWS**2}): raise its limit "
                "(in Virtuoso ResultSetMaxRows, in section [SPARQL]).",
            )


def probe_writing(endpoint: Endpoint) -> WriteTraits:
    """Find out how the server writes, in a graph of our own. Raises `WriteFailed` when it writes nothing whole."""
    many = b"".join(f'<urn:x:{n}> <urn:x:p> "{n}" .\n'.encode() for n in range(_MANY))
    try:
        transactions = _is_transaction(endpoint, many)
        if not transactions:
            if endpoint.address.graphs is None:
                raise _not_whole()
            endpoint.put(_SCRATCH, many)
            if _count(endpoint) != _MANY:
                raise _not_whole()
        return WriteTraits(transactions)
    finally:
        endpoint.update(f"DROP SILENT GRAPH <{_SCRATCH}>")


def _is_transaction(endpoint: Endpoint, many: bytes) -> bool:
    try:
        endpoint.update(replacement({_SCRATCH: many}))
    except StoreError:
        return False
    if _count(endpoint) != _MANY:
        return False
    try:
        # The first operation can be done, the second cannot: nothing may be left of the first.
        endpoint.update(f"DROP GRAPH <{_SCRATCH}> ; DROP GRAPH <{_SCRATCH}:absent>")
    except StoreError:
        return _count(endpoint) == _MANY
    return False


def _count(endpoint: Endpoint) -> int:
    body = endpoint.ask(
        f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{_SCRATCH}> {{ ?s ?p ?o }} }}", "application/sparql-results+json"
    )
    return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])


def _not_whole() -> WriteFailed:
    return WriteFailed(
        it="Il server non scrive per intero né con SPARQL Update né con il Graph Store Protocol: "
        "si può solo leggere. Indica un indirizzo con graphs=URL, se ne ha uno.",
        en="The server writes whole neither by SPARQL Update nor by the Graph Store Protocol: it can only be read. "
        "Name an address with graphs=URL, if it has one.",
    )
