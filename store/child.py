"""A process of the store, seen from its parent: started, spoken to over one socket pair, killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing import Pipe

_BEHIND = 10
"""How far a process goes behind others: it has a tenth of what they have, so that on a busy machine it still ends."""

_ENDING_SECONDS = 10.0
"""How long a process that has closed its end of the connection may take to be gone."""

_ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}
"""What a process finds: no setting, no secret.

Without this one glibc reserves memory for each thread of RocksDB, now and then more than a reader may have, which then
died before it had started."""


class Child:
    """One `python -m MODULE` process, spoken to by one thread at a time; any thread may kill it."""

    def __init__(self, module: str, *arguments: str) -> None:
        """Start the process; its first argument is the descriptor of its end of the connection."""
        self.connection, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", module, str(theirs.fileno()), *arguments],
                pass_fds=[theirs.fileno()],
                env=_ENVIRONMENT,
                # An interrupt from the keyboard is for the service, which ends its children in good order. In a session
                # of its own a child would not yield: Linux weighs sessions alike, whatever the priorities in them.
                process_group=0,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def receive(self, deadline: float) -> bytes:
        """The next frame; raises `TimeoutError` at the deadline (monotonic), `EOFError` when the process is gone."""
        if not self.connection.poll(max(0.0, deadline - time.monotonic())):
            raise TimeoutError
        return self.connection.recv_bytes()

    def ending(self) -> str:
        """How the process ended, as soon as it has: the name of a signal (SIGABRT: no memory, mostly) or `exit N`."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_ENDING_SECONDS)
        code = self._process.returncode
        if code is None:
            return "it runs still"
        return signal.Signals(-code).name if code < 0 else f"exit {code}"

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        with suppress(ProcessLookupError):
            self._process.kill()

    def yield_processor(self) -> None:
        """Put this process behind the others, for good: to raise a priority again takes a privilege."""
        with suppress(OSError):
            priority = os.getpriority(os.PRIO_PROCESS, self._process.pid)
            os.setpriority(os.PRIO_PROCESS, self._process.pid, priority + _BEHIND)

    def close(self) -> None:
        """Kill the process and wait until it is gone."""
        self.kill()
        self._process.wait()
        self.connection.close()
