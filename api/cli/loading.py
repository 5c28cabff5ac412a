"""`raccordo load`: plans into the store, one by one, so that a bad file never stops the others."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from api.cli.common import (
    ERROR,
    StoreOption,
    catch_up,
    complain,
    edge,
    messages,
    results,
    searched_store,
    settings_for,
    warn,
)
from api.errors import ServiceError
from api.operations import (
    CheckedPlan,
    PreparedPlan,
    ingest_ontology,
    ingest_territory,
    plan_sources,
    prepare_plan,
    store_plan,
    stored_keys,
    unchanged,
)
from api.operations.completeness import save_completeness
from api.settings import DEFAULT_TERRITORY
from ontology.iris import Iris
from store import GraphStore

COLUMNS = ("objectives", "rows", "indicators", "responsibilities", "findings", "unread", "unread_share", "unsure")
HEADINGS = {"unread_share": "unread %", "unsure": "class D"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one path: a plan, one that the store held already as it is, or an error."""

    path: Path
    plan: CheckedPlan | None = None
    error: Exception | None = None
    unchanged: str | None = None  # the id of the plan

    @property
    def plan_id(self) -> str | None:
        """The id of the plan at the path, unless it was not read."""
        return self.plan.plan_id if self.plan else self.unchanged


@edge
def load(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Plan folders, folders of plan folders, or documents.")],
    territory: Annotated[
        Path | None,
        typer.Option(
            help="The territory register as Turtle (else data/territory/territory.ttl here or beside the plans)."
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Read every plan, even those the store holds as they are.")
    ] = False,
    form: Annotated[Literal["table", "json"], typer.Option("--format", help="How the summary is written.")] = "table",
    store: StoreOption = None,
) -> None:
    """Read plans, check them and put them into the store with their reports; the ontology and the register too.

    Plans whose files, manifest, readers and rules are as they were when they were stored are not read again: a load
    that was interrupted goes on where it stopped.
    """
    settings = settings_for(context, store)
    with searched_store(settings) as search:
        opened = search.store
        ingest_ontology(opened, settings.iris)
        if register := territory or _register_near(paths):
            ingest_territory(opened, register, settings.iris)
        loaded = _load_all(opened, paths, settings.iris, {} if again else stored_keys(opened))
        if any(one.plan for one in loaded):
            save_completeness(opened, settings.iris)
        if search.kept:
            catch_up(search)
    typer.echo(_json(loaded)) if form == "json" else results().print(_table(loaded))
    for one in loaded:
        if one.error is not None:
            complain(one.error, str(one.path))
    if any(one.error is not None for one in loaded):
        raise typer.Exit(ERROR)


def _register_near(paths: Iterable[Path]) -> Path | None:
    """The territory register of the working folder, else the one that stands beside the plans."""
    places = [DEFAULT_TERRITORY, *(path.resolve().parent / "territory" / DEFAULT_TERRITORY.name for path in paths)]
    return next((place for place in places if place.exists()), None)


def _load_all(store: GraphStore, paths: Iterable[Path], iris: Iris, keys: Mapping[str, str]) -> list[Loaded]:
    found = list(_sources(paths, keys))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    loaded: list[Loaded] = []
    with Progress(*columns, console=messages(), transient=True) as progress, ThreadPoolExecutor(os.cpu_count()) as pool:
        kept = [one for one in found if one.unchanged]
        task = progress.add_task("", total=len(found))
        prepared = [None if one.error or one.unchanged else pool.submit(prepare_plan, one.path, iris) for one in found]
        for one, plan in zip(found, prepared, strict=True):
            progress.update(task, description=one.path.name)
            loaded.append(_store_one(store, one.path, plan, [*loaded, *kept]) if plan else one)
            progress.advance(task)
    return loaded


def _sources(paths: Iterable[Path], keys: Mapping[str, str]) -> Iterator[Loaded]:
    """Every plan at the paths, and an error for each path that holds none."""
    for path in paths:
        try:
            found = plan_sources(path)
        except ServiceError as error:
            yield Loaded(path, error=error)
            continue
        if found.others:
            names = ", ".join(one.name for one in found.others[:5])
            warn(f"{path}: {len(found.others)} files of other kinds were left aside ({names}…)")
        for source in found.plans:
            yield Loaded(source, unchanged=unchanged(source, keys))


def _store_one(store: GraphStore, path: Path, prepared: Future[PreparedPlan], before: Iterable[Loaded]) -> Loaded:
    try:
        plan = store_plan(store, prepared.result())
    except Exception as error:  # noqa: BLE001 - the edge of the command line: one bad file never stops the rest
        return Loaded(path, error=error)
    for one in before:
        if one.plan_id == plan.plan_id:
            warn(
                f"{path} is the plan “{plan.plan_id}” too, and has replaced {one.path}: "
                "put both files into one plan folder with a plan.toml"
            )
    return Loaded(path, plan)


def _figures(plan: CheckedPlan) -> dict[str, int | float]:
    return {**asdict(plan.counts), "findings": len(plan.report.findings)}


def _table(loaded: Iterable[Loaded]) -> Table:
    table = Table("plan", "source")
    for name in COLUMNS:
        table.add_column(HEADINGS.get(name, name), justify="right")
    for one in loaded:
        if one.unchanged:
            table.add_row(one.unchanged, str(one.path), "[dim]unchanged[/]", *("" for _ in COLUMNS[1:]))
        elif one.plan is None:
            table.add_row("[red]error[/]", str(one.path), *("–" for _ in COLUMNS))
        else:
            figures = _figures(one.plan)
            table.add_row(one.plan.plan_id, str(one.path), *(_shown(figures[name]) for name in COLUMNS))
    return table


def _shown(figure: int | float) -> str:
    return f"{figure:.1%}" if isinstance(figure, float) else str(figure)


def _json(loaded: Iterable[Loaded]) -> str:
    lines = [
        {
            "path": str(one.path),
            "plan": one.plan_id,
            "unchanged": one.unchanged is not None,
            **(_figures(one.plan) if one.plan else {}),
            "conforms": one.plan.report.conforms if one.plan else None,
            "error": str(one.error) if one.error else None,
        }
        for one in loaded
    ]
    return json.dumps(lines, ensure_ascii=False, indent=1)
