"""How much a query may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ReadLimits:
    """What each query of a store with reader processes may take, and how many run at once."""

    workers: int = 4
    seconds: float = 10.0
    """How long a query may compute; the time its client takes to read the answer is not counted."""
    wait_seconds: float = 5.0
    """How long a query waits for a reader that is free, before its own seconds begin."""
    stall_seconds: float = 10.0
    """How long one part of an answer may wait for its client."""
    memory_bytes: int = 1536 * 1024 * 1024
    """Address space of one reader: it takes 260 MB of it to start."""
    answer_bytes: int = 64 * 1024 * 1024
    nice_after: float = 0.1
    """After how many seconds a query goes behind the other processes."""
    slow_after: float = 0.5
    """After how many seconds a query is slow: where no reader is free, only half of the readers are kept by such."""
    write_seconds: float = 60.0
    """How long one write may take."""
    write_memory_bytes: int = 4 * 1024 * 1024 * 1024
    """Address space of the writer: a transaction of a million triples holds 1.6 GB."""
    cache_bytes: int = 64 * 1024 * 1024
    """How much of the answers given is kept, to be given again while nothing has been written."""

    @property
    def slow_workers(self) -> int:
        """How many readers slow queries may keep while others wait."""
        return max(1, self.workers // 2)
