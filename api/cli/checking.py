"""`raccordo extract | check | validate | pairs`: what is in a document, and what is missing in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli.common import (
    FINDINGS,
    LanguageOption,
    StoreOption,
    edge,
    messages,
    opened_store,
    settings_for,
    write_result,
)
from api.language import Language, texts
from api.operations import check_document, extract_document, list_plans
from api.operations.validation import Verdict, check_plan_pairs, validate_plans
from api.render import REPORT_FORMATS
from api.render.reports import in_language
from shapes.across_plans import PairReport
from shapes.report import ValidationReport

ManifestOption = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="The plan.toml that says what the text does not.")
]
EngineOption = Annotated[
    Literal["fast", "reference"], typer.Option("--engine", help="Which of the two runs the rules; both find the same.")
]
ReportFormatOption = Annotated[
    Literal["text", "json", "markdown", "html", "csv"], typer.Option("--format", help="How the report is written.")
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
) -> None:
    """Read a document, check it and print the report; no store is touched. Exit code 1 when there are findings."""
    checked = check_document(file, manifest, settings_for(context).iris)
    write_result(REPORT_FORMATS[form].write(checked.report, language), None)
    _end_with([checked.report])


@edge
def validate(
    context: typer.Context,
    plans: Annotated[list[str] | None, typer.Argument(help="Identifiers of plans; all when none is named.")] = None,
    form: ReportFormatOption = "text",
    language: LanguageOption = "it",
    engine: EngineOption = "fast",
    store: StoreOption = None,
) -> None:
    """Check the plans in the store again and store their reports. Exit code 1 when there are findings.

    A plan keeps its report as long as the plan, the rules, what they see beside it and the engine stay the same.
    """
    settings = settings_for(context, store)
    with opened_store(settings) as opened:
        names = plans or [plan.id for plan in list_plans(opened)]
        verdicts = validate_plans(opened, names, settings.iris, engine)
        found = _written(verdicts, form, language)
    if found:
        raise typer.Exit(FINDINGS)


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
                yield f"      {one.graph}\n      {one.other_graph}"


def _written(verdicts: Iterable[Verdict], form: str, language: Language) -> bool:
    """Write the reports one by one, as they come; whether any has something to say."""
    found, made, kept = False, 0, 0
    if form == "json":
        typer.echo("[", nl=False)
    for verdict in verdicts:
        body = REPORT_FORMATS[form].write(verdict.report, language)
        if form == "json":
            typer.echo(",\n" if made + kept else "\n", nl=False)
            typer.echo(body.decode().strip(), nl=False)
        else:
            write_result(body, None)
        found = found or bool(verdict.report.findings) or not verdict.report.conforms
        made, kept = made + verdict.made, kept + (not verdict.made)
    if form == "json":
        typer.echo("\n]")
    messages().print(f"{made} checked, {kept} kept their report: nothing they depend on has changed", highlight=False)
    return found


def _end_with(reports: list[ValidationReport]) -> None:
    if any(one.findings or not one.conforms for one in reports):
        raise typer.Exit(FINDINGS)
