"""An address that names a version of the data gives the same bytes, or says that they are gone and what there is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from api.app import create_app
from api.operations import data_version
from api.pinned import PinnedVersion
from api.settings import Settings
from benchmarks.serving import served
from store import GraphStore, open_store

REPORT = "http://example.org/report"
QUERY = f"SELECT ?p ?o WHERE {{ GRAPH <{REPORT}> {{ ?s ?p ?o }} }} ORDER BY ?p ?o"
PLACES = (
    "/api/questions/comparison/plans",
    "/api/matrix?format=csv",
    f"/sparql?format=csv&query={QUERY}",
    "/questions",
)


def report(plan: str) -> bytes:
    """What a report says of the plan that it checked, whose hash is `plan`."""
    vocabulary = "https://w3id.org/raccordo/ontology#"
    lines = (f'<http://example.org/r> <{vocabulary}{name}> "{value}" .\n' for name, value in hashes(plan).items())
    return "".join(lines).encode()


def hashes(plan: str) -> dict[str, str]:
    return {"planGraphHash": plan, "shapesHash": "rules"}


@pytest.fixture
def store() -> Iterator[GraphStore]:
    opened = open_store("memory:")
    opened.replace_graphs({REPORT: report("first")})
    yield opened
    opened.close()


@pytest.fixture
def changing(store: GraphStore) -> Iterator[httpx.Client]:
    """A client of a service over data that the test changes."""
    with served(create_app(Settings(store_url="memory:", token_file="/nonexistent/tokens.json"), store)) as client:
        yield client


@pytest.mark.parametrize("place", PLACES)
def test_the_present_version_is_what_there_is_without_a_version(client: httpx.Client, place: str) -> None:
    version = client.get("/api/questions/comparison/plans").json()["data_version"]
    pinned = client.get(place, params={**httpx.URL(place).params, "version": version})
    plain = client.get(place)
    assert pinned.status_code == plain.status_code == 200
    assert pinned.content == plain.content
    assert pinned.headers["content-type"] == plain.headers["content-type"]


def test_a_version_comes_back_with_its_data(changing: httpx.Client, store: GraphStore) -> None:
    first = data_version(store)
    address = {"query": QUERY, "format": "csv", "version": first}
    before = changing.get("/sparql", params=address)
    store.replace_graphs({REPORT: report("second")})
    between = changing.get("/sparql", params=address)
    store.replace_graphs({REPORT: report("first")})
    after = changing.get("/sparql", params=address)
    assert (before.status_code, between.status_code, after.status_code) == (200, 410, 200)
    assert before.content == after.content
    assert b"first" in before.content


def test_the_version_of_the_language_is_none_of_the_data(client: httpx.Client) -> None:
    assert client.get("/sparql", params={"query": "ASK {}", "version": "1.2"}).status_code == 200


@pytest.mark.parametrize(("language", "said"), [("it", "La versione presente è"), ("en", "The present version is")])
def test_a_version_that_is_gone_leads_to_the_present_one(
    changing: httpx.Client, store: GraphStore, language: str, said: str
) -> None:
    first = data_version(store)
    store.replace_graphs({REPORT: report("second")})
    present = data_version(store)
    address = {"query": QUERY, "format": "csv", "version": first, "lang": language}
    problem = changing.get("/sparql", params=address, headers={"Accept": "application/problem+json"})
    told = problem.json()
    assert (problem.status_code, told["type"].rpartition("/")[2]) == (410, "version-gone")
    assert f"{said} {present}" in told["detail"]
    assert "raccordo restore" in told["detail"]
    followed = changing.get(told["nearest"])
    assert followed.status_code == 200
    assert b"second" in followed.content
    page = changing.get("/questions", params={"version": first, "lang": language}, headers={"Accept": "text/html"})
    assert page.status_code == 410
    assert said in page.text
    assert f'href="/questions?lang={language}&amp;version={present}"' in page.text


def test_a_write_while_the_answer_is_made_is_no_answer(store: GraphStore) -> None:
    """The answer that was made is of neither version for sure: it is not sent."""

    async def writes(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["query_string"] == b"x=1"
        store.replace_graphs({REPORT: report("second")})
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"of which version?"})

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http", "method": "GET", "path": "/x", "headers": [(b"accept", b"application/json")],
        "query_string": f"x=1&version={data_version(store)}".encode(), "server": ("test", 80), "scheme": "http",
        "app": SimpleNamespace(state=SimpleNamespace(service=SimpleNamespace(store=store))),
    }  # fmt: skip
    asyncio.run(PinnedVersion(writes)(scope, receive, send))
    assert [message["status"] for message in sent if message["type"] == "http.response.start"] == [410]
    assert b"of which version?" not in b"".join(message.get("body", b"") for message in sent)
