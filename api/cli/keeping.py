"""`raccordo backup | dump | restore | compact`: copies of an embedded store, and a store made of a copy."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path
from typing import IO, Annotated, cast

import typer

from api.cli.common import StoreOption, edge, messages, settings_for
from api.errors import NotEmbedded
from api.settings import Settings
from store import open_store
from store.keeping import back_up, compact_store, dump_store, restore_store

_SCHEME = "oxigraph:"


@edge
def backup(
    context: typer.Context,
    target: Annotated[Path, typer.Argument(help="The new folder to write.")],
    store: StoreOption = None,
) -> None:
    """Copy the store into a new folder, beside a running service too; hard links where the disk is the same."""
    back_up(_directory(settings_for(context, store)), target)
    messages().print(f"{target}: whole", highlight=False, markup=False)


@edge
def dump(
    context: typer.Context,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", dir_okay=False, help="Write to this file, packed when it ends with .gz; not to stdout."
        ),
    ] = None,
    store: StoreOption = None,
) -> None:
    """Write everything as N-Quads, in no order, beside a running service too: what another version can always read."""
    settings = settings_for(context, store)
    if not settings.store_url.startswith(_SCHEME):
        opened = open_store(settings.store_url)
        (output.write_bytes if output else sys.stdout.buffer.write)(opened.dump())
        opened.close()
    elif output is None:
        dump_store(_directory(settings), sys.stdout.buffer)
    else:
        part = output.with_name(f"{output.name}.part")
        with gzip.open(part, "wb") if output.suffix == ".gz" else part.open("wb") as file:
            dump_store(_directory(settings), cast(IO[bytes], file))
        part.rename(output)


@edge
def restore(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(exists=True, help="A folder of `raccordo backup`, or N-Quads (.gz too).")],
    store: StoreOption = None,
) -> None:
    """Exchange everything in the store for a copy, in one step; no service may have it open."""
    _say(restore_store(_directory(settings_for(context, store)), source))


@edge
def compact(context: typer.Context, store: StoreOption = None) -> None:
    """Give back the space of what was deleted or interrupted; no service may have the store open."""
    _say(compact_store(_directory(settings_for(context, store))))


def _say(quads: int) -> None:
    messages().print(f"{quads} quads", highlight=False, markup=False)


def _directory(settings: Settings) -> Path:
    scheme, _, place = settings.store_url.partition(":")
    if f"{scheme}:" != _SCHEME or not place:
        raise NotEmbedded(settings.store_url)
    return Path(place)
