"""How much of what the store holds: the numbers behind the dataset's description."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from ontology.iris import Iris
from store import GraphStore

PARTS = ("plans", "reports", "territory", "ontology", "other")
"""The parts of the dataset, by what their named graphs hold."""

_COUNTS = """
SELECT ?part ?term (COUNT({what}) AS ?n) WHERE {{
  GRAPH ?g {{ {pattern} }}
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
    classes = _counted(store, _COUNTS.format(what="DISTINCT ?s", pattern="?s a ?term", **names))
    properties = _counted(store, _COUNTS.format(what="*", pattern="?s ?term ?o", **names))
    parts = {one: Part(classes.get(one, {}), properties[one]) for one in PARTS if one in properties}
    together: dict[str, int] = {}
    for part in parts.values():
        for term, number in part.properties.items():
            together[term] = together.get(term, 0) + number
    return Statistics(Part(_counted(store, _CLASSES).get("", {}), dict(sorted(together.items()))), parts)


def _counted(store: GraphStore, query: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in _rows(store, query):
        # A count without any solution is one row with nothing but a zero.
        if "term" in row:
            found.setdefault(row.get("part", ""), {})[row["term"]] = int(row["n"])
    return {part: dict(sorted(terms.items())) for part, terms in found.items()}


def _rows(store: GraphStore, query: str) -> list[dict[str, str]]:
    body, _ = store.query(query)
    return [{name: term["value"] for name, term in row.items()} for row in json.loads(body)["results"]["bindings"]]
