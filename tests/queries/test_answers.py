"""Each question against its expected answers: on made-up plans, and on the sample plans as a person reads them.

An expected-answer file holds cases: `values` to ask with, `columns` to look at, the `rows` that must come (in any
order), `only` to look at the rows with those values, `distinct` to count equal rows once, `includes` to allow further
rows, and `why` it is expected.
Beside the question's own columns, `plan` is the plan's id, `objective` the first 24 letters of its title in capitals,
`rowNumber` the place of the row in its objective, `theme` and other concepts their slug, `quotes` the source quotes.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ontology.iris import Iris
from ontology.terms import VOCABULARY_BASE
from queries.answer import Row
from queries.ask import ask
from queries.question import load_questions
from store.base import GraphStore

HERE = Path(__file__).parent
SAMPLES = HERE / "samples"
TITLE_LETTERS = 24

Case = dict[str, Any]


def cases(folder: Path) -> list[Any]:
    """Every case of every expected-answer file in `folder`, named after its file and place."""
    return [
        pytest.param(slug, case, id=f"{slug}-{number}")
        for slug in load_questions()
        if (path := folder / f"{slug}.expected.json").exists()
        for number, case in enumerate(json.loads(path.read_text(encoding="utf-8")), start=1)
    ]


@pytest.mark.parametrize("slug", load_questions())
def test_every_question_has_expected_answers(slug: str) -> None:
    expected = json.loads((SAMPLES / f"{slug}.expected.json").read_text(encoding="utf-8"))
    assert any(case["rows"] for case in expected)


@pytest.mark.parametrize("folder", [HERE, SAMPLES], ids=["made-up", "samples"])
def test_every_expected_answer_belongs_to_a_question(folder: Path) -> None:
    found = {path.relative_to(folder).as_posix().removesuffix(".expected.json") for path in folder.glob("*/*.json")}
    assert found
    assert found <= set(load_questions())


@pytest.mark.parametrize(("slug", "case"), cases(HERE))
def test_made_up_plans_answer_as_expected(slug: str, case: Case, made_up_store: GraphStore, iris: Iris) -> None:
    check(slug, case, made_up_store, iris)


@pytest.mark.parametrize(("slug", "case"), cases(SAMPLES))
def test_sample_plans_answer_as_a_person_reads_them(
    slug: str, case: Case, sample_store: GraphStore, iris: Iris
) -> None:
    check(slug, case, sample_store, iris)


def check(slug: str, case: Case, store: GraphStore, iris: Iris) -> None:
    answer = ask(store, load_questions()[slug], case["values"], iris)
    rows = [row for row in answer.rows if all(row.text(name) == value for name, value in case.get("only", {}).items())]
    seen = Counter(json.dumps([cell(row, name) for name in case["columns"]], ensure_ascii=False) for row in rows)
    wanted = Counter(json.dumps(row, ensure_ascii=False) for row in case["rows"])
    if case.get("distinct"):
        seen = Counter(set(seen))
    assert not wanted - seen, f"missing; there are {sorted(seen - wanted)}"
    assert case.get("includes") or not seen - wanted, "not expected"


def cell(row: Row, column: str) -> object:
    if column == "quotes":
        return [source.quote for source in row.sources]
    if column == "rowNumber":
        iri = row.text("row")
        return int(iri.rpartition("/")[2]) if iri else None
    if column == "objective":
        return (row.text("objectiveLabel") or "").upper()[:TITLE_LETTERS] or None
    text = row.text(column)
    if text and column == "plan":
        return text.rpartition("/")[2]
    return text.rpartition("/")[2] if text and text.startswith(VOCABULARY_BASE) else text
