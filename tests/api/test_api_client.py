"""The client: frames that hold what the service answers, and errors that say what it said."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from api.client import Raccordo, ServiceRefused

PLANS = ("lodi-2021-2023", "cernusco-2020")


@pytest.fixture
def raccordo(client: httpx.Client) -> Iterator[Raccordo]:
    with Raccordo(str(client.base_url), "it") as one:
        yield one


def test_the_catalogue(raccordo: Raccordo) -> None:
    frame = raccordo.questions().set_index("slug")
    assert "theme" in frame.loc["protocols/lacking", "parameters"]


def test_an_answer_has_the_rows_of_the_service(raccordo: Raccordo, client: httpx.Client) -> None:
    frame = raccordo.ask("protocols/lacking", theme="violenza-di-genere")
    answer = client.get("/api/questions/protocols/lacking", params={"theme": "violenza-di-genere"}).json()
    assert len(frame) == len(answer["rows"]) > 0
    assert list(frame.columns) == [*(column["name"] for column in answer["columns"]), "sources"]
    assert frame.attrs["data_version"] == answer["data_version"]
    assert "SELECT" in frame.attrs["query"]
    assert any(source["quote"] for sources in frame["sources"] for source in sources)


def test_search(raccordo: Raccordo) -> None:
    frame = raccordo.search("protocolli", plan="lodi-2021-2023")
    assert len(frame) == frame.attrs["total"] > 5
    assert set(frame["plan_id"]) == {"lodi-2021-2023"}
    assert frame["exact"].notna().all()
    nothing = raccordo.search("zanzibar")
    assert (len(nothing), list(nothing.columns)) == (0, list(frame.columns))


def test_compare(raccordo: Raccordo) -> None:
    frame = raccordo.compare(*PLANS)
    assert set(frame["plan"]) == set(PLANS)
    lodi = frame[(frame["plan"] == PLANS[0]) & (frame["title"] == "CONTRASTO ALLA VIOLENZA DI GENERE")]
    assert list(lodi[lodi["part"] == "statuses"]["text"]) == ["absent"]


def test_sparql(raccordo: Raccordo) -> None:
    query = "SELECT ?plan ?missing { GRAPH ?g { ?plan a <https://w3id.org/raccordo/ontology#Plan> } } ORDER BY ?plan"
    frame = raccordo.sparql(query)
    assert frame["plan"].str.endswith(PLANS).sum() == len(PLANS)
    assert frame["missing"].isna().all()


@pytest.mark.parametrize(("slug", "status"), [("protocols/nothing", 404), ("protocols/lacking", 400)])
def test_a_refusal_is_said(raccordo: Raccordo, slug: str, status: int) -> None:
    with pytest.raises(ServiceRefused, match=str(status)) as caught:
        raccordo.ask(slug, theme="nessuno")
    assert caught.value.status == status
