"""One territory over its planning periods: theme by theme, what of an earlier plan comes back, changes, or is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise, product
from typing import Literal

from rapidfuzz import fuzz, utils

from api.language import Language
from api.operations.asking import data_version
from api.operations.comparing import LEAST_LIKENESS, PARTS, Compared, Line, compared, themes_of
from api.operations.labels import local
from api.operations.objectives import ObjectiveDetail, Quote
from api.operations.places import Place, all_places, covering_plans
from api.operations.plans import PlanDetail, PlanSummary, plan_detail
from ontology.iris import Iris
from queries.binding import question_terms
from queries.choices import check_places
from queries.question import find_question
from store import GraphStore

State = Literal["new", "gone", "changed", "same"]
"""What became of something from one period to the next; `gone`: the later plans do not take it up again."""
_SINGLE = frozenset({"Ambito", "Distretto", "Comune"})
_TERRITORY_OF = "history/theme-over-time"


@dataclass(frozen=True, slots=True)
class Told:
    """A line of one of the parts, what became of it, and the words it stands in: the later ones when it is in both."""

    part: str
    state: State
    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """An objective in one plan."""

    plan_id: str
    order: int
    title: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """An objective of the earlier plans, of the later, or one in both; `likeness` of its two titles, from 0 to 100."""

    state: State
    before: Stated | None
    after: Stated | None
    likeness: int | None
    lines: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """The plans of the territory, and of the areas around it, that begin and end on the same days."""

    start: str
    end: str
    plans: tuple[PlanSummary, ...]


@dataclass(frozen=True, slots=True)
class ThemeSteps:
    """One theme (`None`: objectives without): the changes from each period to the next."""

    theme: str | None
    label: str
    steps: tuple[tuple[Change, ...], ...]


@dataclass(frozen=True, slots=True)
class OverTime:
    """A territory over its periods, the earliest first; with fewer than two there is nothing to compare.

    `undated` are plans of it whose period is not known. That an objective is gone says that no later document that was
    loaded states it, not that nothing is done any more.
    """

    territory: Place
    periods: tuple[Period, ...]
    undated: tuple[PlanSummary, ...]
    rows: tuple[ThemeSteps, ...]
    language: Language
    data_version: str


def changes_over_time(store: GraphStore, territory: str, iris: Iris, language: Language = "it") -> OverTime:
    """The changes of a territory (`Lodi`, `ambito/lodi`, an IRI). Raises `ParameterError`, `StoreError`."""
    question, values = find_question(_TERRITORY_OF), {"territory": territory}
    (term,) = question_terms(question, values, iris)["territory",]
    check_places(store, question, values, iris)
    place = term.strip("<>")
    covering = covering_plans(store, iris, place).get(place, ())
    plans = [_about(plan_detail(store, one.plan_id, iris), place) for one in covering]
    periods = _periods(plans)
    return OverTime(
        territory=all_places(store, iris).get(place, Place(place, "", local(place))),
        periods=tuple(Period(start, end, tuple(one.summary for one in found)) for (start, end), found in periods),
        undated=tuple(one.summary for one in plans if not (one.summary.start and one.summary.end)),
        rows=tuple(_rows([found for _, found in periods], language)) if len(periods) > 1 else (),
        language=language,
        data_version=data_version(store),
    )


def _about(plan: PlanDetail, place: str) -> PlanDetail:
    """The plan with what it says of the territory: a row for another one says nothing, nor does the plan of another."""
    covered = plan.summary.covers
    of_another = all(one.kind in _SINGLE and one.iri != place for one in covered)
    objectives = []
    for objective in plan.objectives:
        rows = tuple(row for row in objective.rows if place in row.territories or not (row.territories or of_another))
        if rows or (not objective.rows and not of_another):
            objectives.append(replace(objective, rows=rows))
    return replace(plan, objectives=tuple(objectives))


def _periods(plans: Iterable[PlanDetail]) -> list[tuple[tuple[str, str], list[PlanDetail]]]:
    found: dict[tuple[str, str], list[PlanDetail]] = defaultdict(list)
    for plan in plans:
        if plan.summary.start and plan.summary.end:
            found[plan.summary.start, plan.summary.end].append(plan)
    return sorted(found.items())


def _rows(periods: Sequence[Sequence[PlanDetail]], language: Language) -> Iterator[ThemeSteps]:
    for label, theme in themes_of(chain.from_iterable(periods), language):
        on_theme = [
            [(plan.summary.id, one) for plan in plans for one in plan.objectives if one.theme == theme]
            for plans in periods
        ]
        yield ThemeSteps(theme, label, tuple(tuple(_changes(*step, theme)) for step in pairwise(on_theme)))


_Objectives = Sequence[tuple[str, ObjectiveDetail]]


def _changes(before: _Objectives, after: _Objectives, theme: str | None) -> Iterator[Change]:
    """The objectives of both periods in the order of the later, then those that it leaves."""
    pairs = _pairs(before, after, theme)
    for at, (plan, objective) in enumerate(after):
        earlier = pairs.get(at)
        yield _change(before[earlier] if earlier is not None else None, (plan, objective))
    left = set(range(len(before))) - set(pairs.values())
    yield from (_change(before[at], None) for at in sorted(left))


def _pairs(before: _Objectives, after: _Objectives, theme: str | None) -> Mapping[int, int]:
    """Which later objective takes up which earlier one: the likest titles first, then the only two left on a theme."""
    scored = sorted(
        ((-_likeness(old.title, new.title), later, earlier))
        for (later, (_, new)), (earlier, (_, old)) in product(enumerate(after), enumerate(before))
    )
    found: dict[int, int] = {}
    for score, later, earlier in scored:
        if -score >= LEAST_LIKENESS and later not in found and earlier not in found.values():
            found[later] = earlier
    rest = set(range(len(after))) - found.keys(), set(range(len(before))) - set(found.values())
    if theme and [len(one) for one in rest] == [1, 1]:
        found[rest[0].pop()] = rest[1].pop()
    return found


def _change(before: tuple[str, ObjectiveDetail] | None, after: tuple[str, ObjectiveDetail] | None) -> Change:
    old, new = (compared(one[1], []) if one else None for one in (before, after))
    lines = tuple(told for part in PARTS for told in _told(part, old, new))
    likeness = _likeness(old.title, new.title) if old and new else None
    state: State = "changed"
    if old is None or new is None:
        state = "new" if old is None else "gone"
    elif _same(old.title) == _same(new.title) and all(one.state == "same" for one in lines):
        state = "same"
    return Change(state, _stated(before, old), _stated(after, new), likeness, lines)


def _stated(where: tuple[str, ObjectiveDetail] | None, found: Compared | None) -> Stated | None:
    return Stated(where[0], found.order, found.title, found.quotes) if where and found else None


def _told(part: str, before: Compared | None, after: Compared | None) -> Iterator[Told]:
    old, new = (_lines(one, part) for one in (before, after))
    for key, line in new.items():
        yield Told(part, "same" if key in old else "new", line.text, line.quotes)
    for key, line in old.items():
        if key not in new:
            yield Told(part, "gone", line.text, line.quotes)


def _lines(objective: Compared | None, part: str) -> Mapping[str, Line]:
    lines: tuple[Line, ...] = getattr(objective, part) if objective else ()
    return {_same(line.text): line for line in lines}


def _likeness(one: str, other: str) -> int:
    return round(fuzz.token_sort_ratio(one, other, processor=utils.default_process))


def _same(text: str) -> str:
    """What two texts have in common when they say the same: no case, no punctuation, single blanks."""
    return " ".join(utils.default_process(text).split())
