"""W3C's suites through our endpoint: every test passes, except those whose reason is published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from benchmarks.sparql_suite import DEVIATIONS, SUITE, SUITES, cases, run_case, writable_endpoint

ROOT = Path(__file__).parents[2]
SIZES = {"query": 328, "formats": 10, "update": 157, "protocol": 34, "graph store": 13}

needs_suite = pytest.mark.skipif(not SUITE.is_dir(), reason="RACCORDO_W3C_TESTS does not name the W3C test folder")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[httpx.Client]:
    with writable_endpoint("memory:") as client:
        yield client


@needs_suite
@pytest.mark.parametrize("suite", SUITES)
def test_a_suite_fails_only_where_the_table_says(endpoint: httpx.Client, suite: str) -> None:
    found = {case.name: run_case(endpoint, case) for case in cases(suite)}
    assert len(found) == SIZES[suite]
    known = DEVIATIONS.keys() & found.keys()
    assert {name: problem for name, problem in found.items() if problem and name not in known} == {}
    assert {name for name in known if not found[name]} == set()


def test_the_table_of_deviations_is_published() -> None:
    written = (ROOT / "docs" / "sparql.md").read_text(encoding="utf-8")
    assert [name for name in DEVIATIONS if f"`{name}`" not in written] == []
