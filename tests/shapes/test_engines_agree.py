"""Plain pyshacl, the reference engine and the fast one give the same results: what lets the fast one be used."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, RDFS, SH, Graph

from benchmarks.corpus import generate
from benchmarks.corpus.record import true_graph
from ontology.graphs import ontology_graph
from ontology.iris import Iris
from ontology.terms import RAC
from shapes.bundle import shapes_bundle
from shapes.engine import DEFAULT_ENGINE, EngineName, run_rules
from shapes.results import Result, read_result
from shapes.validate import Unit, plan_data

HERE = Path(__file__).parent
IRIS = Iris()
SEED, PLANS = 11, 60
EXAMPLES = sorted(HERE.glob("*/*.ttl"))


def results(unit: Unit, name: EngineName) -> Counter[Result]:
    runs = run_rules(plan_data(unit, IRIS), shapes_bundle(), name)
    assert not [rule for rule, run in runs.items() if run.fault]
    return Counter(result for run in runs.values() for result in run.results)


def plain(unit: Unit) -> Counter[Result]:
    """What pyshacl gives without any of our accelerations, on a graph of rdflib's own."""
    data = Graph().parse(data=unit.plan, format="nt")
    data += ontology_graph().triples((None, RDFS.subClassOf, None))
    data.add((IRIS.plan(unit.plan_id), RDF.type, RAC.Plan))
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes_bundle().graph, advanced=True)
    return Counter(read_result(report, node) for node in report.objects(None, SH.result))


def unit_of(graph: Graph, plan_id: str) -> Unit:
    return Unit(plan_id, graph.serialize(format="nt", encoding="utf-8"))


@pytest.mark.parametrize("paths", [EXAMPLES, EXAMPLES[::2], EXAMPLES[1::2]], ids=["all", "failing", "passing"])
def test_examples_as_plain_pyshacl(paths: list[Path]) -> None:
    graph = Graph().parse(HERE / "base.ttl")
    for path in paths:
        graph.parse(path)
    unit = unit_of(graph, "p")
    expected = plain(unit)
    assert expected or not any(path.stem == "fail" for path in paths)
    assert results(unit, "reference") == expected
    assert results(unit, "fast") == expected


def test_generated_plans() -> None:
    """Sixty plans by both engines, two by plain pyshacl too; `make bench-validation` asks it of two hundred."""
    different = []
    for number, made in enumerate(generate(SEED, PLANS)):
        unit = unit_of(true_graph(made, IRIS), made.facts.plan_id)
        reference = results(unit, "reference")
        if results(unit, "fast") != reference or (number % 30 == 0 and plain(unit) != reference):
            different.append(unit.plan_id)
    assert not different


def test_the_fast_engine_is_the_first_choice() -> None:
    assert DEFAULT_ENGINE == "fast"
