"""`raccordo serve`: the web service over one open store."""

from __future__ import annotations

import logging
import socket
from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from api.audit import AUDIT
from api.cli.common import ConfigOption, StoreOption, edge, messages, settings_for, warn
from api.errors import PortTaken
from api.logs import configure_logs
from api.operations import list_plans
from api.settings import Settings
from api.stopping import Running, Server
from store import GraphStore, open_store


@edge
def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on (else RACCORDO_HOST, else 127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (else RACCORDO_PORT, else 8000).")] = None,
    store: StoreOption = None,
    config: ConfigOption = None,
) -> None:
    """Serve the pages, the REST interface and the SPARQL endpoint until interrupted."""
    settings = settings_for(context, store, config, host=host, port=port)
    configure_logs(settings.log_format)
    _audit_to_stderr()
    with _listening(settings.host, settings.port) as listener:
        opened = open_store(settings.store_url, limits=settings.limits)
        try:
            if not list_plans(opened):
                warn("no plan is loaded: raccordo load data/plans")
            messages().print(f"Raccordo: {_address(listener)}", highlight=False, markup=False)
            _serve_until_stopped(settings, opened, listener)
        finally:
            opened.close()


def _serve_until_stopped(settings: Settings, store: GraphStore, listener: socket.socket) -> None:
    running = Running()
    config = uvicorn.Config(
        create_app(settings, store, running, kept=True),
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.proxies,
    )
    Server(config, running, settings.stop_seconds).run(sockets=[listener])


def _audit_to_stderr() -> None:
    """Put each line of the audit on standard error as it is, whatever else is logged."""
    AUDIT.addHandler(logging.StreamHandler())
    AUDIT.setLevel(logging.INFO)
    AUDIT.propagate = False


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
        # The event loop does this only for sockets of its own: without it every answer waits some 40 ms for its body.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as error:
        raise PortTaken(host, port, error.strerror or str(error)) from error
