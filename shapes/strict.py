"""Booleans as SHACL has them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pyshacl.monkey import rdflib_bool_patch, rdflib_bool_unpatch


@contextmanager
def strict_booleans() -> Iterator[None]:
    """Meanwhile rdflib reads only the word `true` as true, and not `1`, and leaves literals as they are written."""
    rdflib_bool_patch()
    try:
        yield
    finally:
        rdflib_bool_unpatch()
