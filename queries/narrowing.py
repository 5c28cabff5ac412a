"""Which graphs an answer can rest on: with a place chosen, a few plans of a whole country.

A question that says so in its header (`plans-of`) is asked of those graphs alone. The rows are the same, since every
plan that can give one is among them; the time no longer grows with the number of plans loaded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ontology.iris import Iris
from queries.base import RESULT_TYPE, QueryStore
from queries.binding import Bound, bind_settings, question_terms
from queries.question import PLACE_TYPES, Question

_PLANS = Path(__file__).parent / "parameters" / "plans.rq"


def graphs_concerned(store: QueryStore, question: Question, values: Mapping[str, str], iris: Iris) -> tuple[str, ...]:
    """The graphs of the plans that the answer can rest on, the register and the ontology; empty: the whole store.

    Raises `ParameterError`; what the store raises passes through.
    """
    bound = _bound(question, question_terms(question, values, iris))
    if ("place",) not in bound:
        return ()
    text = bind_settings(_PLANS.read_text(encoding="utf-8"), iris, bound=bound)
    body, _ = store.query(text, accept=RESULT_TYPE)
    plans = sorted(row["g"]["value"] for row in json.loads(body)["results"]["bindings"])
    return (*plans, str(iris.territory_graph()), str(iris.ontology_graph()))


def _bound(question: Question, terms: Bound) -> Bound:
    """The narrowest place, the period and the day, as `plans.rq` calls them."""
    given = {
        one.type: terms[one.variables]
        for one in question.parameters
        if one.name in question.plans_of and one.variables in terms
    }
    found = {
        ("periodStart", "periodEnd"): given.get("period"),
        ("date",): given.get("date"),
        ("place",): next((given[one] for one in PLACE_TYPES if one in given), None),
    }
    return {variables: value for variables, value in found.items() if value is not None}
