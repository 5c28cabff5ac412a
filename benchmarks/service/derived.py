"""What a write costs, and what is derived after it: the census and the standing answers.

`python -m benchmarks.service.derived DIRECTORY` prints it for a store, into which it writes a plan.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.service.data import Graphs, Plans, common_graphs
from benchmarks.service.queries import AGGREGATIONS
from store import ReadLimits
from store.evaluate import Request
from store.served import ServedStore
from store.standing import SLOW_SECONDS
from store.stop import Stop

_WRITES = 40
_CORRECTED = 50
_PATIENCE = 120.0


def print_derived(directory: Path) -> None:
    """Print how long a plan takes to be replaced, and how soon after it everything over the whole store is ready."""
    store = ServedStore(directory, ReadLimits(seconds=60.0))
    try:
        plans = Plans(common_graphs())
        plan, other = plans.copy(0), dict(zip(plans.copy(0), plans.copy(1).values(), strict=True))
        first = _seconds(store.census)
        store.replace_graphs(plan)
        corrected = [_seconds(partial(store.replace_graphs, _corrected(plan, number))) for number in range(_WRITES)]
        exchanged = [_seconds(partial(store.replace_graphs, (other, plan)[number % 2])) for number in range(_WRITES)]
        census = _seconds(store.census)
        requests = {name: Request(text, "application/sparql-results+json") for name, text in AGGREGATIONS.items()}
        computed = {name: _asked(store, one) for name, one in requests.items()}
        for request in requests.values():
            _asked(store, request)
        began = time.monotonic()
        store.replace_graphs(plan)
        written = time.monotonic()
        print("\n| over everything | computed, ms | ready after a write, s | then, ms |\n|---|---|---|---|")
        for name, request in requests.items():
            if computed[name] < SLOW_SECONDS:
                print(f"| {name} | {1000 * computed[name]:.1f} | short: computed when asked | |")
                continue
            ready = _ready(store, request) - written
            print(f"| {name} | {1000 * computed[name]:.1f} | {ready:.1f} | {1000 * _asked(store, request):.2f} |")
        print(
            "\na plan with its report replaced, on disk and visible: "
            f"where one text in {_CORRECTED} differs {_shown(corrected)}, by another plan {_shown(exchanged)} "
            f"(while deriving, by the same plan: {1000 * (written - began):.0f} ms)\n"
            f"census: {first:.2f} s the first time, {census:.2f} s after a plan was replaced"
        )
    finally:
        store.close()


def _corrected(plan: Graphs, number: int) -> Graphs:
    """The plan with another end to some of its texts."""
    return {name: b"".join(_lines(body, b" %d" % number)) for name, body in plan.items()}


def _lines(body: bytes, end: bytes) -> Iterator[bytes]:
    texts = 0
    for line in body.splitlines(keepends=True):
        texts += line.endswith(b'" .\n')
        changed = line.endswith(b'" .\n') and not texts % _CORRECTED
        yield line[:-4] + end + line[-4:] if changed else line


def _shown(writes: Sequence[float]) -> str:
    ordered = sorted(writes)
    return f"p50 {1000 * ordered[_WRITES // 2]:.0f} ms, p95 {1000 * ordered[int(0.95 * _WRITES)]:.0f} ms"


def _seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _asked(store: ServedStore, request: Request) -> float:
    def ask() -> None:
        if store.recall(request) is None:
            b"".join(store.stream(request, Stop()).chunks)

    return _seconds(ask)


def _ready(store: ServedStore, request: Request) -> float:
    """When an answer is there without asking for it."""
    deadline = time.monotonic() + _PATIENCE
    while store.recall(request) is None and time.monotonic() < deadline:
        time.sleep(0.01)
    return time.monotonic()


if __name__ == "__main__":
    print_derived(Path(sys.argv[1]))
