"""`raccordo extract | check | validate`: what is in a document, and what is missing in it."""

from __future__ import annotations

import json
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
from api.operations import check_document, extract_document, list_plans, validate_plan
from api.render import REPORT_FORMATS
from shapes.report import ValidationReport

ManifestOption = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="The plan.toml that says what the text does not.")
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
    store: StoreOption = None,
) -> None:
    """Check the plans in the store again and store their reports. Exit code 1 when there are findings."""
    settings = settings_for(context, store)
    with opened_store(settings) as opened:
        names = plans or [plan.id for plan in list_plans(opened)]
        reports = [validate_plan(opened, name, settings.iris) for name in names]
    if form == "json":
        typer.echo(json.dumps([json.loads(one.to_json()) for one in reports], ensure_ascii=False, indent=1))
    else:
        for one in reports:
            write_result(REPORT_FORMATS[form].write(one, language), None)
    _end_with(reports)


def _end_with(reports: list[ValidationReport]) -> None:
    if any(one.findings or not one.conforms for one in reports):
        raise typer.Exit(FINDINGS)
