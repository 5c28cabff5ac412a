"""Tags: a copy that is still good is not sent again, any write ends it, nobody overwrites what they have not seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import httpx
import pytest

from api.tokens import Scope
from api.versions import Versions
from store.evaluate import Request as Question

ONE, OTHER = "http://example.org/one", "http://example.org/other"
QUERY = f"SELECT ?o WHERE {{ GRAPH <{ONE}> {{ ?s ?p ?o }} }}"


def at(graph: str) -> str:
    return "/graph-store?" + urlencode({"graph": graph})


@pytest.fixture
def load(writable: httpx.Client, tokens: Mapping[Scope, str]) -> Iterator[dict[str, str]]:
    """What a writer sends; both graphs hold a triple, and are dropped afterwards."""
    headers = {"Authorization": f"Bearer {tokens[Scope.LOAD]}", "Content-Type": "text/turtle"}
    for graph in (ONE, OTHER):
        writable.put(at(graph), content="<a:a> <a:p> 1 .", headers=headers).raise_for_status()
    yield headers
    for graph in (ONE, OTHER):
        writable.delete(at(graph), headers=headers)


def ask(client: httpx.Client, query: str = QUERY, accept: str = "text/csv", tag: str = "") -> httpx.Response:
    headers = {"Accept": accept, **({"If-None-Match": tag} if tag else {})}
    return client.get("/sparql", params={"query": query}, headers=headers)


def test_the_same_answer_is_not_sent_again(writable: httpx.Client, load: dict[str, str]) -> None:
    tag = ask(writable).headers["etag"]
    for named in (tag, f'"x", {tag}', tag.removeprefix("W/")):
        again = ask(writable, tag=named)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert (again.headers["vary"].split(", ")[0], again.headers["cache-control"]) == ("Accept", "no-cache")
    assert ask(writable, tag='"x"').status_code == 200
    known = {"Accept": "text/csv", "If-None-Match": tag}
    assert writable.head("/sparql", params={"query": QUERY}, headers=known).status_code == 304


def test_each_representation_has_its_tag(writable: httpx.Client, load: dict[str, str]) -> None:
    answers = [ask(writable, accept=accept) for accept in ("text/csv", "application/sparql-results+json")]
    answers.append(ask(writable, QUERY + " LIMIT 1"))
    answers.append(writable.get("/sparql", params={"query": QUERY, "default-graph-uri": ONE}))
    answers += [
        writable.get(at(ONE), headers={"Accept": accept}) for accept in ("text/turtle", "application/n-triples")
    ]
    assert len({one.headers["etag"] for one in answers}) == len(answers)


@pytest.mark.parametrize("graph", [ONE, OTHER])
def test_any_write_ends_a_copy(
    writable: httpx.Client, load: dict[str, str], bearer: dict[str, str], graph: str
) -> None:
    tag = ask(writable).headers["etag"]
    writable.post(at(graph), content="<a:a> <a:p> 2 .", headers=load).raise_for_status()
    second = ask(writable, tag=tag)
    assert (second.status_code, second.headers["etag"] == tag) == (200, False)
    writable.post("/sparql", data={"update": "INSERT DATA { <a:b> <a:p> 3 }"}, headers=bearer).raise_for_status()
    third = ask(writable, tag=second.headers["etag"])
    assert (third.status_code, third.headers["etag"] == second.headers["etag"]) == (200, False)


@pytest.mark.parametrize("query", ["SELECT (RAND() AS ?x) {}", "SELECT (NOW() AS ?x) {}", "SELECT (UUID() AS ?x) {}"])
def test_an_answer_that_is_another_each_time_has_no_tag(writable: httpx.Client, query: str) -> None:
    assert "etag" not in ask(writable, query).headers


def test_only_an_answer_to_get_has_a_tag(writable: httpx.Client, load: dict[str, str]) -> None:
    tag = ask(writable).headers["etag"]
    posted = writable.post("/sparql", data={"query": QUERY}, headers={"Accept": "text/csv", "If-None-Match": tag})
    assert (posted.status_code, "etag" in posted.headers) == (200, False)
    assert "etag" not in ask(writable, "SELECT nothing").headers
    assert ask(writable, "SELECT nothing", tag="*").status_code == 400


def test_a_graph_is_written_only_in_the_state_that_was_seen(writable: httpx.Client, load: dict[str, str]) -> None:
    seen = writable.get(at(ONE), headers={"Accept": "text/turtle"}).headers["etag"]
    writable.put(at(OTHER), content="<a:a> <a:p> 5 .", headers=load).raise_for_status()
    first = writable.put(at(ONE), content="<a:a> <a:p> 2 .", headers={**load, "If-Match": seen})
    late = writable.put(at(ONE), content="<a:a> <a:p> 3 .", headers={**load, "If-Match": seen})
    gone = writable.delete(at(ONE), headers={**load, "If-Match": seen})
    assert (first.status_code, late.status_code, gone.status_code) == (204, 412, 412)
    assert late.json()["type"].endswith("/precondition-failed")
    assert b"2" in writable.get(at(ONE), headers={"Accept": "application/n-triples"}).content


def test_of_two_who_saw_the_same_one_writes(writable: httpx.Client, load: dict[str, str]) -> None:
    seen = writable.get(at(ONE)).headers["etag"]

    def put(number: int) -> int:
        with httpx.Client(base_url=writable.base_url, timeout=60, trust_env=False) as client:
            headers = {**load, "If-Match": seen}
            return client.put(at(ONE), content=f"<a:a> <a:p> {number} .", headers=headers).status_code

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(put, range(8))) == [204] + [412] * 7


@pytest.mark.parametrize(
    ("header", "graph", "status"),
    [
        ({"If-None-Match": "*"}, ONE, 412),
        ({"If-None-Match": "*"}, "http://example.org/new", 201),
        ({"If-Match": "*"}, ONE, 204),
        ({"If-Match": "*"}, "http://example.org/new", 412),
        ({"If-Match": '"x"'}, ONE, 412),
    ],
)
def test_a_graph_that_must_or_must_not_be_there(
    writable: httpx.Client, load: dict[str, str], header: dict[str, str], graph: str, status: int
) -> None:
    written = writable.put(at(graph), content="<a:a> <a:p> 4 .", headers={**load, **header})
    assert written.status_code == status
    if status == 201:
        writable.delete(at(graph), headers=load).raise_for_status()


def test_what_is_read_during_a_write_is_of_no_later_state() -> None:
    versions, question = Versions(exclusive=True), Question("ASK {}", "application/sparql-results+json")
    before = versions.of_answer(question)
    with versions.writing():
        during = versions.of_answer(question)
    assert len({before, during, versions.of_answer(question)}) == 3


def test_where_others_write_too_nothing_has_a_tag() -> None:
    versions = Versions(exclusive=False)
    assert versions.of_answer(Question("ASK {}", "application/sparql-results+json")) is None
    assert versions.of_graph(ONE, "text/turtle") is None
