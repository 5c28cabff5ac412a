"""The index: SQLite's FTS5 over stems, and beside it what each entry is about."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from api.operations.objectives import Quote
from api.search.gather import Entry
from api.search.words import marked, match_expression, stems

FACETS = ("territory", "theme", "status", "service", "period", "kind", "plan")
"""By what the hits of a search are counted and narrowed."""
MOST = 200
"""Hits that one answer may hold."""

_SCHEMA = """
CREATE TABLE entry (id INTEGER PRIMARY KEY, plan TEXT, body TEXT);
CREATE INDEX entry_plan ON entry (plan);
CREATE TABLE about (entry INTEGER, name TEXT, value TEXT, PRIMARY KEY (entry, name, value)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (stems);
CREATE TABLE edition (plan TEXT PRIMARY KEY, word TEXT);
"""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is looked for: words, and the values (of `FACETS`) that hits must have."""

    text: str
    chosen: Mapping[str, str]
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that a plan says; `parts` is its text, each part with whether it was asked for."""

    kind: str
    iri: str
    text: str
    parts: tuple[tuple[str, bool], ...]
    plan_id: str
    plan_title: str
    objective: int | None
    objective_title: str
    row: int | None
    quotes: tuple[Quote, ...]
    facets: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet, how many hits have it, and its name for people."""

    value: str
    hits: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its values, the most frequent first."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The hits from `offset`, the best first, how many there are in all, and their facets."""

    asking: Asking
    total: int
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    data_version: str


class SearchIndex:
    """The entries of plans in memory; every method may be called from any thread."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._lock = threading.RLock()
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._base.executescript(_SCHEMA)

    def editions(self) -> Mapping[str, str]:
        """The edition of each plan that the index holds."""
        with self._lock:
            return dict(self._base.execute("SELECT plan, word FROM edition"))

    def replace(self, plan: str, edition: str, entries: Iterable[Entry]) -> None:
        """Hold these entries of a plan and no others."""
        with self._lock, self._base:
            self._drop(plan)
            for entry in entries:
                self._add(entry)
            self._base.execute("INSERT INTO edition VALUES (?, ?)", (plan, edition))

    def drop(self, plan: str) -> None:
        """Hold nothing of a plan."""
        with self._lock, self._base:
            self._drop(plan)

    def find(self, asking: Asking, version: str) -> Found:
        """The hits; without words, all that have the chosen values."""
        match = match_expression(asking.text)
        source, values = _source(match, asking.chosen)
        if asking.text.strip() and not match:
            return Found(asking, 0, (), (), version)
        with self._lock:
            self._base.execute("DROP TABLE IF EXISTS temp.hit")
            self._base.execute(f"CREATE TEMP TABLE hit AS {source}", values)
            (total,) = self._base.execute("SELECT count(*) FROM temp.hit").fetchone()
            bodies = self._base.execute(
                "SELECT body FROM temp.hit JOIN entry USING (id) ORDER BY weight, id LIMIT ? OFFSET ?",
                (min(asking.limit, MOST), asking.offset),
            ).fetchall()
            facets = self._facets()
        return Found(asking, total, tuple(_hit(body, asking.text) for (body,) in bodies), facets, version)

    def _facets(self) -> tuple[Facet, ...]:
        found: dict[str, list[FacetValue]] = {name: [] for name in FACETS}
        for name, value, hits in self._base.execute(
            "SELECT name, value, count(*) FROM temp.hit JOIN about ON entry = id GROUP BY name, value "
            "ORDER BY count(*) DESC, value"
        ):
            found[name].append(FacetValue(value, hits))
        return tuple(Facet(name, tuple(values)) for name, values in found.items())

    def _add(self, entry: Entry) -> None:
        body = json.dumps(asdict(entry), ensure_ascii=False)
        row = self._base.execute("INSERT INTO entry (plan, body) VALUES (?, ?)", (entry.plan_id, body)).lastrowid
        self._base.execute("INSERT INTO words (rowid, stems) VALUES (?, ?)", (row, stems(entry.text)))
        self._base.executemany("INSERT INTO about VALUES (?, ?, ?)", [(row, *one) for one in entry.facets])

    def _drop(self, plan: str) -> None:
        mine = "(SELECT id FROM entry WHERE plan = ?)"
        self._base.execute(f"DELETE FROM about WHERE entry IN {mine}", (plan,))
        self._base.execute(f"DELETE FROM words WHERE rowid IN {mine}", (plan,))
        self._base.execute("DELETE FROM entry WHERE plan = ?", (plan,))
        self._base.execute("DELETE FROM edition WHERE plan = ?", (plan,))


def _source(match: str, chosen: Mapping[str, str]) -> tuple[str, list[str]]:
    """The SELECT of the ids of hits with their weight (bm25: the lower the better), and its values."""
    if match:
        head, values = "SELECT rowid AS id, bm25(words) AS weight FROM words WHERE words MATCH ?", [match]
    else:
        head, values = "SELECT id, 0 AS weight FROM entry WHERE true", []
    for name, value in chosen.items():
        head += f" AND {'rowid' if match else 'id'} IN (SELECT entry FROM about WHERE name = ? AND value = ?)"
        values += [name, value]
    return head, values


def _hit(body: str, asked: str) -> Hit:
    entry = json.loads(body)
    return Hit(
        **{name: value for name, value in entry.items() if name not in ("quotes", "facets")},
        parts=marked(entry["text"], asked),
        quotes=tuple(Quote(**one) for one in entry["quotes"]),
        facets=tuple((name, value) for name, value in entry["facets"]),
    )
