"""Questions that construct: their triples on the made-up plans, and on the sample plans beside their rows.

`<topic>/<slug>.expected.ttl` holds the triples; its first line the values to ask with.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph
from rdflib.compare import to_isomorphic

from ontology.iris import Iris
from ontology.terms import OA, RAC, RAC_NAMESPACE
from queries.ask import ask, construct, construct_query
from queries.errors import HeaderError, NoTriples, ParameterError
from queries.question import find_question, load_questions, parse_question
from store.base import GraphStore
from store.guard import check_query

HERE = Path(__file__).parent
EXPECTED = sorted(HERE.glob("*/*.expected.ttl"))
CONSTRUCTING = [slug for slug, question in load_questions().items() if question.triples]
ON_SAMPLES = {"territory": "Lodi", "text": "protocollo"}


def parsed(triples: bytes) -> Graph:
    """N-Triples as a graph."""
    return Graph().parse(data=triples, format="nt")


def sample_values(slug: str) -> dict[str, str]:
    """Values on the sample plans for the parameters that the question has."""
    names = {one.name for one in find_question(slug).parameters}
    return {name: value for name, value in ON_SAMPLES.items() if name in names}


def test_every_question_that_constructs_has_expected_triples() -> None:
    assert CONSTRUCTING
    found = [path.relative_to(HERE).as_posix().removesuffix(".expected.ttl") for path in EXPECTED]
    assert sorted(found) == sorted(CONSTRUCTING)


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_made_up_plans_give_the_expected_triples(path: Path, made_up_store: GraphStore, iris: Iris) -> None:
    first, _, _ = path.read_text(encoding="utf-8").partition("\n")
    values = dict(pair.split("=") for pair in first.removeprefix("# ").split())
    question = find_question(path.relative_to(HERE).as_posix().removesuffix(".expected.ttl"))
    seen = to_isomorphic(parsed(construct(made_up_store, question, values, iris)))
    wanted = to_isomorphic(Graph().parse(path))
    assert sorted(map(str, seen - wanted)) == sorted(map(str, wanted - seen)) == []


@pytest.mark.parametrize("slug", CONSTRUCTING)
def test_triples_have_the_sources_of_the_rows(slug: str, sample_store: GraphStore, iris: Iris) -> None:
    question, values = find_question(slug), sample_values(slug)
    graph = parsed(construct(sample_store, question, values, iris))
    sources = [source for row in ask(sample_store, question, values, iris).rows for source in row.sources]
    assert sources
    assert {str(one) for one in graph.objects(None, RAC.fileName)} == {one.file for one in sources}
    assert {str(one) for one in graph.objects(None, OA.exact)} == {one.quote for one in sources if one.quote}


def test_a_plan_has_the_reading_it_was_made_by(sample_store: GraphStore, iris: Iris) -> None:
    triples = construct(sample_store, find_question("provenance/documents"), {"territory": "Lodi"}, iris)
    body = parsed(triples).query(
        "SELECT ?name { ?document prov:wasGeneratedBy ?reading . ?reading a prov:Activity ; prov:used ?rendition ; "
        "rac:loaderVersion ?version . ?rendition rac:fileName ?name } ORDER BY ?name",
        initNs={"rac": RAC_NAMESPACE, "prov": "http://www.w3.org/ns/prov#"},
    )
    assert [str(row[0]) for row in body] == ["000_602cceb77f3321e2.txt", "001_a77d0727ecf8888d.txt"]  # type: ignore[index]


@pytest.mark.parametrize("slug", CONSTRUCTING)
def test_the_construct_runs_as_it_stands(slug: str, made_up_store: GraphStore) -> None:
    text = str(find_question(slug).constructing)
    check_query(text)
    body, kind = made_up_store.query(text, accept="application/n-triples")
    assert (kind, bool(body)) == ("application/n-triples", True)


@pytest.mark.parametrize("slug", CONSTRUCTING)
def test_the_same_question_gives_the_same_lines_once(slug: str, sample_store: GraphStore, iris: Iris) -> None:
    lines = construct(sample_store, find_question(slug), sample_values(slug), iris).splitlines()
    assert lines == sorted(set(lines))


def test_values_are_asked_for_as_in_rows(made_up_store: GraphStore, iris: Iris) -> None:
    question = find_question("provenance/where-stated")
    with pytest.raises(ParameterError):
        construct(made_up_store, question, {}, iris)
    with pytest.raises(ParameterError):
        construct(made_up_store, question, {"text": "a", "territory": "nobody/knows"}, iris)
    assert construct_query(question, {"text": "a"}, iris, "en").startswith("# Where it is stated (")


def test_a_question_of_rows_makes_no_triples(made_up_store: GraphStore, iris: Iris) -> None:
    question = find_question("protocols/lacking")
    assert question.constructing is None
    with pytest.raises(NoTriples, match="protocols/lacking"):
        construct(made_up_store, question, {"theme": "abitare"}, iris)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("?plan ;", "?elsewhere ;", "elsewhere"),
        ("SELECT ?fact", "SELECT (1 AS ?fact) ?one", "plain variables"),
        ("ORDER BY ?planTerritoryLabel", "GROUP BY ?plan\nORDER BY ?planTerritoryLabel", "groups only inside"),
    ],
)
def test_triples_that_no_query_can_fill_are_refused(old: str, new: str, reason: str) -> None:
    source = (HERE.parents[1] / "queries" / "provenance" / "where-stated.rq").read_text(encoding="utf-8")
    assert old in source
    with pytest.raises(HeaderError, match=reason):
        parse_question("x/y", source.replace(old, new, 1))
