"""The pages of the rules: every rule has one, in plain words, and the printed book is the current one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from rdflib import RDFS, Graph, Literal, URIRef

from shapes.across_plans import our_rules
from shapes.bundle import RULES, SHAPES, shapes_bundle
from shapes.rulebook import RulePage, rule_pages, rule_shapes, rules_in_markdown

PAGES = rule_pages()
PREFIXES = [
    pair for path in SHAPES.rglob("*.ttl") for pair in re.findall(r"^@prefix (\w+): <(.+)> \.", path.read_text(), re.M)
]
TECHNICAL = re.compile(
    r"https?:|\b(sh|rac|shapes|vocab|xsd|oa):|minCount|maxCount|SPARQL|SHACL|IRI\b|RDF", re.IGNORECASE
)


def test_every_rule_has_a_page() -> None:
    alone, across = ([page.name for page in PAGES if page.across is kind] for kind in (False, True))
    assert alone == [rule.name for rule in shapes_bundle().rules]
    assert across == [rule.name for rule in our_rules()]
    assert len({page.name for page in PAGES}) == len(PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_is_whole_and_plain(page: RulePage) -> None:
    assert page.applies
    assert page.source
    for text in (page.title, page.says, page.gravity, page.remedy, *page.applies):
        assert text.it
        assert text.en
        assert text.it != text.en
        assert not TECHNICAL.search(text.it + text.en)
    assert page.passes
    assert page.fails
    assert page.passes != page.fails
    assert not TECHNICAL.search(page.passes + page.fails)


def test_no_example_is_of_a_rule_that_is_not() -> None:
    examples = tomllib.loads((SHAPES / "examples.toml").read_text(encoding="utf-8"))
    assert set(examples) == {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_rule_as_it_is_written_is_a_graph_with_all_its_parts(page: RulePage) -> None:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES)
    written = Graph().parse(data=prefixes + rule_shapes(page.name), format="turtle")
    assert (RULES[page.name], RDFS.label, Literal(page.title.it, lang="it")) in written
    named = {node for node in written.subjects() if isinstance(node, URIRef)}
    used = {node for node in written.objects() if str(node).startswith(str(RULES)) and node != RULES.RuleAcrossPlans}
    assert used <= named


def test_printed_book_is_current() -> None:
    """`python -m shapes.rulebook > docs/rules.md` prints it anew."""
    printed = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
    assert printed == rules_in_markdown("it")


def test_book_in_english() -> None:
    book = rules_in_markdown("en")
    assert book.count("\n## ") == len(PAGES)
    assert "What to do" in book
