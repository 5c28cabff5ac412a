"""Whose query runs next: few at once for each client, and a reader kept for those who ask for little."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from api.errors import TooManyQueries
from store.errors import StoreBusy

BUDGET_PERIOD_SECONDS = 60.0
_LIGHT_SECONDS = 2.0
"""A client that used fewer seconds lately may take the last free reader."""
_MOST_CLIENTS = 10_000


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How much each client may ask for, and all of them at once."""

    at_once: int
    per_client: int
    client_seconds: float
    """How many seconds of readers a client may use within `BUDGET_PERIOD_SECONDS`."""
    wait_seconds: float
    waiting_per_client: int = 64


class _Client:
    """What one client has running and waiting, and what it used lately."""

    def __init__(self) -> None:
        self.running = 0
        self.waiting = 0
        self._used = 0.0
        self._at = time.monotonic()

    def used(self, rules: Rules, seconds: float = 0.0) -> float:
        """The seconds used lately, `seconds` now: they are forgotten evenly, all within the period."""
        now = time.monotonic()
        forgotten = (now - self._at) * rules.client_seconds / BUDGET_PERIOD_SECONDS
        self._used, self._at = max(0.0, self._used - forgotten) + seconds, now
        return self._used


class Admission:
    """The gate before the readers; used by one event loop."""

    def __init__(self, rules: Rules) -> None:
        """Begin with nobody inside."""
        self._rules = rules
        self._running = 0
        self._clients: dict[str, _Client] = {}
        self._queue: list[tuple[_Client, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def admit(self, name: str) -> AsyncIterator[None]:
        """Hold a place for one query of a client. Raises `TooManyQueries`, `StoreBusy`."""
        client = self._client(name)
        await self._enter(client)
        began = time.monotonic()
        try:
            yield
        finally:
            client.used(self._rules, time.monotonic() - began)
            self._leave(client)

    async def _enter(self, client: _Client) -> None:
        over = client.used(self._rules) - self._rules.client_seconds
        if over > 0 or client.waiting >= self._rules.waiting_per_client:
            raise TooManyQueries(1 + int(max(0.0, over) * BUDGET_PERIOD_SECONDS / self._rules.client_seconds))
        turn = asyncio.get_running_loop().create_future()
        entry = (client, turn)
        self._queue.append(entry)
        client.waiting += 1
        self._advance()
        try:
            await asyncio.wait((turn,), timeout=self._rules.wait_seconds)
        except asyncio.CancelledError:
            if turn.done():
                self._leave(client)
            raise
        finally:
            client.waiting -= 1
            if entry in self._queue:
                self._queue.remove(entry)
        if not turn.done():
            raise self._refusal(client)

    def _leave(self, client: _Client) -> None:
        client.running -= 1
        self._running -= 1
        self._advance()

    def _refusal(self, client: _Client) -> Exception:
        if client.running >= self._rules.per_client:
            return TooManyQueries(int(self._rules.wait_seconds) or 1)
        seconds = f"{self._rules.wait_seconds:g} s"
        return StoreBusy(
            it=f"Nessun lettore si è liberato entro {seconds}: riprova più tardi.",
            en=f"No reader was free within {seconds}: try again later.",
        )

    def _advance(self) -> None:
        """Let in who may, those who used least first."""
        for entry in sorted(self._queue, key=lambda one: one[0].used(self._rules)):
            client, turn = entry
            free = self._rules.at_once - self._running
            light = client.used(self._rules) < _LIGHT_SECONDS
            if client.running < self._rules.per_client and free > (0 if light or self._rules.at_once == 1 else 1):
                self._queue.remove(entry)
                client.running += 1
                self._running += 1
                turn.set_result(None)

    def _client(self, name: str) -> _Client:
        if len(self._clients) >= _MOST_CLIENTS:
            self._clients = {
                known: one
                for known, one in self._clients.items()
                if one.running or one.waiting or one.used(self._rules)
            }
        return self._clients.setdefault(name, _Client())
