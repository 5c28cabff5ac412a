"""The evidence behind a cell of the matrix: what the plans that cover a territory say on a theme, word for word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.errors import UnknownEvidence
from api.operations.matrix import QUESTION, STATUSES
from api.operations.objectives import ObjectiveDetail, RowDetail, read_objective
from api.operations.places import covering_plans
from api.operations.plans import PlanSummary, plan_facts, plan_summary
from ontology.iris import Iris
from ontology.terms import RAC
from queries.binding import question_terms
from queries.choices import check_places
from queries.errors import ParameterError
from queries.question import find_question
from store import GraphStore


@dataclass(frozen=True, slots=True)
class PlanEvidence:
    """What one plan says: its objectives on the theme, none when it is silent; `scope` is `own` or `area`."""

    plan: PlanSummary
    scope: str
    objectives: tuple[ObjectiveDetail, ...]

    @property
    def rows(self) -> tuple[RowDetail, ...]:
        """The rows of all its objectives."""
        return tuple(row for objective in self.objectives for row in objective.rows)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence on a theme (a concept's IRI) in a territory, plan by plan; no plan means no loaded document.

    One that was asked for by plan and objective has no territory, and the theme of its objective, if any.
    """

    territory: str | None
    theme: str | None
    plans: tuple[PlanEvidence, ...]

    @property
    def status(self) -> str:
        """The worst status among the rows, as in the matrix; `no-document` without a plan."""
        found = {row.resolved for plan in self.plans for row in plan.rows}
        if not self.plans:
            return "no-document"
        return next((status for status in STATUSES if status in found), "not-stated")


def find_evidence(
    store: GraphStore, iris: Iris, *, territory: str = "", theme: str = "", plan: str = "", objective: int = 0
) -> Evidence:
    """The evidence in a territory on a theme, or, when a `plan` is named, in its objective of that number.

    Raises `ParameterError`, `UnknownPlan`, `UnknownEvidence`, `StoreError`.
    """
    if plan:
        return objective_evidence(store, plan, objective, iris)
    return theme_evidence(store, territory, theme, iris)


def theme_evidence(store: GraphStore, territory: str, theme: str, iris: Iris) -> Evidence:
    """The evidence on `theme` in `territory`, each written as in the parameters of a question.

    Raises `ParameterError`, `StoreError`.
    """
    place, concept = _terms(store, {"territory": territory, "theme": theme}, iris)
    found = []
    for coverage in covering_plans(store, iris, place).get(place, ()):
        facts = plan_facts(store, coverage.plan_id, iris)
        nodes = facts.ordered(iris.plan(coverage.plan_id), RAC.hasObjective, RAC.order)
        objectives = tuple(read_objective(facts, node) for node in nodes if facts.text(node, RAC.theme) == concept)
        found.append(PlanEvidence(plan_summary(facts), coverage.scope, objectives))
    return Evidence(place, concept, tuple(found))


def objective_evidence(store: GraphStore, plan_id: str, order: int, iris: Iris) -> Evidence:
    """The evidence in one objective of a plan, by its place in the plan from 1.

    Raises `UnknownPlan`, `UnknownEvidence`, `StoreError`.
    """
    facts = plan_facts(store, plan_id, iris)
    nodes = facts.iris(iris.plan(plan_id), RAC.hasObjective)
    found = next((node for node in nodes if facts.number(node, RAC.order) == order), None)
    if found is None:
        raise UnknownEvidence(f"{plan_id}, {order}")
    objective = read_objective(facts, found)
    return Evidence(None, objective.theme, (PlanEvidence(plan_summary(facts), "own", (objective,)),))


def _terms(store: GraphStore, values: Mapping[str, str], iris: Iris) -> tuple[str, str]:
    """The IRIs of a territory that the data know and of a theme of the vocabulary, as the matrix binds them."""
    question = find_question(QUESTION)
    terms = question_terms(question, values, iris)
    check_places(store, question, values, iris)
    for name in values:
        if (name,) not in terms:
            raise ParameterError(name, it="serve un valore", en="a value is needed")
    return terms["territory",][0].strip("<>"), terms["theme",][0].strip("<>")
