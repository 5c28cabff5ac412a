"""Immutable copies of the store for its readers: hard links, so a copy costs milliseconds and little disk."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path

from store.marker import is_whole, mark_whole


class Generations:
    """The numbered copies under one directory; an old one is deleted when its last reader leaves."""

    def __init__(self, directory: Path) -> None:
        """Take over `directory`, emptied: copies of an earlier process are never trusted."""
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        self._directory = directory
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._readers: Counter[Path] = Counter()
        self.current = directory / "0"
        """The copy published last."""

    def publish(self, copy_to: Callable[[Path], None]) -> None:
        """Let `copy_to` make a copy, flushed to disk, mark it as whole and make it the current one."""
        copy = self._directory / str(next(self._numbers))
        copy_to(copy)
        mark_whole(copy)
        with self._lock:
            old, self.current = self.current, copy
            self._delete_unread(old)

    def acquire(self) -> Path:
        """The current copy, kept until it is released."""
        with self._lock:
            self._readers[self.current] += 1
            return self.current

    def release(self, copy: Path) -> None:
        """Give an acquired copy back."""
        with self._lock:
            self._readers[copy] -= 1
            self._delete_unread(copy)

    def close(self) -> None:
        """Delete every copy."""
        shutil.rmtree(self._directory, ignore_errors=True)

    def _delete_unread(self, copy: Path) -> None:
        if copy != self.current and not self._readers[copy]:
            shutil.rmtree(copy, ignore_errors=True)


def newest_whole(directory: Path) -> Path | None:
    """The copy that was published last, of those that are whole; for who takes a backup beside a running service."""
    numbers = [int(copy.name) for copy in directory.glob("*") if copy.name.isdecimal() and is_whole(copy)]
    return directory / str(max(numbers)) if numbers else None
