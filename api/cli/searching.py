"""`raccordo search`: what the plans say, by words."""

from __future__ import annotations

from typing import Annotated, Literal

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
    results,
    searched_store,
    settings_for,
    write_result,
)
from api.language import Language, texts
from api.render.documents import json_document
from api.search import Asking, Found, Hit
from api.search.index import MOST

ByOption = Annotated[
    list[str] | None, typer.Option(metavar="NAME=VALUE", help="Narrow: theme=abitare, territory=ambito/lodi, …")
]


@edge
def search(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(help='Words, all of them; "a phrase"; a beginning*.')],
    by: ByOption = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many hits.")] = 20,
    form: Annotated[Literal["table", "json"], typer.Option("--format", help="How the hits are written.")] = "table",
    language: LanguageOption = "it",
    output: OutputOption = None,
    store: StoreOption = None,
) -> None:
    """Find words in what the plans say: Italian stems, accents folded, the best first."""
    chosen = dict(facet_pair(one) for one in by or ())
    settings = settings_for(context, store)
    with searched_store(settings) as desk:
        catch_up(desk)
        found = desk.find(Asking(" ".join(words), chosen, limit), language)
    if form == "json":
        write_result(json_document(found), output)
        return
    _print(found, language)
    for facet in found.facets:
        counted = ", ".join(f"{one.value} {one.hits}" for one in facet.values[:8])
        if counted:
            messages().print(f"{facet.name}: {counted}", style="dim", highlight=False, markup=False)


def _print(found: Found, language: Language) -> None:
    words = texts(language)
    grid = Grid("", words("plans.plan"), words("search.where"), words("search.text"))
    for hit in found.hits:
        text = Text.assemble(*((part, "bold reverse" if asked else "") for part, asked in hit.parts))
        grid.add_row(words(f"search.kind.{hit.kind}"), hit.plan_id, _place(hit), text)
    results().print(grid)
    messages().print(words.count("search.hits", found.total), highlight=False)


def _place(hit: Hit) -> str:
    quote = hit.quotes[0] if hit.quotes else None
    return f"{quote.file}:{quote.line}" if quote else ""


def facet_pair(one: str) -> tuple[str, str]:
    """A facet and its value, written NAME=VALUE. Raises `BadParameter`."""
    name, sign, value = one.partition("=")
    if not sign:
        raise typer.BadParameter(f"“{one}”: write NAME=VALUE", param_hint="--by")
    return name, value
