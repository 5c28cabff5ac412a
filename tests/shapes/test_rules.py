"""Each rule has an example that passes and one that fails, and fails in exactly that rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Literal, URIRef

from ontology.iris import Iris
from ontology.terms import RAC, concept
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


SHARED = "Valutazione delle coppie aspiranti all'adozione nazionale"
IN_TWO_ROWS = {  # who owns what in each of two rows, and whether that is one activity given to two bodies
    "two bodies": ([("asst", SHARED)], [("comune", SHARED)], 1),
    "after the body's name": ([("asst", f"ASST: {SHARED}")], [("comune", f"Comune: {SHARED}")], 1),
    "one body": ([("asst", SHARED)], [("asst", SHARED)], 0),
    "both in each": ([("asst", SHARED), ("comune", SHARED)], [("comune", SHARED)], 0),
    "other words": ([("asst", SHARED)], [("comune", "Valutazione dei bisogni delle famiglie in carico")], 0),
    "few words": ([("asst", "Partecipazione agli incontri")], [("comune", "Partecipazione agli incontri")], 0),
}


@pytest.mark.parametrize("case", IN_TWO_ROWS)
def test_an_activity_given_to_two_bodies_in_two_rows(case: str) -> None:
    *rows, count = IN_TWO_ROWS[case]
    graph = Graph().parse(HERE / "base.ttl")
    plan = "https://w3id.org/raccordo/id/plan/p"
    for order, owned in enumerate(rows, 2):
        row = URIRef(f"{plan}/objective/1/row/{order}")
        for link, value in ((RDF.type, RAC.Row), (RAC.rowOf, URIRef(f"{plan}/objective/1"))):
            graph.add((row, link, value))
        for number, (body, text) in enumerate(owned):
            node = URIRef(f"{row}/responsibility/{number}")
            for link, said in (
                (RAC.aboutRow, row), (RAC.actor, URIRef(f"{plan}/actor/{body}")), (RAC.actorResolved, Literal(True)),
                (RAC.role, concept("role", "owner")), (RAC.basis, concept("basis", "explicit")),
                (RAC.text, Literal(text)), (RDF.type, RAC.Responsibility),
            ):  # fmt: skip
                graph.add((node, link, said))
    found = validate_graph(graph, "p", Iris()).findings
    assert sum(finding.rule == "activity-one-body" for finding in found) == count


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_prose_is_plain(rule: Rule) -> None:
    message = example(rule.name, "fail").findings[0].message
    for sentence in (message.it, message.en, rule.message.it, rule.message.en, rule.title.it, rule.title.en):
        assert sentence
        assert not TECHNICAL.search(sentence)
    assert message.it != message.en
