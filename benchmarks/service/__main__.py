"""`python -m benchmarks.service`: the service beside its peers on the same data, in one run.

Prints four tables: loads and memory, a mix of short queries at 1, 8 and 64 clients, aggregations over everything, and
what honest clients see before, during and after an attack.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.service.clients import Client, ask_for, attacked, probe
from benchmarks.service.data import write_quads
from benchmarks.service.derived import print_derived
from benchmarks.service.peers import PEERS, Peer, missing, oxigraph, raccordo
from benchmarks.service.queries import AGGREGATIONS, ATTACK, mix

_CLIENTS = (1, 8, 64)
_PLANS_ASKED = 40
_HONEST, _ATTACKERS = 4, 4


def main() -> None:
    """Measure, and print the tables."""
    options = _parser().parse_args()
    with TemporaryDirectory(prefix="raccordo-service-") as name:
        folder = Path(name)
        quads = folder / "quads" / "data.nq"
        quads.parent.mkdir()
        plans = write_quads(quads, options.quads)
        size = quads.stat().st_size / 2**20
        print(
            f"{sum(1 for _ in quads.open('rb')):,} quads ({size:.0f} MB of N-Quads), {plans} plans with their reports\n"
        )
        queries = mix(random.Random(1).sample(_plan_graphs(quads), min(plans, _PLANS_ASKED)))
        if options.attack:
            _print_attack(quads, folder, queries, options.seconds)
            return
        with ExitStack() as stack:
            peers = list(_started(stack, quads, folder, options.peers))
            _print_loads(peers)
            _print_mix(peers, queries, options.seconds)
            _print_aggregations(peers)
            print("\nmemory after all that: " + ", ".join(f"{one.name} {one.memory / 2**20:.0f} MB" for one in peers))
        print_derived(folder / "raccordo")
        _print_attack(quads, folder, queries, options.seconds)


def _started(stack: ExitStack, quads: Path, folder: Path, names: Sequence[str]) -> Iterator[Peer]:
    for name in names:
        if program := missing(name):
            print(f"{name}: {program} is not installed")
        else:
            yield stack.enter_context(PEERS[name][1](quads, folder))


def _plan_graphs(quads: Path) -> list[str]:
    found = re.compile(rb"<(\S+/graph/plan/[^>]+)> \.$")
    with quads.open("rb") as file:
        return sorted({match[1].decode() for line in file if (match := found.search(line))})


def _print_loads(peers: Sequence[Peer]) -> None:
    print("| | from the file to the first answer, s | memory then, MB |\n|---|---|---|")
    for peer in peers:
        print(f"| {peer.name} | {peer.load_seconds:.1f} | {peer.memory / 2**20:.0f} |")


def _print_mix(peers: Sequence[Peer], queries: Sequence[str], seconds: float) -> None:
    print("\n| texts | clients | | answers/s | p50 ms | p95 ms | p99 ms | refused or failed |")
    print("|---|---|---|---|---|---|---|---|")
    for peer in peers:
        ask_for(peer, queries, 2, seconds / 4, fresh=True)
    for fresh in (True, False):
        for clients in _CLIENTS:
            for peer in peers:
                times = ask_for(peer, queries, clients, seconds, fresh=fresh)
                row = f"| {'each once' if fresh else 'again and again'} | {clients} | {peer.name} | {times.rate:.0f} "
                print(
                    row + f"| {times.at(0.5):.1f} | {times.at(0.95):.1f} | {times.at(0.99):.1f} | {times.bad} |",
                    flush=True,
                )


def _print_aggregations(peers: Sequence[Peer]) -> None:
    """The median of three, each with a text of its own, so that no cache answers."""
    print("\n| over everything, ms | " + " | ".join(peer.name for peer in peers) + " |")
    print("|---|" + "---|" * len(peers))
    for name, text in AGGREGATIONS.items():
        cells = [_milliseconds(peer, [f"{text} # {number}" for number in range(3)]) for peer in peers]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def _milliseconds(peer: Peer, texts: Sequence[str]) -> str:
    client, spent = Client(peer), []
    for text in texts:
        began = time.monotonic()
        if not client.ask(text):
            client.close()
            return "-"
        spent.append(1000 * (time.monotonic() - began))
    client.close()
    return f"{statistics.median(spent):.1f}"


def _print_attack(quads: Path, folder: Path, queries: Sequence[str], seconds: float) -> None:
    """The limits are those that the service has as it comes; `oxigraph serve` has the same ten seconds."""
    print(f"\n{_HONEST} honest clients, and {_ATTACKERS} that ask for what never ends and leave after two seconds:\n")
    print("| | | answers/s | p50 ms | p95 ms | health p95 ms | memory, MB |\n|---|---|---|---|---|---|---|")
    for start in (raccordo, oxigraph):
        with start(quads, folder, limited=True) as peer:
            ask_for(peer, queries, 2, 1.0, fresh=True)
            _print_phase(peer, "before", queries, seconds)
            with attacked(peer, ATTACK, _ATTACKERS):
                time.sleep(2.0)
                _print_phase(peer, "during", queries, 3 * seconds)
            time.sleep(5.0)
            _print_phase(peer, "5 s after", queries, seconds)


def _print_phase(peer: Peer, phase: str, queries: Sequence[str], seconds: float) -> None:
    with ThreadPoolExecutor(1) as beside:
        health = beside.submit(probe, peer, seconds)
        times = ask_for(peer, queries, _HONEST, seconds, fresh=True)
        cells = f"{times.rate:.0f} | {times.at(0.5):.1f} | {times.at(0.95):.1f} | {health.result().at(0.95):.1f}"
    print(f"| {peer.name} | {phase} | {cells} | {peer.memory / 2**20:.0f} |", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service", description=__doc__.partition(":")[2].strip())
    parser.add_argument("--quads", type=int, default=200_000, help="at least so many (default: 200,000)")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each line of the mix is measured")
    parser.add_argument("--peers", type=lambda text: text.split(","), default=list(PEERS), help=", ".join(PEERS))
    parser.add_argument("--attack", action="store_true", help="only the attack")
    return parser


if __name__ == "__main__":
    main()
