"""The sample plans again and again, each copy a plan of its own in a territory of its own, as N-Quads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from api.operations.ingest import ntriples
from api.operations.validation import report_triples
from loaders.graph import build_graph
from loaders.pipeline import read_plan
from ontology.graphs import ontology_graph, territory_graph
from ontology.iris import Iris
from shapes.validate import validate_graph

ROOT = Path(__file__).parents[2]
_AMBITO = re.compile(rb"<(\S+/id/territory/ambito/[^>\s]+)> <\S+#type> ")
Graphs = dict[str, bytes]
"""IRI of a graph → its N-Triples."""


def common_graphs() -> Graphs:
    """The ontology and the register of territories."""
    iris, register = Iris(), territory_graph(ROOT / "data" / "territory" / "territory.ttl")
    return {str(iris.ontology_graph()): ntriples(ontology_graph()), str(iris.territory_graph()): ntriples(register)}


class Plans:
    """The sample plans with their reports, read once and copied as often as needed."""

    def __init__(self, common: Graphs) -> None:
        """Read and check every sample plan."""
        self._iris = Iris()
        self._ambiti = sorted(set(_AMBITO.findall(common[str(self._iris.territory_graph())])))
        manifests = sorted((ROOT / "data" / "plans").glob("*/plan.toml"))
        self._samples = [self._sample(manifest.parent) for manifest in manifests]

    def copy(self, number: int) -> Graphs:
        """The plan of that number and its report: from the samples in turn, from the Ambiti of the register in turn."""
        plan_id, territory, graphs = self._samples[number % len(self._samples)]
        ambito = self._ambiti[number % len(self._ambiti)]
        fresh = f"{plan_id}-{number}".encode()

        def renamed(text: bytes) -> bytes:
            return text.replace(plan_id.encode(), fresh).replace(territory, b"<" + ambito + b">")

        return {renamed(name.encode()).decode(): renamed(body) for name, body in graphs.items()}

    def _sample(self, folder: Path) -> tuple[str, bytes, Graphs]:
        record = read_plan(folder)
        plan_id, graph = record.plan.id, build_graph(record, self._iris)
        report = validate_graph(graph, plan_id, self._iris)
        triples = ntriples(graph)
        covered = re.search(rb"#coversTerritory> (<[^>]+>)", triples)
        assert covered is not None
        name = str(self._iris.plan_graph(plan_id))
        return plan_id, covered[1], {name: triples, **report_triples(report, self._iris, None)}


def quads(graphs: Graphs) -> Iterator[bytes]:
    """The lines of graphs as N-Quads."""
    for name, body in graphs.items():
        end = f" <{name}> .\n".encode()
        for line in body.splitlines():
            yield line.removesuffix(b" .") + end


def write_quads(path: Path, at_least: int) -> int:
    """Write the common graphs and so many plans that there are at least that many quads; how many plans."""
    common = common_graphs()
    plans, written, number = Plans(common), 0, 0
    with path.open("wb") as file:
        graphs = common
        while True:
            lines = list(quads(graphs))
            file.writelines(lines)
            written += len(lines)
            if written >= at_least:
                return number
            graphs = plans.copy(number)
            number += 1
