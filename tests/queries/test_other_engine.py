"""rdflib, an engine of another make, gives the catalogue's answers too: the texts are SPARQL, not one engine's dialect.

`DIFFERENT` are those that rdflib 7.6 answers otherwise or not in time; `queries/README.md` says why.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from rdflib import Dataset

from ontology.graphs import ontology_graph
from ontology.iris import Iris
from queries.answer import Row
from queries.ask import ask, construct
from queries.base import RESULT_TYPE
from queries.question import SETTING_NAMES, Question, load_questions
from store.base import GraphStore

HERE = Path(__file__).parent
IRIS = Iris()
DIFFERENT = (
    "acts/by-kind", "protocols/contradictions", "protocols/coverage-matrix", "protocols/lacking",
    "provenance/where-stated", "services/together",
)  # fmt: skip
SAME = {slug: question for slug, question in load_questions().items() if slug not in DIFFERENT}
VALUES: Mapping[str, str] = {
    "theme": "violenza-di-genere", "service": "uonpia", "date": "2022-06-30", "text": "a", "as": "owner", "name": "a",
    "territory": "Preparazione",
}  # fmt: skip


class RdflibStore:
    """The made-up plans in rdflib."""

    engine = "rdflib"

    def __init__(self) -> None:
        """Load what the made-up store holds."""
        self.dataset = Dataset()
        for path in sorted((HERE / "graphs").glob("*.ttl")):
            plan = IRIS.plan_graph(path.stem.removeprefix("plan-"))
            self.dataset.graph(IRIS.territory_graph() if path.stem == "territory" else plan).parse(path)
        ontology = self.dataset.graph(IRIS.ontology_graph())
        ontology += ontology_graph()

    def query(self, text: str, *, accept: str = RESULT_TYPE, named_graphs: Iterable[str] = ()) -> tuple[bytes, str]:
        """The answer; all graphs are asked, which gives the same rows."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # rdflib calls what it has renamed itself
            result = self.dataset.query(without_settings(text))
            body = result.serialize(format="json" if accept == RESULT_TYPE else "nt")
        assert body is not None
        return body, accept


def without_settings(text: str) -> str:
    """The query with the installation's terms in their places: rdflib forgets variables of `VALUES` in an OPTIONAL."""
    for name in SETTING_NAMES:
        if found := re.search(rf"VALUES \?{name} {{ (\S+) }}", text):
            term = found[1]
            text = re.sub(rf" *VALUES \?{name} {{ \S+ }}\n", "", text)
            text = re.sub(rf"\?{name}\b", lambda _, term=term: term, text)  # type: ignore[misc]
    return text


@pytest.fixture(scope="module")
def other() -> RdflibStore:
    """The other engine with the made-up plans."""
    return RdflibStore()


def bag(rows: Iterable[Row]) -> list[str]:
    """The rows in any order, with values as they are written."""
    return sorted(
        json.dumps([sorted((name, one.value) for name, one in row.cells.items()), sorted(map(str, row.sources))])
        for row in rows
    )


def asked(question: Question) -> dict[str, str]:
    """Values for what the question needs."""
    names = [one.name for one in question.parameters if one.required] or list(question.any_of[:1])
    return {name: VALUES[name] for name in names}


@pytest.mark.parametrize("slug", SAME)
def test_rdflib_gives_the_same_rows(made_up_store: GraphStore, other: RdflibStore, slug: str) -> None:
    question, values = SAME[slug], asked(SAME[slug])
    assert bag(ask(other, question, values, IRIS).rows) == bag(ask(made_up_store, question, values, IRIS).rows)


@pytest.mark.parametrize("slug", [slug for slug, question in SAME.items() if question.triples])
def test_rdflib_gives_the_same_triples(made_up_store: GraphStore, other: RdflibStore, slug: str) -> None:
    question, values = SAME[slug], asked(SAME[slug])
    here, there = (set(construct(one, question, values, IRIS).splitlines()) for one in (made_up_store, other))
    assert here
    assert there - {b""} == here


def reasons() -> Iterator[str]:
    """The questions of the table in `queries/README.md`."""
    written = (HERE.parents[1] / "queries" / "README.md").read_text(encoding="utf-8")
    for line in written.partition("## On rdflib")[2].splitlines():
        if line.startswith("| `"):
            yield from re.findall(r"`([a-z-]+/[a-z-]+)`", line.split("|")[1])


def test_what_rdflib_answers_otherwise_is_written_down() -> None:
    assert sorted(reasons()) == sorted(DIFFERENT)
