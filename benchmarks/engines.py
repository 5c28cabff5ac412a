"""Real SPARQL servers in folders of their own: `python -m benchmarks.engines` starts those that are installed.

`oxigraph` comes from the package index (extra `engines`), `virtuoso-t` from Debian's `virtuoso-opensource-7-bin`.
"""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

_STARTING_SECONDS = 60.0
_VIRTUOSO = """\
[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
[TempDatabase]
DatabaseFile = v.tdb
TransactionFile = v.ttr
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
DirsAllowed = {directories}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {rows}
"""


@contextmanager
def oxigraph_server() -> Iterator[str]:
    """The store address of an empty `oxigraph serve`."""
    tool = program("oxigraph")
    assert tool is not None
    with TemporaryDirectory(prefix="raccordo-oxigraph-") as folder:
        (port,) = free_ports(1)
        process = subprocess.Popen(
            [tool, "serve", "--location", folder, "--bind", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL
        )
        base = f"http://127.0.0.1:{port}"
        try:
            await_answer(f"{base}/query?query=ASK%7B%7D")
            yield f"sparql:{base}/query#update={base}/update&graphs={base}/store"
        finally:
            end(process)


@dataclass(frozen=True, slots=True)
class Virtuoso:
    """A Virtuoso that runs."""

    port: int
    sql_port: int
    process: int

    @property
    def address(self) -> str:
        """Its address as a store."""
        base = f"http://127.0.0.1:{self.port}"
        return f"sparql:{base}/sparql#graphs={base}/sparql-graph-crud"

    def run(self, statements: str) -> None:
        """Run SQL as its administrator; raises `CalledProcessError`."""
        command = ["isql-vt", f"127.0.0.1:{self.sql_port}", "dba", "dba", f"EXEC={statements}"]
        subprocess.run(command, check=True, capture_output=True)


@contextmanager
def virtuoso_server(
    rows: int = 10_000_000, directories: Sequence[Path] = (), buffers: int = 20_000
) -> Iterator[Virtuoso]:
    """An empty Virtuoso that gives at most `rows` rows, that anybody may write to, and that reads `directories`."""
    with TemporaryDirectory(prefix="raccordo-virtuoso-") as folder:
        http, sql = free_ports(2)
        settings = _VIRTUOSO.format(
            http=http, sql=sql, rows=rows, buffers=buffers, dirty=buffers * 3 // 5,
            directories=", ".join([".", *map(str, directories)]),
        )  # fmt: skip
        (Path(folder) / "v.ini").write_text(settings)
        process = subprocess.Popen(
            ["virtuoso-t", "+configfile", "v.ini", "+foreground"],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        server = Virtuoso(http, sql, process.pid)
        try:
            await_answer(f"http://127.0.0.1:{http}/sparql?query=ASK%7B%7D")
            server.run('GRANT SPARQL_UPDATE TO "SPARQL";')
            yield server
        finally:
            end(process)


@contextmanager
def _virtuoso_store() -> Iterator[str]:
    with virtuoso_server() as server:
        yield server.address


ENGINES: Mapping[str, tuple[str, Callable[[], AbstractContextManager[str]]]] = {
    "oxigraph-serve": ("oxigraph", oxigraph_server),
    "virtuoso": ("virtuoso-t", _virtuoso_store),
}
"""Each server with the program that has to be installed, and how it is started."""


def installed(engine: str) -> bool:
    """Whether the program of an engine is at hand."""
    return program(ENGINES[engine][0]) is not None


def program(name: str) -> str | None:
    """Where a program stands: beside this Python, or where the shell finds it."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name)


def free_ports(number: int) -> list[int]:
    """Ports that nobody listens on, different ones."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [one.getsockname()[1] for one in sockets]


def await_answer(url: str, seconds: float = _STARTING_SECONDS) -> None:
    """Wait for a server to answer; raises what the last request raised when it never does."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            httpx.get(url, trust_env=False).raise_for_status()
            return
        except httpx.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process, by force when it takes its time."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main() -> None:
    """Start what is installed, print the addresses, and end it at an interrupt or when told to."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as stack:
        for name, (program, start) in ENGINES.items():
            if installed(name):
                print(f"{name}: {stack.enter_context(start())}", flush=True)
            else:
                print(f"{name}: {program} is not installed", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
