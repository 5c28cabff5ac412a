"""`raccordo completeness`: how much of what plans must say is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli.common import LanguageOption, StoreOption, edge, messages, opened_store, settings_for, write_result
from api.language import Language
from api.operations.completeness import changes_between_periods, save_completeness, stored_completeness
from api.operations.labels import local, term_label
from api.render.separated import separated
from api.render.table import Heading, Table, Value
from ontology.terms import RDFS
from shapes.bundle import RULES, Text, shapes_bundle
from shapes.completeness import METRICS, Change, Completeness, Figures, Kind, between_runs

ByOption = Annotated[
    Literal["plan", "territory", "ats", "theme", "period"],
    typer.Option("--by", help="What is counted; period: each plan beside the one before it for the same territory."),
]


@edge
def completeness(
    context: typer.Context,
    by: ByOption = "plan",
    against: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="The JSON of an earlier run, to compare with."),
    ] = None,
    save: Annotated[bool, typer.Option("--save", help="Put the figures of today into the store, as DQV.")] = False,
    form: Annotated[Literal["text", "csv", "json"], typer.Option("--format", help="How they are written.")] = "text",
    language: LanguageOption = "it",
    store: StoreOption = None,
) -> None:
    """Count the rows with an owner, an indicator and times of their own."""
    settings = settings_for(context, store)
    with opened_store(settings) as opened:
        if save:
            messages().print(f"{save_completeness(opened, settings.iris)} triples", highlight=False)
        if by == "period":
            found: list[Completeness] | list[Change] = list(changes_between_periods(opened))
        else:
            found = list(stored_completeness(opened, by))
            if against:
                found = list(between_runs(_read(against, by), found))
    if form == "json":
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1, default=str))
        return
    table = _table(found, language)
    write_result(separated(table) if form == "csv" else _aligned(table), None)


def _read(path: Path, kind: Kind) -> Iterator[Completeness]:
    try:
        for one in json.loads(path.read_text(encoding="utf-8")):
            yield Completeness(kind, one["iri"], one["name"], Figures(**one["figures"]))
    except (ValueError, LookupError, TypeError) as fault:
        raise typer.BadParameter(f"{path}: no output of --format json --by {kind}", param_hint="--against") from fault


def _table(found: list[Completeness] | list[Change], language: Language) -> Table:
    changes = any(isinstance(one, Change) for one in found)
    names = ["name", "rows", *(f"rows-with-{metric}" for metric in METRICS)]
    headings = [Heading(name, _heading(name, language), "number" if name != "name" else "text") for name in names]
    if changes:
        headings += [Heading(f"{one.name}-change", f"± {one.label}", "number") for one in headings[2:]]
    rows = tuple(tuple(_row(one, language)) for one in found)
    return Table(_heading("completeness", language), tuple(headings), rows, (), "")


def _heading(name: str, language: Language) -> str:
    if name == "name":
        return {"it": "di che cosa", "en": "of what"}[language]
    text = Text.read(shapes_bundle().graph, RULES[name], RDFS.label)
    return text.it if language == "it" else text.en


def _row(one: Completeness | Change, language: Language) -> Iterator[Value]:
    now = one.after if isinstance(one, Change) else one
    yield _name(now, language)
    yield now.figures.rows
    for metric in METRICS:
        yield _percent(now.figures.share(metric), 100)
    if isinstance(one, Change):
        for metric in METRICS:
            yield _percent(one.points(metric), 1)


def _name(one: Completeness, language: Language) -> str:
    """A plan by its identifier, as elsewhere; a theme by its label; a territory by its name in the plans."""
    match one.kind:
        case "plan":
            return local(one.iri)
        case "theme":
            return term_label(one.iri, language)
        case _:
            return one.name or one.iri


def _percent(value: Decimal | None, factor: int) -> float | None:
    return None if value is None else round(float(value * factor), 1)


def _aligned(table: Table) -> bytes:
    """The table as text: per cent as numbers, a dash where nothing can be counted."""
    head, *lines = [[one.label for one in table.headings], *([_shown(cell) for cell in row] for row in table.rows)]
    widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
    text = "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
                     for line in (head, *lines))  # fmt: skip
    return f"{text}\n".encode()


def _shown(cell: Value) -> str:
    if cell is None:
        return "—"
    return f"{cell:.1f} %" if isinstance(cell, float) else str(cell)
