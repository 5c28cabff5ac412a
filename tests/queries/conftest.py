"""Two stores to ask: the made-up plans of `graphs/`, and the sample plans as the loaders read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph

from loaders.graph import build_graph
from loaders.pipeline import read_plan
from ontology.graphs import ontology_graph, territory_graph
from ontology.iris import Iris
from store.base import GraphStore
from store.schemes import open_store

GRAPHS = Path(__file__).parent / "graphs"
DATA = Path(__file__).parents[2] / "data"
IRIS = Iris()


def graph_name(path: Path) -> str:
    """The named graph that a fixture file stands for: `territory.ttl`, or `plan-<id>.ttl`."""
    return str(IRIS.territory_graph() if path.stem == "territory" else IRIS.plan_graph(path.stem.removeprefix("plan-")))


def n_triples(graph: Graph) -> bytes:
    """The graph as a store takes it."""
    return graph.serialize(format="nt", encoding="utf-8")


@pytest.fixture(scope="session")
def iris() -> Iris:
    """The IRIs of the default base."""
    return IRIS


@pytest.fixture(scope="session")
def made_up_store() -> Iterator[GraphStore]:
    """The store that the expected answers are worked out on."""
    store = open_store("memory:")
    graphs = {graph_name(path): n_triples(Graph().parse(path)) for path in sorted(GRAPHS.glob("*.ttl"))}
    store.replace_graphs({**graphs, str(IRIS.ontology_graph()): n_triples(ontology_graph())})
    yield store
    store.close()


@pytest.fixture(scope="session")
def sample_store() -> Iterator[GraphStore]:
    """The store with the sample plans as the loaders read them, and the real register."""
    store = open_store("memory:")
    records = [read_plan(folder) for folder in sorted((DATA / "plans").iterdir()) if folder.is_dir()]
    store.replace_graphs(
        {
            **{str(IRIS.plan_graph(record.plan.id)): n_triples(build_graph(record, IRIS)) for record in records},
            str(IRIS.territory_graph()): n_triples(territory_graph(DATA / "territory" / "territory.ttl")),
            str(IRIS.ontology_graph()): n_triples(ontology_graph()),
        }
    )
    yield store
    store.close()
