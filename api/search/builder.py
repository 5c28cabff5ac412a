"""Many plans into the index, in a thread of its own: who searches meanwhile hears how far it is."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.errors import IndexBuilding
from api.search.index import Edition
from store.errors import StoreError

SOONEST, LATEST = 2, 60
"""Seconds after which a search may come again, at least and at most."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A plan that the index has to look at, and the edition it has of it."""

    plan: str
    known: Edition


class Builder:
    """Reads plans one by one; a new row of them begins when the last has ended."""

    def __init__(self, read: Callable[[Stale], None]) -> None:
        """Read each plan with `read`."""
        self._read = read
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._failure: StoreError | None = None
        self._done, self._total, self._begun = 0, 0, 0.0

    def start(self, plans: Sequence[Stale]) -> None:
        """Begin to read the plans, which the caller does not read meanwhile. Raises `IndexBuilding`."""
        self._done, self._total, self._begun = 0, len(plans), time.monotonic()
        self._thread = threading.Thread(target=self._work, args=(tuple(plans),), name="search index", daemon=True)
        self._thread.start()
        self.check()

    def check(self) -> None:
        """Nothing when nothing is being read. Raises `IndexBuilding` while it is, and what ended it, once."""
        if self._thread is not None and self._thread.is_alive():
            raise IndexBuilding(self._done, self._total, self._seconds_left())
        self._thread, failure = None, self._failure
        self._failure = None
        if failure is not None:
            raise failure

    def stop(self) -> None:
        """End after the plan that is being read, and wait for it."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self, plans: Sequence[Stale]) -> None:
        try:
            for one in plans:
                if self._stopped.is_set():
                    return
                self._read(one)
                self._done += 1
        except StoreError as error:
            self._failure = error

    def _seconds_left(self) -> int:
        if not self._done:
            return LATEST if self._total > LATEST else SOONEST
        each = (time.monotonic() - self._begun) / self._done
        return min(max(math.ceil(each * (self._total - self._done)), SOONEST), LATEST)
