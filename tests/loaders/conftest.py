from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from loaders.document import Document
from loaders.formats import read_document
from loaders.pipeline import extract_document
from loaders.records import Objective, PlanRecord, Row

PLANS = Path(__file__).parents[2] / "data" / "plans"


@cache
def document(number: str) -> Document:
    """The sample rendition whose file name starts with `number`."""
    return read_document(next(PLANS.glob(f"*/{number}_*.txt")))


@cache
def record(number: str) -> PlanRecord:
    """The plan record of one sample rendition, read without its manifest."""
    return extract_document(document(number))


class Sample:
    """A sample rendition and what was read from it."""

    def __init__(self, number: str) -> None:
        self.document = document(number)
        self.record = record(number)

    def objective(self, words: str) -> Objective:
        return next(o for o in self.record.objectives if words.lower() in o.title.lower())

    def row(self, words: str, number: int = 1) -> Row:
        return self.objective(words).rows[number - 1]

    def rows(self) -> list[Row]:
        return [row for o in self.record.objectives for row in o.rows]


@pytest.fixture
def lodi() -> Sample:
    return Sample("000")


@pytest.fixture
def flow() -> Sample:
    return Sample("001")


@pytest.fixture
def cernusco() -> Sample:
    return Sample("002")


@pytest.fixture
def melegnano() -> Sample:
    return Sample("003")


@pytest.fixture
def ausl() -> Sample:
    return Sample("004")
