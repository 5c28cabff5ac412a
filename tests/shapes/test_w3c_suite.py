"""W3C's SHACL tests through both engines, the data as read and after a round trip through a store.

`RACCORDO_W3C_TESTS` names the folder that holds `shacl/`, the test suite of the W3C data-shapes group.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import SH, Graph, Literal, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

from shapes.bundle import read_shapes
from shapes.engine import ENGINES, EngineName
from shapes.plan_graph import PlanGraph
from shapes.results import EngineError, Result, read_result

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
SUITE = Path(os.environ.get("RACCORDO_W3C_TESTS", "/nonexistent")) / "shacl"
SIZES = {"core": 98, "sparql": 23}
DEVIATIONS = {
    "sparql/pre-binding/shapesGraph-001": "pyshacl has no variable for the shapes graph, an optional feature",
}
DEVIATIONS_OF_STORE = {
    "core/property/datatype-ill-formed": "Oxigraph keeps the value of a number, and makes an integer of a byte of 300",
}

needs_suite = pytest.mark.skipif(not SUITE.is_dir(), reason="RACCORDO_W3C_TESTS does not name the W3C test folder")
# The suite holds ill-formed literals on purpose, and pyshacl warns of features it leaves out.
pytestmark = [needs_suite, pytest.mark.filterwarnings("ignore")]


@dataclass(frozen=True)
class Case:
    """One test: its manifest with every word as written, and its node."""

    name: str
    manifest: Graph
    node: Node

    def graph(self, term: Node) -> Graph:
        """The data or the shapes; when they are the manifest itself, its own reading, since nodes are compared."""
        source = str(self.manifest.value(self.manifest.value(self.node, MF.action), term))
        path = Path(source.removeprefix("file://"))
        return self.manifest if path == SUITE / f"{self.name}.ttl" else read_shapes(path.read_bytes(), source)

    def expected(self) -> Counter[Result] | None:
        """The results that W3C gives; None for a failure. Literals are read as rdflib reads those of data."""
        manifest = Graph()
        for s, p, o in self.manifest:
            manifest.add((s, p, Literal(str(o), o.language, o.datatype) if isinstance(o, Literal) else o))
        report = manifest.value(self.node, MF.result)
        if report == SHT.Failure:
            return None
        return Counter(read_result(manifest, node) for node in manifest.objects(report, SH.result))


def cases(half: str) -> Iterator[Case]:
    """Each test in one half of the suite."""
    for path in sorted((SUITE / half).rglob("*.ttl")):
        manifest = read_shapes(path.read_bytes(), path.as_uri())
        for entries in manifest.objects(None, MF.entries):
            for node in Collection(manifest, entries):
                yield Case(path.relative_to(SUITE).with_suffix("").as_posix(), manifest, node)


def outcome(case: Case, name: EngineName, through_store: bool) -> Counter[Result] | None:
    """The results an engine gives for a test; None for a failure."""
    data = case.graph(SHT.dataGraph)
    graph = stored(data) if through_store else PlanGraph.of(data)
    try:
        engine = ENGINES[name](case.graph(SHT.shapesGraph))
    except EngineError:
        return None
    runs = [engine.run(graph, shape) for shape in engine.names()]
    if any(run.fault for run in runs):
        return None
    return Counter(result for run in runs for result in run.results)


def stored(data: Graph) -> PlanGraph:
    """The data as a store gives it back, with the prefixes that it had."""
    store = ox.Store()
    # Unlike `load`, this keeps the names of blank nodes, by which results are compared.
    store.extend(ox.parse(data.serialize(format="nt", encoding="utf-8"), format=ox.RdfFormat.N_TRIPLES))
    graph = PlanGraph(store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()) or b"")
    for prefix, namespace in data.namespaces():
        graph.bind(prefix, namespace)
    return graph


@pytest.mark.parametrize("through_store", [False, True], ids=["read", "stored"])
@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("half", SIZES)
def test_suite(half: str, name: EngineName, through_store: bool) -> None:
    found = list(cases(half))
    wrong = {case.name for case in found if outcome(case, name, through_store) != case.expected()}
    assert len(found) == SIZES[half]
    known = DEVIATIONS | DEVIATIONS_OF_STORE if through_store else DEVIATIONS
    assert wrong == {name for name in known if name.startswith(half)}
