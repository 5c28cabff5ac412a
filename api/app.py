"""The web application: every door over one store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from api.access_log import AccessLog
from api.frame import STATIC
from api.gate import Gate
from api.graph_store import GraphStoreDoor
from api.headers import HeadAsGet, SecurityHeaders
from api.metrics import METRICS_PATH, Measured, Metrics
from api.openapi import install_schema
from api.pages import pages_router
from api.pages.entities import serve_base
from api.pinned import PinnedVersion
from api.problems import install_problems
from api.rest import rest_router
from api.search import SearchDesk
from api.service import Service
from api.settings import Settings
from api.sparql import SparqlDoor
from api.stopping import Running, WhileRunning
from ontology.iris import DEFAULT_BASE
from store import GraphStore, open_store


def create_app(
    settings: Settings, store: GraphStore | None = None, running: Running | None = None, *, kept: bool = False
) -> FastAPI:
    """The application over `store`, which its caller closes; without one it opens and closes that of the settings.

    `kept` says that the caller's store is that of the settings, so that the search index may stay in its directory.

    Who stops the server gives `running`, to have it counted and to say that no new request is taken.
    """

    gate = Gate(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        opened = store or open_store(settings.store_url, limits=settings.limits)
        search = SearchDesk.beside(opened, settings.store_url if kept or store is None else "", settings.iris)
        app.state.service = Service(settings, search.store, search)
        try:
            yield
        finally:
            gate.close()
            search.close()
            if store is None:
                opened.close()

    app = FastAPI(
        title="Raccordo",
        version=version("raccordo"),
        summary="Italian social-health plans as a graph: what they say, where, and what they lack.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    metrics = Metrics()
    _wrap(app, metrics, running or Running())
    app.add_route(METRICS_PATH, metrics.exposition, include_in_schema=False)
    install_problems(app)
    # First, since every route before the one that fits is tried: a short query is felt in that.
    app.router.routes.extend([*SparqlDoor(gate).routes(), *GraphStoreDoor(gate).routes()])
    app.include_router(rest_router)
    app.include_router(pages_router)
    if settings.base != DEFAULT_BASE:
        serve_base(app, settings.base)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    install_schema(app)
    return app


def _wrap(app: FastAPI, metrics: Metrics, running: Running) -> None:
    """What every request passes, from the inside out."""
    app.add_middleware(PinnedVersion)
    app.add_middleware(WhileRunning, running=running)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(HeadAsGet)
    # Anybody may read from anywhere; without credentials and without Authorization nobody can write from elsewhere.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST"],
        allow_headers=["Accept", "Content-Type"],
        expose_headers=["ETag", "Link", "Retry-After"],
    )
    app.add_middleware(Measured, metrics=metrics)
    app.add_middleware(AccessLog)
