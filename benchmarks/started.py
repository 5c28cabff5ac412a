"""A service in a process of its own, as its operator starts it.

`python -m benchmarks.started --starts 5` starts one over the sample plans (var/store, as `make run` loads them), and
prints how long each start took until `/ready` said yes, and how much processor time.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

CEILING_SECONDS = 120.0
"""Nobody waits longer for a service to start or to end."""
_PROGRAM = str(Path(sys.executable).with_name("raccordo"))
_ADDRESS = re.compile(r"Raccordo: (http://\S+)")


@dataclass(frozen=True)
class Started:
    """A process that serves, a client of it, and the file of what it writes on standard error."""

    process: subprocess.Popen[bytes]
    client: httpx.Client
    log: Path

    def ended(self) -> int:
        """The exit code, once there is one."""
        return self.process.wait(CEILING_SECONDS)


@contextmanager
def started(store_url: str, **settings: str) -> Iterator[Started]:
    """`raccordo serve` over a store, ready; each setting is a variable without its prefix. Killed at the end."""
    environment = {f"RACCORDO_{name.upper()}": value for name, value in settings.items()}
    with tempfile.TemporaryDirectory(prefix="raccordo-started-") as folder:
        log = Path(folder) / "stderr.txt"
        with log.open("wb") as stderr, _process(store_url, environment, folder, stderr.fileno()) as process:
            try:
                address = _waited_for(process, log)
                with httpx.Client(base_url=address, timeout=CEILING_SECONDS, trust_env=False) as client:
                    yield Started(process, client, log)
            finally:
                process.kill()


def _process(store_url: str, environment: Mapping[str, str], folder: str, stderr: int) -> subprocess.Popen[bytes]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("RACCORDO_")}
    tokens = {"RACCORDO_TOKENS": str(Path(folder) / "tokens.json")}
    return subprocess.Popen(
        [_PROGRAM, "serve", "--port", "0"],
        env={**inherited, "RACCORDO_STORE": store_url, **tokens, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=stderr,
    )


def _waited_for(process: subprocess.Popen[bytes], log: Path) -> str:
    """The address of a service once it is ready."""
    deadline = time.monotonic() + CEILING_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if (found := _ADDRESS.search(log.read_text(encoding="utf-8"))) and _ready(found[1]):
            return found[1]
        time.sleep(0.02)
    raise RuntimeError(f"the service did not start: {log.read_text(encoding='utf-8')}")


def _ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}ready", timeout=CEILING_SECONDS, trust_env=False).status_code == 200
    except httpx.ConnectError:
        return False


def main() -> None:
    """Start and stop, and print the times."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--store", default="oxigraph:var/store")
    options = parser.parse_args()
    seconds = []
    for _ in range(options.starts):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        with started(options.store) as service:
            seconds.append(time.monotonic() - start)
            service.process.terminate()
            code = service.ended()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
        print(f"ready after {seconds[-1]:.1f} s; {processor:.1f} s of processor until its end; exit code {code}")
    print(f"median of {options.starts}: {statistics.median(seconds):.1f} s")


if __name__ == "__main__":
    main()
