"""Kill -9 at random moments of loads, updates, starts, backups, compactions and restores: what is left must be whole.

`python -m benchmarks.kill --rounds 100 --seed 1` prints how often each was killed, and what was lost or torn.
"""

from __future__ import annotations

import argparse
import pickle
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rdflib import RDFS, Graph, Literal, URIRef

from api.operations.ingest import ntriples
from api.operations.validation import report_triples
from benchmarks.kill_work import LIMITS, WORKS, Graphs, store_url
from loaders.graph import build_graph
from loaders.pipeline import read_plan
from ontology.iris import Iris
from shapes.validate import validate_graph
from store import open_store
from store.keeping import restore_store
from store.marker import is_whole

PLAN = Path(__file__).parents[1] / "data" / "plans" / "cernusco-2020"
LONGEST_SECONDS = 0.6
"""A process is killed at a random moment of this time after it says that it begins."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a plan with its report, as a store gives them back."""

    plan: bytes
    report: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often each work was killed, and one line for each thing that was not whole afterwards."""

    kills: Counter[str]
    faults: list[str]


class Rounds:
    """A store in a folder with a plan in three versions, of which one is in the store."""

    def __init__(self, folder: Path) -> None:
        """Read the plan and write its first version."""
        self._folder, self._iris = folder, Iris()
        record = read_plan(PLAN)
        self._id = record.plan.id
        self._names = str(self._iris.plan_graph(self._id)), str(self._iris.report_graph(self._id))
        graph = build_graph(record, self._iris)
        made = [self._graphs(graph, number) for number in range(3)]
        (folder / "versions").write_bytes(pickle.dumps(made))
        # Written the last one first, so that the first one is in the store.
        self._versions = [self._kept(one) for one in reversed(made)][::-1]
        assert len({one.report for one in self._versions}) == len(made)
        self._last = 0

    def run(self, rounds: int, seed: int) -> Outcome:
        """Kill so many processes, one kind of work after the other; the first fault ends it."""
        chance, outcome = random.Random(seed), Outcome(Counter(), [])
        for number in range(rounds):
            work = list(WORKS)[number % len(WORKS)]
            acknowledged = self._kill(work, chance.random() * LONGEST_SECONDS)
            outcome.kills[work] += 1
            try:
                self._judge(max(self._last, acknowledged), served=chance.random() < 0.5)
            except Exception as error:  # noqa: BLE001 - whatever goes wrong here is what this looks for
                outcome.faults.append(f"round {number}, {work}: {type(error).__name__}: {error}")
                break
        return outcome

    def _graphs(self, plan: Graph, number: int) -> Graphs:
        plan.set((URIRef(self._names[0]), RDFS.comment, Literal(f"version {number}")))
        report = validate_graph(plan, self._id, self._iris)
        return {self._names[0]: ntriples(plan), **report_triples(report, self._iris, None)}

    def _kept(self, graphs: Graphs) -> Version:
        store = open_store(store_url(self._folder))
        try:
            store.replace_graphs(graphs)
            plan, report = map(store.graph, self._names)
        finally:
            store.close()
        return Version(plan, report)

    def _kill(self, work: str, after: float) -> int:
        """Kill a process some time after it began to work; the last number that it acknowledged."""
        command = [sys.executable, "-m", "benchmarks.kill_work", work, str(self._folder), str(self._last + 1)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(after)
            process.kill()
            return max([0, *map(int, process.stdout.read().split())])

    def _judge(self, acknowledged: int, *, served: bool) -> None:
        """Open the store as after a crash. Raises `AssertionError`, and whatever an opening raises."""
        store = open_store(store_url(self._folder), limits=LIMITS if served else None)
        try:
            plan, report = map(store.graph, self._names)
        finally:
            store.close()
        found = next((number for number, one in enumerate(self._versions) if one.plan == plan), None)
        assert found is not None, "the plan is no whole version"
        assert report == self._versions[found].report, "the report is torn, or of another version"
        distance = (found - acknowledged) % len(self._versions)
        assert distance in (0, 1), "a version that was acknowledged is gone"
        self._last = acknowledged + distance
        for copy in (self._folder / "backups").glob("*"):
            if is_whole(copy):
                restore_store(self._folder / "tried", copy)
            shutil.rmtree(copy)


def main() -> None:
    """Run the rounds and print the result; exit code 1 when anything was not whole."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with TemporaryDirectory(prefix="raccordo-kill-") as folder:
        outcome = Rounds(Path(folder)).run(options.rounds, options.seed)
    print(", ".join(f"{work}: {number}" for work, number in outcome.kills.items()))
    print(f"{outcome.kills.total()} kills, {len(outcome.faults)} faults", *outcome.faults, sep="\n")
    sys.exit(bool(outcome.faults))


if __name__ == "__main__":
    main()
