"""Plans side by side: every cell is what its plan says, with its words."""

from __future__ import annotations

import io

import httpx
import openpyxl
import pytest

from api.errors import MalformedRequest, UnknownPlan
from api.operations import plan_detail
from api.operations.comparing import LEAST_LIKENESS, Comparison, compare_plans, similar_objectives
from api.settings import Settings
from store import GraphStore

PLANS = ("lodi-2021-2023", "melegnano-martesana-2021-2023", "cernusco-2020")
ADDRESS = "/api/compare?" + "&".join(f"plan={one}" for one in PLANS)


@pytest.fixture(scope="module")
def comparison(loaded: GraphStore, settings: Settings) -> Comparison:
    return compare_plans(loaded, PLANS, settings.iris)


def test_every_objective_stands_once_under_its_plan_and_theme(
    comparison: Comparison, loaded: GraphStore, settings: Settings
) -> None:
    assert tuple(plan.id for plan in comparison.plans) == PLANS
    for at, plan in enumerate(PLANS):
        shown = sorted((one.order, row.theme or "") for row in comparison.rows for one in row.cells[at])
        said = sorted((one.order, one.theme or "") for one in plan_detail(loaded, plan, settings.iris).objectives)
        assert shown == said


def test_lodi_on_violence_is_what_the_plan_says(comparison: Comparison) -> None:
    (row,) = [one for one in comparison.rows if (one.theme or "").endswith("/violenza-di-genere")]
    (objective,) = row.cells[0]
    assert objective.title == "CONTRASTO ALLA VIOLENZA DI GENERE"
    assert [line.text for line in objective.statuses] == ["absent"]
    assert any("Non è presente un protocollo" in quote.exact for quote in objective.statuses[0].quotes)


def test_every_line_has_its_words(comparison: Comparison) -> None:
    objectives = [one for row in comparison.rows for cell in row.cells for one in cell]
    lines = [
        line
        for one in objectives
        for line in (*one.statuses, *one.owners, *one.indicators, *one.deadlines, *one.commitments)
    ]
    assert len(lines) > 30
    assert [line.text for line in lines if not line.quotes] == []


def test_similar_objectives_are_those_of_others(comparison: Comparison, loaded: GraphStore, settings: Settings) -> None:
    found = [
        (comparison.plans[at].id, other)
        for row in comparison.rows
        for at, cell in enumerate(row.cells)
        for one in cell
        for other in one.similar
    ]
    assert all(own != other.plan_id and LEAST_LIKENESS <= other.likeness <= 100 for own, other in found)
    lodi = plan_detail(loaded, "lodi-2021-2023", settings.iris)
    (same, *_) = similar_objectives("contrasto alla violenza di genere", [lodi])
    assert (same.title, same.likeness) == ("CONTRASTO ALLA VIOLENZA DI GENERE", 100)
    assert similar_objectives("Manutenzione delle strade provinciali", [lodi]) == ()


@pytest.mark.parametrize("plans", [(), ("lodi-2021-2023",), ("lodi-2021-2023",) * 2, tuple("abcdefg")])
def test_how_many_plans(loaded: GraphStore, settings: Settings, plans: tuple[str, ...]) -> None:
    with pytest.raises(MalformedRequest):
        compare_plans(loaded, plans, settings.iris)


def test_a_plan_that_is_not_loaded(loaded: GraphStore, settings: Settings) -> None:
    with pytest.raises(UnknownPlan):
        compare_plans(loaded, ("lodi-2021-2023", "atlantide"), settings.iris)


def test_rest_and_workbook_say_the_same(client: httpx.Client) -> None:
    document = client.get(ADDRESS, params=[*(("plan", one) for one in PLANS), ("lang", "en")]).json()
    assert [plan["id"] for plan in document["plans"]] == list(PLANS)
    answer = client.get(f"{ADDRESS}&format=xlsx&lang=en")
    assert "attachment" in answer.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    side, words, about = book.worksheets
    assert [cell.value for cell in side[1]] == ["Theme", *PLANS]
    assert side.max_row == len(document["rows"]) + 1
    quotes = {row[5] for row in words.iter_rows(min_row=2, values_only=True)}
    assert any("Non è presente un protocollo" in str(quote) for quote in quotes)
    assert document["data_version"] in {row[1] for row in about.iter_rows(values_only=True)}
    assert client.get("/api/compare?plan=lodi-2021-2023").status_code == 400


def test_page(client: httpx.Client) -> None:
    text = client.get("/compare?plan=lodi-2021-2023&plan=cernusco-2020&lang=it").text
    assert "CONTRASTO ALLA VIOLENZA DI GENERE" in text
    assert "nessun obiettivo letto su questo tema" in text
    client.cookies.clear()
