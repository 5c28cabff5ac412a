"""`raccordo pairs`: what two plans of one territory say together, in plain words, with both plans named."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.settings import Settings
from store import GraphStore, open_store


@pytest.fixture(scope="module")
def two_periods(loaded: GraphStore, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with a plan and the one of the period before, which says the same."""
    url = f"oxigraph:{tmp_path_factory.mktemp('pairs') / 'store'}"
    now = str(settings.iris.plan_graph("lodi-2021-2023"))
    content = loaded.graph(now)
    before = content.replace(b"lodi-2021-2023", b"lodi-2018-2020")
    for year, earlier in ((b'"2021-01-01"', b'"2018-01-01"'), (b'"2023-12-31"', b'"2020-12-31"')):
        before = before.replace(year, earlier)
    with closing(open_store(url)) as store:
        store.replace_graphs({now: content, str(settings.iris.plan_graph("lodi-2018-2020")): before})
    return url


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["pairs", *arguments])


def test_findings_are_sentences_that_name_both_plans(two_periods: str) -> None:
    result = run("--store", two_periods)
    assert result.exit_code == 1, result.stderr
    assert "Da un piano all'altro qualcosa cambia: " in result.stdout
    assert "      lodi-2021-2023, lodi-2018-2020" in result.stdout
    assert "http" not in result.stdout


def test_one_plan_has_the_pairs_it_is_part_of(two_periods: str) -> None:
    every, own = (
        json.loads(run(*plan, "--store", two_periods, "--format", "json").stdout)["findings"]
        for plan in ((), ("lodi-2018-2020",))
    )
    assert {one["rule"] for one in every} >= {"period-moves"}
    assert {one["id"] for one in own} == {one["id"] for one in every}
