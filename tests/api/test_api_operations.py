"""The verbs themselves: what is stored, what the matrix and the evidence say, and what is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.errors import NothingToLoad, UnknownPlan
from api.operations import (
    coverage_matrix,
    data_version,
    export_plan,
    find_evidence,
    ingest_plan,
    list_plans,
    plan_detail,
    plan_report,
    plan_sources,
    validate_plan,
)
from api.operations.matrix import STATUSES, Matrix
from loaders.pipeline import read_plan
from ontology.iris import Iris, slug
from store import GraphStore, open_store

IRIS = Iris()
PLANS = Path(__file__).parents[2] / "data" / "plans"
IDS = ("ausl-8-integrazione", "cernusco-2020", "lodi-2021-2023", "melegnano-martesana-2021-2023")
LODI = str(IRIS.territory("ambito", "Lodi"))


@pytest.fixture(scope="module")
def matrix(loaded: GraphStore) -> Matrix:
    return coverage_matrix(loaded, {}, IRIS)


def test_the_plans_are_listed_with_what_was_read_in_them(loaded: GraphStore) -> None:
    plans = {plan.id: plan for plan in list_plans(loaded)}
    assert tuple(plans) == IDS
    for plan_id, plan in plans.items():
        record = read_plan(PLANS / plan_id)
        rows = [row for objective in record.objectives for row in objective.rows]
        assert (plan.objectives, plan.rows) == (len(record.objectives), len(rows))
        assert plan.indicators == sum(len(row.indicators) for row in rows)
        assert plan.responsibilities == sum(len(row.responsibilities) for row in rows)
        assert plan.unread == len(record.unread)
        assert [file.name for file in plan.files] == sorted(one.file for one in record.plan.renditions)
        assert (plan.start, plan.end) == (record.plan.period.start, record.plan.period.end)


@pytest.mark.parametrize("plan_id", IDS)
def test_a_plan_in_detail_says_what_its_record_says(loaded: GraphStore, plan_id: str) -> None:
    detail, record = plan_detail(loaded, plan_id, IRIS), read_plan(PLANS / plan_id)
    assert detail.summary in list_plans(loaded)
    for found, read in zip(detail.objectives, record.objectives, strict=True):
        assert (found.number, found.title) == (read.number, read.title)
        for row, expected in zip(found.rows, read.rows, strict=True):
            assert row.resolved.replace("-", "_") == expected.protocol.resolved
            for name in (
                "progress",
                "commitments",
                "actions",
                "needs",
                "expectations",
                "methods",
                "resources",
                "notes",
            ):
                assert [said.text for said in getattr(row, name)] == [item.text for item in getattr(expected, name)]
            # One actor may be written in two ways, and its node then has two labels.
            assert [slug(owner.actor) for owner in row.owners] == [slug(one.actor) for one in expected.responsibilities]
            assert [one.said.text for one in row.indicators] == [one.text for one in expected.indicators]


def test_every_statement_has_its_words(loaded: GraphStore) -> None:
    for plan_id in IDS:
        for objective in plan_detail(loaded, plan_id, IRIS).objectives:
            for row in objective.rows:
                said = [*row.progress, *row.commitments, *row.actions, *(one.said for one in row.owners)]
                assert all(one.quotes and one.quotes[0].exact and one.quotes[0].file for one in said)


def test_the_matrix_has_plans_and_their_areas_above_and_the_rest_apart(matrix: Matrix) -> None:
    above = {one.place.label: one for one in matrix.territories}
    assert {"Lodi", "Cernusco sul Naviglio", "A.U.S.L. n. 8"} <= above.keys()
    assert [(one.plan_id, one.scope) for one in above["Lodi"].plans] == [("lodi-2021-2023", "own")]
    assert [(one.plan_id, one.scope) for one in above["Paullese"].plans] == [("melegnano-martesana-2021-2023", "area")]
    assert all(one.plans for one in matrix.territories)
    assert len(matrix.without_plan) > 20
    assert not any(one.plans or one.cells for one in matrix.without_plan)


def test_every_territory_with_a_plan_has_every_theme(matrix: Matrix) -> None:
    themes = {theme.iri for theme in matrix.themes}
    assert len(themes) > 10
    for one in matrix.territories:
        assert one.cells.keys() == themes
        assert {cell.status for cell in one.cells.values()} <= set(STATUSES)
        assert sum(one.counts.values()) == len(themes)


def test_a_cell_is_the_worst_of_its_rows(loaded: GraphStore, matrix: Matrix) -> None:
    for territory in matrix.territories[2:4]:
        for theme, cell in territory.cells.items():
            evidence = find_evidence(loaded, IRIS, territory=territory.place.iri, theme=theme)
            assert evidence.status == cell.status
            rows = [row for plan in evidence.plans for row in plan.rows]
            assert len(rows) == cell.rows
            assert {status: sum(row.resolved == status for row in rows) for status in STATUSES} == cell.counts


def test_counts_by_theme_are_counts_of_cells(matrix: Matrix) -> None:
    for theme in matrix.themes:
        assert sum(matrix.theme_counts[theme.iri].values()) == len(matrix.territories)


def test_filters_leave_less(loaded: GraphStore, matrix: Matrix) -> None:
    lodi = coverage_matrix(loaded, {"territory": "ambito/lodi"}, IRIS)
    assert [one.place.iri for one in lodi.territories] == [LODI]
    old = coverage_matrix(loaded, {"period": "2015-2017"}, IRIS)
    assert old.territories == ()
    assert len(old.without_plan) == len(matrix.territories) + len(matrix.without_plan)


def test_evidence_of_a_territory_without_a_plan_is_no_document(loaded: GraphStore, matrix: Matrix) -> None:
    place = matrix.without_plan[0].place
    evidence = find_evidence(loaded, IRIS, territory=place.iri, theme="violenza-di-genere")
    assert (evidence.plans, evidence.status) == ((), "no-document")


def test_evidence_of_an_objective_is_that_of_the_plan(loaded: GraphStore) -> None:
    evidence = find_evidence(loaded, IRIS, plan="lodi-2021-2023", objective=3)
    assert [one.title for one in evidence.plans[0].objectives] == ["CONTRASTO ALLA VIOLENZA DI GENERE"]


def test_loading_twice_changes_nothing(loaded: GraphStore) -> None:
    store = open_store("memory:")
    ingest_plan(store, PLANS / "lodi-2021-2023", IRIS)
    first = sorted(store.dump().splitlines())
    ingest_plan(store, PLANS / "lodi-2021-2023", IRIS)
    assert sorted(store.dump().splitlines()) == first
    assert store.graph(IRIS.plan_graph("lodi-2021-2023")) == loaded.graph(IRIS.plan_graph("lodi-2021-2023"))


def test_validating_again_gives_the_stored_report(loaded: GraphStore) -> None:
    store = open_store("memory:")
    checked = ingest_plan(store, PLANS / "ausl-8-integrazione", IRIS)
    assert plan_report(store, "ausl-8-integrazione", IRIS) == checked.report
    assert validate_plan(store, "ausl-8-integrazione", IRIS) == checked.report


def test_the_version_is_that_of_the_data(loaded: GraphStore) -> None:
    store = open_store("memory:")
    versions = [data_version(store)]
    for plan_id in ("ausl-8-integrazione", "ausl-8-integrazione", "cernusco-2020"):
        ingest_plan(store, PLANS / plan_id, IRIS)
        versions.append(data_version(store))
    empty, one, again, two = versions
    assert one == again
    assert len({empty, one, two, data_version(loaded)}) == 4


@pytest.mark.parametrize("plan_id", ["nessuno", "", "Lodi 2021", "../lodi", "lodi-2021-2023/objective/1"])
def test_unknown_plans(loaded: GraphStore, plan_id: str) -> None:
    for ask in (plan_detail, plan_report):
        with pytest.raises(UnknownPlan):
            ask(loaded, plan_id, IRIS)
    with pytest.raises(UnknownPlan):
        validate_plan(open_store("memory:"), plan_id, IRIS)
    with pytest.raises(UnknownPlan):
        export_plan(loaded, plan_id, "text/turtle", IRIS)


def test_sources(tmp_path: Path) -> None:
    assert [path.name for path in plan_sources(PLANS).plans] == list(IDS)
    assert plan_sources(PLANS / "cernusco-2020").plans == (PLANS / "cernusco-2020",)
    document = next((PLANS / "cernusco-2020").glob("*.txt"))
    assert plan_sources(document).plans == (document,)
    (tmp_path / "b.txt").write_text("b")
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "picture.png").write_bytes(b"")
    assert [path.name for path in plan_sources(tmp_path).plans] == ["a.txt", "b.txt"]


def test_sources_that_hold_no_plan(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(NothingToLoad):
            plan_sources(path)
