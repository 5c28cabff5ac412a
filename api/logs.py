"""What a service writes on standard error: a line for each event, as JSON or as text, with nothing of anybody's in it.

A line never holds a query, a value, a path, an address or a name: our own events are made of what is known to be none
of these, an exception is logged as its type and its places in the code, and a library's event as where it came from.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import TextIO

_OURS = frozenset({"api", "store", "raccordo", "uvicorn"})
"""The loggers whose messages hold no data of anybody, by the first part of their name."""
_ENCODER = json.JSONEncoder(ensure_ascii=False)
_WITHHELD = "the message is withheld: it may hold data"


def configure_logs(form: str, stream: TextIO = sys.stderr) -> None:
    """Write every event of this process to `stream`, as `form` (one of `LOG_FORMATS`) says."""
    as_text = form == "text" or (form == "auto" and stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(TextLines() if as_text else JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("raccordo").setLevel(logging.INFO)
    logging.captureWarnings(capture=True)


def event(record: logging.LogRecord) -> dict[str, object]:
    """What may be said of a record: time, level, logger, message, its `fields`, and the places of its exception."""
    ours = record.name.partition(".")[0] in _OURS
    found: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "log": record.name,
        "event": record.getMessage().strip() if ours else _WITHHELD,
        **getattr(record, "fields", {}),
    }
    if record.exc_info and record.exc_info[1] is not None:
        error = record.exc_info[1]
        found["exception"] = type(error).__name__
        found["places"] = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    return {name: value for name, value in found.items() if value is not None}


class JsonLines(logging.Formatter):
    """Each event as one JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        return _ENCODER.encode(event(record))


class TextLines(logging.Formatter):
    """Each event as a line for people."""

    def format(self, record: logging.LogRecord) -> str:
        """The time of day, what happened, its fields, and the places of an exception below it."""
        found = event(record)
        time, level, log, what = (str(found.pop(name)) for name in ("time", "level", "log", "event"))
        places = found.pop("places", [])
        assert isinstance(places, list)
        fields = "".join(f" {name}={value}" for name, value in found.items())
        head = f"{time[11:19]} {'' if level == 'info' else level + ' '}{log.removeprefix('raccordo.')}: {what}{fields}"
        return "\n  ".join((head, *places))
