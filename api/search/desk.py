"""Where searches are made: the index follows the store before each, plan by plan."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import replace

from api.errors import UnknownPlan, UnknownValue
from api.language import Language, texts
from api.operations.asking import data_version
from api.operations.labels import term_label
from api.operations.plans import PlanSummary, plan_detail
from api.search.gather import place_value, plan_entries
from api.search.index import FACETS, Asking, Facet, FacetValue, Found, SearchIndex
from api.search.watched import WatchedStore
from ontology.iris import Iris
from ontology.terms import DCTERMS, RAC, VOCABULARY_BASE

_PLANS = f"""
SELECT ?id ?hash WHERE {{
  GRAPH ?g {{ ?plan a <{RAC.Plan}> ; <{DCTERMS.identifier}> ?id }}
  OPTIONAL {{ GRAPH ?h {{ ?report <{RAC.aboutPlan}> ?plan ; <{RAC.planGraphHash}> ?hash }} }}
}} ORDER BY ?id ?hash"""


class SearchDesk:
    """The search of one store."""

    def __init__(self, store: WatchedStore, iris: Iris) -> None:
        """Look in `store`; the index is made at the first search."""
        self._store, self._iris = store, iris
        self._index = SearchIndex()
        self._following = threading.Lock()
        self._names: dict[tuple[str, str], str] = {}

    def find(self, asking: Asking, language: Language = "it") -> Found:
        """The hits in the data as they are now. Raises `UnknownValue` for a facet that there is not, `StoreError`."""
        for name, value in asking.chosen.items():
            if name not in FACETS:
                raise UnknownValue(name, value)
        with self._following:
            found = self._index.find(asking, self._follow())
        return replace(found, facets=tuple(self._labelled(one, language) for one in found.facets))

    def _labelled(self, facet: Facet, language: Language) -> Facet:
        return Facet(facet.name, tuple(self._named(facet.name, one, language) for one in facet.values))

    def _named(self, facet: str, value: FacetValue, language: Language) -> FacetValue:
        if facet in ("theme", "service"):
            label = term_label(f"{VOCABULARY_BASE}{facet}/{value.value}", language)
        elif facet in ("status", "kind"):
            label = texts(language)(f"status.{value.value}" if facet == "status" else f"search.kind.{value.value}")
        else:
            label = self._names.get((facet, value.value), value.value)
        return replace(value, label=label)

    def _follow(self) -> str:
        """Bring the index to what the store holds; an edition is taken before its plan is read, never after."""
        version = data_version(self._store)
        wanted, held = self._editions(), self._index.editions()
        for plan in held.keys() - wanted.keys():
            self._index.drop(plan)
        for plan, edition in wanted.items():
            if held.get(plan) != edition:
                self._read(plan, edition)
        return version

    def _read(self, plan: str, edition: str) -> None:
        try:
            detail = plan_detail(self._store, plan, self._iris)
        except UnknownPlan:  # removed since it was listed
            self._index.drop(plan)
            return
        self._index.replace(plan, edition, plan_entries(detail, self._iris))
        self._remember(detail.summary)

    def _remember(self, plan: PlanSummary) -> None:
        self._names["plan", plan.id] = plan.title or plan.id
        for place in plan.covers:
            self._names["territory", place_value(place.iri, self._iris)] = place.label

    def _editions(self) -> Mapping[str, str]:
        """The edition of each loaded plan: what was written through here, and the hash that its report names."""
        found: dict[str, str] = {}
        body, _ = self._store.query(_PLANS)
        for row in json.loads(body)["results"]["bindings"]:
            plan = row["id"]["value"]
            hashes = row.get("hash", {}).get("value", "")
            found[plan] = f"{found.get(plan) or self._store.edition(str(self._iris.plan_graph(plan)))} {hashes}"
        return found
