"""Whether the service lives, which asks nothing of the store, and whether it is ready, which asks for one triple."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter

from api.service import Served

router = APIRouter(tags=["health"])


@router.get("/health", summary="Whether the service lives")
async def health() -> dict[str, str]:
    """The state and version of the service."""
    return {"status": "ok", "version": version("raccordo")}


@router.get("/ready", summary="Whether the service answers from its store")
def ready(service: Served) -> dict[str, str]:
    """The state of the store, once it has answered a question; a store that does not is a problem (5xx)."""
    service.store.query("ASK { GRAPH ?g { ?s ?p ?o } }")
    return {"status": "ready"}
