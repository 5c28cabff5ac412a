"""What no rule looks at: a report that says nothing of it must say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from ontology.graphs import ontology_graph
from ontology.terms import RAC_NAMESPACE
from shapes.bundle import RULES, Text
from shapes.results import RuleRun

DQV = Namespace("http://www.w3.org/ns/dqv#")
METRIC = RULES["unwatched-nodes"]


@dataclass(frozen=True)
class Unwatched:
    """How many nodes of one class, an IRI of the ontology, no rule looked at; `label` is the name of the class."""

    kind: str
    label: Text
    count: int


def unwatched_nodes(graph: Graph, runs: Iterable[RuleRun]) -> tuple[Unwatched, ...]:
    """The nodes of the plan's graph that no rule had as its focus, counted by class, in order of the classes."""
    seen: set[Node] = set().union(*(run.focus for run in runs))
    kinds = {node: str(kind) for node, kind in graph.subject_objects(RDF.type) if str(kind).startswith(RAC_NAMESPACE)}
    counts = Counter(kind for node, kind in kinds.items() if node not in seen)
    return tuple(Unwatched(kind, _label(kind), counts[kind]) for kind in sorted(counts))


def add_unwatched(graph: Graph, root: URIRef, unwatched: Iterable[Unwatched]) -> None:
    """Say the counts in a report's graph, as DQV measurements at `<report>/unwatched/<class>`."""
    for one in unwatched:
        node = URIRef(f"{root}/unwatched/{one.kind.removeprefix(RAC_NAMESPACE)}")
        graph.add((root, DQV.hasQualityMeasurement, node))
        graph.add((node, RDF.type, DQV.QualityMeasurement))
        graph.add((node, DQV.isMeasurementOf, METRIC))
        graph.add((node, DQV.computedOn, URIRef(one.kind)))
        graph.add((node, DQV.value, Literal(one.count)))


def read_unwatched(graph: Graph, root: URIRef) -> tuple[Unwatched, ...]:
    """The counts that `add_unwatched` wrote."""
    found = []
    for node in graph.objects(root, DQV.hasQualityMeasurement):
        kind, count = str(graph.value(node, DQV.computedOn)), graph.value(node, DQV.value)
        if (node, DQV.isMeasurementOf, METRIC) in graph and isinstance(count, Literal):
            found.append(Unwatched(kind, _label(kind), int(count)))
    return tuple(sorted(found, key=lambda one: one.kind))


def _label(kind: str) -> Text:
    words, name = ontology_graph(), kind.rsplit("#", 1)[-1]
    term = SKOS.prefLabel if (URIRef(kind), SKOS.prefLabel, None) in words else RDFS.label
    return Text.read(words, URIRef(kind), term, Text(name, name))
