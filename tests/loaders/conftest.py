from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from api.operations.ingest import ingest_plan
from loaders.document import Document
from loaders.errors import LoadError
from loaders.formats import read_document
from loaders.pipeline import extract_document
from loaders.records import Objective, PlanRecord, Row
from ontology.iris import Iris
from store import GraphStore, open_store

SLOWEST_SECONDS = 10
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


@pytest.fixture(scope="session")
def kept() -> Iterator[GraphStore]:
    store = open_store("memory:")
    store.replace_graphs({"http://ex/kept": b"<http://ex/a> <http://ex/b> <http://ex/c> .\n"})
    yield store
    store.close()


def processor_seconds() -> float:
    """What this process and the readers that it waited for have computed: a clock would measure other work too."""
    return sum(os.times()[:4])


@pytest.fixture
def refusal(kept: GraphStore) -> Callable[[Path], LoadError]:
    """Loads a hostile file as the service does, in a process of 1 GB: the error, which came soon and left the store as
    it was."""

    def load(path: Path) -> LoadError:
        start = processor_seconds()
        with pytest.raises(LoadError) as caught:
            ingest_plan(kept, path, Iris())
        assert processor_seconds() - start < SLOWEST_SECONDS
        everything = kept.query("SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }", accept="text/csv")[0]
        assert everything.split() == [b"g,s,p,o", b"http://ex/kept,http://ex/a,http://ex/b,http://ex/c"]
        assert caught.value.file == str(path)
        assert caught.value.remedy.endswith(".")
        return caught.value

    return load
