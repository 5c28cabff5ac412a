"""`raccordo crate`: the dataset as one file that explains itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import LanguageOption, StoreOption, edge, opened_store, settings_for, write_result
from api.operations.dumping import dump_crate

DEFAULT_ADDRESS = "http://127.0.0.1:8000/"


@edge
def crate(
    context: typer.Context,
    output: Annotated[Path, typer.Argument(dir_okay=False, help="The ZIP file to write.")],
    address: Annotated[
        str, typer.Option(help="The public address of the service, ending with a slash, that the descriptions name.")
    ] = DEFAULT_ADDRESS,
    language: LanguageOption = "it",
    store: StoreOption = None,
) -> None:
    """Write everything the store holds as an RO-Crate: N-Quads, ontology, VoID, DCAT-AP_IT, questions, checksums."""
    if "://" not in address or not address.endswith("/"):
        raise typer.BadParameter("write an absolute address that ends with a slash", param_hint="--address")
    settings = settings_for(context, store)
    with opened_store(settings) as opened:
        body = dump_crate(opened, settings, address, language)
    write_result(body, output)
