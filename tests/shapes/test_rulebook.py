"""The pages of the rules: every rule has one, in plain words, and the printed book is the current one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shapes.bundle import shapes_bundle
from shapes.rulebook import RulePage, rule_pages, rules_in_markdown

PAGES = rule_pages()
TECHNICAL = re.compile(
    r"https?:|\b(sh|rac|shapes|vocab|xsd|oa):|minCount|maxCount|SPARQL|SHACL|IRI\b|RDF", re.IGNORECASE
)


def test_every_rule_has_a_page() -> None:
    assert [page.name for page in PAGES] == [rule.name for rule in shapes_bundle().rules]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_is_whole_and_plain(page: RulePage) -> None:
    assert page.applies
    assert page.source
    for text in (page.title, page.says, page.gravity, page.remedy, *page.applies):
        assert text.it
        assert text.en
        assert text.it != text.en
        assert not TECHNICAL.search(text.it + text.en)


def test_printed_book_is_current() -> None:
    """`python -m shapes.rulebook > docs/rules.md` prints it anew."""
    printed = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
    assert printed == rules_in_markdown("it")


def test_book_in_english() -> None:
    book = rules_in_markdown("en")
    assert book.count("\n## ") == len(PAGES)
    assert "What to do" in book
