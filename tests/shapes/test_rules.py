"""Each rule has an example that passes and one that fails, and fails in exactly that rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import Graph

from ontology.iris import Iris
from shapes.bundle import Rule, shapes_bundle
from shapes.report import ValidationReport
from shapes.validate import validate_graph

HERE = Path(__file__).parent
RULES = {rule.name: rule for rule in shapes_bundle().rules}
TECHNICAL = re.compile(
    r"https?:|\b(sh|rac|shapes|vocab|xsd|oa):|minCount|maxCount|constraint|\{\w*\}|\?|rdf", re.IGNORECASE
)


def example(*names: str) -> ValidationReport:
    """The report on the whole small plan with the named example added."""
    graph = Graph().parse(HERE / "base.ttl")
    if names:
        graph.parse(HERE.joinpath(*names).with_suffix(".ttl"))
    return validate_graph(graph, "p", Iris())


def test_every_rule_has_both_examples() -> None:
    folders = {path.name for path in HERE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(RULES)
    assert {path.name for path in HERE.glob("*/*.ttl")} == {"pass.ttl", "fail.ttl"}
    assert len(list(HERE.glob("*/*.ttl"))) == 2 * len(RULES)


def test_the_small_plan_is_whole() -> None:
    report = example()
    assert report.findings == ()
    assert report.conforms


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_pass(rule: Rule) -> None:
    report = example(rule.name, "pass")
    assert report.findings == ()
    assert report.conforms
    assert next(check for check in report.checks if check.rule == rule.name).outcome == "passed"


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_fail(rule: Rule) -> None:
    report = example(rule.name, "fail")
    assert [finding.rule for finding in report.findings] == [rule.name]
    assert report.findings[0].severity == rule.severity
    assert report.conforms == (rule.severity != "violation")
    check = next(check for check in report.checks if check.rule == rule.name)
    assert (check.outcome, check.finding_count) == ("findings", 1)
    assert check.focus_count >= 1


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_prose_is_plain(rule: Rule) -> None:
    message = example(rule.name, "fail").findings[0].message
    for sentence in (message.it, message.en, rule.message.it, rule.message.en, rule.title.it, rule.title.en):
        assert sentence
        assert not TECHNICAL.search(sentence)
    assert message.it != message.en
