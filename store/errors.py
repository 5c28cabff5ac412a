"""What can go wrong between a caller and a graph store."""

from __future__ import annotations

# StoreError
# ├── QueryError             the text is not SPARQL, or cannot be evaluated
# │   ├── OutboundRefused    it would call another server or read a file (SERVICE, LOAD)
# │   └── QueryTooComplex    longer or more deeply nested than a query may be
# ├── QueryTimeout           it did not end before its deadline
# ├── QueryStopped           whoever asked no longer wants the answer
# ├── QueryExhausted         it took more memory or stack than a reader may use
# ├── AnswerTooLarge         it ended, with more bytes than an answer may have
# ├── UnsupportedFormat      no such media type for this form of query
# ├── GraphError             the bytes or the name given for a graph are not RDF
# ├── StoreBusy              every reader was taken for as long as a query may wait, or slow queries took too many
# ├── WriteFailed            the writer ended before it said that the write is done
# └── StoreLocked            another process has the store open


class StoreError(Exception):
    """A graph store cannot do what was asked; `reason` says why, and what to do, by language."""

    def __init__(self, *, it: str, en: str) -> None:
        """Keep the reason in both languages."""
        self.reason = {"it": it, "en": en}
        super().__init__(f"{it}\n{en}")


class QueryError(StoreError):
    """The SPARQL text is wrong, with the place the engine names."""


class OutboundRefused(QueryError):
    """The SPARQL text asks the store to call another server: never done."""


class QueryTooComplex(QueryError):
    """The SPARQL text is longer or more deeply nested than a query may be."""


class QueryTimeout(StoreError):
    """The query was stopped at its deadline; there is no partial answer."""


class QueryStopped(StoreError):
    """The query was stopped because whoever asked has left."""


class QueryExhausted(StoreError):
    """The query was stopped because it took more memory than a reader may use."""


class AnswerTooLarge(StoreError):
    """The answer has more bytes than an answer may have; none of it is given."""


class UnsupportedFormat(StoreError):
    """The media type asked for does not exist for this form of query."""


class GraphError(StoreError):
    """A graph given for storing is not N-Triples, or its name is not an IRI."""


class StoreBusy(StoreError):
    """No reader was free for as long as a query may wait: ask again later."""


class WriteFailed(StoreError):
    """The writer was stopped at its limit, or died: the write happened whole or not at all."""


class StoreLocked(StoreError):
    """Another process has the store's directory open; one process may at a time."""

    def __init__(self, directory: str) -> None:
        """Name the directory and the remedy."""
        self.directory = directory
        super().__init__(
            it=f"L'archivio «{directory}» è già aperto: ferma l'altro processo (per esempio `raccordo serve`), "
            "o chiedi al servizio con --store sparql:http://127.0.0.1:8000/sparql, "
            "oppure indica un altro archivio con --store oxigraph:CARTELLA.",
            en=f"The store “{directory}” is already open: stop the other process (for example `raccordo serve`), "
            "ask the service with --store sparql:http://127.0.0.1:8000/sparql, "
            "or name another store with --store oxigraph:DIRECTORY.",
        )
