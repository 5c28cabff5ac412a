"""Into the store: plans with their reports, the ontology, the territory register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rdflib import Graph, Literal
from rdflib.exceptions import ParserError
from rdflib.plugins.parsers.notation3 import BadSyntax

from api.errors import UnreadableRegister
from api.operations.reading import read_apart, run_apart
from api.operations.sources import reading_key
from api.operations.validation import renewed_report, report_triples
from loaders.graph import build_graph
from loaders.manifest import read_manifest
from loaders.pipeline import extract_plan, read_plan
from loaders.records import PlanRecord
from ontology.graphs import ontology_graph, territory_graph
from ontology.iris import Iris
from shapes.report import ValidationReport
from shapes.validate import validate_graph
from store import GraphStore


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a reading of a plan yielded."""

    objectives: int
    rows: int
    indicators: int
    responsibilities: int
    unread: int
    unread_share: float  # of the characters of its documents, from 0 to 1
    unsure: int  # decisions of class D


@dataclass(frozen=True, slots=True)
class CheckedPlan:
    """A plan as it was read, and its report."""

    plan_id: str
    counts: Counts
    report: ValidationReport


@dataclass(frozen=True, slots=True)
class PreparedPlan:
    """A plan read and checked, its graph as N-Triples, and the key of what it was read from: ready to be stored."""

    checked: CheckedPlan
    graph: bytes
    reading_key: str
    iris: Iris


def prepare_plan(path: Path, iris: Iris) -> PreparedPlan:
    """Read and check one plan in a process of its own; nothing is stored. Raises `LoadError`."""
    return run_apart(partial(_prepared, path, iris), path)


def _prepared(path: Path, iris: Iris) -> PreparedPlan:
    key = reading_key(path)
    checked, graph = check_plan(read_plan(path), iris)
    return PreparedPlan(checked, ntriples(graph), key, iris)


def ingest_plan(store: GraphStore, path: Path, iris: Iris) -> CheckedPlan:
    """Read, check and store one plan: its graph and its report are replaced together.

    Raises `LoadError`, `StoreError`.
    """
    return store_plan(store, prepare_plan(path, iris))


def store_plan(store: GraphStore, prepared: PreparedPlan) -> CheckedPlan:
    """Put a prepared plan into the store: its graph and its report are replaced together. Raises `StoreError`.

    The findings of the report are told from those of the report that the store holds.
    """
    iris, checked = prepared.iris, prepared.checked
    report = renewed_report(store, prepared.graph, checked.report, iris)
    verdict = report_triples(report, iris, Literal(prepared.reading_key))
    store.replace_graphs({str(iris.plan_graph(checked.plan_id)): prepared.graph, **verdict})
    return replace(checked, report=report)


def extract_document(sources: Sequence[Path], manifest: Path | None) -> PlanRecord:
    """The record of one plan: of its folder, or of its documents and manifest. Raises `LoadError`."""
    if len(sources) == 1:
        return read_apart(sources[0], manifest)
    return extract_plan(sources, read_manifest(manifest) if manifest else None)


def check_document(path: Path, manifest: Path | None, iris: Iris) -> CheckedPlan:
    """Read and check one document or plan folder; nothing is stored. Raises `LoadError`."""
    checked, _ = check_plan(read_apart(path, manifest), iris)
    return checked


def check_plan(record: PlanRecord, iris: Iris) -> tuple[CheckedPlan, Graph]:
    """The counts and report of a record, and the graph they speak of."""
    graph = build_graph(record, iris)
    report = validate_graph(graph, record.plan.id, iris)
    return CheckedPlan(record.plan.id, _counts(record), report), graph


def ingest_ontology(store: GraphStore, iris: Iris) -> int:
    """Replace the ontology and vocabularies in the store; how many triples they have."""
    return _replace(store, str(iris.ontology_graph()), ontology_graph())


def ingest_territory(store: GraphStore, path: Path, iris: Iris) -> int:
    """Replace the territory register in the store by the Turtle file; how many triples it has.

    Raises `UnreadableRegister`.
    """
    try:
        register = territory_graph(path)
    except (OSError, BadSyntax, ParserError) as error:
        raise UnreadableRegister(str(path), str(error)) from error
    return _replace(store, str(iris.territory_graph()), register)


def ntriples(graph: Graph) -> bytes:
    """A graph as N-Triples in UTF-8."""
    return graph.serialize(format="nt", encoding="utf-8")


def _replace(store: GraphStore, name: str, graph: Graph) -> int:
    store.replace_graphs({name: ntriples(graph)})
    return len(graph)


def _counts(record: PlanRecord) -> Counts:
    rows = [row for objective in record.objectives for row in objective.rows]
    return Counts(
        objectives=len(record.objectives),
        rows=len(rows),
        indicators=sum(len(row.indicators) for row in rows),
        responsibilities=sum(len(row.responsibilities) for row in rows),
        unread=len(record.unread),
        unread_share=_unread_share(record),
        unsure=sum(decision.confidence == "D" for decision in record.decisions),
    )


def _unread_share(record: PlanRecord) -> float:
    words = sum(rendition.characters for rendition in record.plan.renditions)
    return sum(len(block.text) for block in record.unread) / words if words else 0.0
