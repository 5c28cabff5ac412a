"""The service and its peers, each with the same data and a process tree of its own."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.engines import await_answer, end, free_ports, program, virtuoso_server

_ANY = {"RACCORDO_CLIENT_QUERIES": "64", "RACCORDO_CLIENT_SECONDS": "100000"}
"""One client of a measurement is worth many: it may ask for all that there is."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A server that runs."""

    name: str
    port: int
    path: str
    load_seconds: float
    """From the file of quads to the first answer."""
    process: int
    health: str = ""

    @property
    def memory(self) -> int:
        """The bytes that its processes hold now; what they share counts once."""
        return sum(_proportional(one) for one in _family(self.process))


@contextmanager
def raccordo(quads: Path, folder: Path, limited: bool = False) -> Iterator[Peer]:
    """Our service, with the limits of one client as they come or without."""
    began = time.monotonic()
    command, store = [program("raccordo") or "raccordo"], f"oxigraph:{folder}/raccordo"
    if not (folder / "raccordo").exists():
        subprocess.run([*command, "--store", store, "restore", str(quads)], check=True, stdout=subprocess.DEVNULL)
    (port,) = free_ports(1)
    environment = {**os.environ, "RACCORDO_TOKENS": str(folder / "tokens.json"), **({} if limited else _ANY)}
    with _running([*command, "--store", store, "serve", "--port", str(port)], environment) as process:
        await_answer(f"http://127.0.0.1:{port}/sparql?query=ASK%7B%7D")
        yield Peer("raccordo", port, "/sparql", time.monotonic() - began, process, "/health")


@contextmanager
def oxigraph(quads: Path, folder: Path, limited: bool = False) -> Iterator[Peer]:
    """`oxigraph serve`, with a time limit of 10 s for each query where it is `limited`."""
    began = time.monotonic()
    tool = program("oxigraph") or "oxigraph"
    if not (folder / "oxigraph").exists():
        subprocess.run(
            [tool, "load", "--location", str(folder / "oxigraph"), "--file", str(quads)],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    (port,) = free_ports(1)
    options = ["--timeout-s", "10"] if limited else []
    serve = [tool, "serve-read-only", "--location", str(folder / "oxigraph"), "--bind", f"127.0.0.1:{port}", *options]
    with _running(serve, os.environ) as process:
        await_answer(f"http://127.0.0.1:{port}/query?query=ASK%7B%7D")
        yield Peer("oxigraph serve", port, "/query", time.monotonic() - began, process, "/")


@contextmanager
def virtuoso(quads: Path, folder: Path, limited: bool = False) -> Iterator[Peer]:
    """Virtuoso, filled by its bulk loader."""
    began = time.monotonic()
    with virtuoso_server(directories=(quads.parent,), buffers=170_000) as server:
        server.run(f"ld_dir('{quads.parent}', '{quads.name}', 'http://x/'); rdf_loader_run(); checkpoint;")
        yield Peer("virtuoso", server.port, "/sparql", time.monotonic() - began, server.process)


@contextmanager
def rdflib_endpoint(quads: Path, folder: Path, limited: bool = False) -> Iterator[Peer]:
    """rdflib-endpoint over rdflib's own store in memory."""
    began = time.monotonic()
    (port,) = free_ports(1)
    tool = program("rdflib-endpoint") or "rdflib-endpoint"
    with _running([tool, "serve", "--host", "127.0.0.1", "--port", str(port), str(quads)], os.environ) as process:
        await_answer(f"http://127.0.0.1:{port}/?query=ASK%7B%7D", seconds=600)
        yield Peer("rdflib-endpoint", port, "/", time.monotonic() - began, process)


PEERS: Mapping[str, tuple[str, Callable[[Path, Path], AbstractContextManager[Peer]]]] = {
    "raccordo": ("raccordo", raccordo),
    "oxigraph": ("oxigraph", oxigraph),
    "virtuoso": ("virtuoso-t", virtuoso),
    "rdflib-endpoint": ("rdflib-endpoint", rdflib_endpoint),
}
"""Each peer with the program that it needs, and how it is started."""


@contextmanager
def _running(command: list[str], environment: Mapping[str, str]) -> Iterator[int]:
    process = subprocess.Popen(
        command, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process.pid
    finally:
        end(process)


def _family(process: int) -> list[int]:
    """A process and all that it started."""
    parents = {int(entry.name): _parent(entry) for entry in Path("/proc").glob("[0-9]*")}
    found = [process]
    for one in found:
        found.extend(child for child, parent in parents.items() if parent == one)
    return found


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _proportional(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def missing(peer: str) -> str:
    """The program that a peer lacks here; empty when it can be started."""
    needed = PEERS[peer][0]
    return "" if program(needed) else needed
