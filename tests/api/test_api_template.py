"""The template of a plan, filled in, is read whole: no cell is left over, and each column means what it says."""

from __future__ import annotations

import io
from pathlib import Path

import httpx
import openpyxl
import pytest
from typer.testing import CliRunner

from api.cli import app
from api.render.template import (
    HEADING_ROW,
    TEMPLATE_FORMS,
    TITLE,
    TemplateForm,
    plan_template,
    statuses,
    template_columns,
)
from loaders.headers import role_of
from loaders.pipeline import read_plan
from loaders.records import PlanRecord, Row

PRESENT, ABSENT, PREPARED = statuses()
SHARED = {
    "owner": "ASST di Lodi", "partner": "Ufficio di Piano", "resource": "2 assistenti sociali",
    "indicator": "Numero di persone seguite", "target-value": "almeno 100", "time": "entro il 31/12/2025",
}  # fmt: skip
ROWS = (
    {
        **SHARED, "objective": "Accesso unitario ai servizi", "label": "Punti unici di accesso",
        "action": "Aprire tre punti unici di accesso", "progress": "Un punto è aperto da un anno",
        "priority": "Aprire altri due punti", "protocol-status": PRESENT,
    },
    {
        **SHARED, "objective": "Accesso unitario ai servizi", "label": "Formazione", "owner": "Ufficio di Piano",
        "partner": "ASST di Lodi", "action": "Formare gli operatori", "progress": "I corsi sono finiti",
        "priority": "Ripetere i corsi", "protocol-status": ABSENT,
    },
    {
        **SHARED, "objective": "Dimissioni protette", "label": "Continuità delle cure",
        "action": "Seguire a casa chi è dimesso", "progress": "Il gruppo di lavoro si è riunito",
        "priority": "Scrivere il protocollo", "protocol-status": PREPARED,
    },
)  # fmt: skip


@pytest.fixture(scope="module", params=list(TEMPLATE_FORMS))
def form(request: pytest.FixtureRequest) -> TemplateForm:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def filled(form: TemplateForm, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The filled template of a form, and the words of the cells that were filled in."""
    book = openpyxl.load_workbook(io.BytesIO(plan_template(form)))
    sheet = book.worksheets[0]
    sheet["A1"] = TITLE.replace("20__-20__", "2024-2026").replace("______", "Lodi")
    words = []
    for at, row in enumerate(ROWS, start=HEADING_ROW + 2):
        for index, role in enumerate(TEMPLATE_FORMS[form], start=1):
            sheet.cell(at, index, row[role])
            words.append(row[role])
    file = tmp_path_factory.mktemp("template") / f"{form}.xlsx"
    book.save(file)
    return file, words


@pytest.fixture(scope="module")
def record(filled: tuple[Path, list[str]]) -> PlanRecord:
    return read_plan(filled[0])


def rows(record: PlanRecord) -> list[Row]:
    return [row for objective in record.objectives for row in objective.rows]


def test_no_cell_is_left_unread(record: PlanRecord) -> None:
    assert record.unread == ()


def test_every_filled_cell_is_in_the_record(record: PlanRecord, filled: tuple[Path, list[str]]) -> None:
    text = record.to_json()
    marks = set(statuses())
    assert [words for words in filled[1] if words not in marks and words not in text and words != "almeno 100"] == []


def test_the_record_says_what_was_filled_in(record: PlanRecord, form: TemplateForm) -> None:
    assert (record.plan.territory.ambito, record.plan.period.start, record.plan.period.end) == (
        "Ambito di Lodi", "2024-01-01", "2026-12-31",
    )  # fmt: skip
    assert [objective.title for objective in record.objectives] == [
        "Accesso unitario ai servizi",
        "Dimissioni protette",
    ]
    assert {row.form for row in rows(record)} == {form.replace("-", "_")}
    for row in rows(record):
        assert {one.role for one in row.responsibilities} >= {"owner", "partner"}
        assert [one.target.value for one in row.indicators if one.target] == [100.0]
        assert row.timeline is not None
        assert row.timeline.deadline == "2025-12-31"
        assert [one.text for one in row.resources] == ["2 assistenti sociali"]
    if form == "status-table":
        assert [row.protocol.resolved for row in rows(record)] == ["present", "absent", "in_preparation"]


def test_headings_mean_what_they_say_and_help_comes_from_the_rules(form: TemplateForm) -> None:
    columns = template_columns(form)
    assert [role_of(column.heading) for column in columns] == [role.replace("-", "_") for role in TEMPLATE_FORMS[form]]
    assert all(column.help for column in columns)
    needed = {column.role for column in columns if column.needed}
    assert {"owner", "indicator", "time"} <= needed
    book = openpyxl.load_workbook(io.BytesIO(plan_template(form)))
    comments = [cell.comment for cell in book.worksheets[0][HEADING_ROW + 1]]
    for comment, column in zip(comments, columns, strict=True):
        assert comment is not None
        assert column.help in comment.text
        assert all(remedy in comment.text for remedy in column.remedies)


def test_the_template_is_the_same_bytes(form: TemplateForm) -> None:
    assert plan_template(form) == plan_template(form)


def test_the_filled_template_lacks_nothing_grave(filled: tuple[Path, list[str]]) -> None:
    result = CliRunner().invoke(app, ["check", str(filled[0])])
    assert "0 errori" in result.stdout, result.stdout


def test_the_command_and_the_service_give_it(form: TemplateForm, tmp_path: Path, client: httpx.Client) -> None:
    file = tmp_path / "modello.xlsx"
    assert CliRunner().invoke(app, ["template", "--form", form, "--output", str(file)]).exit_code == 0
    assert file.read_bytes() == plan_template(form) == client.get(f"/api/template?form={form}").content
    assert client.get("/api/template?form=x").status_code == 406
