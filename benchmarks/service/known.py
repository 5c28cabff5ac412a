"""`python -m benchmarks.service.known`: what an answer that is known costs the application, without a network."""

from __future__ import annotations

import asyncio
import io
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Scope

from api.app import create_app
from api.logs import configure_logs
from api.settings import Settings
from benchmarks.service.queries import mix

_ROUNDS, _REQUESTS = 7, 300
_HEADERS = [(b"host", b"127.0.0.1:8000"), (b"accept", b"application/sparql-results+json")]


def main() -> None:
    """Print the microseconds of processor time for one answer: the best round and the middle one."""
    configure_logs("json", io.StringIO())
    with TemporaryDirectory(prefix="raccordo-known-") as folder:
        rounds = sorted(asyncio.run(_measured(Path(folder))))
    print(f"a known answer: {rounds[0]:.0f} µs of processor at best, median {rounds[_ROUNDS // 2]:.0f} µs")


async def _measured(folder: Path) -> list[float]:
    app = create_app(Settings(store_url=f"oxigraph:{folder}/store", token_file=str(folder / "tokens.json")))
    async with app.router.lifespan_context(app):
        await _ask(app)
        return [await _round(app) for _ in range(_ROUNDS)]


async def _round(app: ASGIApp) -> float:
    began = time.thread_time()
    for _ in range(_REQUESTS):
        await _ask(app)
    return (time.thread_time() - began) / _REQUESTS * 1e6


async def _ask(app: ASGIApp) -> None:
    async def receive() -> Message:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            assert message["status"] == 200

    await app({**_SCOPE}, receive, send)


_QUERY = mix(["http://example.org/plan"])[1]
_SCOPE: Scope = {
    "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
    "path": "/sparql", "raw_path": b"/sparql", "root_path": "", "headers": _HEADERS,
    "query_string": f"query={quote(_QUERY, safe='')}".encode(),
    "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
}  # fmt: skip


if __name__ == "__main__":
    main()
