"""The REST interface under `/api`, `/health`, and `/.well-known/void`."""

from __future__ import annotations

from fastapi import APIRouter

from api.rest.checks import router as checks
from api.rest.compare import router as compare
from api.rest.discovery import router as discovery
from api.rest.evidence import router as evidence
from api.rest.health import router as health
from api.rest.matrix import router as matrix
from api.rest.plans import router as plans
from api.rest.profiles import router as profiles
from api.rest.questions import router as questions
from api.rest.search import router as search

rest_router = APIRouter()
for one in (questions, search, compare, plans, matrix, evidence, checks, profiles):
    rest_router.include_router(one, prefix="/api")
rest_router.include_router(discovery)
rest_router.include_router(health)
