"""The pages of the rules, and reports of very many findings: grouped, closed, page by page, each finding once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.operations import list_plans, plan_report
from api.operations.rules import PlanCount, RuleCount, plans_of_rule, rule_counts
from api.operations.validation import report_triples
from api.pages.plans import SHOWN
from api.render.report_page import MOST_IN_ALL, OPENED, to_html
from api.settings import Settings
from ontology.iris import Iris
from shapes.report import ValidationReport
from shapes.rulebook import RulePage, rule_pages
from store import GraphStore, open_store

IRIS = Iris()
RULES = {page.name: page for page in rule_pages()}
MANY = 2 * SHOWN.on_a_page + 7


@pytest.fixture(scope="module")
def crowded(loaded: GraphStore) -> ValidationReport:
    """A report in which one rule has very many findings, and another one."""
    report = plan_report(loaded, "lodi-2021-2023", IRIS)
    first = report.findings[0]
    other = next(one for one in report.findings if one.rule != first.rule)
    many = tuple(replace(first, id=f"{number:016}") for number in range(MANY))
    return replace(report, findings=(*many, other))


@pytest.fixture(scope="module")
def crowd(
    crowded: ValidationReport, settings: Settings, served: Callable[[FastAPI], AbstractContextManager[httpx.Client]]
) -> Iterator[httpx.Client]:
    store = open_store("memory:")
    store.replace_graphs(report_triples(crowded, IRIS, None))
    with served(create_app(settings, store)) as client:
        yield client
    store.close()


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("page", RULES.values(), ids=RULES)
def test_every_rule_has_a_page_with_examples(client: httpx.Client, page: RulePage, language: str) -> None:
    answer = client.get(f"/rules/{page.name}", headers={"Accept-Language": language})
    assert answer.status_code == 200
    text = re.sub(r"&#39;", "'", answer.text)
    for said in (getattr(page.title, language), getattr(page.remedy, language), page.passes, page.fails):
        assert said in text
    assert f"shapes:{page.name} a " in text


def test_the_list_leads_to_every_rule(client: httpx.Client) -> None:
    assert set(re.findall(r'href="/rules/([a-z-]+)"', client.get("/rules").text)) == set(RULES)


def test_what_is_no_rule_is_not_found(client: httpx.Client) -> None:
    assert client.get("/rules/nessuna").status_code == 404


def test_counts_are_those_of_the_reports(loaded: GraphStore) -> None:
    reports = [plan_report(loaded, plan.id, IRIS) for plan in list_plans(loaded)]
    counts = rule_counts(loaded)
    checks = [(report.plan_id, check) for report in reports for check in report.checks]
    for name, page in RULES.items():
        own = [check for _, check in checks if check.rule == name]
        outcomes = [check.outcome for check in own]
        expected = RuleCount(
            sum(check.finding_count for check in own),
            *(outcomes.count(one) for one in ("findings", "not-verified", "not-run")),
        )
        assert counts.get(name, RuleCount()) == expected
        assert page.across == (not own)
        found = [PlanCount(plan, check.finding_count) for plan, check in checks if check.rule == name]
        listed = sorted((one for one in found if one.findings), key=lambda one: (-one.findings, one.plan_id))
        assert list(plans_of_rule(loaded, name, IRIS)) == listed


def test_findings_lead_to_their_rule(client: httpx.Client, loaded: GraphStore) -> None:
    page = client.get("/plans/lodi-2021-2023/report").text
    for rule in {one.rule for one in plan_report(loaded, "lodi-2021-2023", IRIS).findings}:
        assert f'href="/rules/{rule}"' in page


def test_few_findings_are_open_and_many_are_closed(client: httpx.Client, crowd: httpx.Client) -> None:
    few, many = (one.get("/plans/lodi-2021-2023/report").text for one in (client, crowd))
    assert '<details class="rule' in few
    assert re.findall(r'<details class="rule[^>]* open>', few)
    assert not re.findall(r'<details class="rule[^>]* open>', many)
    assert many.count('<li id="finding-') == SHOWN.of_a_rule + 1


def test_all_findings_of_a_rule_are_read_page_by_page(crowd: httpx.Client, crowded: ValidationReport) -> None:
    rule = crowded.findings[0].rule
    address, found, pages = f"/plans/lodi-2021-2023/report?rule={rule}", list[str](), 0
    while address:
        page = crowd.get(address).text
        found += re.findall(r'<li id="finding-(\d+)"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
        pages += 1
    assert sorted(found) == [f"{number:016}" for number in range(MANY)]
    assert pages == 3


@pytest.mark.parametrize("query", ["rule=nessuna", "rule=row-responsibility&from=0", "rule=row-responsibility&from=x"])
def test_what_is_no_page_of_a_report_is_told(crowd: httpx.Client, query: str) -> None:
    assert crowd.get(f"/plans/lodi-2021-2023/report?{query}").status_code == 400


def test_the_page_that_stands_alone_is_closed_when_findings_are_many(crowded: ValidationReport) -> None:
    assert len(crowded.findings) > OPENED
    assert b"<details>" in to_html(crowded, "it")
    assert b"<details open>" not in to_html(crowded, "it")
    few = replace(crowded, findings=crowded.findings[:OPENED])
    assert b"<details>" not in to_html(few, "it")
    assert b"<details open>" in to_html(few, "it")


def test_the_page_that_stands_alone_stays_small(crowded: ValidationReport) -> None:
    first, rules = crowded.findings[0], [name for name, page in RULES.items() if not page.across]
    many = (replace(first, id=f"{number:016}", rule=rules[number % len(rules)]) for number in range(2 * MOST_IN_ALL))
    page = to_html(replace(crowded, findings=tuple(many)), "it")
    assert MOST_IN_ALL * 0.9 < page.count(b"<li>") <= MOST_IN_ALL + len(rules)
    assert page.count(b"di questa regola sono nel foglio XLSX") == len(rules)
