"""Plans side by side: theme by theme what each sets out to do, and objectives of others that say nearly the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from api.errors import MalformedRequest
from api.language import Language
from api.operations.asking import data_version
from api.operations.labels import term_label
from api.operations.objectives import ObjectiveDetail, Quote, RowDetail
from api.operations.plans import PlanDetail, PlanSummary, plan_detail
from ontology.iris import Iris
from store import GraphStore

MOST_PLANS = 6
"""Plans that one comparison may hold."""
PARTS = ("statuses", "owners", "indicators", "deadlines", "commitments")
"""What of an objective is compared: the names of the fields of `Compared`."""
LEAST_LIKENESS = 72
"""From how much likeness (0 to 100) two titles count as similar."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something said in a cell of the comparison, and the words it stands in."""

    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Similar:
    """An objective of another plan with a title like this one's; `likeness` goes from 0 to 100."""

    plan_id: str
    order: int
    title: str
    likeness: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One objective as it is compared; `statuses` are those of its rows, each once, with the words behind them.

    `commitments` are the priorities and the actions of its rows.
    """

    order: int
    title: str
    quotes: tuple[Quote, ...]
    statuses: tuple[Line, ...]
    owners: tuple[Line, ...]
    indicators: tuple[Line, ...]
    deadlines: tuple[Line, ...]
    commitments: tuple[Line, ...]
    similar: tuple[Similar, ...]


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One theme (`None`: objectives without) and the objectives of each plan on it, in the order of the plans."""

    theme: str | None
    label: str
    cells: tuple[tuple[Compared, ...], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Plans side by side; an empty cell says that no objective was read on the theme, not that nothing is done."""

    plans: tuple[PlanSummary, ...]
    rows: tuple[ThemeRow, ...]
    language: Language
    data_version: str


def compare_plans(store: GraphStore, plan_ids: Iterable[str], iris: Iris, language: Language = "it") -> Comparison:
    """The comparison of two or more plans. Raises `MalformedRequest`, `UnknownPlan`, `StoreError`."""
    wanted = tuple(dict.fromkeys(plan_ids))
    if not 2 <= len(wanted) <= MOST_PLANS:
        raise MalformedRequest(
            it=f"Si confrontano da 2 a {MOST_PLANS} piani diversi: qui sono {len(wanted)}.",
            en=f"From 2 to {MOST_PLANS} different plans are compared: these are {len(wanted)}.",
        )
    plans = [plan_detail(store, one, iris) for one in wanted]
    rows = (ThemeRow(theme, label, _cells(theme, plans)) for label, theme in themes_of(plans, language))
    return Comparison(tuple(plan.summary for plan in plans), tuple(rows), language, data_version(store))


def themes_of(plans: Iterable[PlanDetail], language: Language) -> list[tuple[str, str | None]]:
    """The label and the IRI of each theme that the plans have objectives on, in order; last what has no theme."""
    themes = {objective.theme for plan in plans for objective in plan.objectives}
    named: list[tuple[str, str | None]] = [(term_label(theme, language), theme) for theme in themes if theme]
    return [*sorted(named), *([("", None)] if None in themes else [])]


def _cells(theme: str | None, plans: list[PlanDetail]) -> tuple[tuple[Compared, ...], ...]:
    return tuple(
        tuple(
            compared(one, [other for other in plans if other is not plan])
            for one in plan.objectives
            if one.theme == theme
        )
        for plan in plans
    )


def compared(objective: ObjectiveDetail, others: list[PlanDetail]) -> Compared:
    """An objective as it is compared, with what the other plans say alike."""
    rows = objective.rows
    owners = (Line(one.actor, one.said.quotes) for row in rows for one in row.owners if one.resolved)
    indicators = (Line(_measured(one.said.text, one.target), one.said.quotes) for row in rows for one in row.indicators)
    return Compared(
        order=objective.order,
        title=objective.title,
        quotes=objective.quotes,
        statuses=_once(Line(row.resolved, _status_quotes(row)) for row in rows),
        owners=_once(owners),
        indicators=_once(indicators),
        deadlines=_once(Line(_when(row), row.timing.quotes) for row in rows if row.timing and _when(row)),
        commitments=_once(Line(one.text, one.quotes) for row in rows for one in (*row.commitments, *row.actions)),
        similar=similar_objectives(objective.title, others),
    )


def similar_objectives(title: str, plans: Iterable[PlanDetail]) -> tuple[Similar, ...]:
    """The objectives of the plans whose titles are like this one, the most alike first."""
    found = [(plan.summary.id, one) for plan in plans for one in plan.objectives]
    scored = process.extract(
        title,
        [one.title for _, one in found],
        scorer=fuzz.token_sort_ratio,
        processor=utils.default_process,
        score_cutoff=LEAST_LIKENESS,
        limit=5,
    )
    return tuple(Similar(found[at][0], found[at][1].order, text, round(score)) for text, score, at in scored)


def _status_quotes(row: RowDetail) -> tuple[Quote, ...]:
    """The mark and the words of a status; else the instruments that it is derived from; else the row itself."""
    stated = tuple(quote for one in row.statuses if one.basis != "derived" for quote in one.quotes)
    named = tuple(quote for one in (*row.planned, *row.instruments) for quote in one.quotes)
    return stated or named or row.quotes


def _measured(text: str, target: str | None) -> str:
    return f"{text} ({target})" if target else text


def _when(row: RowDetail) -> str:
    timing = row.timing
    return (timing.deadline or timing.end or " ".join(timing.texts)) if timing else ""


def _once(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines of the same text as one, with the words of all."""
    found: dict[str, tuple[Quote, ...]] = {}
    for line in lines:
        found[line.text] = tuple(dict.fromkeys((*found.get(line.text, ()), *line.quotes)))
    return tuple(Line(text, quotes) for text, quotes in found.items())
