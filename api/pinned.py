"""Addresses that name a version of the data: answered while the data are those, 410 otherwise (ASGI middleware)."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import VersionGone
from api.operations import data_version
from api.problems import problem_response
from api.service import current_service

VERSION = "version"
"""The parameter that names the version; any address to be read may have it."""
_VERSION = re.compile("[0-9a-f]{12}")
# SPARQL 1.2 has a parameter of this name too, for the version of the language: `1.2` is none of ours.


class PinnedVersion:
    """Passes a pinned request on without its version, when the data are of that version from its start to its end."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say that its version is gone."""
        wanted, rest = _split(scope) if scope["type"] == "http" else (None, "")
        if wanted is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if (present := await _present(request)) != wanted:
            await _gone(request, wanted, present, rest)(scope, receive, send)
            return
        held = _Held(request, wanted, rest, send)
        await self._app({**scope, "query_string": rest.encode()}, receive, held.send)


class _Held:
    """What is sent to the client, once it is sure that nothing was published while the answer was made."""

    def __init__(self, request: Request, wanted: str, rest: str, send: Send) -> None:
        self._request = request
        self._wanted = wanted
        self._rest = rest
        self._send = send
        self._dropped = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            present = await _present(self._request)
            self._dropped = present != self._wanted
            if self._dropped:
                gone = _gone(self._request, self._wanted, present, self._rest)
                await gone(self._request.scope, self._request.receive, self._send)
        if not self._dropped:
            await self._send(message)


def _split(scope: Scope) -> tuple[str | None, str]:
    """The version that a GET names, if it names one, and its other parameters."""
    if scope["method"] not in ("GET", "HEAD") or f"{VERSION}=".encode() not in scope["query_string"]:
        return None, ""
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    ours = [one for one in pairs if one[0] == VERSION and _VERSION.fullmatch(one[1])]
    return (ours[-1][1] if ours else None), urlencode([one for one in pairs if one not in ours])


async def _present(request: Request) -> str:
    return await run_in_threadpool(data_version, current_service(request).store)


def _gone(request: Request, wanted: str, present: str, rest: str) -> ASGIApp:
    pinned = f"{rest}&{VERSION}={present}" if rest else f"{VERSION}={present}"
    return problem_response(request, VersionGone(wanted, present, f"{request.url.path}?{pinned}"))
