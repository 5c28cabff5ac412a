"""What the commands have in common: settings, consoles, and the edge where errors become messages and exit codes."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NoReturn, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.errors import ServiceError
from api.language import Language
from api.search import SearchDesk
from api.settings import Settings, config_file, read_settings
from loaders.errors import LoadError
from queries.errors import QuestionError
from store import GraphStore, open_store
from store.errors import StoreError

FINDINGS, ERROR = 1, 2
"""Exit codes besides 0."""
EXPECTED = (ServiceError, LoadError, QuestionError, StoreError)
"""Errors that say by themselves what went wrong."""

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URL",
        help="Where the graphs live: oxigraph:DIRECTORY, sparql:URL or memory: "
        "(else RACCORDO_STORE, else oxigraph:var/store).",
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        dir_okay=False,
        help="A file of settings, TOML (else RACCORDO_CONFIG, else raccordo.toml here if there is one).",
    ),
]
LanguageOption = Annotated[Language, typer.Option("--lang", help="Language of labels and messages.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", dir_okay=False, help="Write to this file, not to standard output.")
]

_P = ParamSpec("_P")
_T = TypeVar("_T")


def messages() -> Console:
    """The console for people: standard error."""
    return Console(stderr=True)


def results() -> Console:
    """The console for tables on standard output; wide when that is no terminal, so that nothing is cut."""
    return Console(width=None if sys.stdout.isatty() else 160)


@dataclass(frozen=True)
class Chosen:
    """What was said before the command: which store, and which file of settings."""

    store: str | None = None
    config: Path | None = None


def settings_for(
    context: typer.Context, store: str | None = None, config: Path | None = None, **chosen: str | int | None
) -> Settings:
    """The settings of this run; what is named after the command wins over what is before it. Raises `SettingsError`."""
    # Nothing was said before the command when a shell asks for what may come next.
    before: Chosen = context.obj or Chosen()
    file = config_file(os.environ, config or before.config)
    return read_settings(os.environ, file, store_url=store or before.store, **chosen)


@contextmanager
def opened_store(settings: Settings) -> Iterator[GraphStore]:
    """The store of the settings, open for one command. Raises `StoreLocked`, `StoreError`."""
    with searched_store(settings) as search:
        yield search.store


@contextmanager
def searched_store(settings: Settings) -> Iterator[SearchDesk]:
    """The search beside that store, which is told of what the command writes. Raises `StoreLocked`, `StoreError`."""
    store = open_store(settings.store_url)
    try:
        search = SearchDesk.beside(store, settings.store_url, settings.iris)
        try:
            yield search
        finally:
            search.close()
    finally:
        store.close()


def catch_up(search: SearchDesk) -> None:
    """Bring the search index to what the store holds, and show how far it is on a terminal. Raises `StoreError`."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=messages(), transient=True) as progress:
        task = progress.add_task("search index", total=None)
        search.catch_up(lambda done, total: progress.update(task, completed=done, total=total))


def write_result(body: bytes, output: Path | None, *, binary: bool = False) -> None:
    """Put a result on standard output or into a file; a binary one is never poured on a terminal."""
    if output is not None:
        output.write_bytes(body)
        messages().print(f"{output}: {len(body)} bytes", highlight=False)
    elif binary and sys.stdout.isatty():
        raise typer.BadParameter("this format is no text: name a file with --output", param_hint="--format")
    else:
        typer.echo(body, nl=False)


def warn(text: str) -> None:
    """Say on standard error what may surprise."""
    messages().print(f"[yellow]warning[/] {_plain(text)}", highlight=False, soft_wrap=True)


def complain(error: Exception, about: str | None = None) -> None:
    """Say on standard error what went wrong; one that nobody foresaw with its kind."""
    text = str(error) if isinstance(error, EXPECTED) else f"{type(error).__name__}: {error}"
    head = f"{about}: " if about and about not in text else ""
    messages().print(f"[bold red]error[/] {_plain(head + text)}", highlight=False, soft_wrap=True)


def fail(error: Exception) -> NoReturn:
    """Say what went wrong and end with the exit code of an error."""
    complain(error)
    raise typer.Exit(ERROR)


def edge(command: Callable[_P, _T]) -> Callable[_P, _T]:
    """A command whose errors end in a message on standard error and exit code 2, never in a traceback."""

    @functools.wraps(command)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return command(*args, **kwargs)
        except (typer.Exit, typer.BadParameter):
            raise
        except EXPECTED as error:
            fail(error)
        except Exception as error:
            if os.environ.get("RACCORDO_DEBUG"):
                raise
            messages().print("[dim]RACCORDO_DEBUG=1 shows where this happened[/]")
            fail(error)

    return guarded


def _plain(text: str) -> str:
    return text.replace("[", "\\[")
