"""`raccordo extract | check | validate | report | template | pairs`: what is in a document, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from api.annotated import annotate_document
from api.cli.common import (
    FINDINGS,
    LanguageOption,
    OutputOption,
    StoreOption,
    edge,
    messages,
    opened_store,
    settings_for,
    write_result,
)
from api.language import Language, texts
from api.operations import check_document, extract_document, list_plans
from api.operations.labels import local
from api.operations.shacl_reports import read_reports
from api.operations.validation import check_plan_pairs, validate_plans
from api.render import REPORT_FORMATS
from api.render.reports import in_language
from api.render.template import plan_template
from ontology.iris import Iris
from shapes.across_plans import PairReport
from shapes.report import ValidationReport

ManifestOption = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="The plan.toml that says what the text does not.")
]
EngineOption = Annotated[
    Literal["fast", "reference"], typer.Option("--engine", help="Which of the two runs the rules; both find the same.")
]
ReportFormatOption = Annotated[
    Literal["text", "json", "markdown", "html", "csv", "xlsx", "pdf", "turtle", "sarif"],
    typer.Option("--format", help="How the report is written."),
]
FolderOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write to this file; of several plans, one file each to this folder."),
]


@edge
def extract(
    sources: Annotated[list[Path], typer.Argument(exists=True, help="A plan folder, or the documents of one plan.")],
    manifest: ManifestOption = None,
    form: Annotated[Literal["json"], typer.Option("--format", help="The plan record.")] = "json",
) -> None:
    """Print the plan record of a document: everything that was read in it, each value with its place."""
    record = extract_document(sources, manifest)
    if record.unread:
        messages().print(f"{len(record.unread)} blocks were not read: see “unread”", highlight=False)
    typer.echo(record.to_json())


@edge
def check(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, help="A document, or a plan folder.")],
    manifest: ManifestOption = None,
    form: ReportFormatOption = "text",
    language: LanguageOption = "it",
    output: OutputOption = None,
    annotated: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Write a copy of the document to this file, with a comment at each finding."),
    ] = None,
) -> None:
    """Read a document, check it and print the report; no store is touched. Exit code 1 when there are findings."""
    iris = settings_for(context).iris
    if annotated is None:
        report = check_document(file, manifest, iris).report
    else:
        copy = annotate_document(file, manifest, iris, language)
        report = copy.checked.report
        annotated.write_bytes(copy.body)
        messages().print(f"{annotated}: {copy.notes} comments", highlight=False)
    _write(report, form, language, iris, output)
    _end_with([report])


@edge
def report(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A SHACL report in RDF, such as Turtle.")],
    form: ReportFormatOption = "text",
    language: LanguageOption = "it",
    output: FolderOption = None,
) -> None:
    """Show a SHACL report that is there already, ours or of another tool. Exit code 1 when it has findings."""
    reports = read_reports(file)
    _written(((one, False) for one in reports), form, language, Iris(), _target(form, len(reports), output))
    _end_with(reports)


@edge
def validate(
    context: typer.Context,
    plans: Annotated[list[str] | None, typer.Argument(help="Identifiers of plans; all when none is named.")] = None,
    form: ReportFormatOption = "text",
    language: LanguageOption = "it",
    output: FolderOption = None,
    engine: EngineOption = "fast",
    store: StoreOption = None,
) -> None:
    """Check the plans in the store again and store their reports. Exit code 1 when there are findings.

    A plan keeps its report as long as the plan, the rules, what they see beside it and the engine stay the same.
    """
    settings = settings_for(context, store)
    with opened_store(settings) as opened:
        names = plans or [plan.id for plan in list_plans(opened)]
        target = _target(form, len(names), output)
        verdicts = validate_plans(opened, names, settings.iris, engine)
        found = _written(((one.report, one.made) for one in verdicts), form, language, settings.iris, target)
        messages().print(
            f"{found.made} checked, {found.reports - found.made} kept their report: nothing they depend on has changed",
            highlight=False,
        )
    if found.findings:
        raise typer.Exit(FINDINGS)


@edge
def template(
    form: Annotated[
        Literal["programme-matrix", "status-table"], typer.Option("--form", help="Which kind of plan it is for.")
    ] = "programme-matrix",
    output: OutputOption = None,
) -> None:
    """Write an empty workbook (XLSX) for a plan's author to fill in: what is written there is read without a rest."""
    write_result(plan_template(form), output, binary=True)


@edge
def pairs(
    context: typer.Context,
    plan: Annotated[str | None, typer.Argument(help="The plan whose pairs are checked; all pairs when none.")] = None,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="How the report is written.")] = "text",
    language: LanguageOption = "it",
    store: StoreOption = None,
) -> None:
    """Check what the plans in the store say together. Exit code 1 when there are findings."""
    settings = settings_for(context, store)
    with opened_store(settings) as opened:
        report = check_plan_pairs(opened, settings.iris, plan)
    typer.echo(report.to_json() if form == "json" else "\n".join(_lines(report, language)))
    if report.findings or any(check.fault for check in report.checks):
        raise typer.Exit(FINDINGS)


def _lines(report: PairReport, language: Language) -> Iterator[str]:
    words = texts(language)
    for check in report.checks:
        outcome = f"{words('outcome.not-run')} ({check.fault})" if check.fault else str(check.finding_count)
        yield f"{in_language(check.title, language)}: {outcome}"
        for one in report.findings:
            if one.rule == check.rule:
                yield f"  - {in_language(one.message, language)}"
                yield f"      {local(one.graph)}, {local(one.other_graph)}"


def _target(form: str, reports: int, output: Path | None) -> Path | None:
    """Where reports go: a file, a folder that is made when they are several, or standard output (None).

    A form whose files cannot stand one after the other needs a folder for several.
    """
    if output and reports != 1 and not output.exists():
        output.mkdir(parents=True)
    if reports > 1 and (output.is_file() if output else not (REPORT_FORMATS[form].joins or form == "json")):
        raise typer.BadParameter("name a folder with --output: each plan has a file of its own", param_hint="--output")
    return output


def _written(
    reports: Iterable[tuple[ValidationReport, bool]], form: str, language: Language, iris: Iris, output: Path | None
) -> _Written:
    """Write the reports one by one, as they come, each with whether it was made now."""
    count = made = 0
    found, listed = False, form == "json" and output is None
    if listed:
        typer.echo("[", nl=False)
    for report, is_new in reports:
        if listed:
            body = REPORT_FORMATS[form].write(report, language, iris)
            typer.echo((",\n" if count else "\n") + body.decode().strip(), nl=False)
        else:
            _write(report, form, language, iris, output, first=not count)
        found = found or bool(report.findings) or not report.conforms
        count, made = count + 1, made + is_new
    if listed:
        typer.echo("\n]")
    return _Written(count, made, found)


@dataclass(frozen=True)
class _Written:
    """How many reports were written, how many of them were made now, and whether any has something to say."""

    reports: int
    made: int
    findings: bool


def _write(
    report: ValidationReport, form: str, language: Language, iris: Iris, output: Path | None, *, first: bool = True
) -> None:
    """Write one report to a file, into a folder, or after those before it."""
    shape = REPORT_FORMATS[form]
    body = shape.write(report, language, iris)
    if output and output.is_dir():
        output = output / f"{report.plan_id}{shape.suffix}"
    elif shape.heading and not first:
        body = body.partition(b"\n")[2]
    write_result(body, output, binary=shape.binary)


def _end_with(reports: Iterable[ValidationReport]) -> None:
    if any(one.findings or not one.conforms for one in reports):
        raise typer.Exit(FINDINGS)
