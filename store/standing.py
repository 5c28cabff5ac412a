"""Long queries that are asked again and again: answered anew when a write is published, before anybody asks.

No query is known by its form, and none is answered from anything but the store: what was asked twice and computed for a
tenth of a second is run once more on the new generation, behind every other process.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from store.evaluate import Request

SLOW_SECONDS = 0.1
"""A query that took less is computed when it is asked."""
MOST = 64
"""How many queries are followed; those asked last."""
BUDGET_SECONDS = 30.0
"""How long all of them together may take after one write, the most asked first."""
_ASKED = 2
_FORGOTTEN_SECONDS = 24 * 3600.0


@dataclass(slots=True)
class _Record:
    seconds: float
    asked: int
    at: float


class Standing:
    """Which queries are asked again and again, and how long each took last."""

    def __init__(self) -> None:
        """Know of none."""
        self._lock = threading.Lock()
        self._records: OrderedDict[Request, _Record] = OrderedDict()

    def computed(self, request: Request, seconds: float) -> None:
        """Note that a query was asked and had to be computed."""
        with self._lock:
            record = self._records.pop(request, None)
            if seconds >= SLOW_SECONDS:
                asked = record.asked if record else 0
                self._records[request] = _Record(seconds, asked + 1, time.monotonic())
                if len(self._records) > MOST:
                    self._records.popitem(last=False)

    def recalled(self, request: Request) -> None:
        """Note that a query was asked and its answer was there."""
        record = self._records.get(request)
        if record is not None:
            record.asked += 1
            record.at = time.monotonic()

    def due(self) -> list[Request]:
        """What is worth answering anew, the most asked first, as far as the budget goes."""
        now = time.monotonic()
        with self._lock:
            records = [
                (request, record)
                for request, record in self._records.items()
                if record.asked >= _ASKED and now - record.at < _FORGOTTEN_SECONDS
            ]
        chosen, left = [], BUDGET_SECONDS
        for request, record in sorted(records, key=lambda one: one[1].asked, reverse=True):
            if record.seconds <= left:
                left -= record.seconds
                chosen.append(request)
        return chosen
