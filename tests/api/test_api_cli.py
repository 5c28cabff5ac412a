"""The command line: results on standard output and nothing else, exit codes, and no file that stops the others."""

from __future__ import annotations

import csv
import io
import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import COMMANDS, app
from api.operations import list_plans
from loaders.records import PlanRecord
from shapes.report import ValidationReport
from store import open_store

PLANS = Path(__file__).parents[2] / "data" / "plans"
AUSL = PLANS / "ausl-8-integrazione"
LODI_TEXT = next((PLANS / "lodi-2021-2023").glob("000*.txt"))


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store on disk with the sample plans."""
    url = f"oxigraph:{tmp_path_factory.mktemp('store')}"
    result = run("load", str(PLANS), "--store", url)
    assert result.exit_code == 0, result.stderr
    return url


@pytest.fixture
def empty(tmp_path: Path) -> str:
    return f"oxigraph:{tmp_path / 'store'}"


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=text, env={"RACCORDO_STORE": "", "COLUMNS": "200"})


def typed(command: Callable[..., object]) -> str:
    """The command's name as it is typed."""
    return command.__name__.replace("_", "-")


def test_load_counts_each_plan(empty: str) -> None:
    result = run("load", str(PLANS / "cernusco-2020"), str(AUSL), "--store", empty, "--format", "json")
    assert result.exit_code == 0, result.stderr
    lines = {line["plan"]: line for line in json.loads(result.stdout)}
    store = open_store(empty)
    plans = {plan.id: plan for plan in list_plans(store)}
    store.close()
    assert lines.keys() == plans.keys()
    for plan_id, line in lines.items():
        assert (line["objectives"], line["rows"], line["unread"]) == (
            plans[plan_id].objectives, plans[plan_id].rows, plans[plan_id].unread,
        )  # fmt: skip
        assert line["findings"] > 0
        assert line["error"] is None


def test_a_load_goes_on_where_it_stopped(empty: str, tmp_path: Path) -> None:
    shutil.copytree(PLANS / "ausl-8-integrazione", tmp_path / "plans" / "ausl")
    assert run("load", str(tmp_path / "plans"), "--store", empty).exit_code == 0
    shutil.copytree(PLANS / "cernusco-2020", tmp_path / "plans" / "deeper" / "cernusco")
    (tmp_path / "plans" / "foto.png").write_bytes(b"\x89PNG")
    second = run("load", str(tmp_path / "plans"), "--store", empty, "--format", "json")
    assert {line["plan"]: line["unchanged"] for line in json.loads(second.stdout)} == {
        "ausl-8-integrazione": True, "cernusco-2020": False,
    }  # fmt: skip
    assert "foto.png" in second.stderr
    again = run("load", str(tmp_path / "plans"), "--store", empty, "--format", "json", "--again")
    assert not any(line["unchanged"] for line in json.loads(again.stdout))
    manifest = tmp_path / "plans" / "ausl" / "plan.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8") + "\n# another word\n", encoding="utf-8")
    third = run("load", str(tmp_path / "plans"), "--store", empty, "--format", "json")
    assert [line["unchanged"] for line in json.loads(third.stdout)] == [False, True]


def test_a_load_says_what_share_was_not_read(empty: str) -> None:
    line = json.loads(run("load", str(AUSL), "--store", empty, "--format", "json").stdout)[0]
    assert 0 < line["unread_share"] < 0.2
    assert line["unsure"] >= 0


def test_one_bad_file_never_stops_the_rest(empty: str, tmp_path: Path) -> None:
    (tmp_path / "blank.txt").write_text(" ")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    paths = [tmp_path / "blank.txt", tmp_path / "picture.png", tmp_path / "missing", AUSL]
    result = run("load", *map(str, paths), "--store", empty)
    assert result.exit_code == 2
    assert "ausl-8-integrazione" in result.stdout
    assert result.stdout.count("error") == 3
    for path in paths[:3]:
        assert str(path) in result.stderr.replace("\n", "")
    assert "Traceback" not in result.stderr


def test_a_fault_nobody_foresaw_stops_no_other_file(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("never thought of")

    monkeypatch.setattr("api.cli.loading.store_plan", broken)
    result = run("load", str(AUSL), "--store", empty)
    assert result.exit_code == 2
    assert "ZeroDivisionError: never thought of" in result.stderr


def test_two_files_of_one_plan_are_told(empty: str) -> None:
    renditions = sorted((PLANS / "lodi-2021-2023").glob("*.txt"))
    result = run("load", *map(str, renditions), "--store", empty)
    assert result.exit_code == 0
    assert "has replaced" in result.stderr


def test_the_store_may_be_named_before_the_command(empty: str) -> None:
    assert run("--store", empty, "load", str(AUSL)).exit_code == 0
    assert (
        "ausl-8-integrazione" in run("--store", empty, "query", "SELECT ?p { GRAPH ?p { ?s a ?t } } GROUP BY ?p").stdout
    )


def test_a_territory_register_that_is_none_is_an_error(empty: str, tmp_path: Path) -> None:
    (tmp_path / "register.ttl").write_text("this is no Turtle")
    result = run("load", str(AUSL), "--store", empty, "--territory", str(tmp_path / "register.ttl"))
    assert result.exit_code == 2
    assert "register.ttl" in result.stderr


def test_extract_prints_the_record_alone() -> None:
    result = run("extract", str(PLANS / "lodi-2021-2023"), "--format", "json")
    assert result.exit_code == 0
    record = PlanRecord.model_validate_json(result.stdout.replace('"class":', '"class_":'))
    assert record.plan.id == "lodi-2021-2023"
    assert len(record.plan.renditions) == 2


def test_extract_takes_several_sources_and_a_manifest(tmp_path: Path) -> None:
    manifest = tmp_path / "plan.toml"
    manifest.write_text('id = "prova"\n[territory]\nambito = "Ambito di Prova"\n')
    sources = sorted(map(str, (PLANS / "lodi-2021-2023").glob("*.txt")))
    result = run("extract", *sources, "--manifest", str(manifest))
    plan = json.loads(result.stdout)["plan"]
    assert plan["id"] == "prova"
    assert plan["territory"]["ambito"] == "Ambito di Prova"
    assert len(plan["renditions"]) == 2


def test_check_touches_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("check", str(LODI_TEXT))
    assert result.exit_code == 1
    assert "non è detto chi ne è responsabile" in result.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html", "csv"])
def test_check_formats(form: str) -> None:
    result = run("check", str(AUSL), "--format", form, "--lang", "en")
    assert result.exit_code == 1
    assert result.stderr == ""
    if form == "json":
        assert json.loads(result.stdout)["plan_id"] == "ausl-8-integrazione"
    else:
        assert "indicator" in result.stdout


def test_a_plan_with_nothing_found_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = type("Checked", (), {"report": ValidationReport("x", True, (), (), "", "", "", "")})
    monkeypatch.setattr("api.cli.checking.check_document", lambda *_: checked)
    assert run("check", str(LODI_TEXT)).exit_code == 0


def test_check_of_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.exe").write_bytes(b"MZ")
    result = run("check", str(tmp_path / "a.exe"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "a.exe" in result.stderr


def test_validate_all_or_some(full: str) -> None:
    every = run("validate", "--store", full, "--format", "json")
    assert every.exit_code == 1
    assert [report["plan_id"] for report in json.loads(every.stdout)] == [
        "ausl-8-integrazione", "cernusco-2020", "lodi-2021-2023", "melegnano-martesana-2021-2023",
    ]  # fmt: skip
    some = run("validate", "cernusco-2020", "--store", full)
    assert "cernusco-2020" in some.stdout
    assert "lodi-2021-2023" not in some.stdout
    assert run("validate", "nessuno", "--store", full).exit_code == 2


def test_validate_of_an_empty_store_is_fine(empty: str) -> None:
    assert run("validate", "--store", empty).exit_code == 0


def test_ask_lists_the_catalogue() -> None:
    assert "protocols/lacking" in run("ask").stdout
    assert len(json.loads(run("ask", "--format", "json").stdout)) >= 8


def test_ask_answers(full: str) -> None:
    result = run("ask", "protocols/lacking", "theme=violenza-di-genere", "--store", full, "--format", "json")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert {row["territoryLabel"] for row in json.loads(result.stdout)["rows"]} >= {"Lodi", "Mantova"}
    table = run("ask", "protocols/lacking", "theme=violenza-di-genere", "--store", full)
    assert "Lodi" in table.stdout
    assert "Mondo chiuso" in table.stderr


def test_ask_writes_a_workbook(full: str, tmp_path: Path) -> None:
    target = tmp_path / "matrice.xlsx"
    result = run("ask", "protocols/coverage-matrix", "--store", full, "--format", "xlsx", "--output", str(target))
    assert (result.exit_code, result.stdout) == (0, "")
    assert openpyxl.load_workbook(target).worksheets[0].max_row > 50


def test_ask_lists_choices(full: str) -> None:
    result = run("ask", "protocols/lacking", "--choices", "theme", "--lang", "en", "--store", full)
    assert (
        "https://w3id.org/raccordo/vocab/theme/violenza-di-genere\tAction against gender-based violence"
        in result.stdout
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", "no/such"], "no/such"),
        (["ask", "protocols/lacking"], "theme"),
        (["ask", "protocols/lacking", "theme=nope"], "nope"),
        (["ask", "protocols/lacking", "theme"], "NAME=VALUE"),
        (["ask", "protocols/lacking", "--choices", "nope"], "nope"),
        (["query", "SELECT * {"], "SPARQL"),
        (["query", "ASK { SERVICE <http://127.0.0.1:1/> {} }"], "SERVICE"),
        (["query", "ASK {}", "--format", "csv"], "csv"),
        (["query", "CLEAR ALL"], "CONSTRUCT"),
        (["export", "nessuno"], "nessuno"),
        (["export", "--format", "turtle"], "turtle"),
        (["check", "/no/such/file"], "/no/such/file"),
        (["load"], "paths"),
    ],
)
def test_errors_are_messages_and_code_2(full: str, arguments: list[str], words: str) -> None:
    store = [] if arguments[0] in ("check", "load") else ["--store", full]
    result = run(*arguments, *store)
    assert result.exit_code == 2, result.stdout
    assert result.stdout == ""
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_fault_nobody_foresaw_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("never thought of")

    monkeypatch.setattr("api.cli.checking.check_document", broken)
    result = run("check", str(LODI_TEXT))
    assert result.exit_code == 2
    assert "ZeroDivisionError: never thought of" in result.stderr


def test_a_locked_store_is_told_in_both_languages(empty: str) -> None:
    store = open_store(empty)
    result = run("query", "ASK {}", "--store", empty)
    store.close()
    assert result.exit_code == 2
    assert "è già aperto" in result.stderr
    assert "is already open" in result.stderr


QUERY = """
PREFIX rac: <https://w3id.org/raccordo/ontology#>
SELECT ?id WHERE { GRAPH ?g { ?p a rac:Plan ; <http://purl.org/dc/terms/identifier> ?id } } ORDER BY ?id
"""


def test_query_formats(full: str) -> None:
    assert "cernusco-2020" in run("query", QUERY, "--store", full).stdout
    rows = list(csv.reader(io.StringIO(run("query", QUERY, "--store", full, "--format", "csv").stdout)))
    assert [row[0] for row in rows][:2] == ["id", "ausl-8-integrazione"]
    assert json.loads(run("query", "-", "--store", full, "--format", "json", text=QUERY).stdout)["head"]["vars"] == [
        "id"
    ]
    assert run("query", "ASK {}", "--store", full).stdout == "true\n"
    graph = "CONSTRUCT { ?p ?a ?b } WHERE { GRAPH ?g { ?p a <https://w3id.org/raccordo/ontology#Plan> ; ?a ?b } }"
    assert "<https://w3id.org/raccordo/id/plan/lodi-2021-2023>" in run("query", graph, "--store", full).stdout


def test_export(full: str, tmp_path: Path) -> None:
    whole = run("export", "--store", full).stdout.splitlines()
    assert len(whole) > 10_000
    assert whole == sorted(whole)
    target = tmp_path / "lodi.nq"
    assert (
        run("export", "lodi-2021-2023", "--format", "nquads", "--store", full, "--output", str(target)).exit_code == 0
    )
    assert set(target.read_text("utf-8").splitlines()) <= set(whole)


def test_asking_an_empty_store_says_that_it_is_empty(empty: str) -> None:
    result = run("ask", "protocols/contradictions", "--store", empty)
    assert result.exit_code == 0
    assert "no plan is loaded" in result.stderr


def test_serving_on_a_taken_port_is_an_error(empty: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("serve", "--port", str(taken.getsockname()[1]), "--store", empty)
    assert result.exit_code == 2
    assert "--port" in result.stderr


@pytest.mark.parametrize("name", [typed(command) for command, _ in COMMANDS])
def test_every_command_has_help_with_examples(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert "Examples:" in result.stdout
    assert f"raccordo {name}" in result.stdout


def test_the_examples_parse() -> None:
    """Each example names its command and only options that exist."""
    for command, examples in COMMANDS:
        options = run(typed(command), "--help").stdout
        for example in examples:
            words = example.split()
            assert words[:2] == ["raccordo", typed(command)]
            assert all(word in options for word in words if word.startswith("--"))
