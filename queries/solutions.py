"""The solutions of a SELECT query, read from a store's SPARQL 1.1 JSON result."""

from __future__ import annotations

import json

from queries.base import RESULT_TYPE, QueryStore

Solution = dict[str, dict[str, str]]
"""The terms of one solution by variable, each as the SPARQL 1.1 JSON format has it; what is unbound is not there."""


def ask_solutions(store: QueryStore, text: str) -> list[Solution]:
    """The solutions of a query, in their order; what the store raises passes through."""
    found: list[Solution] = json.loads(store.query(text, accept=RESULT_TYPE)[0])["results"]["bindings"]
    return found


def ask_values(store: QueryStore, text: str) -> list[dict[str, str]]:
    """The solutions of a query with the bare text of each term; what the store raises passes through."""
    return [{name: term["value"] for name, term in one.items()} for one in ask_solutions(store, text)]
