"""The one boundary to a triple store: an address in, SPARQL text and named graphs across.

Each reader and each writer is a process that imports a few modules of this package and starts often under attack, so
the names below are imported when they are used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from store.base import GraphStore
    from store.limits import ReadLimits
    from store.schemes import SCHEMES, open_store

__all__ = ["SCHEMES", "GraphStore", "ReadLimits", "open_store"]

_PLACES = {
    "GraphStore": "store.base", "ReadLimits": "store.limits", "SCHEMES": "store.schemes", "open_store": "store.schemes",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """A name of the boundary, from its module."""
    if name not in _PLACES:
        raise AttributeError(name)
    return getattr(import_module(_PLACES[name]), name)
