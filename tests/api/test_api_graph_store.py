"""The Graph Store Protocol beyond W3C's tests: who may write, what is refused, what an error leaves."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import httpx
import pytest

from api.tokens import Scope
from ontology.iris import Iris

TURTLE = {"Content-Type": "text/turtle"}
BOMB = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
LODI = str(Iris().plan_graph("lodi-2021-2023"))


def at(name: str) -> str:
    return "/graph-store?" + urlencode({"graph": f"http://example.org/{name}"})


@pytest.fixture
def load(tokens: Mapping[Scope, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens[Scope.LOAD]}"}


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_a_write_takes_a_load_token(writable: httpx.Client, tokens: Mapping[Scope, str], method: str) -> None:
    body = None if method == "DELETE" else "<a:a> <a:a> <a:a> ."
    statuses = [
        writable.request(method, at("x"), content=body, headers={**TURTLE, **shown}).status_code
        for shown in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Bearer {tokens[Scope.READ]}"})
    ]
    assert statuses == [401, 401, 403]


def test_without_tokens_reading_works_and_writing_does_not(client: httpx.Client) -> None:
    path = "/graph-store?" + urlencode({"graph": LODI})
    get, head = client.get(path), client.head(path)
    assert (get.status_code, head.status_code, head.content) == (200, 200, b"")
    assert client.put(path, content="", headers=TURTLE).status_code == 403
    assert client.delete(path).status_code == 403


BAD = [
    ("PUT", "/graph-store", "<a:a> <a:a> <a:a> .", "text/turtle", 400),
    ("PUT", "/graph-store?graph=relative", "<a:a> <a:a> <a:a> .", "text/turtle", 400),
    ("PUT", at("a") + "&default", "<a:a> <a:a> <a:a> .", "text/turtle", 400),
    ("PUT", at("a"), "<a:a> <a:a", "text/turtle", 400),
    ("PUT", at("a"), "x", "text/csv", 415),
    ("PUT", at("a"), "<a:a> <a:a> <a:a> .", "text/turtle; charset=utf-16", 415),
    ("PUT", at("a"), "<a:g> { <a:a> <a:a> <a:a> }", "application/trig", 415),
    ("PUT", at("a"), '{"@id": "a:g", "@graph": [{"@id": "a:a", "a:p": 1}]}', "application/ld+json", 400),
    ("PUT", at("a"), '{"@context": "http://127.0.0.1:1/context", "@id": "a:a"}', "application/ld+json", 400),
    ("PUT", at("a"), BOMB + XML, "application/rdf+xml", 400),
    ("PUT", at("a"), (BOMB + XML).encode("utf-16"), "application/rdf+xml", 400),
    ("PUT", at("a"), "[" * 100_000, "application/ld+json", 400),
    ("PUT", at("a"), b"x" * (25 * 2**20 + 1), "text/turtle", 413),
    ("POST", at("a"), "--x--", "multipart/form-data; boundary=x", 400),
    ("DELETE", at("absent"), None, "text/turtle", 404),
    ("GET", at("absent"), None, "text/turtle", 404),
    ("PATCH", at("a"), "", "text/turtle", 405),
]


@pytest.mark.parametrize(("method", "path", "body", "media_type", "status"), BAD)
def test_what_is_refused_leaves_the_graph(
    writable: httpx.Client,
    load: dict[str, str],
    method: str,
    path: str,
    body: str | bytes | None,
    media_type: str,
    status: int,
) -> None:
    kept = writable.put(at("a"), content="<a:a> <a:a> <a:kept> .", headers={**TURTLE, **load})
    assert kept.status_code in (201, 204)
    response = writable.request(method, path, content=body, headers={"Content-Type": media_type, **load})
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert "a:kept" in writable.get(at("a")).text


def test_a_new_graph_says_where_it_is(writable: httpx.Client, load: dict[str, str]) -> None:
    posted = writable.post("/graph-store", content="[] <a:p> 1 .", headers={**TURTLE, **load})
    assert posted.status_code == 201
    assert writable.get(posted.headers["location"]).status_code == 200


def test_files_of_one_form_share_no_blank_node(writable: httpx.Client, load: dict[str, str]) -> None:
    files = [("f", (f"{n}.ttl", f"_:same <a:p> {n} .", "text/turtle")) for n in (1, 2)]
    assert writable.post(at("form"), files=files, headers=load).status_code in (201, 204)
    subjects = {
        line.split()[0]
        for line in writable.get(at("form"), headers={"Accept": "application/n-triples"}).text.splitlines()
    }
    assert len(subjects) == 2
