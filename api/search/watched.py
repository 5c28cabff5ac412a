"""A store that says which graphs are written through it, so that what is derived from them can follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from store import GraphStore
from store.census import Census
from store.evaluate import Answer, Request, Stream
from store.stop import Stop


class Journal(Protocol):
    """Who has to know of writes."""

    def begin(self, graphs: Iterable[str] | None) -> None:
        """A write to the graphs (`None`: to any) is about to happen; what is kept of it survives the process."""
        ...

    def end(self, graphs: Iterable[str] | None) -> None:
        """The write is over; it may have failed, and may have happened all the same."""
        ...


class WatchedStore:
    """A `GraphStore` that passes everything on, and tells a journal of each write before and after."""

    def __init__(self, store: GraphStore, journal: Journal) -> None:
        """Pass on to `store`."""
        self._store = store
        self._journal = journal

    @property
    def engine(self) -> str:
        """What evaluates the queries of the store."""
        return self._store.engine

    def query(
        self,
        text: str,
        *,
        accept: str = "application/sparql-results+json",
        default_graphs: Iterable[str] = (),
        named_graphs: Iterable[str] = (),
    ) -> tuple[bytes, str]:
        """The answer of the store."""
        return self._store.query(text, accept=accept, default_graphs=default_graphs, named_graphs=named_graphs)

    def recall(self, request: Request) -> Answer | None:
        """The answer that the store knows already."""
        return self._store.recall(request)

    def stream(self, request: Request, stop: Stop) -> Stream:
        """The answer of the store in parts."""
        return self._store.stream(request, stop)

    def update(
        self, text: str, *, base: str = "", using_graphs: Iterable[str] = (), using_named_graphs: Iterable[str] = ()
    ) -> None:
        """An update, which may touch any graph."""
        with self._written(None):
            self._store.update(text, base=base, using_graphs=using_graphs, using_named_graphs=using_named_graphs)

    def replace_graphs(self, graphs: Mapping[str, bytes]) -> None:
        """Replace the graphs."""
        with self._written(graphs):
            self._store.replace_graphs(graphs)

    def add_to_graphs(self, graphs: Mapping[str, bytes]) -> None:
        """Add to the graphs."""
        with self._written(graphs):
            self._store.add_to_graphs(graphs)

    def remove_graphs(self, graphs: Iterable[str]) -> None:
        """Drop the graphs."""
        names = tuple(graphs)
        with self._written(names):
            self._store.remove_graphs(names)

    def graph(self, iri: str) -> bytes:
        """One graph of the store."""
        return self._store.graph(iri)

    def census(self) -> Census:
        """How many triples each graph of the store holds, by predicate."""
        return self._store.census()

    def dump(self) -> bytes:
        """The whole store."""
        return self._store.dump()

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    @contextmanager
    def _written(self, graphs: Iterable[str] | None) -> Iterator[None]:
        names = None if graphs is None else tuple(graphs)
        self._journal.begin(names)
        try:
            yield
        finally:
            self._journal.end(names)
