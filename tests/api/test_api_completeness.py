"""`raccordo completeness` on the sample plans, and the figures in the store."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.operations.completeness import save_completeness, stored_completeness, stored_plans
from api.settings import Settings
from store import GraphStore, open_store

LODI = "https://w3id.org/raccordo/id/plan/lodi-2021-2023"


def test_figures_of_a_plan(loaded: GraphStore) -> None:
    lodi = next(plan for plan in stored_plans(loaded) if plan.iri == LODI)
    assert (lodi.figures.rows, lodi.figures.indicator) == (15, 0)
    assert lodi.territory_name == "Ambito di Lodi"


def test_groups_hold_all_rows(loaded: GraphStore) -> None:
    rows = sum(plan.figures.rows for plan in stored_plans(loaded) if plan.territory)
    assert sum(one.figures.rows for one in stored_completeness(loaded, "territory")) == rows > 0


def test_saved_figures_answer_queries(loaded: GraphStore, settings: Settings) -> None:
    store = open_store("memory:")
    store.replace_graphs(
        {
            str(settings.iris.plan_graph("lodi-2021-2023")): loaded.graph(
                f"{settings.iris.base}graph/plan/lodi-2021-2023"
            )
        }
    )
    assert save_completeness(store, settings.iris) == save_completeness(store, settings.iris) > 0
    query = f"""SELECT ?value WHERE {{ GRAPH <{settings.iris.base}graph/completeness> {{
      ?one <http://www.w3.org/ns/dqv#computedOn> <{LODI}> ; <http://www.w3.org/ns/dqv#value> ?value ;
        <http://www.w3.org/ns/dqv#isMeasurementOf> <https://w3id.org/raccordo/shapes#rows> }} }}"""
    (row,) = json.loads(store.query(query)[0])["results"]["bindings"]
    assert row["value"]["value"] == "15"


@pytest.fixture(scope="module")
def folder(loaded: GraphStore, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"oxigraph:{tmp_path_factory.mktemp('completeness') / 'store'}"
    with closing(open_store(url)) as store:
        for plan in ("lodi-2021-2023", "cernusco-2020"):
            name = str(settings.iris.plan_graph(plan))
            store.replace_graphs({name: loaded.graph(name)})
    return url


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["completeness", *arguments])


def test_text(folder: str) -> None:
    result = run("--store", folder)
    assert result.exit_code == 0
    head, *lines = result.stdout.splitlines()
    assert "righe con un indicatore" in head
    assert [line.split()[:2] for line in lines] == [["cernusco-2020", "20"], ["lodi-2021-2023", "15"]]


def test_themes_in_english_as_csv(folder: str) -> None:
    result = run("--store", folder, "--by", "theme", "--lang", "en", "--format", "csv")
    assert result.stdout.startswith("of what,rows,rows with an owner")
    assert len(result.stdout.splitlines()) > 5


def test_against_an_earlier_run(folder: str, tmp_path: Path) -> None:
    before = tmp_path / "before.json"
    before.write_text(run("--store", folder, "--format", "json").stdout, encoding="utf-8")
    result = run("--store", folder, "--against", str(before), "--save")
    assert result.exit_code == 0
    assert "± righe con un titolare" in result.stdout
    assert "0.0 %" in result.stdout


def test_against_something_else(folder: str, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"a": 1}', encoding="utf-8")
    result = run("--store", folder, "--against", str(other))
    assert result.exit_code == 2
    assert "other.json" in result.stderr.replace("\n", "").replace(" ", "").replace("│", "")


def test_no_two_periods(folder: str) -> None:
    assert run("--store", folder, "--by", "period", "--format", "json").stdout.strip() == "[]"


def test_two_periods_side_by_side(loaded: GraphStore, settings: Settings, tmp_path: Path) -> None:
    url = f"oxigraph:{tmp_path / 'store'}"
    now = str(settings.iris.plan_graph("lodi-2021-2023"))
    content = loaded.graph(now)
    before = content.replace(b"lodi-2021-2023", b"lodi-2018-2020")
    for year, earlier in ((b'"2021-01-01"', b'"2018-01-01"'), (b'"2023-12-31"', b'"2020-12-31"')):
        assert year in before
        before = before.replace(year, earlier)
    owned = b"https://w3id.org/raccordo/vocab/basis/explicit"
    before = before.replace(owned, b"https://w3id.org/raccordo/vocab/basis/mention")
    with closing(open_store(url)) as store:
        store.replace_graphs({now: content, str(settings.iris.plan_graph("lodi-2018-2020")): before})
    (change,) = json.loads(run("--store", url, "--by", "period", "--format", "json").stdout)
    assert (change["before"]["iri"], change["after"]["iri"]) == (LODI.replace("2021-2023", "2018-2020"), LODI)
    assert change["before"]["figures"]["owner"] < change["after"]["figures"]["owner"]
    assert "± righe con un titolare" in run("--store", url, "--by", "period").stdout


def test_a_load_puts_the_figures_into_the_store(tmp_path: Path, settings: Settings) -> None:
    plan = tmp_path / "bozza.csv"
    plan.write_text(
        "Obiettivo,Azione,Responsabile,Indicatore,Tempi\nAccesso,Aprire i punti unici,,,entro giugno 2024\n"
    )
    url = f"oxigraph:{tmp_path / 'store'}"
    loaded = CliRunner().invoke(app, ["load", str(plan), "--store", url, "--format", "json"])
    assert loaded.exit_code == 0, loaded.output
    with closing(open_store(url)) as store:
        query = f"""SELECT ?metric ?value WHERE {{ GRAPH <{settings.iris.base}graph/completeness> {{
          ?one <http://www.w3.org/ns/dqv#value> ?value ; <http://www.w3.org/ns/dqv#isMeasurementOf> ?metric ;
            <http://www.w3.org/ns/dqv#computedOn> ?plan FILTER(CONTAINS(STR(?plan), "/plan/")) }} }}"""
        rows = json.loads(store.query(query)[0])["results"]["bindings"]
    figures = {row["metric"]["value"].rsplit("#", 1)[-1]: float(row["value"]["value"]) for row in rows}
    assert figures == {"rows": 1, "rows-with-owner": 0, "rows-with-indicator": 0, "rows-with-timeline": 1}
