"""How much of what the store holds: the numbers behind the dataset's description."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ontology.iris import Iris
from queries.solutions import ask_values
from store import GraphStore

PARTS = ("plans", "reports", "territory", "ontology", "other")
"""The parts of the dataset, by what their named graphs hold."""

_INSTANCES = """
SELECT ?part ?term (COUNT(DISTINCT ?s) AS ?n) WHERE {{
  GRAPH ?g {{ ?s a ?term }}
  BIND(STR(?g) AS ?name)
  BIND(IF(STRSTARTS(?name, "{plans}"), "plans", IF(STRSTARTS(?name, "{reports}"), "reports",
    IF(?name = "{territory}", "territory", IF(?name = "{ontology}", "ontology", "other")))) AS ?part)
}} GROUP BY ?part ?term"""
_CLASSES = "SELECT ?term (COUNT(DISTINCT ?s) AS ?n) WHERE { GRAPH ?g { ?s a ?term } } GROUP BY ?term"


@dataclass(frozen=True, slots=True)
class Part:
    """The counts of some named graphs: instances by class, triples by property (a triple counts once a graph)."""

    classes: Mapping[str, int]
    properties: Mapping[str, int]

    @property
    def triples(self) -> int:
        """All triples."""
        return sum(self.properties.values())


@dataclass(frozen=True, slots=True)
class Statistics:
    """The counts of the whole dataset and of its parts, those without a triple left out."""

    whole: Part
    parts: Mapping[str, Part]


def dataset_statistics(store: GraphStore, iris: Iris) -> Statistics:
    """What the store holds at this moment. Raises `StoreError`."""
    names = {
        "plans": f"{iris.base}graph/plan/",
        "reports": f"{iris.base}graph/report/",
        "territory": str(iris.territory_graph()),
        "ontology": str(iris.ontology_graph()),
    }
    properties: dict[str, Counter[str]] = {}
    for graph, counts in store.census().items():
        properties.setdefault(_part(graph, names), Counter()).update(counts)
    # Instances cannot be added up over graphs: one that stands in several counts once.
    classes = _counted(store, _INSTANCES.format(**names))
    parts = {one: Part(classes.get(one, {}), _sorted(properties[one])) for one in PARTS if one in properties}
    together = sum(properties.values(), Counter[str]())
    return Statistics(Part(_counted(store, _CLASSES).get("", {}), _sorted(together)), parts)


def _part(graph: str, names: Mapping[str, str]) -> str:
    """The part that a graph belongs to, as `_INSTANCES` has it."""
    if graph in (names["territory"], names["ontology"]):
        return "territory" if graph == names["territory"] else "ontology"
    return next((part for part in ("plans", "reports") if graph.startswith(names[part])), "other")


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _counted(store: GraphStore, query: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in ask_values(store, query):
        # A count without any solution is one row with nothing but a zero.
        if "term" in row:
            found.setdefault(row.get("part", ""), {})[row["term"]] = int(row["n"])
    return {part: _sorted(terms) for part, terms in found.items()}
