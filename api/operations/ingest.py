"""Into the store: plans with their reports, the ontology, the territory register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rdflib import Graph
from rdflib.exceptions import ParserError
from rdflib.plugins.parsers.notation3 import BadSyntax

from api.errors import NothingToLoad, UnknownPlan, UnreadableRegister
from api.operations.plans import check_plan_id
from api.operations.reading import read_apart, run_apart
from loaders.formats import FORMATS
from loaders.graph import build_graph
from loaders.manifest import MANIFEST_NAME, read_manifest
from loaders.pipeline import extract_plan, read_plan
from loaders.records import PlanRecord
from ontology.graphs import ontology_graph, territory_graph
from ontology.iris import Iris
from shapes.report import ValidationReport, report_from_graph, report_graph
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


@dataclass(frozen=True, slots=True)
class CheckedPlan:
    """A plan as it was read, and its report."""

    plan_id: str
    counts: Counts
    report: ValidationReport


def plan_sources(path: Path) -> Iterator[Path]:
    """The plans at a path, one by one: each a plan folder or a document that stands alone.

    A folder without any `plan.toml` gives the documents in it. Raises `NothingToLoad`.
    """
    if path.is_file():
        yield path
        return
    if (path / MANIFEST_NAME).is_file():
        yield path
        return
    found = sorted(one.parent for one in path.glob(f"*/{MANIFEST_NAME}"))
    found = found or sorted(one for one in path.glob("*") if one.suffix.lower() in FORMATS)
    if not found:
        raise NothingToLoad(str(path))
    yield from found


@dataclass(frozen=True, slots=True)
class PreparedPlan:
    """A plan read and checked, and its two graphs as N-Triples, ready to be stored."""

    checked: CheckedPlan
    graphs: Mapping[str, bytes]


def prepare_plan(path: Path, iris: Iris) -> PreparedPlan:
    """Read and check one plan in a process of its own; nothing is stored. Raises `LoadError`."""
    return run_apart(partial(_prepared, path, iris), path)


def _prepared(path: Path, iris: Iris) -> PreparedPlan:
    checked, graph = check_plan(read_plan(path), iris)
    report = report_graph(checked.report, iris)
    plan, verdict = str(iris.plan_graph(checked.plan_id)), str(iris.report_graph(checked.plan_id))
    return PreparedPlan(checked, {plan: ntriples(graph), verdict: ntriples(report)})


def ingest_plan(store: GraphStore, path: Path, iris: Iris) -> CheckedPlan:
    """Read, check and store one plan: its graph and its report are replaced together.

    Raises `LoadError`, `StoreError`.
    """
    return store_plan(store, prepare_plan(path, iris))


def store_plan(store: GraphStore, prepared: PreparedPlan) -> CheckedPlan:
    """Put a prepared plan into the store: its graph and its report are replaced together. Raises `StoreError`."""
    store.replace_graphs(prepared.graphs)
    return prepared.checked


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


def validate_plan(store: GraphStore, plan_id: str, iris: Iris) -> ValidationReport:
    """Check a stored plan against the rules of today and store the report. Raises `UnknownPlan`."""
    graph = stored_graph(store, plan_id, iris)
    report = validate_graph(graph, plan_id, iris)
    store.replace_graphs({str(iris.report_graph(plan_id)): ntriples(report_graph(report, iris))})
    return report


def plan_report(store: GraphStore, plan_id: str, iris: Iris) -> ValidationReport:
    """The stored report of a plan. Raises `UnknownPlan`."""
    check_plan_id(plan_id)
    graph = Graph().parse(data=store.graph(str(iris.report_graph(plan_id))), format="nt")
    try:
        return report_from_graph(graph, plan_id, iris)
    except KeyError:
        raise UnknownPlan(plan_id) from None


def stored_graph(store: GraphStore, plan_id: str, iris: Iris) -> Graph:
    """The graph of a stored plan. Raises `UnknownPlan`."""
    check_plan_id(plan_id)
    triples = store.graph(str(iris.plan_graph(plan_id)))
    if not triples:
        raise UnknownPlan(plan_id)
    return Graph().parse(data=triples, format="nt")


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
    )
