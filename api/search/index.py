"""The index: SQLite's FTS5 over stems, what each entry is about, and how far each plan of it can be trusted.

A plan is sure when no write that may have touched its graph began since it was read. That a write begins is on disk
before the write is, so an index that a crash left behind knows what it has to read again.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from api.operations.objectives import Quote
from api.search.gather import Entry
from api.search.words import marked, match_expression, stems

FACETS = ("territory", "theme", "status", "service", "period", "kind", "plan")
"""By what the hits of a search are counted and narrowed."""
MOST = 200
"""Hits that one answer may hold."""

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE made (of TEXT, by TEXT);
CREATE TABLE entry (id INTEGER PRIMARY KEY, plan TEXT, body TEXT);
CREATE INDEX entry_plan ON entry (plan);
CREATE TABLE about (entry INTEGER, name TEXT, value TEXT, PRIMARY KEY (entry, name, value)) WITHOUT ROWID;
CREATE INDEX about_value ON about (name, value);
CREATE VIRTUAL TABLE words USING fts5 (stems);
CREATE TABLE edition (plan TEXT PRIMARY KEY, graph TEXT, digest TEXT, reported TEXT, sure INTEGER);
CREATE TABLE name (facet TEXT, value TEXT, label TEXT, PRIMARY KEY (facet, value)) WITHOUT ROWID;
"""
_API = Path(__file__).parents[1]
_MADE_BY = (
    "search/gather.py", "search/index.py", "search/words.py",
    "operations/facts.py", "operations/objectives.py", "operations/plans.py",
)  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class Edition:
    """Which state of a plan the index holds: its digest, the hashes that its report named, and whether it is sure."""

    digest: str
    reported: str
    sure: bool


class SearchIndex:
    """The entries of plans, in a file or in memory; every method may be called from any thread."""

    def __init__(self, path: Path | None = None, of: str = "") -> None:
        """The index in the file, of the data that `of` names; an index of others, of older code or unreadable goes."""
        self._lock = threading.RLock()
        self._moves, self._writing = 0, 0
        self._base, self._kept = _opened(path, of), path is not None

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._base.close()

    @property
    def kept(self) -> bool:
        """Whether it is in a file."""
        return self._kept

    @property
    def moves(self) -> int:
        """How often a write began or ended: while it stays the same, nothing was written."""
        with self._lock:
            return self._moves

    def editions(self) -> Mapping[str, Edition]:
        """The edition of each plan that the index holds."""
        with self._lock:
            rows = self._base.execute("SELECT plan, digest, reported, sure FROM edition").fetchall()
        return {plan: Edition(digest, reported, bool(sure)) for plan, digest, reported, sure in rows}

    def label(self, facet: str, value: str) -> str:
        """The name for people of a plan or territory, else the value itself."""
        with self._lock:
            found = self._base.execute(
                "SELECT label FROM name WHERE facet = ? AND value = ?", (facet, value)
            ).fetchone()
        return str(found[0]) if found else value

    def begin(self, graphs: Iterable[str] | None) -> None:
        """Doubt the plans of the graphs (`None`: all) from now on, on disk before this returns."""
        with self._lock, self._base:
            self._moves, self._writing = self._moves + 1, self._writing + 1
            if graphs is None:
                self._base.execute("UPDATE edition SET sure = 0")
            else:
                self._base.executemany("UPDATE edition SET sure = 0 WHERE graph = ?", [(one,) for one in graphs])

    def end(self, graphs: Iterable[str] | None) -> None:
        """A write is over."""
        with self._lock:
            self._moves, self._writing = self._moves + 1, self._writing - 1

    def replace(
        self, plan: str, graph: str, edition: Edition, entries: Iterable[Entry], names: Iterable[tuple[str, str, str]]
    ) -> None:
        """Hold these entries of a plan and no others, and the names of facet values (facet, value, name)."""
        with self._lock, self._base:
            self._drop(plan)
            for entry in entries:
                self._add(entry)
            self._base.executemany("INSERT OR REPLACE INTO name VALUES (?, ?, ?)", list(names))
            values = (plan, graph, edition.digest, edition.reported)
            self._base.execute("INSERT INTO edition VALUES (?, ?, ?, ?, 0)", values)

    def trust(self, plan: str, reported: str, moves: int) -> None:
        """The entries of the plan are those of its graph, unless something was written since `moves` was the count."""
        with self._lock, self._base:
            if moves == self._moves and not self._writing:
                self._base.execute("UPDATE edition SET sure = 1, reported = ? WHERE plan = ?", (reported, plan))

    def drop(self, plan: str) -> None:
        """Hold nothing of a plan."""
        with self._lock, self._base:
            self._drop(plan)

    def find(self, asking: Asking, version: str, expression: str | None = None) -> Found:
        """The hits for the words of `asking`, or another `expression`; without words, all that have the values."""
        match = match_expression(asking.text) if expression is None else expression
        source, values = _source(match, asking.chosen)
        if asking.text.strip() and not match:
            return Found(asking, 0, (), tuple(Facet(name, ()) for name in FACETS), version)
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
        body = json.dumps(entry, ensure_ascii=False, default=_fields)
        row = self._base.execute("INSERT INTO entry (plan, body) VALUES (?, ?)", (entry.plan_id, body)).lastrowid
        self._base.execute("INSERT INTO words (rowid, stems) VALUES (?, ?)", (row, stems(entry.text)))
        self._base.executemany("INSERT INTO about VALUES (?, ?, ?)", [(row, *one) for one in entry.facets])

    def _drop(self, plan: str) -> None:
        mine = "(SELECT id FROM entry WHERE plan = ?)"
        self._base.execute(f"DELETE FROM about WHERE entry IN {mine}", (plan,))
        self._base.execute(f"DELETE FROM words WHERE rowid IN {mine}", (plan,))
        self._base.execute("DELETE FROM entry WHERE plan = ?", (plan,))
        self._base.execute("DELETE FROM edition WHERE plan = ?", (plan,))


def _fields(one: Entry | Quote) -> dict[str, object]:
    """What `asdict` gives, without copying what the fields hold: this is a quarter of the time of an index."""
    return {name: getattr(one, name) for name in one.__slots__}


def _opened(path: Path | None, of: str) -> sqlite3.Connection:
    made = (of, _code())
    if path is not None and path.exists():
        base = _connect(path)
        try:
            if base.execute("SELECT * FROM made").fetchall() == [made]:
                return base
            base.close()
        except sqlite3.DatabaseError:
            base.close()
        for part in path.parent.glob(f"{path.name}*"):
            part.unlink()
    base = _connect(path)
    base.executescript(_SCHEMA)
    with base:
        base.execute("INSERT INTO made VALUES (?, ?)", made)
    return base


def _connect(path: Path | None) -> sqlite3.Connection:
    return sqlite3.connect(path or ":memory:", check_same_thread=False)


@cache
def _code() -> str:
    """A digest of what reads plans into entries."""
    return hashlib.sha256(b"".join((_API / name).read_bytes() for name in _MADE_BY)).hexdigest()


def _source(match: str, chosen: Mapping[str, str]) -> tuple[str, list[str]]:
    """The SELECT of the ids of hits with their weight (bm25: the lower the better), and its values."""
    if match:
        head, values = "SELECT rowid AS id, bm25(words) AS weight FROM words WHERE words MATCH ?", [match]
    else:
        head, values = "SELECT id, 0 AS weight FROM entry WHERE true", []
    for name, value in chosen.items():
        # The plus keeps SQLite from asking FTS5 once for each entry of the facet: 400 times slower.
        head += f" AND {'+rowid' if match else 'id'} IN (SELECT entry FROM about WHERE name = ? AND value = ?)"
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
