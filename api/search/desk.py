"""Where searches are made: the index follows the store before each, plan by plan."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Self

from api.errors import UnknownPlan, UnknownValue
from api.language import Language, texts
from api.operations.asking import data_version
from api.operations.facts import parse_facts
from api.operations.labels import term_label
from api.operations.plans import PlanSummary, check_plan_id, read_plan
from api.search.builder import Builder, Stale
from api.search.gather import place_value, plan_entries
from api.search.index import FACETS, Asking, Edition, Facet, FacetValue, Found, SearchIndex
from api.search.likeness import Similars, candidates, most_alike
from api.search.watched import WatchedStore
from ontology.iris import Iris
from ontology.terms import DCTERMS, RAC, VOCABULARY_BASE
from queries.solutions import ask_values
from store import GraphStore

_PLANS = f"""
SELECT ?id ?hash WHERE {{
  GRAPH ?g {{ ?plan a <{RAC.Plan}> ; <{DCTERMS.identifier}> ?id }}
  OPTIONAL {{ GRAPH ?h {{ ?report <{RAC.aboutPlan}> ?plan ; <{RAC.planGraphHash}> ?hash }} }}
}} ORDER BY ?id ?hash"""


AT_ONCE = 50
"""Plans that a search may read before it answers; when there are more they are read beside it."""

_FILE = "search.sqlite"
_UNREAD = Edition(digest="", reported="", sure=False)


class SearchDesk:
    """The search of one store, and the store to be used beside it: writes past it are seen in reports alone."""

    def __init__(self, store: GraphStore, iris: Iris, index: SearchIndex | None = None, *, alone: bool = False) -> None:
        """Look in `store`, where nobody else writes when it is `alone`; the index is filled at the first search."""
        self._index = index or SearchIndex()
        self.store = WatchedStore(store, self._index)
        self._iris, self._alone = iris, alone
        self._following = threading.Lock()
        self._builder = Builder(self._read)
        self._version, self._moves = "", -1

    @classmethod
    def beside(cls, store: GraphStore, url: str, iris: Iris) -> Self:
        """The search of the store at `url`: beside an embedded one its index is kept in the same directory.

        Where that directory cannot be written, the index is in memory.
        """
        scheme, _, place = url.partition(":")
        if scheme != "oxigraph":
            return cls(store, iris, alone=scheme == "memory")
        try:
            index = SearchIndex(Path(place) / _FILE, _identity(Path(place)))
        except (OSError, sqlite3.OperationalError):
            index = SearchIndex()
        return cls(store, iris, index, alone=True)

    @property
    def kept(self) -> bool:
        """Whether the index is in a file, where later processes find it."""
        return self._index.kept

    def close(self) -> None:
        """Let go of the index; a plan that is being read is read to its end."""
        self._builder.stop()
        self._index.close()

    def catch_up(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Bring the index to what the store holds before this returns, however many plans that takes.

        `progress` hears how many are read, and of how many. Raises `StoreError`.
        """
        with self._following:
            self._builder.check()
            stale = self._stale()
            for done, one in enumerate(stale, 1):
                self._read(one)
                if progress:
                    progress(done, len(stale))

    def find(self, asking: Asking, language: Language = "it") -> Found:
        """The hits in the data as they are now.

        Raises `UnknownValue` for a facet that there is not, `IndexBuilding` while many plans have to be read first,
        `StoreError`.
        """
        return self._found(asking, language)

    def similar(self, asking: Asking, language: Language = "it") -> Similars:
        """The objectives of all plans that are like the text. Raises what `find` raises."""
        wider, expression = candidates(asking)
        found = self._found(wider, language, expression)
        return Similars(asking, most_alike(asking, found.hits), replace(found, hits=()))

    def _found(self, asking: Asking, language: Language, expression: str | None = None) -> Found:
        for name, value in asking.chosen.items():
            if name not in FACETS:
                raise UnknownValue(name, value)
        with self._following:
            found = self._index.find(asking, self._follow(), expression)
        return replace(found, facets=tuple(self._labelled(one, asking, language) for one in found.facets))

    def _labelled(self, facet: Facet, asking: Asking, language: Language) -> Facet:
        """The facet with names for people; a value that was chosen is there even when no hit has it."""
        chosen, values = asking.chosen.get(facet.name), facet.values
        if chosen and all(one.value != chosen for one in values):
            values = (*values, FacetValue(chosen, 0))
        return Facet(facet.name, tuple(self._named(facet.name, one, language) for one in values))

    def _named(self, facet: str, value: FacetValue, language: Language) -> FacetValue:
        if facet in ("theme", "service"):
            label = term_label(f"{VOCABULARY_BASE}{facet}/{value.value}", language)
        elif facet in ("status", "kind"):
            key = f"status.{value.value}" if facet == "status" else f"search.kind.{value.value}"
            label = texts(language).words.get(key, value.value)
        else:
            label = self._index.label(facet, value.value)
        return replace(value, label=label)

    def _follow(self) -> str:
        """Bring the index to what the store holds, and say of which version that is. Raises `IndexBuilding`."""
        self._builder.check()
        moves = self._index.moves
        if not self._alone or moves != self._moves:
            self._version = data_version(self.store)
            stale = self._stale()
            if len(stale) > AT_ONCE:
                self._builder.start(stale)
            for one in stale:
                self._read(one)
            self._moves = moves
        return self._version

    def _stale(self) -> list[Stale]:
        """The plans that the index is not sure of; those that the store holds no more are dropped."""
        wanted, held = self._reported(), self._index.editions()
        for plan in held.keys() - wanted.keys():
            self._index.drop(plan)
        known = {plan: held.get(plan, _UNREAD) for plan in wanted}
        return [
            Stale(plan, replace(known[plan], reported=reported))
            for plan, reported in wanted.items()
            if not known[plan].sure or known[plan].reported != reported
        ]

    def _read(self, stale: Stale) -> None:
        plan, known = stale.plan, stale.known
        moves, graph = self._index.moves, str(self._iris.plan_graph(plan))
        body = self.store.graph(graph)
        digest = hashlib.sha256(body).hexdigest()
        if digest != known.digest:
            try:
                check_plan_id(plan)
                detail = read_plan(parse_facts(body))
            except (UnknownPlan, IndexError):  # removed since it was listed, or its graph is another
                self._index.drop(plan)
                return
            entries, names = plan_entries(detail, self._iris), self._names(detail.summary)
            self._index.replace(plan, graph, replace(known, digest=digest), entries, names)
        self._index.trust(plan, known.reported, moves)

    def _names(self, plan: PlanSummary) -> Iterator[tuple[str, str, str]]:
        yield "plan", plan.id, plan.title or plan.id
        for place in plan.covers:
            yield "territory", place_value(place.iri, self._iris), place.label

    def _reported(self) -> Mapping[str, str]:
        """The hashes that the reports of each loaded plan name."""
        found: dict[str, str] = {}
        for row in ask_values(self.store, _PLANS):
            plan = row["id"]
            found[plan] = f"{found.get(plan, '')} {row.get('hash', '')}".strip()
        return found


def _identity(directory: Path) -> str:
    """What tells the data of an embedded store from those that a restored copy puts in their place."""
    mark = directory / "data" / "IDENTITY"
    return f"{mark.read_text(encoding='utf-8')} {mark.stat().st_ino} {mark.stat().st_mtime_ns}"
