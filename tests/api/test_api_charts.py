"""The charts of answers: every figure of the table is in the drawing, and a name draws nothing but itself."""

from __future__ import annotations

from types import MappingProxyType
from xml.etree import ElementTree

import pytest

from api.operations import Asked, ask_question
from api.render.charts import MOST_BARS, draw_chart
from ontology.iris import Iris
from queries.answer import Answer, Cell, Row
from queries.question import find_question, load_questions
from store import GraphStore

SVG = "{http://www.w3.org/2000/svg}"
CHARTED = sorted(slug for slug, question in load_questions().items() if question.chart)
NEEDED = {"date": "2030-01-01", "territory": "Lodi", "theme": "poverta-emarginazione"}


def drawn(svg: str | None) -> ElementTree.Element:
    """The SVG as a tree; fails when it is not well formed."""
    assert svg is not None
    return ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def words(tree: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in tree.iter(f"{SVG}text")]


def asked_with(slug: str, *rows: dict[str, str]) -> Asked:
    """An answer with these cells."""
    question = find_question(slug)
    made = tuple(Row(MappingProxyType({name: Cell(text) for name, text in row.items()}), ()) for row in rows)
    return Asked(Answer(question, question.columns, made, "SELECT"), {}, "it", "x")


@pytest.mark.parametrize("slug", CHARTED)
def test_every_charted_question_is_drawn(slug: str, loaded: GraphStore) -> None:
    question = find_question(slug)
    values = {one.name: NEEDED[one.name] for one in question.parameters if one.required or one.name in question.any_of}
    tree = drawn(draw_chart(ask_question(loaded, slug, values, Iris())))
    assert tree.get("aria-label") == question.title.it
    shapes = [*tree.iter(f"{SVG}rect"), *tree.iter(f"{SVG}circle")]
    assert len(shapes) > 1


def test_bars_are_as_long_as_their_counts() -> None:
    rows = [
        {"themeLabel": "Abitare", "status": "absent", "rows": "3"},
        {"themeLabel": "Abitare", "status": "present", "rows": "1"},
    ]
    tree = drawn(draw_chart(asked_with("protocols/status-by-theme", *rows)))
    widths = [float(one.get("width") or 0) for one in tree.iter(f"{SVG}rect")][:2]
    assert widths[0] == pytest.approx(3 * widths[1], abs=0.2)
    assert {"Abitare", "4", "assente", "presente"} <= set(words(tree))


def test_a_deadline_is_a_mark_and_equal_spans_are_counted() -> None:
    rows = [{"objectiveLabel": "Uno", "ends": "2022-12-31", "row": name} for name in ("a", "b")]
    tree = drawn(draw_chart(asked_with("time/timelines", *rows)))
    assert len(list(tree.iter(f"{SVG}rect"))) == 1
    assert {"Uno", "× 2", "2022", "2023"} <= set(words(tree))


def test_a_tie_is_one_line_whichever_way_it_is_told() -> None:
    rows = [
        {"firstLabel": "ASST", "secondLabel": "UdP", "rows": "1"},
        {"firstLabel": "UdP", "secondLabel": "ASST", "rows": "2"},
    ]
    tree = drawn(draw_chart(asked_with("responsibilities/who-works-with-whom", *rows)))
    (line,) = tree.iter(f"{SVG}path")
    assert line.get("stroke-width") == "4.0"
    assert words(tree) == ["ASST", "UdP"]


def test_a_chart_that_is_cut_says_so() -> None:
    rows = [{"serviceLabel": f"S{order}", "rows": "1"} for order in range(MOST_BARS + 3)]
    tree = drawn(draw_chart(asked_with("services/rows-by-service", *rows)))
    assert f"Si vedono {MOST_BARS} voci di {MOST_BARS + 3}." in words(tree)


def test_names_are_text_and_nothing_else() -> None:
    hostile = "</text><script>alert(1)</script>"
    tree = drawn(draw_chart(asked_with("services/rows-by-service", {"serviceLabel": hostile, "rows": "1"})))
    assert hostile in words(tree)
    assert not list(tree.iter(f"{SVG}script"))


def test_nothing_to_draw_is_no_chart() -> None:
    assert draw_chart(asked_with("time/timelines")) is None
    assert draw_chart(asked_with("time/timelines", {"objectiveLabel": "Uno"})) is None
    assert draw_chart(asked_with("funds/funds", {"resourceText": "Fondi"})) is None
