"""The ways from a plan's N-Triples to validation results, all with the loading in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from time import process_time

import pyshacl
from rdflib import RDF, SH, Graph

from ontology.iris import Iris
from ontology.terms import RAC
from shapes.bundle import shapes_bundle
from shapes.engine import EngineName, run_rules
from shapes.results import Result, read_result
from shapes.validate import Unit, hierarchy, plan_data, validate_unit

IRIS = Iris()
Results = Counter[Result]


def plain(unit: Unit) -> Results:
    """pyshacl as it comes, on a graph that rdflib parsed."""
    data = Graph().parse(data=unit.plan + hierarchy(), format="nt")
    data.add((IRIS.plan(unit.plan_id), RDF.type, RAC.Plan))
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes_bundle().graph, advanced=True)
    return Counter(read_result(report, node) for node in report.objects(None, SH.result))


def ours(name: EngineName, unit: Unit) -> Results:
    """One of our engines; a rule that it cannot run ends the benchmark."""
    runs = run_rules(plan_data(unit, IRIS), shapes_bundle(), name)
    if broken := [rule for rule, run in runs.items() if run.fault]:
        raise SystemExit(f"not run: {', '.join(broken)}")
    return Counter(result for run in runs.values() for result in run.results)


def report(unit: Unit) -> object:
    """The whole report by the engine of first choice: places and sentences with the results."""
    return validate_unit(unit, IRIS)


ROUTES: Mapping[str, Callable[[Unit], object]] = {
    "plain pyshacl": plain,
    "reference": partial(ours, "reference"),
    "fast": partial(ours, "fast"),
    "fast, whole report": report,
}


def cpu(work: Callable[[], object]) -> float:
    """The CPU seconds of this process that the work takes."""
    start = process_time()
    work()
    return process_time() - start
