"""The coverage matrix: territories down, themes across, one status in each cell, made from the catalogue's question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from api.language import Language
from api.operations.asking import Asked, ask_question
from api.operations.labels import local
from api.operations.places import Coverage, Place, all_places, covering_plans
from ontology.iris import Iris
from queries.answer import Row
from store import GraphStore

QUESTION = "protocols/coverage-matrix"
STATUSES = ("conflicting", "absent", "in-preparation", "present", "not-stated")
"""What a cell may say, the worst first."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A column: the concept and its name."""

    iri: str
    label: str


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One territory and theme: the worst status among its rows, how many rows there are, and how many of each status.

    `scope` is `own`, `area` or `both`, and `None` when no row speaks of the theme.
    """

    status: str
    scope: str | None
    rows: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Territory:
    """A row: the place, its loaded plans with their scope, and its cells by theme."""

    place: Place
    plans: tuple[Coverage, ...]
    cells: Mapping[str, MatrixCell]

    @property
    def counts(self) -> Counter[str]:
        """How many cells have each status."""
        return Counter(cell.status for cell in self.cells.values())


@dataclass(frozen=True)
class Matrix:
    """The whole table; `without_plan` are territories with no loaded document, which lack nothing as far as we know."""

    asked: Asked
    themes: tuple[Theme, ...]
    territories: tuple[Territory, ...]
    without_plan: tuple[Territory, ...]

    @cached_property
    def theme_counts(self) -> Mapping[str, Counter[str]]:
        """How many territories have each status, by theme."""
        return {
            theme.iri: Counter(one.cells[theme.iri].status for one in self.territories if theme.iri in one.cells)
            for theme in self.themes
        }


def coverage_matrix(store: GraphStore, values: Mapping[str, str], iris: Iris, language: Language = "it") -> Matrix:
    """The matrix of the loaded plans for the filters of its question. Raises `ParameterError`, `StoreError`."""
    asked = ask_question(store, QUESTION, values, iris, language)
    rows = asked.answer.rows
    plans, places = covering_plans(store, iris), all_places(store, iris)
    territories = [
        Territory(places.get(iri, Place(iri, "", local(iri))), plans.get(iri, ()), _cells(iri, rows))
        for iri in dict.fromkeys(row.text("territory") or "" for row in rows)
    ]
    return Matrix(
        asked=asked,
        themes=_themes(rows),
        territories=tuple(one for one in territories if one.cells),
        without_plan=tuple(one for one in territories if not one.cells),
    )


def _themes(rows: Iterable[Row]) -> tuple[Theme, ...]:
    """The themes by name, those on which no plan states a status after the others."""
    spoken: dict[Theme, bool] = {}
    for row in rows:
        if iri := row.text("theme"):
            theme = Theme(iri, row.text("themeLabel") or iri)
            spoken[theme] = spoken.get(theme, False) or row.text("status") != "not-stated"
    return tuple(sorted(spoken, key=lambda theme: (not spoken[theme], theme.label.casefold(), theme.iri)))


def _cells(territory: str, rows: Iterable[Row]) -> Mapping[str, MatrixCell]:
    mine = (row for row in rows if row.text("territory") == territory)
    return {theme: _cell(row) for row in mine if (theme := row.text("theme"))}


def _cell(row: Row) -> MatrixCell:
    columns = {
        "conflicting": "conflicting", "absent": "absent", "in-preparation": "inPreparation", "present": "present",
        "not-stated": "notStated",
    }  # fmt: skip
    return MatrixCell(
        status=row.text("status") or "not-stated",
        scope=row.text("scope"),
        rows=int(row.text("rows") or 0),
        counts={status: int(row.text(column) or 0) for status, column in columns.items()},
    )
