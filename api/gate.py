"""The way of a query from a request to the client: let in, run, streamed, and ended when nobody waits for it.

It speaks ASGI itself, without a framework's response between: a status is sent when the answer is whole or has grown
past what a reader keeps back, and a body that cannot be completed is broken off, so that no client takes it for whole.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from starlette.requests import Request
from starlette.types import Message

from api.access import network_of, shown_token
from api.admission import Admission, Rules
from api.caching import unchanged
from api.service import Service
from api.settings import Settings
from api.versions import Versions
from store.errors import StoreError
from store.evaluate import Request as Question
from store.evaluate import Stream
from store.stop import Stop

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class Gate:
    """Where the queries of the protocol doors wait, run and leave; one for each application."""

    def __init__(self, settings: Settings) -> None:
        """Let in as many queries at once as there are readers."""
        limits = settings.limits
        self.versions = Versions(exclusive=not settings.store_url.startswith("sparql:"))
        """The states of the store, for tags: all its writes come through the protocol doors."""
        self._stall_seconds = limits.stall_seconds
        self._admission = Admission(admission_rules(settings))
        self._threads = ThreadPoolExecutor(limits.workers, thread_name_prefix="query")

    async def answer(self, request: Request, service: Service, question: Question, tag: str | None = None) -> None:
        """Send the answer to the client of a request whose body has been read. Raises `StoreError`, `ServiceError`.

        `tag` is that of the state before the answer; a GET that names it is told that nothing has changed.
        """
        if same := unchanged(request, tag):
            await same(request.scope, request.receive, request._send)
            return
        known = service.store.recall(question)
        if known is not None:
            await _Reply(request, known.media_type, tag).send_whole(known.body)
            return
        client = client_name(request, service.settings)
        stop = Stop()
        work = asyncio.create_task(self._run(request, service, question, tag, client, stop))
        gone = asyncio.create_task(_left(request))
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                stop.pull()
            await work
        finally:
            gone.cancel()
            stop.pull()

    def close(self) -> None:
        """Take no more queries."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(
        self, request: Request, service: Service, question: Question, tag: str | None, client: str, stop: Stop
    ) -> None:
        async with self._admission.admit(client):
            if stop.pulled:
                return
            stream, head = await self._thread(lambda: _begin(service, question, stop))
            reply = _Reply(request, stream.media_type, tag)
            try:
                if len(head) < _HEAD_CHUNKS:
                    await asyncio.wait_for(reply.send_whole(b"".join(head)), self._stall_seconds)
                else:
                    await self._send_parts(reply, stream, head)
            except TimeoutError:
                _log.warning("a client that read nothing for %g s was left", self._stall_seconds)

    async def _send_parts(self, reply: _Reply, stream: Stream, head: list[bytes]) -> None:
        """Send a long answer; returning before its end makes the server close the connection."""
        chunk: bytes | None
        try:
            for chunk in head:
                await asyncio.wait_for(reply.send_part(chunk), self._stall_seconds)
            while (chunk := await self._thread(lambda: next(stream.chunks, None))) is not None:
                await asyncio.wait_for(reply.send_part(chunk), self._stall_seconds)
        except StoreError as error:
            _log.warning("an answer was broken off: %s", type(error).__name__)
            return
        finally:
            await self._thread(stream.chunks.close)
        await reply.end()

    async def _thread(self, call: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)


_HEAD_CHUNKS = 2
"""An answer with fewer chunks is whole before its status is sent, and its reader free."""


def admission_rules(settings: Settings) -> Rules:
    """Who is let in, at every door that makes readers work."""
    limits = settings.limits
    return Rules(
        at_once=limits.workers,
        per_client=settings.client_queries,
        client_seconds=float(settings.client_seconds),
        wait_seconds=limits.wait_seconds,
        slow_after=limits.slow_after,
    )


def client_name(request: Request, settings: Settings) -> str:
    """Whom a query counts for: its token, else its address."""
    token = shown_token(request, settings)
    if token is not None:
        return f"token {token.id}"
    return network_of(request.client.host if request.client else "")


def _begin(service: Service, question: Question, stop: Stop) -> tuple[Stream, list[bytes]]:
    stream = service.store.stream(question, stop)
    return stream, list(islice(stream.chunks, _HEAD_CHUNKS))


async def _left(request: Request) -> None:
    """Return when the client is gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


class _Reply:
    """A good answer as ASGI messages."""

    def __init__(self, request: Request, media_type: str, tag: str | None) -> None:
        self._send = request._send
        self._tag = tag if request.method == "GET" else None
        self._media_type = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
        self._started = False

    async def send_whole(self, body: bytes) -> None:
        """Send an answer that is complete."""
        await self._start((b"content-length", str(len(body)).encode()))
        await self._send({"type": "http.response.body", "body": body})

    async def send_part(self, chunk: bytes) -> None:
        """Send some of an answer."""
        if not self._started:
            await self._start()
        await self._send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def end(self) -> None:
        """Say that the answer is complete."""
        await self._send({"type": "http.response.body", "body": b""})

    async def _start(self, *more: tuple[bytes, bytes]) -> None:
        self._started = True
        headers = [(b"content-type", self._media_type.encode()), (b"vary", b"Accept"), *more]
        if self._tag is not None:
            headers += [(b"etag", self._tag.encode()), (b"cache-control", b"no-cache")]
        message: Message = {"type": "http.response.start", "status": 200, "headers": headers}
        await self._send(message)
