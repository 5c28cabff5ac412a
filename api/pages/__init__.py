"""The pages: server-rendered, readable without JavaScript, each address a permalink."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages.checks import router as checks
from api.pages.compare import router as compare
from api.pages.docs import router as docs
from api.pages.editor import router as editor
from api.pages.entities import router as entities
from api.pages.evidence import router as evidence
from api.pages.matrix import router as matrix
from api.pages.plans import router as plans
from api.pages.questions import router as questions
from api.pages.rules import router as rules
from api.pages.search import router as search
from api.pages.vocabulary import router as vocabulary

pages_router = APIRouter(include_in_schema=False)
for one in (matrix, evidence, questions, search, compare, plans, rules, checks, editor, docs, vocabulary, entities):
    pages_router.include_router(one)
