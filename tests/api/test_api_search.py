"""Search: Italian words, marks, facets, and an index that is never older than the store."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
from typer.testing import CliRunner

from api.cli import app as commands
from api.errors import UnknownValue
from api.search import FACETS, Asking, Found, SearchDesk
from api.search.words import marked, match_expression, stems
from api.settings import Settings
from store import GraphStore, open_store

RAC = "https://w3id.org/raccordo/ontology#"


@pytest.fixture(scope="module")
def desk(loaded: GraphStore, settings: Settings) -> SearchDesk:
    return SearchDesk(loaded, settings.iris)


@pytest.fixture
def copy(loaded: GraphStore, settings: Settings) -> Iterator[GraphStore]:
    """A store of the test's own with one plan and its report."""
    store = open_store("memory:")
    names = [str(settings.iris.plan_graph("lodi-2021-2023")), f"{settings.iris.base}graph/report/lodi-2021-2023"]
    store.replace_graphs({name: loaded.graph(name) for name in names})
    yield store
    store.close()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("protocollo", "PROTOCOLLI"),
        ("attività", "attivita"),
        ("attività", "ATTIVITA\u0300"),
        ("dell’ambito", "dell'ambito"),
        ("sociosanitaria", "sociosanitarie"),
    ],
)
def test_words_that_are_the_same(one: str, other: str) -> None:
    assert stems(one) == stems(other) != ""


@pytest.mark.parametrize(
    ("asked", "expression"),
    [
        ("", ""),
        ("di il la", ""),
        ("presa in carico", '"pres" AND "caric"'),
        ("«presa in carico»", '"pres in caric"'),
        ("ospedal*", '"ospedal"*'),
        ('"', ""),
        ("NEAR(a b) OR x:y", '"near" AND "b" AND "or" AND "x" AND "y"'),
        ("l'integrazione", '"integr"'),
    ],
)
def test_what_a_request_asks_for(asked: str, expression: str) -> None:
    assert match_expression(asked) == expression


def test_marks_are_on_the_words_asked_for_and_the_text_is_whole() -> None:
    parts = marked("I protocolli, e il Protocollo.", "protocollo")
    assert [text for text, asked in parts if asked] == ["protocolli", "Protocollo"]
    assert "".join(text for text, _ in parts) == "I protocolli, e il Protocollo."
    assert marked("Niente", "protocollo") == (("Niente", False),)


def test_every_hit_holds_every_word_and_has_its_passage(desk: SearchDesk) -> None:
    found = desk.find(Asking("valutazioni multidimensionali", {}, 200))
    assert found.total == len(found.hits) > 5
    for hit in found.hits:
        words = stems(hit.text).split()
        assert {stems("valutazione"), stems("multidimensionale")} <= set(words)
        assert sum(asked for _, asked in hit.parts) >= 2
        assert hit.quotes


def test_a_phrase_is_narrower_than_its_words(desk: SearchDesk) -> None:
    words = desk.find(Asking("valutazione multidimensionale", {})).total
    phrase = desk.find(Asking('"valutazione multidimensionale"', {})).total
    assert 0 < phrase <= words
    assert desk.find(Asking('"multidimensionale valutazione"', {})).total == 0


def test_facets_count_all_hits_and_narrow_to_their_count(desk: SearchDesk) -> None:
    found = desk.find(Asking("protocollo", {}, 1))
    facets = {facet.name: facet.values for facet in found.facets}
    assert tuple(facets) == FACETS
    assert sum(one.hits for one in facets["kind"]) == sum(one.hits for one in facets["plan"]) == found.total
    for name in ("territory", "theme", "status", "service", "period", "kind"):
        for one in facets[name][:3]:
            assert desk.find(Asking("protocollo", {name: one.value}, 1)).total == one.hits
    assert {one.label for one in facets["territory"]} >= {"Ambito di Lodi"}
    assert {one.label for one in facets["kind"]} >= {"Impegno"}


def test_pages_of_hits_have_no_hit_twice(desk: SearchDesk) -> None:
    first, second = (desk.find(Asking("protocollo", {}, 10, offset)).hits for offset in (0, 10))
    assert len({(hit.kind, hit.iri, hit.objective, hit.row) for hit in (*first, *second)}) == 20


def test_a_value_that_no_hit_has_is_named_and_counted_as_none(desk: SearchDesk) -> None:
    found = desk.find(Asking("xyzzy", {"theme": "abitare", "status": "conflicting", "kind": "nonsense"}))
    values = {one.name: [(value.value, value.hits, value.label) for value in one.values] for one in found.facets}
    assert values["theme"] == [("abitare", 0, "Abitare e politiche abitative")]
    assert values["status"] == [("conflicting", 0, "Contraddittorio")]
    assert values["kind"] == [("nonsense", 0, "nonsense")]


def test_a_facet_that_there_is_not(desk: SearchDesk) -> None:
    with pytest.raises(UnknownValue):
        desk.find(Asking("x", {"colour": "red"}))


def find(desk: SearchDesk, word: str) -> Found:
    return desk.find(Asking(word, {}))


@pytest.mark.parametrize("alone", [False, True])
def test_the_index_follows_every_kind_of_write(copy: GraphStore, settings: Settings, alone: bool) -> None:
    desk, graph = SearchDesk(copy, settings.iris, alone=alone), str(settings.iris.plan_graph("lodi-2021-2023"))
    copy = desk.store
    whole = find(desk, "protocollo")
    assert whole.total > 0
    title = f"<{settings.iris.base}plan/lodi-2021-2023/objective/1> <{RAC}title>"
    copy.update(f"DELETE WHERE {{ GRAPH <{graph}> {{ {title} ?o }} }}")
    copy.update(f'INSERT DATA {{ GRAPH <{graph}> {{ {title} "Zanzibar" }} }}')
    assert [hit.kind for hit in find(desk, "zanzibar").hits] == ["objective"]
    original = copy.graph(graph)
    copy.replace_graphs({graph: original.replace(b"Zanzibar", b"Samarcanda")})
    assert (find(desk, "zanzibar").total, find(desk, "samarcanda").total) == (0, 1)
    copy.remove_graphs([graph])
    assert find(desk, "protocollo").total == 0


def test_the_index_follows_a_plan_loaded_by_somebody_else(loaded: GraphStore, settings: Settings) -> None:
    below = open_store("memory:")
    desk = SearchDesk(below, settings.iris)
    assert find(desk, "protocollo").total == 0
    graph = str(settings.iris.plan_graph("lodi-2021-2023"))
    below.replace_graphs({graph: loaded.graph(graph)})
    assert find(desk, "protocollo").total > 0
    below.close()


def test_rest(client: httpx.Client) -> None:
    answer = client.get(
        "/api/search", params={"q": "protocollo", "theme": "violenza-di-genere", "limit": 3, "lang": "en"}
    )
    found = answer.json()
    assert (answer.status_code, len(found["hits"])) == (200, 3)
    assert found["total"] > 3
    assert found["hits"][0]["quotes"][0]["sha256"]
    assert found["data_version"] == client.get("/api/questions/protocols/contradictions").json()["data_version"]
    assert {"value": "commitment", "label": "Commitment"}.items() <= {
        key: value for one in found["facets"] if one["name"] == "kind" for value_ in one["values"]
        if value_["value"] == "commitment" for key, value in value_.items()
    }.items()  # fmt: skip
    assert client.get("/api/search?limit=0").status_code == 400


def test_page_marks_and_escapes(client: httpx.Client) -> None:
    assert "<mark>protocollo</mark>" in client.get("/search?q=protocollo").text
    assert "<script>x" not in client.get("/search?q=<script>x</script>").text


def test_command(loaded: GraphStore, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"oxigraph:{tmp_path_factory.mktemp('search') / 'store'}"
    store = open_store(url)
    graph = str(settings.iris.plan_graph("lodi-2021-2023"))
    store.replace_graphs({graph: loaded.graph(graph)})
    store.close()
    shown = CliRunner().invoke(commands, ["search", "protocolli", "--store", url])
    assert (shown.exit_code, "602cceb77f3321e2.txt:" in shown.stdout) == (0, True)
    result = CliRunner().invoke(
        commands, ["search", "protocolli", "--by", "kind=instrument", "--store", url, "--format", "json"]
    )
    found = json.loads(result.stdout)
    assert {hit["kind"] for hit in found["hits"]} == {"instrument"}
    assert CliRunner().invoke(commands, ["search", "x", "--by", "kind", "--store", url]).exit_code == 2
