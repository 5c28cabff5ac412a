"""Random SPARQL: the service answers as the engine does by itself, and never fails (`make fuzz-sparql` sends more)."""

from __future__ import annotations

import pytest

from benchmarks import sparql_fuzz
from benchmarks.sparql_fuzz import Findings, bench, fuzz


def test_random_queries_and_updates_get_the_engines_answers() -> None:
    findings = Findings()
    with bench() as desk:
        fuzz(desk, range(1, 301), findings)
    assert findings.faults == []
    assert findings.outcomes["answer"] > 100
    assert findings.outcomes["query"] > 10
    assert findings.outcomes["update: answer"] > 1


def test_a_wrong_answer_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparql_fuzz, "_expected", lambda *_: b'{"boolean": "neither"}')
    findings = Findings()
    with bench() as desk:
        fuzz(desk, range(1, 41), findings)
    assert len(findings.faults) > 5
