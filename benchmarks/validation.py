"""Validation against plain pyshacl on the plans of a folder: CPU time and whether the results are the same.

Run as `python -m benchmarks.validation [FOLDER]`; the folder holds plan folders, `data/plans` by default.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pyshacl
from rdflib import RDF, RDFS, SH, Graph, URIRef

from loaders.graph import build_graph
from loaders.manifest import plan_folders
from loaders.pipeline import read_plan
from ontology.graphs import ontology_graph
from ontology.iris import Iris
from ontology.terms import RAC
from shapes.bundle import shapes_bundle
from shapes.engine import Result, prepared, read_result, run
from shapes.validate import validate_graph

HEADINGS = ("plan", "triples", "pyshacl ms", "ours ms", "ratio", "report ms", "same")
ROW = "{:<32}{:>9}{:>12}{:>10}{:>8}{:>11}{:>6}"
REPEATS = 3


def cpu_ms(work: Callable[[], object], repeats: int) -> float:
    """The least CPU time of the repeats, in milliseconds."""
    times = []
    for _ in range(repeats):
        start = process_time()
        work()
        times.append(process_time() - start)
    return 1000 * min(times)


def with_hierarchy(graph: Graph, plan: URIRef) -> Graph:
    """The plan's graph with the class hierarchy, as a plain graph: what both engines are given."""
    data = Graph()
    data += graph
    for sub, over in ontology_graph().subject_objects(RDFS.subClassOf):
        data.add((sub, RDFS.subClassOf, over))
    data.add((plan, RDF.type, RAC.Plan))
    return data


def plain(data: Graph) -> Counter[Result]:
    """The results of pyshacl without any of our accelerations."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes_bundle().graph, advanced=True)
    return Counter(read_result(report, node) for node in report.objects(None, SH.result))


def measure(plan_id: str, graph: Graph, iris: Iris) -> str:
    """One line of the table: the engine alone against pyshacl, then our whole report."""
    data = with_hierarchy(graph, iris.plan(plan_id))
    ours = Counter(run(prepared(data), shapes_bundle().graph))
    slow = cpu_ms(lambda: plain(data), 1)
    fast = cpu_ms(lambda: run(prepared(data), shapes_bundle().graph), REPEATS)
    whole = cpu_ms(lambda: validate_graph(graph, plan_id, iris), REPEATS)
    same = "yes" if ours == plain(data) else "NO"
    return ROW.format(plan_id, len(graph), f"{slow:.0f}", f"{fast:.0f}", f"{slow / fast:.1f}", f"{whole:.0f}", same)


def main(folder: Path) -> None:
    """Print the table; the first validation, which parses the shapes and their queries, is not counted."""
    iris = Iris()
    validate_graph(Graph(), "warm-up", iris)
    print(ROW.format(*HEADINGS))
    for plan in plan_folders(folder):
        record = read_plan(folder / plan.plan_id)
        print(measure(record.plan.id, build_graph(record, iris), iris))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "data/plans"))
