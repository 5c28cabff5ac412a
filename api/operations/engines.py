"""What an engine is known to answer wrongly: refused there, since a wrong answer looks like a right one."""

from __future__ import annotations

from collections.abc import Mapping

from api.errors import UnfitEngine
from store import GraphStore

UNFIT: Mapping[str, frozenset[str]] = {
    "virtuoso": frozenset({"protocols/coverage-matrix", "quality/objectives-without"}),
}
"""The questions, by engine, whose answers differ from the embedded store's (docs/stores.md)."""


def check_engine(store: GraphStore, slug: str) -> None:
    """Pass a question that the engine of the store answers rightly. Raises `UnfitEngine`."""
    if slug in UNFIT.get(store.engine, ()):
        raise UnfitEngine(store.engine, slug)
