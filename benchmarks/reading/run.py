"""Reads made-up and kept documents and gathers what came out of each, by format."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time

from benchmarks.corpus.formats import FORMATS
from benchmarks.corpus.plans import GeneratedPlan
from benchmarks.corpus.record import true_record
from benchmarks.reading.cells import (
    cells_of_document,
    cells_of_pages,
    compare_cells,
    joined_cells,
    kept_cells,
    wrong_cells,
)
from benchmarks.reading.compare import Comparison, Difference, Tally, compare
from benchmarks.reading.joins import Joins, page_joins
from benchmarks.reading.views import PlanView, golden_view, quotes, view_of
from loaders.document import Document
from loaders.errors import LoadError
from loaders.formats import read_document
from loaders.pipeline import extract_document, read_plan
from loaders.records import PlanRecord

# A reader that breaks down on a document is a result like any other.
_FAILURES = (LoadError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
_NOTHING = PlanView({"kind": "", "area": "", "trust": "", "period": ""}, (), (), ())


@dataclass
class Reading:
    """What came of reading one document beside what it states."""

    name: str
    layouts: tuple[str, ...]
    novelty: float
    comparison: Comparison
    cells: Tally = field(default_factory=Tally)
    joined: Tally = field(default_factory=Tally)
    quotes: Tally = field(default_factory=Tally)
    page_joins: Joins = field(default_factory=Joins)
    seconds: float = 0.0
    failure: str | None = None
    wrong_cells: list[Difference] = field(default_factory=list)


def read_made_up(plan: GeneratedPlan, format_name: str, folder: Path) -> Reading:
    """Write a made-up plan into `folder` in one format, and read it back."""
    kind = FORMATS[format_name]
    path = folder / (plan.facts.plan_id + kind.suffix)
    path.write_bytes(kind.render(plan))
    start = process_time()
    try:
        document = read_document(path)
        record = extract_document(document)
    except _FAILURES as error:
        failed = compare(view_of(true_record(plan)), _NOTHING)
        failure = f"{type(error).__name__}: {error}"
        return Reading(plan.facts.plan_id, plan.layouts, plan.pages.look.novelty, failed, failure=failure)
    seconds = process_time() - start
    found = _reading(plan.facts.plan_id, view_of(true_record(plan)), record)
    found.layouts, found.novelty, found.seconds = plan.layouts, plan.pages.look.novelty, seconds
    _count_cells(found, plan, document)
    return found


def _count_cells(found: Reading, plan: GeneratedPlan, document: Document) -> None:
    true, read = cells_of_pages(plan.pages, heads=True), cells_of_document(document)
    found.cells = compare_cells(true, read)
    found.joined = compare_cells(cells_of_pages(plan.pages, heads=False), joined_cells(document))
    found.page_joins = page_joins(cells_of_pages(plan.pages, heads=False), document)
    found.wrong_cells = [Difference("cells", "", text, other) for text, other in wrong_cells(true, read)]


def _reading(name: str, true: PlanView, record: PlanRecord) -> Reading:
    right, whole = quotes(record)
    quoted = Tally(right, whole - right, whole - right)
    return Reading(name, (), 0.0, compare(true, view_of(record)), quotes=quoted)


def read_golden(folder: Path, samples: Path) -> Iterator[Reading]:
    """Each plan kept by hand under `folder`, read from its own document or from the sample plan of that name."""
    for kept in sorted(path for path in folder.iterdir() if path.is_dir()):
        own = [path for path in kept.iterdir() if path.name.startswith("source.")]
        true = golden_view(json.loads((kept / "expected.json").read_text(encoding="utf-8")))
        yield _reading(kept.name, true, read_plan(own[0] if own else samples / kept.name))


def read_kept_cells(folder: Path, names: Sequence[str]) -> Iterator[tuple[str, Tally, Tally, Joins]]:
    """Each document under `folder` made from a plan of its `cells.json`: its cells as drawn, in joined rows, and how
    its page joins were decided."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".json"):
        plan = next((name for name in names if path.name.startswith(name)), None)
        if plan is None:
            continue
        true = kept_cells(folder / "cells.json", plan)
        try:
            document = read_document(path)
        except LoadError:
            yield str(path.relative_to(folder)), compare_cells(true, []), compare_cells(true, []), Joins()
            continue
        drawn, joined = cells_of_document(document), joined_cells(document)
        joins = page_joins(true, document)
        yield str(path.relative_to(folder)), compare_cells(true, drawn), compare_cells(true, joined), joins
