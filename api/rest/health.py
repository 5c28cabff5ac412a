"""Whether the service lives; it asks nothing of the store, so that it answers while queries wait."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter

router = APIRouter(tags=["health"])


@router.get("/health", summary="Whether the service lives")
async def health() -> dict[str, str]:
    """The state and version of the service."""
    return {"status": "ok", "version": version("raccordo")}
