"""How much a query may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ReadLimits:
    """What each query of a store with reader processes may take, and how many run at once."""

    workers: int = 2
    seconds: float = 10.0
    wait_seconds: float = 5.0
    """How long a query waits for a reader that is free, before its own seconds begin."""
    memory_bytes: int = 1536 * 1024 * 1024
    """Address space of one reader: RocksDB alone takes 490 to 750 MB of it, mapped rather than used."""
    answer_bytes: int = 64 * 1024 * 1024
