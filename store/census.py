"""How many triples each graph holds, by predicate: counted anew only for the graphs that were written to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from store.errors import StoreBusy
from store.evaluate import Request, graph_name

Census = Mapping[str, Mapping[str, int]]
"""IRI of a named graph → IRI of a predicate → how many triples of the graph have it."""

_JSON = "application/sparql-results+json"


def census_request(graphs: Iterable[str] | None = None) -> Request:
    """The query whose answer is the census of some graphs, or of all."""
    values = "" if graphs is None else f"VALUES ?g {{ {' '.join(str(graph_name(iri)) for iri in graphs)} }} "
    text = f"SELECT ?g ?p (COUNT(*) AS ?n) WHERE {{ {values}GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g ?p"
    return Request(text, _JSON)


def read_census(body: bytes) -> dict[str, dict[str, int]]:
    """The census in the answer to `census_request`."""
    found: dict[str, dict[str, int]] = {}
    for row in json.loads(body)["results"]["bindings"]:
        # A count without any solution may be one row with nothing but a zero.
        if "g" in row:
            found.setdefault(row["g"]["value"], {})[row["p"]["value"]] = int(row["n"]["value"])
    return found


class Counts:
    """The census of a store that is written to, true of its last state whenever it is given."""

    def __init__(self, count: Callable[[Request], bytes]) -> None:
        """Count with `count`, which answers on the last published state or a later one."""
        self._count = count
        self._changed = threading.Condition()
        self._known: dict[str, dict[str, int]] = {}
        self._touched: set[str] = set()
        self._all_touched = True
        self._counting = False
        self._wanted = False

    def touch(self, graphs: Iterable[str] | None) -> None:
        """Note a write to some graphs, or to any: just before readers see it, and again when they do."""
        with self._changed:
            if graphs is None:
                self._all_touched = True
            elif not self._all_touched:
                self._touched.update(graphs)

    def follow(self) -> None:
        """Count what was touched, if anybody ever asked for the census. Raises `StoreError`."""
        if self._wanted:
            self._refresh()

    def current(self, seconds: float) -> Census:
        """The census of the last state, waited for while others count. Raises `StoreBusy`, `StoreError`."""
        deadline = time.monotonic() + seconds
        self._wanted = True
        while True:
            self._refresh()
            with self._changed:
                if not (self._counting or self._touched or self._all_touched):
                    return MappingProxyType(dict(self._known))
                self._changed.wait_for(lambda: not self._counting, timeout=max(0.0, deadline - time.monotonic()))
            if time.monotonic() > deadline:
                raise StoreBusy(it="I conteggi non sono ancora pronti: riprova.", en="The counts are not ready: retry.")

    def _refresh(self) -> None:
        """Count until nothing is touched; one thread does it, and others return at once.

        Graphs that one write touched are counted by one query; a count that a write overtook is made again.
        """
        with self._changed:
            if self._counting:
                return
            self._counting = True
        try:
            while (graphs := self._taken()) != set():
                self._count_again(graphs)
        finally:
            with self._changed:
                self._counting = False
                self._changed.notify_all()

    def _taken(self) -> set[str] | None:
        """What is to be counted now: some graphs, or all (`None`)."""
        with self._changed:
            graphs = None if self._all_touched else self._touched
            self._touched, self._all_touched = set(), False
            return graphs

    def _count_again(self, graphs: set[str] | None) -> None:
        try:
            found = read_census(self._count(census_request(graphs and sorted(graphs))))
        except BaseException:
            self.touch(graphs)
            raise
        with self._changed:
            for graph in list(self._known) if graphs is None else graphs:
                self._known.pop(graph, None)
            self._known.update(found)
