"""Questions that construct, at every door: the same triples, and a plain refusal where a question has rows only."""

from __future__ import annotations

import json
from typing import Any

import anyio
import httpx
import pyoxigraph as ox
import pytest
from mcp import Client
from typer.testing import CliRunner

from api.cli import app as commands
from api.client import Raccordo, ServiceRefused
from api.mcp import mcp_server
from api.operations import construct_answer
from api.render.linked import LINKED_FORMATS
from api.search import SearchDesk
from api.service import Service
from api.settings import Settings
from ontology.iris import Iris
from queries.question import load_questions
from store import GraphStore

CONSTRUCTING = [slug for slug, question in load_questions().items() if question.triples]
RDF = {
    "turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}  # fmt: skip
DOCUMENTS, LODI = "provenance/documents", {"territory": "Lodi"}
ADDRESS = f"/api/questions/{DOCUMENTS}"


@pytest.fixture(scope="module")
def expected(loaded: GraphStore) -> set[ox.Triple]:
    """The triples on the documents of Lodi."""
    return triples(construct_answer(loaded, DOCUMENTS, LODI, Iris()), "ntriples")


def triples(body: bytes | str, name: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(body, format=RDF[name])}


@pytest.mark.parametrize("name", LINKED_FORMATS)
def test_each_format_holds_the_same_triples(client: httpx.Client, expected: set[ox.Triple], name: str) -> None:
    response = client.get(ADDRESS, params={**LODI, "format": name})
    assert response.headers["content-type"].partition(";")[0] == LINKED_FORMATS[name]
    assert triples(response.content, name) == expected
    assert expected
    accepted = client.get(ADDRESS, params=LODI, headers={"Accept": LINKED_FORMATS[name]})
    assert accepted.content == response.content


def test_prefixes_are_those_of_the_question(client: httpx.Client) -> None:
    written = client.get(ADDRESS, params={**LODI, "format": "turtle"}).text
    assert "@prefix prov: <http://www.w3.org/ns/prov#> ." in written
    assert "prov:wasGeneratedBy" in written


def test_rows_stay_what_a_client_without_a_wish_gets(client: httpx.Client) -> None:
    assert client.get(ADDRESS, params=LODI).json()["rows"]
    assert client.get(ADDRESS, params=LODI, headers={"Accept": "application/json"}).json()["rows"]


@pytest.mark.parametrize("wish", [{"params": {"format": "turtle"}}, {"headers": {"Accept": "text/turtle"}}])
def test_a_question_of_rows_says_which_formats_it_has(client: httpx.Client, wish: dict[str, Any]) -> None:
    response = client.get("/api/questions/protocols/coverage-matrix", **wish)
    assert response.status_code == 406
    assert "csv" in response.json()["detail"]


def test_the_construct_can_be_taken_home_and_asked(client: httpx.Client, expected: set[ox.Triple]) -> None:
    query = client.get(f"{ADDRESS}.rq", params={**LODI, "format": "turtle"}).text
    assert "CONSTRUCT {" in query
    answered = client.post("/sparql", data={"query": query}, headers={"Accept": "application/n-triples"})
    assert triples(answered.content, "ntriples") == expected
    refused = client.get("/api/questions/protocols/coverage-matrix.rq", params={"format": "turtle"})
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (406, "no-triples")


def test_openapi_and_the_catalogue_say_which_construct(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    cards = {card["slug"]: card for card in client.get("/api/questions").json()}
    for slug in load_questions():
        operation = paths[f"/api/questions/{slug}"]["get"]
        formats = next(one["schema"]["enum"] for one in operation["parameters"] if one["name"] == "format")
        assert formats == cards[slug]["formats"]
        assert ("turtle" in formats) is (slug in CONSTRUCTING)
        assert ("text/turtle" in operation["responses"]["200"]["content"]) is (slug in CONSTRUCTING)


def test_the_page_offers_them(client: httpx.Client) -> None:
    page = client.get(f"/questions/{DOCUMENTS}", params=LODI).text
    assert all(f"format={name}&" in page for name in LINKED_FORMATS)
    assert "CONSTRUCT {" in page
    assert f"{DOCUMENTS}.rq?territory=Lodi&amp;format=turtle" in page.replace("&format", "&amp;format")
    other = client.get("/questions/protocols/coverage-matrix").text
    assert "format=csv&" in other
    assert "format=turtle" not in other
    assert "CONSTRUCT {" not in other


def test_the_command_line_writes_them(monkeypatch: pytest.MonkeyPatch, loaded: GraphStore, expected: object) -> None:
    class Lent:
        def __enter__(self) -> GraphStore:
            return loaded

        def __exit__(self, *_: object) -> None:
            """The store is everybody's."""

    monkeypatch.setattr("api.cli.asking.opened_store", lambda _: Lent())
    result = CliRunner().invoke(commands, ["ask", DOCUMENTS, "territory=Lodi", "--format", "jsonld"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert triples(result.stdout, "jsonld") == expected
    refused = CliRunner().invoke(commands, ["ask", "protocols/coverage-matrix", "--format", "turtle"])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "csv" in refused.stderr


def test_the_client_and_a_model_get_them(
    client: httpx.Client, loaded: GraphStore, settings: Settings, expected: set[ox.Triple]
) -> None:
    with Raccordo(str(client.base_url)) as raccordo:
        assert triples(raccordo.triples(DOCUMENTS, **LODI), "turtle") == expected
        assert set(raccordo.questions().query("constructs")["slug"]) == set(CONSTRUCTING)
        with pytest.raises(ServiceRefused):
            raccordo.triples("protocols/coverage-matrix")
    search = SearchDesk(loaded, settings.iris)

    async def asked(question: str) -> tuple[bool, str]:
        async with Client(mcp_server(Service(settings, search.store, search))) as model:
            given = {"question": question, "values": LODI, "form": "turtle"}
            result = await model.call_tool("ask", given)
            return result.is_error, result.content[0].text  # type: ignore[union-attr]

    failed, text = anyio.run(asked, DOCUMENTS)
    answer = json.loads(text)
    assert not failed
    assert triples(answer["turtle"], "turtle") == expected
    assert "CONSTRUCT {" in answer["query"]
    failed, text = anyio.run(asked, "protocols/statuses-of-nobody")
    assert failed
    failed, text = anyio.run(asked, "protocols/coverage-matrix")
    assert failed
    assert "protocols/coverage-matrix" in text
