"""Derived when a write is published: the census of the graphs it touched, then the answers asked again and again.

It happens behind the service, on the new generation alone. What is not ready when it is asked for is computed then, as
everything else is; what was derived from an older generation is never given.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from store.census import Counts
from store.errors import StoreError
from store.evaluate import Request
from store.standing import Standing
from store.stop import Stop

_log = logging.getLogger(__name__)


class Deriver:
    """One thread that derives after each write, and begins anew with the next one."""

    def __init__(self, counts: Counts, standing: Standing, renew: Callable[[Request, Stop], None]) -> None:
        """Refresh `counts`, and `renew` the answers that are due; a pulled stop ends a renewal."""
        self._counts = counts
        self._standing = standing
        self._renew = renew
        self._changed = threading.Condition()
        self._pending = False
        self._closed = False
        self._stop = Stop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def published(self) -> None:
        """Derive from the new generation; what is under way on the old one is given up."""
        with self._changed:
            self._pending = True
            self._stop.pull()
            self._changed.notify_all()

    def close(self) -> None:
        """Stop at once, and wait until the thread has ended."""
        with self._changed:
            self._closed = True
            self._stop.pull()
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pending or self._closed)
                if self._closed:
                    return
                self._pending = False
                stop = self._stop = Stop()
            try:
                self._derive(stop)
            except (StoreError, OSError) as error:
                if not stop.pulled:
                    _log.warning("not everything was derived after a write: %s", error)

    def _derive(self, stop: Stop) -> None:
        self._counts.follow()
        for request in self._standing.due():
            if stop.pulled:
                return
            self._renew(request, stop)
