"""The REST interface: what it lists, answers, negotiates and describes."""

from __future__ import annotations

import io

import httpx
import openpyxl
import pyoxigraph as ox
import pytest
from fastapi import FastAPI

from api.render import ANSWER_FORMATS, MATRIX_FORMATS, REPORT_FORMATS
from api.rest.plans import GRAPH_FORMATS
from ontology.iris import Iris
from queries.question import load_questions
from store import GraphStore

LACKING = "/api/questions/protocols/lacking"
THEME = {"theme": "violenza-di-genere"}
RDF = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
}


def test_health_needs_no_store(client: httpx.Client) -> None:
    assert client.get("/health").json()["status"] == "ok"


def test_the_catalogue_is_the_catalogue(client: httpx.Client) -> None:
    cards = {card["slug"]: card for card in client.get("/api/questions").json()}
    assert cards.keys() == load_questions().keys()
    lacking = cards["protocols/lacking"]
    assert lacking["title"]["it"] == "Quali Ambiti non hanno il protocollo su un tema"
    assert [one["name"] for one in lacking["parameters"] if one["required"]] == ["theme"]
    assert client.get(lacking["answer"], params=THEME).status_code == 200


def test_an_answer_has_rows_with_passages(client: httpx.Client) -> None:
    answer = client.get(LACKING, params=THEME).json()
    lodi = [row for row in answer["rows"] if row["territoryLabel"] == "Lodi"]
    assert {row["answer"]["value"] for row in lodi} == {"declared-absent"}
    assert all(source["quote"] and source["line"] for row in lodi for source in row["sources"])
    unknown = [row for row in answer["rows"] if row["answer"]["value"] == "no-document"]
    assert len(unknown) > 20
    assert not any(row["plan"] for row in unknown)


def test_choices_come_from_the_data(client: httpx.Client) -> None:
    territories = client.get(f"{LACKING}/choices/territory").json()
    assert {"value": str(Iris().territory("ambito", "lodi")), "it": "Lodi", "en": "Lodi"} in territories
    themes = client.get(f"{LACKING}/choices/theme").json()
    assert "Action against gender-based violence" in [one["en"] for one in themes]


def test_every_choice_of_a_theme_can_be_asked(client: httpx.Client) -> None:
    for choice in client.get(f"{LACKING}/choices/theme").json():
        assert client.get(LACKING, params={"theme": choice["value"]}).status_code == 200


@pytest.mark.parametrize("name", ANSWER_FORMATS)
def test_answer_formats(client: httpx.Client, name: str) -> None:
    response = client.get(LACKING, params={**THEME, "format": name})
    assert response.headers["content-type"].partition(";")[0] == ANSWER_FORMATS[name].media_type
    assert "Accept" in response.headers["vary"]
    attached = response.headers.get("content-disposition", "")
    assert attached.endswith(f"raccordo-protocols-lacking{ANSWER_FORMATS[name].suffix}") or name in ("json", "markdown")


def test_accept_chooses_too(client: httpx.Client) -> None:
    response = client.get(LACKING, params=THEME, headers={"Accept": "text/csv", "Accept-Language": "en"})
    assert response.text.startswith("Answer,")


@pytest.mark.parametrize("name", MATRIX_FORMATS)
def test_matrix_formats(client: httpx.Client, name: str) -> None:
    response = client.get("/api/matrix", params={"format": name, "ats": ""})
    assert response.headers["content-type"].partition(";")[0] == MATRIX_FORMATS[name].media_type
    if name == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(response.content)).sheetnames[0] == "Matrice"


def test_the_matrix_as_json(client: httpx.Client) -> None:
    matrix = client.get("/api/matrix", params={"territory": "ambito/lodi"}).json()
    (lodi,) = matrix["territories"]
    assert lodi["plans"] == [{"id": "lodi-2021-2023", "scope": "own"}]
    assert lodi["cells"].keys() == {theme["iri"] for theme in matrix["themes"]}


def test_plans(client: httpx.Client) -> None:
    plans = client.get("/api/plans").json()
    assert len(plans) == 4
    for summary in plans:
        plan = client.get(f"/api/plans/{summary['id']}").json()
        assert plan["summary"] == summary
        assert len(plan["objectives"]) == summary["objectives"]
        assert sum(len(one["rows"]) for one in plan["objectives"]) == summary["rows"]
        assert client.get(plan["report"]).json()["plan_id"] == summary["id"]
        assert client.get(plan["graph"]).status_code == 200


@pytest.mark.parametrize("name", REPORT_FORMATS)
def test_report_formats(client: httpx.Client, name: str) -> None:
    response = client.get("/api/plans/lodi-2021-2023/report", params={"format": name})
    assert response.headers["content-type"].partition(";")[0] == REPORT_FORMATS[name].media_type


@pytest.mark.parametrize("name", GRAPH_FORMATS)
def test_graph_formats_hold_the_same_triples(client: httpx.Client, loaded: GraphStore, name: str) -> None:
    graph = Iris().plan_graph("lodi-2021-2023")
    response = client.get("/api/plans/lodi-2021-2023/graph", params={"format": name})
    assert response.headers["content-type"].partition(";")[0] == GRAPH_FORMATS[name]
    quads = list(ox.parse(response.content, format=RDF[name]))
    expected = {quad.triple for quad in ox.parse(loaded.graph(graph), format=ox.RdfFormat.N_TRIPLES)}
    assert {quad.triple for quad in quads} == expected
    names = {str(quad.graph_name) for quad in quads}
    assert names == ({f"<{graph}>"} if name in ("trig", "nquads") else {"DEFAULT"})


def test_evidence_has_the_mark_the_words_and_the_reading(client: httpx.Client) -> None:
    evidence = client.get("/api/evidence", params={"territory": "ambito/lodi", **THEME}).json()
    rows = evidence["plans"][0]["objectives"][0]["rows"]
    assert [{one["basis"]: one["value"] for one in row["statuses"]} for row in rows] == [
        {"column-mark": "absent", "cell-text": "in-preparation", "derived": "absent"},
        {"column-mark": "absent", "cell-text": "absent", "derived": "absent"},
    ]
    assert rows[1]["statuses"][1]["quotes"][0]["exact"] == "X Non è presente un protocollo"


def test_openapi_describes_every_question_and_every_door(client: httpx.Client, app: FastAPI) -> None:
    schema = client.get("/openapi.json").json()
    assert schema["openapi"].startswith("3.")
    for slug, question in load_questions().items():
        operation = schema["paths"][f"/api/questions/{slug}"]["get"]
        names = {one["name"]: one for one in operation["parameters"]}
        assert {one.name for one in question.parameters} < names.keys()
        assert all(names[one.name]["required"] == one.required for one in question.parameters)
    operations = [one for item in schema["paths"].values() for one in item.values()]
    identifiers = [one["operationId"] for one in operations]
    assert len(set(identifiers)) == len(identifiers)
    served = {path for path, item in schema["paths"].items() if "get" in item}
    assert {"/health", "/sparql", "/api/plans", "/api/plans/{plan_id}/graph", "/api/evidence", "/api/matrix"} <= served


def test_no_page_of_others_documents_us(client: httpx.Client) -> None:
    assert client.get("/redoc").status_code == 404
    assert "cdn" not in client.get("/docs").text
