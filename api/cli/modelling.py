"""`raccordo mcp`: the tools for language models, over standard input and output or over HTTP."""

from __future__ import annotations

import logging
from typing import Annotated

import typer
import uvicorn

from api.cli.common import StoreOption, edge, messages, settings_for
from api.errors import MissingExtra
from api.search import SearchDesk
from api.service import Service
from store import open_store


@edge
def mcp(
    context: typer.Context,
    http: Annotated[bool, typer.Option("--http", help="Listen on HTTP (/mcp) instead of standard input.")] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on with --http.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on with --http.")] = None,
    store: StoreOption = None,
) -> None:
    """Offer the questions, the search and the evidence to language models (Model Context Protocol)."""
    try:
        from api.mcp import Gated, mcp_server  # noqa: PLC0415 - of the extra `mcp`, which other commands do without
    except ModuleNotFoundError as error:
        raise MissingExtra("mcp") from error
    settings = settings_for(context, store, host=host, port=port)
    logging.getLogger("mcp").setLevel(logging.ERROR)
    opened = open_store(settings.store_url, limits=settings.limits)
    search = SearchDesk.beside(opened, settings.store_url, settings.iris)
    try:
        server = mcp_server(Service(settings, search.store, search))
        if http:
            messages().print(f"Raccordo MCP: http://{settings.host}:{settings.port}/mcp", highlight=False, markup=False)
            inner = server.streamable_http_app(stateless_http=True, host=settings.host)
            uvicorn.run(Gated(inner, settings), host=settings.host, port=settings.port, log_level="warning")
        else:
            server.run("stdio")
    finally:
        search.close()
        opened.close()
