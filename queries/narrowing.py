"""Which graphs an answer can rest on: with a place chosen, a few plans of a country.

A question that says so in its header (`plans-of`) is asked of those graphs alone. The rows are the same, since every
plan that can give one is among them; the time no longer grows with the number of plans loaded. Narrowing by period was
tried and left: with a thousand graphs to ask, Oxigraph takes longer than with all. An engine that answers wrongly so is
asked of all its graphs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ontology.iris import Iris
from queries.base import QueryStore
from queries.binding import Bound, Terms, bind_settings, question_terms
from queries.question import PLACE_TYPES, Question
from queries.solutions import ask_values

_WRONG_WHEN_NARROWED = frozenset({"virtuoso"})
"""Engines that lose what NOT EXISTS excludes once their graphs are named (tests/store/test_store_catalogue.py)."""
_FOLDER = Path(__file__).parent / "parameters"


def graphs_concerned(store: QueryStore, question: Question, values: Mapping[str, str], iris: Iris) -> tuple[str, ...]:
    """The graphs of the plans that the answer can rest on, the register and the ontology; empty: the whole store.

    Raises `ParameterError`; what the store raises passes through.
    """
    place = _place(question, question_terms(question, values, iris))
    if place is None or store.engine in _WRONG_WHEN_NARROWED:
        return ()
    plans = _graphs(store, "plans-of-place", {("place",): place}, iris)
    if question.all_themes:
        plans |= _graphs(store, "plan-of-each-theme", {}, iris)
    return (*sorted(plans), str(iris.territory_graph()), str(iris.ontology_graph()))


def _graphs(store: QueryStore, name: str, bound: Bound, iris: Iris) -> set[str]:
    text = bind_settings((_FOLDER / f"{name}.rq").read_text(encoding="utf-8"), iris, bound=bound)
    return {row["g"] for row in ask_values(store, text)}


def _place(question: Question, terms: Bound) -> Terms | None:
    """The narrowest place of those given."""
    given = {
        one.type: terms[one.variables]
        for one in question.parameters
        if one.name in question.plans_of and one.variables in terms
    }
    return next((given[one] for one in PLACE_TYPES if one in given), None)
