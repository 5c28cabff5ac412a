"""A way to end a query from another thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Stop:
    """Pulled once, by whoever no longer wants an answer; a query under way then ends at once."""

    def __init__(self) -> None:
        """Begin unpulled."""
        self._lock = threading.Lock()
        self._end: Callable[[], None] | None = None
        self.pulled = False
        """Whether nobody wants the answer any more."""

    def pull(self) -> None:
        """End the query that this was given to, now or as soon as it begins."""
        with self._lock:
            self.pulled = True
            if self._end is not None:
                self._end()

    @contextmanager
    def ends(self, end: Callable[[], None]) -> Iterator[None]:
        """Within this, a pull calls `end`, which must be quick; one that came before calls it at once."""
        with self._lock:
            self._end = end
            if self.pulled:
                end()
        try:
            yield
        finally:
            with self._lock:
                self._end = None
