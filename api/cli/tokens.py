"""`raccordo token create | list | revoke`: who may write over the network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import edge, messages, settings_for
from api.tokens import Scope, create_token, list_tokens, revoke_token

token = typer.Typer(
    name="token",
    help="Makes, lists and revokes the tokens that let somebody write; while there is none, nobody can.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@edge
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Who or what the token is for: it is listed, and never leaves.")],
    scope: Annotated[
        Scope, typer.Option(help="read: a client of its own; load: also writes graphs; admin: also SPARQL Update.")
    ] = Scope.LOAD,
) -> None:
    """Make a token and print it, once: only its hash is kept."""
    made, shown = create_token(_file(context), name, scope)
    messages().print(f"{made.id}: {scope.value}, {name}. It is shown only now.", highlight=False, markup=False)
    typer.echo(shown)


@edge
def list_(context: typer.Context) -> None:
    """List the tokens: identifier, scope, date and name."""
    for one in list_tokens(_file(context)):
        typer.echo(f"{one.id}\t{one.scope.value}\t{one.created:%Y-%m-%d}\t{one.name}")


@edge
def revoke(
    context: typer.Context,
    identifier: Annotated[str, typer.Argument(metavar="ID", help="As `raccordo token list` prints it.")],
) -> None:
    """Revoke a token: from now on it opens nothing, in a service that runs too."""
    revoke_token(_file(context), identifier)


def _file(context: typer.Context) -> Path:
    return Path(settings_for(context).token_file)


token.command(epilog="Examples:\n\nraccordo token create 'ufficio di piano' --scope load")(create)
token.command("list", epilog="Examples:\n\nraccordo token list")(list_)
token.command(epilog="Examples:\n\nraccordo token revoke 1a2b3c4d")(revoke)
