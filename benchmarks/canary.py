"""A listener on this machine that tells whether anything called out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Canary(ThreadingHTTPServer):
    """A server on this machine that keeps the path of every request it gets."""

    def __init__(self) -> None:
        """Take a free port."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[str] = []


@contextmanager
def listening() -> Iterator[Canary]:
    """A canary that listens until the block ends."""
    with Canary() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Notes each request and finds nothing."""

    def do_GET(self) -> None:
        """Note a request."""
        assert isinstance(self.server, Canary)
        self.server.heard.append(self.path)
        self.send_error(404)

    do_POST = do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
