"""Which version of the engine opened a store last: an earlier one does not open it, and says what to do instead.

A later version brings the data to its own form when it opens them, and there is no way back but a dump.
"""

from __future__ import annotations

import json
import logging
import re
from importlib.metadata import version
from pathlib import Path

from store.errors import StoreError

ENGINE = f"pyoxigraph {version('pyoxigraph')}"
"""The engine of this process, as marks name it."""

_MARK = "ENGINE.json"
_VERSION = re.compile(r"(\d+)\.(\d+)")
_log = logging.getLogger(__name__)


def check_engine(place: Path, engine: str) -> None:
    """Pass what an engine of this version or an earlier one wrote. Raises `StoreError` for a later one."""
    if _series(engine) > _series(ENGINE):
        raise StoreError(
            it=f"«{place}» è di {engine}, e questo è {ENGINE}: una versione precedente non lo apre. Aggiorna Raccordo, "
            "oppure con quella versione `raccordo dump`, e con questa `raccordo restore`.",
            en=f"“{place}” is of {engine}, and this is {ENGINE}: an earlier version does not open it. Update Raccordo, "
            "or run `raccordo dump` with that version and `raccordo restore` with this one.",
        )


def check_directory(directory: Path) -> None:
    """Pass a store directory that this version may open. Raises `StoreError`."""
    engine = _noted(directory)
    check_engine(directory, engine)
    if engine and _series(engine) < _series(ENGINE):
        _log.warning(
            "“%s” was of %s and is opened by %s: earlier versions cannot open it again", directory, engine, ENGINE
        )


def note_engine(directory: Path) -> None:
    """Say that this version has opened the store of a directory."""
    if _noted(directory) != ENGINE:
        fresh = directory / f"{_MARK}.new"
        fresh.write_text(json.dumps({"engine": ENGINE}) + "\n", encoding="utf-8")
        fresh.rename(directory / _MARK)


def _noted(directory: Path) -> str:
    """The engine of the last opening; empty where no mark says it, or one that was not written to its end."""
    try:
        return str(json.loads((directory / _MARK).read_text(encoding="utf-8"))["engine"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _series(engine: str) -> tuple[int, int]:
    """The part of a version that changes with the form of the data; of a text without one, the earliest."""
    found = _VERSION.search(engine)
    return (int(found[1]), int(found[2])) if found else (0, 0)
