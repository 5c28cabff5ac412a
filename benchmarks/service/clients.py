"""Clients that ask one server at once, and how long each answer took."""

from __future__ import annotations

import http.client
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

from benchmarks.service.peers import Peer

PATIENCE = 30.0
"""How long a client waits for one answer."""
_JSON = "application/sparql-results+json"


@dataclass(slots=True)
class Times:
    """The seconds of each good answer, the number of others, and how long it all took."""

    good: list[float] = field(default_factory=list)
    bad: int = 0
    seconds: float = 0.0

    def note(self, ask: Callable[[str], bool], text: str) -> None:
        """Ask once, and add how it went."""
        began = time.monotonic()
        if ask(text):
            self.good.append(time.monotonic() - began)
        else:
            self.bad += 1

    def add(self, other: Times) -> None:
        """Put those of another client beside these."""
        self.good += other.good
        self.bad += other.bad

    @property
    def rate(self) -> float:
        """Good answers in a second."""
        return len(self.good) / self.seconds if self.seconds else 0.0

    def at(self, share: float) -> float:
        """The milliseconds that so many of the good answers took at most."""
        ordered = sorted(self.good)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


class Client:
    """One client with a connection that is kept; each has an address of its own, as far as servers tell them apart."""

    def __init__(self, peer: Peer, address: str = "127.0.0.1") -> None:
        """Connect at the first request."""
        self._peer = peer
        self._address = address
        self._connection: http.client.HTTPConnection | None = None

    def get(self, target: str) -> bool:
        """Whether the answer came whole and with status 200."""
        try:
            if self._connection is None:
                self._connection = self._connected()
            self._connection.request("GET", target, headers={"Accept": _JSON})
            answer = self._connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return False
        return answer.status == 200

    def ask(self, query: str) -> bool:
        """Whether a query was answered."""
        return self.get(f"{self._peer.path}?query={quote(query, safe='')}")

    def close(self) -> None:
        """Leave."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self._peer.port, timeout=PATIENCE, source_address=(self._address, 0)
        )
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


def ask_for(peer: Peer, queries: Sequence[str], clients: int, seconds: float, *, fresh: bool) -> Times:
    """What so many clients at once see who ask one query after the other; `fresh`: each text is a new one."""
    marks, together, start = itertools.count(), Times(), time.monotonic()
    lock = threading.Lock()

    def work(number: int) -> None:
        texts = itertools.islice(itertools.cycle(queries), number * 3, None)
        marked = (f"{text}\n# {peer.name} {clients} {next(marks)}" for text in texts)
        times = _times(Client(peer, f"127.0.1.{number + 1}"), marked if fresh else texts, start + seconds)
        with lock:
            together.add(times)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together.seconds = time.monotonic() - start
    return together


@contextmanager
def attacked(peer: Peer, queries: Sequence[str], clients: int) -> Iterator[None]:
    """While this lasts so many clients ask for what hurts; each leaves after two seconds and comes again."""
    done = threading.Event()

    def work(number: int) -> None:
        for count, text in enumerate(itertools.islice(itertools.cycle(queries), number, None)):
            if done.is_set():
                return
            with socket.create_connection(("127.0.0.1", peer.port), source_address=(f"127.0.2.{number + 1}", 0)) as one:
                target = f"{peer.path}?query={quote(f'{text} # {number} {count}', safe='')}"
                one.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n".encode())
                one.settimeout(2.0)
                try:
                    one.recv(65_536)
                except OSError:
                    continue
            # A refusal comes at once; who attacks waits for nothing long.
            done.wait(0.1)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()


def probe(peer: Peer, seconds: float) -> Times:
    """How long the cheapest page of a server takes, asked ten times a second by an address of its own."""
    client, times, end = Client(peer, "127.0.3.1"), Times(), time.monotonic() + seconds
    while time.monotonic() < end:
        times.note(client.get, peer.health)
        time.sleep(0.1)
    client.close()
    return times


def _times(client: Client, texts: Iterable[str], end: float) -> Times:
    times = Times()
    for text in texts:
        if time.monotonic() >= end:
            break
        times.note(client.ask, text)
    client.close()
    return times
