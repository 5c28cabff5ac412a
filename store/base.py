"""What a graph store must do: SPARQL text goes in, serialised bytes come out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from store.census import Census
from store.evaluate import Answer, Request, Stream
from store.stop import Stop


class GraphStore(Protocol):
    """A place for named graphs (see `contract.md` for isolation, durability, limits and errors)."""

    @property
    def engine(self) -> str:
        """The name of what evaluates queries, in lower case, as far as it is known."""
        ...

    def query(
        self,
        text: str,
        *,
        accept: str = "application/sparql-results+json",
        default_graphs: Iterable[str] = (),
        named_graphs: Iterable[str] = (),
    ) -> tuple[bytes, str]:
        """Answer a SPARQL 1.1 query: body and its media type.

        `accept` is one media type, not a header. Raises `QueryError` (the text), `QueryTimeout`, `UnsupportedFormat`.
        """
        ...

    def recall(self, request: Request) -> Answer | None:
        """The answer that is already known to be that of `stream`; `None` when the query has to run. Never waits."""
        ...

    def stream(self, request: Request, stop: Stop) -> Stream:
        """Answer a query in parts, as they are found; `stop` ends it. Raises what `query` raises, then or later."""
        ...

    def update(
        self, text: str, *, base: str = "", using_graphs: Iterable[str] = (), using_named_graphs: Iterable[str] = ()
    ) -> None:
        """Run a SPARQL 1.1 update as one transaction. Raises `QueryError`, also where it has a dataset of its own.

        With `using_…` every WHERE sees those graphs and no other.
        """
        ...

    def replace_graphs(self, graphs: Mapping[str, bytes]) -> None:
        """Replace each named graph (IRI → N-Triples, UTF-8) in one transaction: all or none."""
        ...

    def add_to_graphs(self, graphs: Mapping[str, bytes]) -> None:
        """Add to each named graph (IRI → N-Triples, UTF-8) in one transaction: all or none."""
        ...

    def remove_graphs(self, graphs: Iterable[str]) -> None:
        """Drop each named graph in one transaction; an absent graph is no error."""
        ...

    def graph(self, iri: str) -> bytes:
        """One named graph as N-Triples, sorted; empty when absent."""
        ...

    def census(self) -> Census:
        """How many triples each named graph holds, by predicate, in the state that the next query sees."""
        ...

    def dump(self) -> bytes:
        """The whole dataset as N-Quads."""
        ...

    def close(self) -> None:
        """Release the store."""
        ...
