"""The tools for language models: the same answers as the other doors, with query, IRIs and passages, and only reads."""

from __future__ import annotations

import json
import sys
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters

from api.mcp import mcp_server
from api.mcp.lean import lean
from api.mcp.server import SPARQL_BYTES
from api.search import SearchDesk
from api.service import Service
from api.settings import Settings
from store import GraphStore, open_store

LODI = "https://w3id.org/raccordo/id/plan/lodi-2021-2023"


@pytest.fixture(scope="module")
def service(loaded: GraphStore, settings: Settings) -> Service:
    search = SearchDesk(loaded, settings.iris)
    return Service(settings, search.store, search)


def call(service: Service, tool: str, **arguments: Any) -> tuple[bool, Any]:
    """Whether the tool went well, and what it gave: its document, or the words of its error."""

    async def run() -> tuple[bool, Any]:
        async with Client(mcp_server(service)) as client:
            result = await client.call_tool(tool, arguments)
            text = result.content[0].text  # type: ignore[union-attr]
            return not result.is_error, text if result.is_error else json.loads(text)

    return anyio.run(run)


def test_the_tools_are_declared_as_readers(service: Service) -> None:
    async def run() -> Any:
        async with Client(mcp_server(service)) as client:
            return (await client.list_tools()).tools

    tools = anyio.run(run)
    assert {one.name for one in tools} == {
        "questions", "choices", "ask", "search", "plans", "plan", "evidence", "validation", "sparql",
    }  # fmt: skip
    assert all(one.description and one.annotations.read_only_hint for one in tools)


def test_ask_gives_query_iris_and_passages(service: Service) -> None:
    good, answer = call(service, "ask", question="protocols/lacking", values={"theme": "violenza-di-genere"})
    assert good
    assert "SELECT" in answer["query"]
    lodi = [row for row in answer["rows"] if row.get("plan") == LODI]
    assert lodi
    assert any(source["quote"] for row in lodi for source in row["sources"])


def test_the_catalogue_and_its_choices(service: Service) -> None:
    _, catalogue = call(service, "questions", language="en")
    assert {"protocols/lacking"} <= {one["question"] for one in catalogue["questions"]}
    _, found = call(service, "choices", question="protocols/lacking", parameter="theme")
    assert any(one["value"].endswith("violenza-di-genere") for one in found["choices"])


def test_search(service: Service) -> None:
    _, found = call(service, "search", words="protocolli", narrow={"plan": "lodi-2021-2023"}, limit=3)
    assert found["total"] > len(found["hits"]) == 3
    assert all(hit["iri"].startswith(LODI) and hit["quotes"] for hit in found["hits"])


def test_plan_and_evidence(service: Service) -> None:
    _, plans = call(service, "plans")
    assert "lodi-2021-2023" in {one["id"] for one in plans["plans"]}
    _, plan = call(service, "plan", plan="lodi-2021-2023")
    (violence,) = [one for one in plan["objectives"] if one["title"] == "CONTRASTO ALLA VIOLENZA DI GENERE"]
    _, found = call(service, "evidence", plan="lodi-2021-2023", objective=violence["objective"])
    assert found["status"] == "absent"
    assert "Non è presente un protocollo" in json.dumps(found, ensure_ascii=False)
    assert "graph/plan/lodi-2021-2023" in found["query"][0]


def test_validation(service: Service) -> None:
    _, found = call(service, "validation", plan="lodi-2021-2023")
    assert sum(found["severities"].values()) == sum(found["rules"].values()) > 0
    assert found["first_of_each_rule"].keys() == found["rules"].keys()


def test_sparql_reads(service: Service) -> None:
    _, found = call(service, "sparql", query=f"ASK {{ GRAPH ?g {{ <{LODI}> ?p ?o }} }}")
    assert found["answer"]["boolean"] is True
    _, graph = call(service, "sparql", query=f"CONSTRUCT {{ <{LODI}> a ?o }} WHERE {{ GRAPH ?g {{ <{LODI}> a ?o }} }}")
    assert LODI in graph["answer"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "SELECT, ASK, CONSTRUCT"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } }", f"{SPARQL_BYTES // 1024} KB"),
        ("SELECT {", "SPARQL"),
    ],
)
def test_sparql_that_is_refused_says_why(service: Service, query: str, said: str) -> None:
    good, words = call(service, "sparql", query=query)
    assert not good
    assert said in words


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("plan", {"plan": "atlantide"}, ("atlantide", "`plans`")),
        ("validation", {"plan": "lodi"}, ("Nearest: lodi-2021-2023",)),
        ("ask", {"question": "protocols/lackin"}, ("Nearest: protocols/lacking", "`questions`")),
        ("ask", {"question": "protocols/lacking"}, ("theme (required), ats", "`choices`")),
        ("ask", {"question": "protocols/lacking", "values": {"tema": "x"}}, ("theme (required)",)),
        ("ask", {"question": "protocols/lacking", "values": {"theme": "violenza"}}, ("vocabolario", "`choices`")),
        ("ask", {"question": "acts/citations", "form": "turtle"}, ("is answered in rows",)),
        ("choices", {"question": "protocols/lacking", "parameter": "tema"}, ("theme (required)",)),
        ("search", {"words": "x", "narrow": {"colour": "red"}}, ("territory, theme, status", "`facets`")),
        ("evidence", {}, ("`territory` and `theme`", "`objective`")),
        ("evidence", {"plan": "cernusco-2020", "objective": 99}, ("`plan` lists the objectives",)),
    ],
)
def test_errors_say_what_to_do_next(
    service: Service, tool: str, arguments: dict[str, Any], said: tuple[str, ...]
) -> None:
    good, words = call(service, tool, **arguments)
    assert not good
    assert [one for one in said if one not in words] == [], words


def test_what_is_empty_is_left_out_and_passages_keep_words_and_place() -> None:
    quote = {"iri": "x", "exact": "parole", "prefix": "a", "sha256": "b", "start": 1, "line": 0, "page": None}
    document = {"parts": [1], "start": "2021-01-01", "truth": False, "none": [], "rows": ({"quotes": (quote,)},)}
    assert lean(document) == {
        "start": "2021-01-01", "truth": False, "rows": [{"quotes": [{"iri": "x", "exact": "parole", "line": 0}]}],
    }  # fmt: skip


def test_a_topic_of_the_catalogue_and_the_queries_of_lists(service: Service) -> None:
    _, catalogue = call(service, "questions", topic="protocols")
    assert {one["question"].partition("/")[0] for one in catalogue["questions"]} == {"protocols"}
    assert "protocols" in catalogue["topics"]
    _, choices = call(service, "choices", question="protocols/lacking", parameter="theme")
    store = service.store
    rows = json.loads(store.query(choices["query"], accept="application/sparql-results+json")[0])["results"]["bindings"]
    assert len({row["value"]["value"] for row in rows}) == len(choices["choices"]) > 5
    _, plans = call(service, "plans")
    assert all(store.query(query, accept="application/sparql-results+json")[0] for query in plans["query"])


def test_over_standard_input_and_output(
    loaded: GraphStore, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = f"oxigraph:{tmp_path_factory.mktemp('mcp') / 'store'}"
    store = open_store(url)
    graph = str(settings.iris.plan_graph("lodi-2021-2023"))
    store.replace_graphs({graph: loaded.graph(graph)})
    store.close()
    command = [sys.executable, "-c", "from api.cli import main; main()", "mcp", "--store", url]

    async def run() -> Any:
        async with Client(StdioServerParameters(command=command[0], args=command[1:])) as client:
            return (await client.call_tool("search", {"words": "protocolli"})).structured_content

    assert anyio.run(run)["total"] > 0
