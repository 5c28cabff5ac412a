"""What the questions need of a store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

RESULT_TYPE = "application/sparql-results+json"
TRIPLES_TYPE = "application/n-triples"


class QueryStore(Protocol):
    """Anything that answers SPARQL text with serialised bytes, such as a `GraphStore`."""

    @property
    def engine(self) -> str:
        """What answers, in lower case: `oxigraph`, `virtuoso`…; `unknown` where it does not say."""
        ...

    def query(self, text: str, *, accept: str = RESULT_TYPE, named_graphs: Iterable[str] = ()) -> tuple[bytes, str]:
        """The body of the answer in the media type `accept`, and that type; from `named_graphs` alone when given."""
        ...
