"""Which state of the data an answer is of: what a client names to be told that its copy is still good, or to write.

A tag is made of a word of this process, how often was written through it, and the representation. The count is raised
before a write and after it, so that what is read meanwhile has a tag of its own, which no later state has.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.requests import Request

from api.errors import PreconditionFailed
from store.cache import differs_each_time
from store.evaluate import Request as Question


class Versions:
    """The states of one store, as long as all its writes come through here."""

    def __init__(self, *, exclusive: bool) -> None:
        """Without `exclusive` others write to the store as well, and nothing has a tag."""
        self._exclusive = exclusive
        self._process = secrets.token_hex(4)
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._everywhere = 0
        self._graphs: Counter[str | None] = Counter()

    def of_answer(self, question: Question) -> str | None:
        """The tag of the answer to a query, to be taken before it runs; weak, as fresh blank nodes have other names."""
        if not self._exclusive or differs_each_time(question.text):
            return None
        with self._lock:
            state = f"{self._everywhere}.{self._graphs.total()}"
        text, accept, default_graphs, named_graphs, base = question
        return f'W/"{self._process}-{state}-{_short(text, accept, base, *default_graphs, "", *named_graphs)}"'

    def of_graph(self, graph: str | None, media_type: str) -> str | None:
        """The tag of a graph (`None` is the default one) in one media type, to be taken before it is read."""
        return f'"{self._state(graph)}-{_short(media_type)}"' if self._exclusive else None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write anywhere; one write at a time."""
        with self._writing:
            self._raise(None, everywhere=True)
            try:
                yield
            finally:
                self._raise(None, everywhere=True)

    @contextmanager
    def writing_graph(self, request: Request, graph: str | None, exists: Callable[[], bool]) -> Iterator[None]:
        """Write one graph, if the request's If-Match and If-None-Match allow it. Raises `PreconditionFailed`."""
        with self._writing:
            self._check(request, graph, exists)
            self._raise(graph)
            try:
                yield
            finally:
                self._raise(graph)

    def _check(self, request: Request, graph: str | None, exists: Callable[[], bool]) -> None:
        wanted, unwanted = request.headers.get("if-match"), request.headers.get("if-none-match")
        if wanted is not None and not (exists() and (wanted.strip() == "*" or self._tagged(wanted, graph))):
            raise PreconditionFailed
        if unwanted is not None and exists() and (unwanted.strip() == "*" or self._tagged(unwanted, graph)):
            raise PreconditionFailed

    def _tagged(self, header: str, graph: str | None) -> bool:
        """Whether a header names the present state of a graph, in whatever media type; weak tags name none."""
        state = f'"{self._state(graph)}-'
        return self._exclusive and any(tag.strip().startswith(state) for tag in header.split(","))

    def _raise(self, graph: str | None, *, everywhere: bool = False) -> None:
        with self._lock:
            if everywhere:
                self._everywhere += 1
            else:
                self._graphs[graph] += 1

    def _state(self, graph: str | None) -> str:
        with self._lock:
            return f"{self._process}-{self._everywhere}.{self._graphs[graph]}"


def _short(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]
