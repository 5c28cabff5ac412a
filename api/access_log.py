"""One event for each request: which door, how it ended, how long and large; never a path, value, text or address.

A client is a word that is its own as long as the process lives; a query is the fingerprint of its text without strings,
numbers and IRIs, so that it tells which query is slow and not what somebody looked for.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import time

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import network_of
from api.metrics import door_of

ACCESS = logging.getLogger("raccordo.access")
_QUIET = frozenset({"health", "ready", "metrics", "static"})
"""Doors whose good answers are not logged: somebody knocks every few seconds."""
_VALUES = re.compile(
    r"""\"{3}.*?\"{3} | '{3}.*?'{3} | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' | <[^<>"{}|^`\\\s]*> | \d+""",
    re.DOTALL | re.VERBOSE,
)


def note_query(request: Request, form: str, shape: str) -> None:
    """Have the event of a request say that it brought a query (or an update) of this shape (a fingerprint)."""
    request.state.noted = {"form": form, "query": shape}


def fingerprint(text: str) -> str:
    """Twelve hexadecimal digits, the same for all texts that differ in strings, numbers, IRIs and white space alone."""
    shape = " ".join(_VALUES.sub("?", text).split())
    return hashlib.sha256(shape.encode()).hexdigest()[:12]


class AccessLog:
    """Logs every request once its answer has ended or broken off (ASGI middleware)."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application; clients get words that no other process gives them."""
        self._app = app
        self._key = os.urandom(16)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and log it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        start, status, size, ended = time.perf_counter(), 0, 0, False

        async def send_counted(message: Message) -> None:
            nonlocal status, size, ended
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
                ended = not message.get("more_body")
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        finally:
            self._log(scope, status if ended else 0, time.perf_counter() - start, size)

    def _log(self, scope: Scope, status: int, seconds: float, size: int) -> None:
        door = door_of(scope["path"])
        if door in _QUIET and status in (200, 304):
            return
        fields = {
            "door": door,
            "route": getattr(scope.get("route"), "path", None),
            "method": scope["method"],
            "status": status,
            "ms": round(seconds * 1000, 1),
            "bytes": size,
            "client": self._word(scope["client"][0] if scope["client"] else ""),
            **scope["state"].get("noted", {}),
            "problem": scope["state"].get("problem"),
        }
        ACCESS.info("request" if status else "request broken off", extra={"fields": fields})

    def _word(self, host: str) -> str:
        return hashlib.blake2b(network_of(host).encode(), key=self._key, digest_size=4).hexdigest()
