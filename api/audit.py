"""One line for each write that came over the network: who, what, how large, and how it ended; never its text."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from api.tokens import Token

AUDIT = logging.getLogger("raccordo.audit")
"""Where the lines go: `raccordo serve` puts them on standard error."""


@contextmanager
def audited(token: Token, operation: str, graph: str | None, body: bytes) -> Iterator[None]:
    """Log the write done inside as one JSON object, whether it succeeds or fails.

    The text of a write may hold names of people: its SHA-256 stands for it.
    """
    outcome = "failed"
    try:
        yield
        outcome = "done"
    except BaseException as error:
        outcome = type(error).__name__
        raise
    finally:
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "token": token.id,
            "operation": operation,
            "graph": graph,
            "bytes": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
            "outcome": outcome,
        }
        AUDIT.info("%s", json.dumps(line))
