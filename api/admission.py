"""Whose query runs next: few at once for each client, and readers kept for those who ask for little."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from api.errors import TooManyQueries
from store.errors import StoreBusy

BUDGET_PERIOD_SECONDS = 60.0
_LIGHT_SECONDS = 2.0
"""A client that used fewer seconds lately, and fewer in slow queries, may take any free reader."""
_MOST_CLIENTS = 10_000


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How much each client may ask for, and all of them at once."""

    at_once: int
    per_client: int
    client_seconds: float
    """How many seconds of readers a client may use within `BUDGET_PERIOD_SECONDS`."""
    wait_seconds: float
    slow_after: float = math.inf
    """From how many seconds on a query counts as slow."""
    waiting_per_client: int = 64


class _Client:
    """What one client has running and waiting, and what it used lately."""

    def __init__(self) -> None:
        self.running = 0
        self.waiting = 0
        self._used = 0.0
        self._slow = 0.0
        self._at = time.monotonic()

    def used(self, rules: Rules, seconds: float = 0.0) -> float:
        """The seconds used lately, `seconds` now: they are forgotten evenly, all within the period."""
        now = time.monotonic()
        passed, self._at = now - self._at, now
        forgotten = passed * rules.client_seconds / BUDGET_PERIOD_SECONDS
        self._used = max(0.0, self._used - forgotten) + seconds
        # Never all forgotten at once, or one endless query after the other would look like none.
        self._slow *= math.exp(-passed / BUDGET_PERIOD_SECONDS)
        self._slow += seconds if seconds >= rules.slow_after else 0.0
        return self._used

    def light(self, rules: Rules) -> bool:
        """Whether the client asked for little lately."""
        return self.used(rules) < _LIGHT_SECONDS and self._slow < _LIGHT_SECONDS


class Admission:
    """The gate before the readers; used by one event loop."""

    def __init__(self, rules: Rules) -> None:
        """Begin with nobody inside."""
        self._rules = rules
        self._inside: list[_Client] = []
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
        self._inside.remove(client)
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
            if client.running < self._rules.per_client and self._has_room_for(client):
                self._queue.remove(entry)
                client.running += 1
                self._inside.append(client)
                turn.set_result(None)

    def _has_room_for(self, client: _Client) -> bool:
        """Whether a place is free; those who ask for much have a quarter of the places."""
        if len(self._inside) >= self._rules.at_once:
            return False
        heavy = sum(not one.light(self._rules) for one in self._inside)
        return client.light(self._rules) or heavy < max(1, self._rules.at_once // 4)

    def _client(self, name: str) -> _Client:
        if len(self._clients) >= _MOST_CLIENTS:
            self._clients = {
                known: one
                for known, one in self._clients.items()
                if one.running or one.waiting or one.used(self._rules)
            }
        return self._clients.setdefault(name, _Client())
