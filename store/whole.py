"""The writes of the embedded stores: each is one update text, run whole or not at all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping

from store.evaluate import graph_name
from store.guard import check_update
from store.texts import addition, removal, rewritten, with_dataset


class WholeWrites(ABC):
    """The writing half of a `GraphStore` whose updates are transactions."""

    @abstractmethod
    def _write(self, text: str, base: str = "", graphs: Collection[str] | None = None) -> None:
        """One transaction, on disk and visible to every later query when this returns.

        It touches `graphs` and no other; any, when they are not known.
        """

    @abstractmethod
    def _replace(self, graphs: Mapping[str, str]) -> None:
        """Make each graph (IRI → N-Triples, strict) what it should be, as `_write` writes."""

    def update(
        self, text: str, *, base: str = "", using_graphs: Iterable[str] = (), using_named_graphs: Iterable[str] = ()
    ) -> None:
        """Run an update whole or not at all, flushed and visible before this returns; LOAD and SERVICE are refused."""
        check_update(text)
        self._write(with_dataset(text, using_graphs, using_named_graphs), base)

    def replace_graphs(self, graphs: Mapping[str, bytes]) -> None:
        """Replace each graph with its N-Triples, all in one transaction; raises `GraphError` before touching any."""
        self._replace({str(graph_name(iri).value): rewritten(iri, triples) for iri, triples in graphs.items()})

    def add_to_graphs(self, graphs: Mapping[str, bytes]) -> None:
        """Add to each graph its N-Triples, all in one transaction; raises `GraphError` before touching any."""
        self._write(addition(graphs), graphs=graphs.keys())

    def remove_graphs(self, graphs: Iterable[str]) -> None:
        """Drop the graphs in one transaction, absent ones silently."""
        names = tuple(graphs)
        self._write(removal(names), graphs=names)
