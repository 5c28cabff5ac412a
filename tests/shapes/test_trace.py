"""Every finding leads to words that stand where it says, or to the whole plan: held against made-up documents."""

from __future__ import annotations

import pytest

from benchmarks.corpus import generate
from benchmarks.corpus.plans import GeneratedPlan
from benchmarks.corpus.record import true_graph
from benchmarks.corpus.render_text import tab_separated
from ontology.iris import Iris
from shapes.report import Finding
from shapes.validate import validate_graph

IRIS = Iris()
ABOUT_THE_WHOLE = {"plan-title", "plan-territory", "plan-period", "plan-objective", "plan-row", "period-dates"}
PLANS = list(generate(23, 12))


def stands(finding: Finding, lines: list[str]) -> bool:
    """Whether the words of a finding are on the line that it names."""
    if not (finding.file and finding.line and finding.quote):
        return finding.rule in ABOUT_THE_WHOLE
    first, *_ = finding.quote.splitlines()
    return first in lines[finding.line - 1]


def unplaced(made: GeneratedPlan, lines: list[str]) -> list[Finding]:
    findings = validate_graph(true_graph(made, IRIS), made.facts.plan_id, IRIS).findings
    return [one for one in findings if not stands(one, lines)]


@pytest.mark.parametrize("made", PLANS, ids=lambda made: made.facts.plan_id)
def test_words_of_findings_stand_where_they_say(made: GeneratedPlan) -> None:
    assert unplaced(made, tab_separated(made.pages).decode().splitlines()) == []


def test_places_that_are_off_by_a_line_are_seen() -> None:
    assert any(unplaced(made, ["", *tab_separated(made.pages).decode().splitlines()]) for made in PLANS[:3])
