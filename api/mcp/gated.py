"""The gate before the server over HTTP: each client has its share of calls and seconds, as at the other doors."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.admission import Admission
from api.errors import TooManyQueries
from api.gate import admission_rules, client_name
from api.problems import problem_response
from api.settings import Settings
from store.errors import StoreBusy


class Gated:
    """An ASGI application whose calls (POST) are let in one by one; the rest passes."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Let clients into `app` by the limits of the settings."""
        self._app, self._settings = app, settings
        self._admission = Admission(admission_rules(settings))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it with 429 or 503 and when to come again."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            async with self._admission.admit(client_name(request, self._settings)):
                await self._app(scope, receive, send)
        except (TooManyQueries, StoreBusy) as error:
            await problem_response(request, error)(scope, receive, send)
