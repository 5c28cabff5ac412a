"""What is found out about a server before it is believed: whether it answers and writes whole, and its own ways."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from store.endpoint import Endpoint
from store.errors import StoreError, WriteFailed
from store.texts import replacement


@dataclass(frozen=True)
class WriteTraits:
    """How a server writes."""

    transactions: bool
    """Whether an update of several operations, and of many triples, happens whole or not at all."""
    ways: tuple[str, ...]
    """The keys of `WAYS` that were seen while writing."""


WAYS: Mapping[str, str] = {
    "default-graph": "its default graph is the union of all, or holds triples of its own: name the graph",
    "division": "1/2 is 0: cast to decimal before dividing",
    "joined-paths": "two joined property paths are answered wrongly or not at all: write the steps out",
    "blank-nodes": "an update with blank nodes is refused: name every node",
}
"""What a server may do otherwise than Oxigraph, and what texts of others have to mind; our own hold on both."""


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


def probe_answers(endpoint: Endpoint) -> tuple[str, ...]:
    """The keys of `WAYS` that can be seen by reading; what a server does not answer is not as it should be."""
    checks: dict[str, Callable[[], bool]] = {
        "division": lambda: float(_values(endpoint, "SELECT (1/2 AS ?x) WHERE {}")[0]) == 0.5,
        # The default graph is never written from here: where it holds something, it is the union.
        "default-graph": lambda: _values(endpoint, "SELECT ?x WHERE { ?x ?p ?o } LIMIT 1") == [],
    }
    return _failed(checks)


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
        return WriteTraits(transactions, _written_ways(endpoint))
    finally:
        endpoint.update(f"DROP SILENT GRAPH <{_SCRATCH}>")


def _written_ways(endpoint: Endpoint) -> tuple[str, ...]:
    """What is seen in a graph of six triples with names: two chains that meet, and a blank node."""
    chains = "".join(
        f"<urn:x:{n}> <urn:x:up> <urn:x:{n + 1}> . <urn:x:{n}> <urn:x:over> <urn:x:{n + 1}> . " for n in range(3)
    )
    joined = f"SELECT (COUNT(*) AS ?x) WHERE {{ GRAPH <{_SCRATCH}> {{ ?a <urn:x:up>+ ?b . ?b <urn:x:over>+ ?c }} }}"

    def paths() -> bool:
        endpoint.update(f"INSERT DATA {{ GRAPH <{_SCRATCH}> {{ {chains} }} }}")
        # Of 0 → 1 → 2 → 3 the pairs a < b < c.
        return _values(endpoint, joined) == ["4"]

    def blank_nodes() -> bool:
        endpoint.update(f"INSERT DATA {{ GRAPH <{_SCRATCH}> {{ _:a <urn:x:of> _:a }} }}")
        return len(_values(endpoint, f"SELECT ?x WHERE {{ GRAPH <{_SCRATCH}> {{ ?x <urn:x:of> ?x }} }}")) == 1

    return _failed({"joined-paths": paths, "blank-nodes": blank_nodes})


def _failed(checks: Mapping[str, Callable[[], bool]]) -> tuple[str, ...]:
    def holds(check: Callable[[], bool]) -> bool:
        try:
            return check()
        except (StoreError, ValueError, LookupError):
            return False

    return tuple(name for name, check in checks.items() if not holds(check))


def _values(endpoint: Endpoint, text: str) -> list[str]:
    rows: Iterable[dict[str, dict[str, str]]]
    rows = json.loads(endpoint.ask(text, "application/sparql-results+json"))["results"]["bindings"]
    return [row["x"]["value"] for row in rows]


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
