"""`raccordo compare | over-time | similar`: plans side by side, a territory from period to period, objectives alike."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import typer
from rich.table import Table as Grid
from rich.text import Text

from api.cli.common import (
    LanguageOption,
    OutputOption,
    StoreOption,
    catch_up,
    edge,
    messages,
    opened_store,
    results,
    searched_store,
    settings_for,
    write_result,
)
from api.cli.searching import ByOption, facet_pair
from api.language import texts
from api.operations.changes import changes_over_time
from api.operations.comparing import compare_plans
from api.render import changes, comparisons
from api.render.documents import json_document
from api.render.table import Table
from api.search import Asking
from api.search.index import MOST

FormatOption = Annotated[Literal["table", "json", "xlsx"], typer.Option("--format", help="How it is written.")]


@edge
def compare(
    context: typer.Context,
    plans: Annotated[list[str], typer.Argument(help="Identifiers of plans, two or more.")],
    form: FormatOption = "table",
    language: LanguageOption = "it",
    output: OutputOption = None,
    store: StoreOption = None,
) -> None:
    """Put plans side by side: objectives by theme, status, owners, indicators, deadlines, each with its words."""
    settings = settings_for(context, store)
    with opened_store(settings) as opened:
        found = compare_plans(opened, plans, settings.iris, language)
    _give(found, form, output, comparisons.as_table, {"json": comparisons.to_json, "xlsx": comparisons.to_xlsx})


@edge
def over_time(
    context: typer.Context,
    territory: Annotated[str, typer.Argument(help="ambito/lodi, the name of an Ambito, or an IRI.")],
    form: FormatOption = "table",
    language: LanguageOption = "it",
    output: OutputOption = None,
    store: StoreOption = None,
) -> None:
    """Say what changed in a territory from one planning period to the next: new, changed, the same, not taken up."""
    settings = settings_for(context, store)
    with opened_store(settings) as opened:
        found = changes_over_time(opened, territory, settings.iris, language)
    _give(found, form, output, changes.as_table, {"json": changes.to_json, "xlsx": changes.to_xlsx})
    if form == "table" and len(found.periods) < 2:
        messages().print(texts(language)("changes.one-period"), highlight=False)


@edge
def similar(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(help="The title of an objective, or any words.")],
    by: ByOption = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many objectives.")] = 20,
    form: Annotated[Literal["table", "json"], typer.Option("--format", help="How they are written.")] = "table",
    language: LanguageOption = "it",
    output: OutputOption = None,
    store: StoreOption = None,
) -> None:
    """Find the objectives of all plans that say nearly the same, the most alike first."""
    settings = settings_for(context, store)
    with searched_store(settings) as desk:
        catch_up(desk)
        found = desk.similar(Asking(" ".join(words), dict(facet_pair(one) for one in by or ()), limit), language)
    if form == "json":
        write_result(json_document(found), output)
        return
    grid = Grid("", texts(language)("plans.plan"), texts(language)("changes.column.text"))
    for one in found.found:
        grid.add_row(str(one.likeness), one.hit.plan_id, Text(one.hit.text))
    results().print(grid)


_Found = TypeVar("_Found")


def _give(
    found: _Found,
    form: str,
    output: Path | None,
    as_table: Callable[[_Found], Table],
    writers: Mapping[str, Callable[[_Found], bytes]],
) -> None:
    """Print what was found as a table, or write it in another form."""
    if form == "table":
        _print(as_table(found))
    else:
        write_result(writers[form](found), output, binary=form == "xlsx")


def _print(table: Table) -> None:
    grid = Grid(*(one.label for one in table.headings))
    for row in table.rows:
        grid.add_row(*(Text("" if value is None else str(value)) for value in row))
    results().print(grid)
    sys.stdout.flush()
