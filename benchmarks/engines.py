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
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
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
NumberOfBuffers = 20000
MaxDirtyBuffers = 12000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {rows}
"""


@contextmanager
def oxigraph_server() -> Iterator[str]:
    """The store address of an empty `oxigraph serve`."""
    program = _program("oxigraph")
    assert program is not None
    with TemporaryDirectory(prefix="raccordo-oxigraph-") as folder:
        (port,) = _free_ports(1)
        process = subprocess.Popen(
            [program, "serve", "--location", folder, "--bind", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL
        )
        base = f"http://127.0.0.1:{port}"
        try:
            _await(f"{base}/query?query=ASK%7B%7D")
            yield f"sparql:{base}/query#update={base}/update&graphs={base}/store"
        finally:
            _end(process)


@contextmanager
def virtuoso_server(rows: int = 10_000_000) -> Iterator[str]:
    """The store address of an empty Virtuoso that gives at most `rows` rows, and that anybody may write to."""
    with TemporaryDirectory(prefix="raccordo-virtuoso-") as folder:
        http, sql = _free_ports(2)
        (Path(folder) / "v.ini").write_text(_VIRTUOSO.format(http=http, sql=sql, rows=rows))
        process = subprocess.Popen(
            ["virtuoso-t", "+configfile", "v.ini", "+foreground"],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        base = f"http://127.0.0.1:{http}"
        try:
            _await(f"{base}/sparql?query=ASK%7B%7D")
            subprocess.run(
                ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", 'EXEC=GRANT SPARQL_UPDATE TO "SPARQL";'],
                check=True, capture_output=True,
            )  # fmt: skip
            yield f"sparql:{base}/sparql#graphs={base}/sparql-graph-crud"
        finally:
            _end(process)


ENGINES: Mapping[str, tuple[str, Callable[[], AbstractContextManager[str]]]] = {
    "oxigraph-serve": ("oxigraph", oxigraph_server),
    "virtuoso": ("virtuoso-t", virtuoso_server),
}
"""Each server with the program that has to be installed, and how it is started."""


def installed(engine: str) -> bool:
    """Whether the program of an engine is at hand."""
    return _program(ENGINES[engine][0]) is not None


def _program(name: str) -> str | None:
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name)


def _free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [one.getsockname()[1] for one in sockets]


def _await(url: str) -> None:
    deadline = time.monotonic() + _STARTING_SECONDS
    while True:
        try:
            httpx.get(url, trust_env=False).raise_for_status()
            return
        except httpx.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main() -> None:
    """Start what is installed, print the addresses, and end it at an interrupt."""
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
