"""A territory over its periods, and objectives alike: what is new, gone, changed or the same, each with its words."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import openpyxl
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app as commands
from api.errors import UnknownValue
from api.operations.changes import Change, OverTime, changes_over_time
from api.search import Asking, SearchDesk
from api.settings import Settings
from queries.errors import ParameterError
from store import GraphStore, open_store

RAC = "https://w3id.org/raccordo/ontology#"
EARLIER, LATER = "lodi-2021-2023", "lodi-2024-2026"
PROMISE = "Dimissioni protette entro due giorni"


@pytest.fixture(scope="module")
def twice(loaded: GraphStore, settings: Settings) -> Iterator[GraphStore]:
    """Lodi's plan, and one for the next three years that differs from it in what the tests look at."""
    store = open_store("memory:")
    names = (settings.iris.plan_graph(EARLIER), settings.iris.territory_graph(), settings.iris.ontology_graph())
    store.replace_graphs({str(name): loaded.graph(str(name)) for name in names})
    plan = f"{settings.iris.base}plan/{LATER}"
    later = loaded.graph(str(settings.iris.plan_graph(EARLIER))).decode()
    for old, new in ((EARLIER, LATER), ("2021-01-01", "2024-01-01"), ("2023-12-31", "2026-12-31")):
        later = later.replace(old, new)
    store.replace_graphs({str(settings.iris.plan_graph(LATER)): later.encode()})
    violence = f"?o <{RAC}theme> <https://w3id.org/raccordo/vocab/theme/violenza-di-genere>"
    for update in (
        f"DELETE {{ GRAPH ?g {{ ?p <{RAC}hasObjective> ?o }} }} WHERE {{ GRAPH ?g {{ ?p <{RAC}hasObjective> ?o . "
        f"{violence} }} FILTER(?g = <{settings.iris.plan_graph(EARLIER)}>) }}",
        f"DELETE {{ GRAPH ?g {{ <{plan}/objective/1> <{RAC}title> ?t }} }} "
        f'INSERT {{ GRAPH ?g {{ <{plan}/objective/1> <{RAC}title> "Un titolo tutto nuovo" }} }} '
        f"WHERE {{ GRAPH ?g {{ <{plan}/objective/1> <{RAC}title> ?t }} }}",
        f"DELETE {{ GRAPH ?g {{ ?c <{RAC}text> ?t }} }} INSERT {{ GRAPH ?g {{ ?c <{RAC}text> '{PROMISE}' }} }} "
        f"WHERE {{ GRAPH ?g {{ <{plan}/objective/2/row/4> <{RAC}hasCommitment> ?c . "
        f"?c <{RAC}order> 1 ; <{RAC}text> ?t }} }}",
    ):
        store.update(update)
    yield store
    store.close()


@pytest.fixture(scope="module")
def found(twice: GraphStore, settings: Settings) -> OverTime:
    return changes_over_time(twice, "Lodi", settings.iris)


def changes(found: OverTime) -> list[Change]:
    return [change for row in found.rows for step in row.steps for change in step]


def test_periods_are_in_order_with_their_plans(found: OverTime) -> None:
    assert [(one.start, [plan.id for plan in one.plans]) for one in found.periods] == [
        ("2021-01-01", [EARLIER]), ("2024-01-01", [LATER]),
    ]  # fmt: skip
    assert all(len(row.steps) == 1 for row in found.rows)


def test_what_stays_is_the_same_with_the_words_of_the_later_plan(found: OverTime) -> None:
    same = [one for one in changes(found) if one.state == "same"]
    assert len(same) >= 3
    for one in same:
        assert (one.before and one.before.plan_id, one.after and one.after.plan_id) == (EARLIER, LATER)
        assert all(line.state == "same" and line.quotes for line in one.lines)


def test_what_only_the_later_plan_has_is_new(found: OverTime) -> None:
    (row,) = [one for one in found.rows if (one.theme or "").endswith("/violenza-di-genere")]
    ((change,),) = row.steps
    assert (change.state, change.before, change.likeness) == ("new", None, None)
    assert {line.state for line in change.lines} == {"new"}
    assert any("Non è presente un protocollo" in quote.exact for line in change.lines for quote in line.quotes)


def test_another_commitment_is_a_change(found: OverTime) -> None:
    (change,) = [one for one in changes(found) if one.after and one.after.order == 2]
    assert (change.state, change.likeness) == ("changed", 100)
    told = [(one.state, one.text) for one in change.lines if one.part == "commitments" and one.state != "same"]
    assert told == [("new", PROMISE), ("gone", "Valutazione integrata delle dimissioni protette")]
    assert all(one.quotes for one in change.lines)


def test_the_page_shows_what_changed_and_keeps_the_rest_one_step_away(
    twice: GraphStore, settings: Settings, served: Callable[[FastAPI], AbstractContextManager[httpx.Client]]
) -> None:
    with served(create_app(settings, twice)) as client:
        text = client.get("/compare/over-time?territory=ambito/lodi&lang=it").text
    shown = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    assert PROMISE in shown
    assert "Revisione del documento dimissioni protette" in text
    assert "Revisione del documento dimissioni protette" not in shown


def test_every_objective_stands_once_on_each_side(found: OverTime) -> None:
    for side in ("before", "after"):
        stated = [(one.plan_id, one.order) for change in changes(found) if (one := getattr(change, side))]
        assert len(stated) == len(set(stated)) >= 5


def test_the_only_two_left_on_a_theme_are_put_beside_each_other(found: OverTime) -> None:
    (change,) = [one for one in changes(found) if one.after and one.after.title == "Un titolo tutto nuovo"]
    assert change.state in ("changed", "new")
    if change.state == "changed":
        assert change.before is not None and change.before.order == 1


def test_the_order_of_loading_does_not_matter_and_gone_mirrors_new(found: OverTime) -> None:
    kinds = {one.state for one in changes(found)}
    assert kinds <= {"new", "gone", "changed", "same"}
    for one in changes(found):
        assert (one.before is None, one.after is None) == (one.state == "new", one.state == "gone")


def test_a_single_period_gives_no_rows(loaded: GraphStore, settings: Settings) -> None:
    alone = changes_over_time(loaded, "ambito/lodi", settings.iris)
    assert (len(alone.periods), alone.rows, alone.territory.label) == (1, (), "Lodi")


def test_a_territory_that_nobody_knows(loaded: GraphStore, settings: Settings) -> None:
    with pytest.raises(ParameterError):
        changes_over_time(loaded, "Atlantide", settings.iris)


def test_rest_page_and_workbook(client: httpx.Client) -> None:
    document = client.get("/api/compare/over-time?territory=ambito/lodi").json()
    assert [one["start"] for one in document["periods"]] == ["2021-01-01"]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/api/compare/over-time?territory=Lodi&format=xlsx").content))
    assert book.worksheets[0].max_row == 1
    assert "un solo periodo" in client.get("/compare/over-time?territory=ambito/lodi&lang=it").text
    assert client.get("/compare/over-time?territory=Atlantide").status_code == 400
    client.cookies.clear()


def test_commands(twice: GraphStore, settings: Settings, tmp_path: Path) -> None:
    store = open_store(f"oxigraph:{tmp_path}")
    graphs = [str(settings.iris.plan_graph(one)) for one in (EARLIER, LATER)]
    store.replace_graphs({name: twice.graph(name) for name in (*graphs, str(settings.iris.territory_graph()))})
    store.close()
    run, where = CliRunner(), ("--store", f"oxigraph:{tmp_path}")
    answer = run.invoke(commands, ["over-time", "Lodi", "--format", "json", *where])
    assert [len(one["steps"]) for one in json.loads(answer.stdout)["rows"]] == [1] * len(
        json.loads(answer.stdout)["rows"]
    )
    assert "nuovo" in run.invoke(commands, ["over-time", "Lodi", *where]).stdout
    assert "Tema" in run.invoke(commands, ["compare", EARLIER, LATER, *where]).stdout
    alike = json.loads(run.invoke(commands, ["similar", "violenza di genere", "--format", "json", *where]).stdout)
    assert alike["found"][0]["hit"]["plan_id"] in (EARLIER, LATER)


@pytest.fixture(scope="module")
def desk(loaded: GraphStore, settings: Settings) -> SearchDesk:
    return SearchDesk(loaded, settings.iris)


def test_the_likest_come_first_whatever_their_order_and_inflection(desk: SearchDesk) -> None:
    alike = desk.similar(Asking("Alla violenza di genere: contrasti", {}))
    assert (alike.found[0].hit.text.upper(), alike.found[0].likeness) == ("CONTRASTO ALLA VIOLENZA DI GENERE", 100)
    assert [one.likeness for one in alike.found] == sorted((one.likeness for one in alike.found), reverse=True)
    assert {one.hit.kind for one in alike.found} == {"objective"}


def test_likeness_is_narrowed_by_theme_and_territory(desk: SearchDesk) -> None:
    everywhere = desk.similar(Asking("valutazione multidimensionale", {}))
    assert everywhere.found
    values = {facet.name: {one.value for one in facet.values} for facet in everywhere.facets.facets}
    for name in ("theme", "territory"):
        for value in values[name]:
            narrowed = desk.similar(Asking("valutazione multidimensionale", {name: value}))
            assert all((name, value) in one.hit.facets for one in narrowed.found)
    assert desk.similar(Asking("Manutenzione delle strade provinciali", {})).found == ()
    with pytest.raises(UnknownValue):
        desk.similar(Asking("x", {"colour": "red"}))


def test_pages_of_likeness(client: httpx.Client) -> None:
    text = client.get("/compare/similar", params={"text": "contrasto alla violenza di genere", "lang": "it"}).text
    assert "Somiglianza 100 su 100" in text
    assert client.get("/api/similar", params={"text": "violenza", "limit": "1"}).json()["asking"]["limit"] == 1
    client.cookies.clear()
