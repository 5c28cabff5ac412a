"""Where the named graphs live."""

from store.base import GraphStore
from store.limits import ReadLimits
from store.schemes import SCHEMES, open_store

__all__ = ["SCHEMES", "GraphStore", "ReadLimits", "open_store"]
