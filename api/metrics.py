"""What the service counts of itself, for Prometheus: requests by door and outcome, never a query or a person.

The text of a query, a path with its identifiers and the address of a client never become a label.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METRICS_PATH = "/metrics"
_DOORS = ("api", "sparql", "graph-store", "questions", "id", "static", "health", "ready", "metrics")
_SECONDS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0)


class Metrics:
    """The counts of one application."""

    def __init__(self) -> None:
        """Begin at nothing, in a registry of its own."""
        self._registry = CollectorRegistry()
        labels = ("door", "method", "status")
        self._requests = Counter(
            "raccordo_requests", "Requests answered, or broken off (status 0).", labels, registry=self._registry
        )
        self._seconds = Histogram(
            "raccordo_request_seconds",
            "Seconds from a request to the end of its answer.",
            ("door",),
            buckets=_SECONDS,
            registry=self._registry,
        )

    def note(self, path: str, method: str, status: int, seconds: float) -> None:
        """Count one request; `status` is 0 when its answer did not come to its end."""
        door = door_of(path)
        self._requests.labels(door, method if method in _METHODS else "other", str(status)).inc()
        self._seconds.labels(door).observe(seconds)

    def exposition(self, request: Request) -> Response:
        """The counts in Prometheus' text format."""
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)


class Measured:
    """Counts every request (ASGI middleware)."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Wrap an application."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and count it when its answer has ended or broken off."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status, ended = time.perf_counter(), 0, False

        async def send_counted(message: Message) -> None:
            nonlocal status, ended
            if message["type"] == "http.response.start":
                status = message["status"]
            elif not message.get("more_body"):
                ended = True
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        finally:
            seconds = time.perf_counter() - start
            self._metrics.note(scope["path"], scope["method"], status if ended else 0, seconds)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})


def door_of(path: str, doors: Iterable[str] = _DOORS) -> str:
    """The first part of a path when it is one of our doors, else `pages`: strangers cannot make new labels."""
    first = path.strip("/").partition("/")[0]
    return first if first in doors else "pages"
