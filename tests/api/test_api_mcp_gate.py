"""Calls of language models over HTTP have the share of any other client."""

from __future__ import annotations

from dataclasses import replace

import anyio
import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from api.mcp import Gated
from api.settings import Settings


class Held:
    """An application whose calls end when the test says so."""

    def __init__(self) -> None:
        self.inside = 0
        self.entered, self.leave = anyio.Event(), anyio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.inside += 1
        if Request(scope).method == "POST":
            self.entered.set()
            await self.leave.wait()
        await PlainTextResponse("fatto")(scope, receive, send)


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_client_beyond_its_share_is_told_when_to_come_again(settings: Settings, method: str) -> None:
    async def run() -> tuple[httpx.Response, httpx.Response]:
        held = Held()
        gate = Gated(held, replace(settings, client_queries=1))
        transport = httpx.ASGITransport(gate, client=("192.0.2.1", 1))
        first: list[httpx.Response] = []

        async def ask() -> None:
            first.append(await client.post("/mcp"))

        async with (
            httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as client,
            anyio.create_task_group() as tasks,
        ):
            tasks.start_soon(ask)
            await held.entered.wait()
            second = await client.request(method, "/mcp", headers={"Accept": "application/json"})
            held.leave.set()
        return first[0], second

    one, other = anyio.run(run)
    assert one.status_code == 200
    assert other.status_code == (429 if method == "POST" else 200)
    assert ("retry-after" in other.headers) is (method == "POST")
