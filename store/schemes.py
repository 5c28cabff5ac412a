"""Opening a store by its address."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from store.base import GraphStore
from store.errors import StoreError
from store.limits import ReadLimits
from store.oxigraph import open_directory, open_memory


def _open_server(place: str, limits: ReadLimits | None) -> GraphStore:
    # Not at the top: every reader process imports this package, and httpx would double the time it takes to start.
    from store.remote import open_remote  # noqa: PLC0415

    return open_remote(place, limits)


SCHEMES: Mapping[str, Callable[[str, ReadLimits | None], GraphStore]] = {
    "memory": open_memory,
    "oxigraph": open_directory,
    "sparql": _open_server,
}
"""Each scheme's opener: it takes what follows the colon, and the limits of the readers."""


def open_store(url: str, *, limits: ReadLimits | None = None) -> GraphStore:
    """The store at `memory:`, `oxigraph:DIRECTORY` (made when absent) or `sparql:URL` (a server, see `store.endpoint`).

    With `limits` an embedded store answers queries in reader processes that are killed at their deadline: for a
    service. Without, it answers in this process, with no deadline: for a command that ends. Raises `StoreLocked`,
    `StoreError`.
    """
    scheme, colon, place = url.partition(":")
    opener = SCHEMES.get(scheme) if colon else None
    if opener is None:
        known = ", ".join(f"{name}:…" for name in SCHEMES)
        raise StoreError(it=f"«{url}» non è un archivio: scrivi {known}", en=f"“{url}” names no store: write {known}")
    return opener(place, limits)
