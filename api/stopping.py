"""The end of a service: nothing new is taken, the answers under way may end, and after a time they are broken off."""

from __future__ import annotations

import logging
import time
from types import FrameType

import uvicorn
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import ServiceStopping
from api.problems import problem_response

ALWAYS_ANSWERED = frozenset({"/health", "/metrics"})
"""What a service that stops still answers: it lives, and it counts."""
_CUT_SECONDS = 1
_log = logging.getLogger("raccordo.service")


class Running:
    """How many requests are under way, and whether new ones are taken."""

    def __init__(self) -> None:
        """Begin with none, taking them."""
        self.requests = 0
        self.stopping = False


class WhileRunning:
    """Counts the requests under way, and answers 503 to new ones once the service stops (ASGI middleware)."""

    def __init__(self, app: ASGIApp, running: Running) -> None:
        """Wrap an application."""
        self._app = app
        self._running = running

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http" or scope["path"] in ALWAYS_ANSWERED:
            await self._app(scope, receive, send)
            return
        if self._running.stopping:
            response = problem_response(Request(scope), ServiceStopping())
            response.headers["Connection"] = "close"
            await response(scope, receive, send)
            return
        self._running.requests += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._running.requests -= 1


class Server(uvicorn.Server):
    """A server that a first signal asks to stop, in good order, and a second one stops at once."""

    def __init__(self, config: uvicorn.Config, running: Running, seconds: float) -> None:
        """Give the requests of `running` so many seconds to end."""
        config.timeout_graceful_shutdown = _CUT_SECONDS
        super().__init__(config)
        self._running = running
        self._seconds = seconds
        self._deadline = 0.0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take no more requests, and leave when those under way have ended."""
        if self._running.stopping:
            self.should_exit = True
            return
        self._deadline = time.monotonic() + self._seconds
        self._running.stopping = True

    async def on_tick(self, counter: int) -> bool:
        """Whether it is time to leave; what is under way then is broken off, so that nobody takes it for whole."""
        if self._running.stopping and not self.should_exit:
            late = time.monotonic() > self._deadline
            if late:
                _log.warning("requests broken off: %d", self._running.requests)
            self.should_exit = late or not self._running.requests
        return await super().on_tick(counter)
