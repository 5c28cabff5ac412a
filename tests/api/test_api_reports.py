"""A report in all its forms: every finding in each, the same bytes for the same report, words as they were written."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import time
from dataclasses import replace
from pathlib import Path

import httpx
import openpyxl
import pypdfium2
import pytest
from click.testing import Result
from rdflib import PROV, RDF, SH, Graph
from typer.testing import CliRunner

from api.cli import app
from api.language import Language, texts
from api.operations import plan_report
from api.operations.shacl_reports import read_reports
from api.render import REPORT_FORMATS, report_page, report_print
from api.render.places import finding_place
from api.render.reports import finding_groups, quote, unverified, verdict
from api.render.table import marked_down
from loaders.errors import UnreadableFile
from ontology.iris import Iris
from shapes.bundle import Text
from shapes.report import Finding, ValidationReport
from store import GraphStore

IRIS = Iris()
LANGUAGES: tuple[Language, ...] = ("it", "en")
GONE = Text("Era senza periodo.", "It had no period.")
HOSTILE = "C:\\piani\\{bozza} \\g<0> <b>&\"'«grassetto»» [x](y) =1+1"


@pytest.fixture(scope="module")
def report(loaded: GraphStore) -> ValidationReport:
    return plan_report(loaded, "lodi-2021-2023", IRIS)


@pytest.fixture(scope="module")
def again(report: ValidationReport) -> ValidationReport:
    """The report of a second run: one finding new, one resolved, one rule not run."""
    first, *others = report.findings
    kept = tuple(replace(one, status="unchanged") for one in others)
    broken = tuple(replace(one, outcome="not-run", reason="BadSyntax") for one in report.checks[:1])
    return replace(
        report,
        findings=(replace(first, status="new"), *kept),
        resolved=(
            replace(first, id="f" * 16, message=Text("Era senza periodo.", "It had no period."), status="resolved"),
        ),
        checks=(*broken, *report.checks[1:]),
    )


def write(report: ValidationReport, name: str, language: Language = "it") -> bytes:
    return REPORT_FORMATS[name].write(report, language, IRIS)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"RACCORDO_STORE": "", "COLUMNS": "200"})


def words_of(body: bytes, name: str) -> str:
    """All the words of a report as its readers get them, white space apart."""
    if name == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(body))
        text = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    elif name == "pdf":
        pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(body)]
        text = "".join(re.sub(r"^(?:Pagina|Page) \d+\s*|\s*(?:Pagina|Page) \d+\s*$", "", page) for page in pages)
    elif name in ("json", "sarif"):
        text = json.dumps(json.loads(body), ensure_ascii=False).replace("\\\\", "\\").replace('\\"', '"')
    elif name == "html":
        text = html.unescape(body.decode())
    elif name == "turtle":
        text = " ".join(str(term) for triple in Graph().parse(data=body, format="turtle") for term in triple)
    elif name == "csv":
        text = " ".join(value for row in csv.reader(io.StringIO(body.decode(), newline="")) for value in row)
    else:
        text = body.decode()
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", REPORT_FORMATS)
def test_every_form_has_every_finding(again: ValidationReport, name: str, language: Language) -> None:
    found = words_of(write(again, name, language), name)
    for finding in (*again.findings, *again.resolved):
        said = getattr(finding.message, language)
        said = marked_down(said) if name == "markdown" and finding.status != "resolved" else said
        assert re.sub(r"\s+", "", said) in found


@pytest.mark.parametrize("name", REPORT_FORMATS)
def test_the_same_report_is_the_same_bytes_whenever_it_is_written(
    again: ValidationReport, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write(again, name)
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 100_000)
    assert write(again, name) == first


@pytest.mark.parametrize("name", [name for name in REPORT_FORMATS if name != "markdown"])
def test_words_that_look_like_code_appear_as_they_are(report: ValidationReport, name: str) -> None:
    first, *others = report.findings
    hostile = replace(report, findings=(replace(first, message=Text(HOSTILE, HOSTILE), quote=HOSTILE), *others))
    assert re.sub(r"\s+", "", HOSTILE) in words_of(write(hostile, name), name)


@pytest.mark.parametrize("name", ["text", "markdown", "html", "pdf"])
def test_prose_has_no_iris_and_no_terms_of_shacl(report: ValidationReport, name: str) -> None:
    found = words_of(write(report, name), name)
    assert not re.search(r"https?://|minCount|ConstraintComponent|sh:|_:", found)


def test_a_report_in_groups_loses_nothing(report: ValidationReport) -> None:
    groups = finding_groups(report, "it")
    assert sorted(one.id for group in groups for one in group.findings) == sorted(one.id for one in report.findings)
    severities = [group.severity for group in groups]
    assert severities == sorted(severities, key=["violation", "warning", "info"].index)
    assert all(group.remedy for group in groups)


@pytest.mark.parametrize("name", ["text", "markdown", "html", "pdf", "xlsx"])
def test_a_report_says_what_it_did_not_look_at(report: ValidationReport, name: str) -> None:
    skipped = unverified(report)
    assert skipped
    found = words_of(write(report, name), name)
    for check in skipped:
        assert "nonverificata" in found
        assert re.sub(r"\s+", "", check.title.it) in found


@pytest.mark.parametrize("name", [name for name in REPORT_FORMATS if name != "csv"])
def test_every_form_says_what_no_rule_looked_at(report: ValidationReport, name: str) -> None:
    found = words_of(write(report, name), name)
    assert report.unwatched
    for one in report.unwatched:
        said = one.kind if name in ("turtle", "sarif") else one.label.it
        assert re.sub(r"\s+", "", said) in found


def test_a_report_in_one_sentence(report: ValidationReport) -> None:
    sentence = verdict(report, texts("it"))
    assert sentence.startswith("Non conforme: ")
    assert f"{report.count('violation')} errori" in sentence


def test_csv_is_neutralised_and_whole(again: ValidationReport) -> None:
    head, *rows = csv.reader(io.StringIO(write(again, "csv", "en").decode(), newline=""))
    assert head[0] == "Severity"
    assert [row[head.index("Identifier")] for row in rows] == [one.id for one in (*again.findings, *again.resolved)]
    assert {row[head.index("Status")] for row in rows} == {"new", "reported before", "resolved"}
    assert not any(value.startswith(("=", "+", "-", "@")) for row in rows for value in row)


def test_a_workbook_has_a_sheet_for_each_rule_and_a_summary_that_leads_there(again: ValidationReport) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write(again, "xlsx")))
    groups = finding_groups(again, "it")
    summary, *sheets = book.worksheets
    assert [sheet.max_row - 1 for sheet in sheets] == [*(len(one.findings) for one in groups), len(again.resolved)]
    links = {cell.value: cell.hyperlink.location for cell in summary["B"] if cell.hyperlink}
    assert list(links) == [group.title for group in groups]
    for group, sheet in zip(groups, sheets, strict=False):
        assert links[group.title] == f"'{sheet.title}'!A1"
        lines = next(column for column in sheet.iter_cols() if column[0].value == "Riga del file")
        assert [cell.value for cell in lines[1:]] == [one.line for one in group.findings]
    counts = {row[1].value: row[4].value for row in summary.iter_rows(min_row=4)}
    assert counts == {check.title.it: check.focus_count for check in again.checks}


def test_sarif_points_at_lines_and_says_what_changed(again: ValidationReport) -> None:
    (found,) = json.loads(write(again, "sarif"))["runs"]
    rules = [rule["id"] for rule in found["tool"]["driver"]["rules"]]
    assert rules == [check.rule for check in again.checks]
    every = (*again.findings, *again.resolved)
    for result, finding in zip(found["results"], every, strict=True):
        assert rules[result["ruleIndex"]] == result["ruleId"] == finding.rule
        assert result["partialFingerprints"] == {"raccordo/v1": finding.id}
        physical = result["locations"][0].get("physicalLocation", {})
        assert physical.get("region", {}).get("startLine") == finding.line
    assert [one["baselineState"] for one in found["results"][:2]] == ["new", "unchanged"]
    assert found["results"][-1]["baselineState"] == "absent"
    assert found["invocations"][0]["executionSuccessful"] is False
    assert [one["associatedRule"]["id"] for one in found["invocations"][0]["toolExecutionNotifications"]] == [rules[0]]


def test_turtle_says_what_it_comes_from_and_reads_back_whole(again: ValidationReport, tmp_path: Path) -> None:
    body = write(again, "turtle")
    graph = Graph().parse(data=body, format="turtle")
    (root,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(root, PROV.wasDerivedFrom) == IRIS.plan(again.plan_id)
    file = tmp_path / "rapporto.ttl"
    file.write_bytes(body)
    assert read_reports(file) == (again,)


def test_the_place_goes_down_to_the_cell() -> None:
    plain = Finding(
        "1", "r", "info", Text("", ""), Text("", ""), "f", "c", file="piano.docx", table=2, table_row=3, table_column=4
    )
    sheet = replace(plain, file="piano.xlsx", sheet="Azioni", cell="B7", absent=True)
    text = replace(plain, file="piano.txt", line=18, page=2)
    assert finding_place(texts("it"), plain) == "piano.docx, tabella 2, riga 3, colonna 4"
    assert finding_place(texts("it"), sheet) == "piano.xlsx, foglio «Azioni», casella B7, assente: andrebbe qui"
    assert finding_place(texts("en"), text) == "piano.txt, page 2, line 18 (table 2, row 3, column 4)"


@pytest.mark.parametrize(
    ("words", "absent", "shown"), [("X", True, ""), ("X", False, "X"), ("X Protocollo", True, "X Protocollo")]
)
def test_a_mark_is_not_quoted_where_something_is_absent(words: str, absent: bool, shown: str) -> None:
    one = Finding("1", "r", "info", Text("", ""), Text("", ""), "f", "c", quote=words, absent=absent)
    assert quote(one) == shown


@pytest.mark.parametrize(("name", "most"), [("pdf", report_print.MOST_OF_A_RULE), ("html", report_page.MOST_OF_A_RULE)])
def test_many_findings_of_a_rule_are_shown_in_part_and_said(report: ValidationReport, name: str, most: int) -> None:
    first = report.findings[0]
    many = replace(report, findings=tuple(replace(first, id=f"{n:016}") for n in range(most + 7)))
    assert "Altri7rilievi" in words_of(write(many, name), name)


FOREIGN = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
[] a sh:ValidationReport ; sh:conforms false ; sh:result
  [ a sh:ValidationResult ; sh:focusNode ex:row-4 ; sh:resultPath ex:owner ; sh:resultSeverity sh:Violation ;
    sh:sourceConstraintComponent sh:MinCountConstraintComponent ; sh:sourceShape _:s ;
    sh:resultMessage "Less than 1 values" ] ,
  [ a sh:ValidationResult ; sh:focusNode ex:row-5 ; sh:resultPath ex:owner ; sh:resultSeverity sh:Violation ;
    sh:sourceConstraintComponent sh:MinCountConstraintComponent ; sh:sourceShape _:s ;
    sh:resultMessage "Less than 1 values" ] ,
  [ a sh:ValidationResult ; sh:focusNode ex:row-4 ; sh:value "mensili" ; sh:resultSeverity sh:Warning ;
    sh:sourceShape ex:frequency ; sh:sourceConstraintComponent sh:InConstraintComponent ;
    sh:resultMessage "Frequenza ignota"@it , "Unknown frequency"@en ] .
ex:frequency rdfs:label "Frequenze"@it , "Frequencies"@en .
"""


def test_a_report_of_another_tool_is_shown_in_the_same_forms(tmp_path: Path) -> None:
    file = tmp_path / "altro.ttl"
    file.write_text(FOREIGN)
    (report,) = read_reports(file)
    groups = finding_groups(report, "it")
    assert [(one.title, one.severity, len(one.findings)) for one in groups] == [
        ("owner MinCount", "violation", 2),
        ("Frequenze", "warning", 1),
    ]
    assert groups[1].findings[0].message == Text("row-4: Frequenza ignota", "row-4: Unknown frequency")
    assert groups[1].findings[0].quote == "mensili"
    assert read_reports(file) == (report,)
    for name in REPORT_FORMATS:
        assert "row-4" in words_of(write(report, name), name)
    shown = Graph().parse(data=write(report, "turtle"), format="turtle")
    assert len(list(shown.subjects(RDF.type, SH.ValidationResult))) == 3


@pytest.mark.parametrize(("name", "text"), [("a.ttl", "no turtle"), ("a.ttl", "<a:a> <b:b> 1 ."), ("a.jsonld", "{")])
def test_what_is_no_report_is_told(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(UnreadableFile, match=name):
        read_reports(file)


# the command line


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("plan") / "bozza.csv"
    file.write_text("Obiettivo,Azione,Responsabile,Indicatore,Tempi\nAccesso unitario,Aprire i punti unici,,,2024\n")
    return file


@pytest.mark.parametrize("name", REPORT_FORMATS)
def test_check_writes_every_form_to_a_file(plan: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / f"rapporto{REPORT_FORMATS[name].suffix}"
    result = run("check", str(plan), "--format", name, "--output", str(file))
    assert result.exit_code == 1, result.stderr
    assert result.stdout == ""
    assert "responsabile" in words_of(file.read_bytes(), name)


def test_several_plans_make_one_csv_or_a_folder_of_files(plan: Path, tmp_path: Path) -> None:
    store = f"oxigraph:{tmp_path / 'store'}"
    other = tmp_path / "altra.csv"
    other.write_text(plan.read_text())
    assert run("load", str(plan), str(other), "--store", store).exit_code == 0
    head, *rows = csv.reader(io.StringIO(run("validate", "--format", "csv", "--store", store).stdout, newline=""))
    plans = {row[head.index("Piano")] for row in rows}
    assert len(plans) == 2
    assert head not in rows
    folder = tmp_path / "rilievi"
    assert run("validate", "--format", "xlsx", "--store", store, "--output", str(folder)).exit_code == 1
    assert {file.name for file in folder.iterdir()} == {f"{plan}.xlsx" for plan in plans}
    refused = run("validate", "--format", "xlsx", "--store", store)
    assert refused.exit_code == 2
    assert "--output" in refused.stderr


def test_a_report_is_shown_from_its_file(plan: Path, tmp_path: Path) -> None:
    file = tmp_path / "rapporto.ttl"
    run("check", str(plan), "--format", "turtle", "--output", str(file))
    shown = run("report", str(file))
    assert shown.exit_code == 1, shown.stderr
    assert shown.stdout == run("check", str(plan)).stdout


# the REST interface


@pytest.mark.parametrize("name", REPORT_FORMATS)
def test_rest_gives_the_form_that_the_client_likes(client: httpx.Client, report: ValidationReport, name: str) -> None:
    form = REPORT_FORMATS[name]
    address = f"/api/plans/{report.plan_id}/report"
    liked = client.get(address, headers={"Accept": form.media_type, "Accept-Language": "it"})
    assert liked.headers["content-type"].partition(";")[0] == form.media_type
    assert liked.content == client.get(address, params={"format": name, "lang": "it"}).content == write(report, name)


def test_the_page_that_stands_alone_may_use_its_own_style(client: httpx.Client, report: ValidationReport) -> None:
    policy = client.get(f"/api/plans/{report.plan_id}/report?format=html").headers["content-security-policy"]
    assert "style-src 'sha256-" in policy
    assert "unsafe-inline" not in policy


def test_the_page_of_a_report_leads_to_all_its_forms(client: httpx.Client, report: ValidationReport) -> None:
    page = client.get(f"/plans/{report.plan_id}/report").text
    for name in REPORT_FORMATS:
        assert f"/api/plans/{report.plan_id}/report?format={name}&amp;" in page
