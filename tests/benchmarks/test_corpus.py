"""Made-up plans: the same for a seed, and saying in every format what their facts say."""

from __future__ import annotations

import io
import json
from collections import Counter
from html import unescape

import docx
import openpyxl
import pytest

from benchmarks.corpus import generate, generate_one
from benchmarks.corpus.__main__ import main
from benchmarks.corpus.facts import Named, Status
from benchmarks.corpus.formats import DOCUMENTS
from benchmarks.corpus.named import named_in
from benchmarks.corpus.places import stock
from benchmarks.corpus.plans import LAYOUTS
from benchmarks.corpus.record import true_graph, true_record
from benchmarks.reading.views import quotes
from loaders.lexicon import phrases
from ontology.iris import Iris
from ontology.terms import RAC

PLANS = list(generate(7, 3 * len(LAYOUTS)))


def words(plan):
    """Every text that the facts of a plan hold."""
    for objective in plan.facts.objectives:
        yield objective.title
        for row in objective.rows:
            lists = ("progress", "commitments", "actions", "needs", "expectations", "methods", "notes")
            yield from (item for name in lists for item in getattr(row, name))
            yield from (each.text for each in (*row.resources, *row.indicators, *row.parts))
            yield from [row.time.text] if row.time else []
            yield from (text for text in (row.label, row.status.sign, row.status.words) if text)


def of_docx(data):
    document = docx.Document(io.BytesIO(data))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join((*(paragraph.text for paragraph in document.paragraphs), *cells))


def of_xlsx(data):
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return "\n".join(str(value) for row in sheet.values for value in row if value is not None)


READ = {
    "txt": bytes.decode,
    "md": bytes.decode,
    "html": lambda data: unescape(data.decode()),
    "docx": of_docx,
    "xlsx": of_xlsx,
}


@pytest.mark.parametrize("name", READ)
def test_each_fact_stands_in_the_document(name):
    for plan in PLANS:
        text = READ[name](DOCUMENTS[name].render(plan))
        assert [each for each in words(plan) if each not in text] == [], plan.facts.plan_id


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_seed_gives_the_same_bytes(name):
    for index in range(3):
        one, other = (DOCUMENTS[name].render(generate_one(3, index)) for _ in range(2))
        assert one == other


def test_a_plan_does_not_hang_on_how_many_are_asked_for():
    assert next(generate(7, 1)) == PLANS[0]
    assert generate_one(7, 12) == PLANS[12]
    assert generate_one(8, 12) != PLANS[12]


def test_no_two_plans_share_area_and_period():
    known = [plan.facts.plan_id for plan in generate(7, 600)]
    assert len(set(known)) == 600
    far = {generate_one(7, index).facts.plan_id for index in range(10_000, 10_020)}
    assert len(far) == 20
    assert not far & set(known)


def test_every_layout_comes_in_turn():
    assert [plan.layouts[0] for plan in PLANS[: len(LAYOUTS)]] == list(LAYOUTS)


def test_every_mistake_is_planted():
    kinds = {planted.kind for plan in PLANS for planted in plan.defects}
    assert kinds == {
        "missing_owner", "missing_indicator", "missing_time", "contradiction", "relative_time", "unresolved_owner",
    }  # fmt: skip


def test_a_planted_mistake_is_one_of_the_facts():
    for plan in PLANS:
        for planted in plan.defects:
            row = plan.facts.objectives[planted.objective].rows[planted.row]
            assert {
                "missing_owner": not [part for part in row.parts if part.basis == "column" and part.role != "partner"],
                "missing_indicator": not row.indicators,
                "missing_time": row.time is None,
                "contradiction": row.status.resolved == "conflicting",
                "relative_time": row.time is not None and row.time.relative is not None,
                "unresolved_owner": any(not part.resolved for part in row.parts),
            }[planted.kind], planted


@pytest.mark.parametrize(
    ("marked", "stated", "promised", "resolved"),
    [
        ("present", "not_stated", True, "present"),
        ("absent", "present", False, "conflicting"),
        ("absent", "in_preparation", False, "absent"),
        ("in_preparation", "present", False, "conflicting"),
        ("not_marked", "absent", True, "absent"),
        ("not_marked", "not_stated", True, "in_preparation"),
        ("no_such_column", "not_stated", False, "not_stated"),
        ("conflicting", "not_stated", False, "conflicting"),
    ],
)
def test_a_status_follows_the_rule_of_the_plan_record(marked, stated, promised, resolved):
    assert Status(marked, stated, promised).resolved == resolved


def test_the_true_record_quotes_the_text():
    for plan in PLANS:
        record = true_record(plan)
        right, whole = quotes(record)
        assert (right, whole) == (whole, whole)
        assert [o.title for o in record.objectives] == [o.title for o in plan.facts.objectives]


def test_the_graph_has_every_row():
    for plan in PLANS[: len(LAYOUTS)]:
        graph = true_graph(plan, Iris())
        rows = sum(len(objective.rows) for objective in plan.facts.objectives)
        assert len(set(graph.subjects(None, RAC.Row))) == rows > 0


def test_the_command_writes_documents_and_facts(tmp_path, capsys):
    main(["--plans", "2", "--out", str(tmp_path), "--formats", "txt,ttl"])
    facts = json.loads((tmp_path / "facts.json").read_text(encoding="utf-8"))
    assert {path.name for path in tmp_path.iterdir()} == {
        "facts.json",
        *(name for plan in facts for name in plan["files"]),
    }
    assert [len(plan["objectives"]) for plan in facts] == [len(plan.facts.objectives) for plan in PLANS[:2]]
    assert "2 plans in 2 formats" in capsys.readouterr().out


def test_the_command_refuses_a_format_it_does_not_know(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["--out", str(tmp_path), "--formats", "txt,wpd"])
    assert "no such format: wpd" in capsys.readouterr().err


KINDS = {"services": "services", "measures": "measures", "groups": "target-groups"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_rows_name_is_in_the_vocabularies_and_comes_often(kind):
    named = Counter(
        code for plan in PLANS for o in plan.facts.objectives for row in o.rows for code in getattr(row.named, kind)
    )
    scheme = KINDS[kind].removesuffix("s")
    known = {entry.code for entry in phrases(KINDS[kind], scheme).labels().values()}
    assert set(named) <= known
    assert set(stock("named")[kind]) <= known
    assert len(named) >= 10
    assert named.total() >= 60


def test_what_a_row_names_is_read_in_its_words_and_goes_into_the_graph():
    named = named_in(["Équipe integrata con SerD per persone con demenza", "Misura B1 e FONDO NON AUTOSUFFICIENZA"])
    assert named == Named(("SerD",), ("B1", "FNA"), ("demenze",))
    assert named_in(["Minore ricorso alle cure dei medici di famiglia; serdaglio; CPSx"]) == Named()
    plan = next(one for one in PLANS if any(row.named.services for o in one.facts.objectives for row in o.rows))
    graph = true_graph(plan, Iris())
    rows = [row for o in plan.facts.objectives for row in o.rows]
    for kind, predicate in (
        ("services", RAC.involvesService),
        ("measures", RAC.concernsMeasure),
        ("groups", RAC.targetsGroup),
    ):
        assert len(list(graph.triples((None, predicate, None)))) == sum(len(getattr(row.named, kind)) for row in rows)
