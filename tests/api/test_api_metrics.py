"""What the service counts, and what it never writes down."""

from __future__ import annotations

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from api.metrics import door_of
from store import GraphStore, open_store


def counted(client: httpx.Client) -> dict[tuple[str, str, str], float]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    samples = [one for family in families for one in family.samples if one.name == "raccordo_requests_total"]
    return {(one.labels["door"], one.labels["method"], one.labels["status"]): one.value for one in samples}


def test_requests_are_counted_by_door_and_outcome(client: httpx.Client) -> None:
    before = counted(client)
    client.get("/health")
    client.get("/sparql", params={"query": "SELECT nothing"})
    client.get("/nowhere/at/all")
    after = counted(client)
    for key in (("health", "GET", "200"), ("sparql", "GET", "400"), ("pages", "GET", "404")):
        assert after[key] == before.get(key, 0) + 1


def test_no_metric_holds_a_query_or_a_path(client: httpx.Client) -> None:
    client.get("/sparql", params={"query": "ASK { GRAPH ?g { ?s ?p 'Mario Rossi' } }"})
    client.get("/id/person/mario-rossi")
    text = client.get("/metrics").text.lower()
    assert "rossi" not in text
    assert "127.0.0.1" not in text


@pytest.mark.parametrize(
    ("path", "door"), [("/api/plans", "api"), ("/", "pages"), ("/x/y", "pages"), ("/sparql/", "sparql")]
)
def test_strangers_make_no_labels(path: str, door: str) -> None:
    assert door_of(path) == door


def test_a_service_is_ready_when_its_store_answers(client: httpx.Client) -> None:
    assert client.get("/ready").json() == {"status": "ready"}


def test_a_service_whose_store_is_closed_is_not_ready(served: object, settings: object) -> None:
    store: GraphStore = open_store("memory:")
    store.close()
    with served(create_app(settings, store)) as one:  # type: ignore[operator, arg-type]
        assert one.get("/health").status_code == 200
        assert one.get("/ready").status_code == 500
