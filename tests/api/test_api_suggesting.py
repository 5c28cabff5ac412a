"""What the shell offers for `raccordo ask`, on a store with plans and on one that cannot be opened."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.main import get_command

from api.cli import app
from api.cli.common import Chosen
from api.cli.suggesting import suggest_questions, suggest_values
from api.operations.ingest import ingest_ontology, ingest_territory
from ontology.iris import Iris
from queries.question import load_questions
from store import open_store

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store on disk with the vocabularies and the register."""
    found = f"oxigraph:{tmp_path_factory.mktemp('store')}"
    store = open_store(found)
    ingest_ontology(store, Iris())
    ingest_territory(store, DATA / "territory" / "territory.ttl", Iris())
    store.close()
    return found


def offered(url: str, incomplete: str, *given: str, question: str = "protocols/lacking") -> dict[str, str]:
    """The suggestions for what is typed after `raccordo ask question given…`."""
    context = typer.Context(get_command(app), obj=Chosen(url))
    context.params = {"question": question, "values": list(given)}
    return dict(suggest_values(context, incomplete))


def test_slugs_are_offered_with_their_titles() -> None:
    assert dict(suggest_questions("")).keys() == load_questions().keys()
    assert dict(suggest_questions("protocols/lack")) == {
        "protocols/lacking": "Quali Ambiti non hanno il protocollo su un tema"
    }


def test_parameters_not_given_yet_are_offered(url: str) -> None:
    assert offered(url, "", "theme=abitare").keys() == {"ats=", "asst=", "territory=", "period=", "date="}
    assert offered(url, "th") == {"theme=": "Tema"}


def test_values_come_from_the_data(url: str) -> None:
    assert offered(url, "theme=viol") == {"theme=violenza-di-genere": "Contrasto alla violenza di genere"}
    assert "territory=ambito/lodi" in offered(url, "territory=ambito/l")
    assert offered(url, "date=") == {}


def test_bash_breaks_the_word_at_the_sign(url: str) -> None:
    wanted = {"violenza-di-genere": "Contrasto alla violenza di genere"}
    assert offered(url, "viol", "theme", "=") == wanted
    assert "abitare" in offered(url, "=", "theme")


def test_what_cannot_be_offered_is_nothing() -> None:
    assert offered("oxigraph:/proc/none", "theme=viol") == {}
    assert offered("memory:", "colour=") == {}
    assert offered("memory:", "", question="none/such") == {}
