"""Every typed error has its place in the one table, and every failure over HTTP has one shape."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from api import errors as ours
from api.problems import KINDS, PROBLEM_BASE, install_problems, kind_of
from loaders import errors as loading
from queries import errors as asking
from store import errors as storing

FAMILIES = (ours.ServiceError, asking.QuestionError, loading.LoadError, storing.StoreError)


def family(root: type[Exception]) -> Iterator[type[Exception]]:
    for one in root.__subclasses__():
        yield one
        yield from family(one)


ERRORS = [error for root in FAMILIES for error in family(root)]


def test_the_families_are_not_empty() -> None:
    assert len(ERRORS) > 25


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_is_in_the_table_itself(error: type[Exception]) -> None:
    assert error in KINDS


def test_statuses_and_names() -> None:
    assert all(400 <= kind.status < 600 for kind in KINDS.values())
    assert all(kind.slug == kind.slug.lower() and " " not in kind.slug for kind in KINDS.values())


def test_the_nearest_class_decides() -> None:
    class Odd(storing.QueryTimeout):
        pass

    assert kind_of(Odd(it="lento", en="slow")).status == 504


FAILURES = [
    ("GET", "/nowhere", {}, 404, "http"),
    ("GET", "/api/plans/nessuno", {}, 404, "unknown-plan"),
    ("GET", "/api/plans/Lodi%202021", {}, 404, "unknown-plan"),
    ("GET", "/api/plans/nessuno/report", {}, 404, "unknown-plan"),
    ("GET", "/api/plans/nessuno/graph", {}, 404, "unknown-plan"),
    ("GET", "/api/questions/no/such", {}, 404, "unknown-question"),
    ("GET", "/api/questions/protocols/lacking", {}, 400, "parameter"),
    ("GET", "/api/questions/protocols/lacking?theme=nope", {}, 400, "parameter"),
    ("GET", "/api/questions/protocols/lacking?theme=violenza-di-genere&sort=up", {}, 400, "parameter"),
    ("GET", "/api/questions/protocols/lacking/choices/nope", {}, 400, "parameter"),
    ("GET", "/api/questions/protocols/contradictions?format=pdf", {}, 406, "not-acceptable"),
    ("GET", "/api/questions/protocols/contradictions", {"Accept": "image/png"}, 406, "not-acceptable"),
    ("GET", "/api/evidence?territory=lodi", {}, 400, "parameter"),
    ("GET", "/api/evidence?plan=lodi-2021-2023&objective=99", {}, 404, "unknown-evidence"),
    ("GET", "/api/evidence?plan=lodi-2021-2023&objective=-1", {}, 400, "malformed-request"),
    ("GET", "/api/evidence?territory=ambito/atlantide&theme=violenza-di-genere", {}, 400, "parameter"),
    ("DELETE", "/api/plans", {}, 405, "http"),
    ("GET", "/sparql?query=SELECT", {}, 400, "query"),
    ("GET", "/sparql?query=ASK{SERVICE<http://x>{}}", {}, 403, "outbound-refused"),
]


@pytest.mark.parametrize(("method", "path", "headers", "status", "slug"), FAILURES)
def test_failures_have_one_shape(
    client: httpx.Client, method: str, path: str, headers: dict[str, str], status: int, slug: str
) -> None:
    response = client.request(method, path, headers=headers)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == PROBLEM_BASE + slug
    assert problem["status"] == status
    assert problem["instance"] == httpx.URL(path).path
    assert problem["detail"]
    assert problem["title"]


def test_a_problem_speaks_the_readers_language(client: httpx.Client) -> None:
    path = "/api/plans/nessuno"
    italian = client.get(path).json()["detail"]
    english = client.get(path, headers={"Accept-Language": "en"}).json()["detail"]
    assert (italian, english) == (
        "Nessun piano caricato si chiama «nessuno».",
        "No loaded plan is called “nessuno”.",
    )


def test_a_parameter_problem_names_the_parameter(client: httpx.Client) -> None:
    problem = client.get("/api/questions/protocols/lacking?theme=nope").json()
    assert problem["parameter"] == "theme"
    assert problem["detail"].startswith("theme: ")


def test_a_browser_gets_a_page(client: httpx.Client) -> None:
    response = client.get("/plans/nessuno", headers={"Accept": "text/html,*/*;q=0.8"})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "nessuno" in response.text


@pytest.mark.anyio
async def test_what_nobody_foresaw_tells_nothing() -> None:
    app = FastAPI()
    install_problems(app)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("the secret is 42")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        response = await client.get("/broken")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "42" not in response.text
