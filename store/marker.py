"""The mark of a copy that is whole: written last and flushed, so that a copy which was interrupted never has it."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

_MARK = "WHOLE.json"


def mark_whole(copy: Path) -> None:
    """Say that a copy of the store is whole; it and its mark survive a power cut once this returns."""
    # Not at the top: every reader imports this module, and asking for a version takes longer than starting.
    from store.format import ENGINE  # noqa: PLC0415

    made = {"made": datetime.now(UTC).isoformat(timespec="seconds"), "engine": ENGINE}
    fresh = copy / f"{_MARK}.new"
    with fresh.open("w") as file:
        json.dump(made, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(copy / _MARK)
    for folder in (copy, copy.parent):
        flush_folder(folder)


def engine_of(copy: Path) -> str:
    """The engine that made a whole copy."""
    return str(json.loads((copy / _MARK).read_text(encoding="utf-8"))["engine"])


def unmark(copy: Path) -> None:
    """Take the mark away: what is written to from now on is no copy."""
    (copy / _MARK).unlink(missing_ok=True)


def is_whole(copy: Path) -> bool:
    """Whether a folder is a copy that was made to its end."""
    return (copy / _MARK).is_file()


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
