"""Class hierarchy at query time against types written at load, on Oxigraph: three questions, and what each way costs.

Run as `python -m benchmarks.hierarchy [COPIES]`; the sample plans are loaded COPIES times (10 by default). The
questions are those of `ontology/competency/`, by property path; their rivals read a graph of inferred types.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pyoxigraph as ox
from rdflib import Graph

from loaders.graph import build_graph
from loaders.pipeline import read_plan
from ontology.graphs import ontology_graph, territory_graph
from ontology.iris import Iris

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "ontology" / "competency"
PREFIXES = """
PREFIX rac: <https://w3id.org/raccordo/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
ONTOLOGY, TERRITORY = f"<{Iris().ontology_graph()}>", f"<{Iris().territory_graph()}>"
INFERRED = "<https://w3id.org/raccordo/id/graph/inferred>"
# The closure of classes, as an update at load would write it: asserted graphs stay as they are.
CLOSURE = f"""{PREFIXES}
INSERT {{ GRAPH {INFERRED} {{ ?node a ?above }} }}
WHERE {{ GRAPH ?g {{ ?node a ?kind }} GRAPH {ONTOLOGY} {{ ?kind rdfs:subClassOf+ ?above }} }} ;
INSERT {{ GRAPH {INFERRED} {{ ?concept rac:entityClass ?above }} }}
WHERE {{ GRAPH {ONTOLOGY} {{ ?concept rac:entityClass ?kind . ?kind rdfs:subClassOf* ?above }} }}
"""
MATERIALISED = {
    "mental-health-rows": f"""{PREFIXES}
SELECT DISTINCT ?row ?service WHERE {{
  GRAPH {INFERRED} {{ ?service rac:entityClass rac:MentalHealthService }}
  GRAPH ?plan {{ ?row rac:involvesService ?service }}
}}
ORDER BY ?row ?service""",
    "bodies-of-an-ats": f"""{PREFIXES}
SELECT DISTINCT ?ats ?body WHERE {{
  GRAPH {INFERRED} {{ ?body a rac:Organization }}
  GRAPH {TERRITORY} {{ ?body rac:inTerritoryOf ?ats . ?ats a rac:ATS }}
}}
ORDER BY ?ats ?body""",
    "health-authority-roles": f"""{PREFIXES}
SELECT DISTINCT ?row ?role ?actor WHERE {{
  GRAPH {INFERRED} {{ ?actor a rac:HealthAuthority }}
  GRAPH ?plan {{ ?responsibility rac:actor ?actor ; rac:aboutRow ?row ; rac:role ?role }}
}}
ORDER BY ?row ?role ?actor""",
}
REPEATS = 5
ROW = "{:<26}{:>7}{:>10}{:>16}{:>8}{:>6}"


def loaded(copies: int) -> ox.Store:
    """A store with the ontology, the register and `copies` of the sample plans, each copy under IRIs of its own."""
    store = ox.Store()
    _load(store, ontology_graph(), Iris().ontology_graph())
    _load(store, territory_graph(ROOT / "data" / "territory" / "territory.ttl"), Iris().territory_graph())
    records = [read_plan(manifest.parent) for manifest in sorted((ROOT / "data" / "plans").glob("*/plan.toml"))]
    for copy in range(copies):
        iris = Iris(f"https://w3id.org/raccordo/id/copy-{copy}/")
        for record in records:
            _load(store, build_graph(record, iris), iris.plan_graph(record.plan.id))
    return store


def answer(store: ox.Store, question: str) -> list[tuple[str, ...]]:
    """The rows of a SELECT query, each as the texts of its columns."""
    solutions = store.query(question)
    assert isinstance(solutions, ox.QuerySolutions)
    return [tuple(value.value for value in solution) for solution in solutions]


def asserted(name: str) -> str:
    """The question of that name, which follows the hierarchy by property path."""
    return (QUESTIONS / f"{name}.rq").read_text(encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Print the table; 0 when both ways give the same answers, else 1."""
    store = loaded(int(arguments[0]) if arguments else 10)
    before = len(store)
    start = process_time()
    store.update(CLOSURE)
    spent = 1000 * (process_time() - start)
    added = len(store) - before
    print(f"{before} triples; the closure adds {added} (+{100 * added / before:.1f} %) in {spent:.0f} ms")
    print(ROW.format("question", "rows", "path ms", "materialised ms", "ratio", "same"))
    return int(not all([_compare(store, name) for name in MATERIALISED]))


def _compare(store: ox.Store, name: str) -> bool:
    rows = answer(store, asserted(name))
    same = rows == answer(store, MATERIALISED[name])
    path, written = (_cpu_ms(lambda q=q: answer(store, q)) for q in (asserted(name), MATERIALISED[name]))  # type: ignore[misc]
    ratio = f"{path / written:.2f}"
    print(ROW.format(name, len(rows), f"{path:.2f}", f"{written:.2f}", ratio, "yes" if same else "no"))
    return same


def _cpu_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        start = process_time()
        work()
        times.append(process_time() - start)
    return 1000 * min(times)


def _load(store: ox.Store, graph: Graph, name: str) -> None:
    triples = io.BytesIO(graph.serialize(format="nt", encoding="utf-8"))
    store.load(triples, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(name))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
