"""The reports on the sample plans: every finding has a place and plain words, and a second run is the same."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from rdflib import Graph

from loaders.graph import build_graph
from loaders.pipeline import read_plan
from ontology.iris import Iris
from shapes.report import ValidationReport, report_from_graph, report_graph
from shapes.validate import validate_graph

PLANS = Path(__file__).parents[2] / "data" / "plans"
IRIS = Iris()
ABOUT_THE_WHOLE = {"plan-title", "plan-territory", "plan-period", "plan-objective", "plan-row", "period-dates"}

pytestmark = pytest.mark.parametrize("plan", sorted(path.name for path in PLANS.iterdir() if path.is_dir()))


@cache
def graph_of(plan: str) -> Graph:
    return build_graph(read_plan(PLANS / plan), IRIS)


@cache
def report_of(plan: str) -> ValidationReport:
    return validate_graph(graph_of(plan), plan, IRIS)


def test_every_finding_has_a_place(plan: str) -> None:
    for finding in report_of(plan).findings:
        assert finding.rule in ABOUT_THE_WHOLE or (finding.file and finding.line and finding.passage and finding.quote)


def test_no_finding_speaks_in_iris(plan: str) -> None:
    findings = report_of(plan).findings
    assert findings
    for finding in findings:
        for sentence in (finding.message.it, finding.message.en):
            assert "https://w3id.org" not in sentence
            assert "?" not in sentence.split(": ")[0]
            assert "{" not in sentence


def test_the_loader_keeps_its_promises(plan: str) -> None:
    """What only a loader could get wrong is never the author's fault."""
    integrity = {"fact-passage", "passage-rendition", "passage-selector", "selector-quote", "selector-start"}
    integrity |= {"selector-end", "selector-order", "rendition-hash", "dates-in-order", "status-present-evidence"}
    assert not integrity & {finding.rule for finding in report_of(plan).findings}


def test_ids_are_unique_and_stable(plan: str) -> None:
    report = report_of(plan)
    assert len({finding.id for finding in report.findings}) == len(report.findings)
    assert validate_graph(graph_of(plan), plan, IRIS).to_json() == report.to_json()


def test_report_is_read_back(plan: str) -> None:
    report = report_of(plan)
    assert report_from_graph(report_graph(report, IRIS), plan, IRIS) == report
