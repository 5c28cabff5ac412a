"""How complete the stored plans are, by plan, territory, ATS and theme, and from one period to the next."""

from __future__ import annotations

from collections.abc import Sequence

from ontology.iris import Iris
from shapes.completeness import (
    Change,
    Completeness,
    Kind,
    PlanCompleteness,
    between_periods,
    by_ats,
    by_territory,
    by_theme,
    completeness_graph,
    plan_completeness,
)
from store import GraphStore


def stored_plans(store: GraphStore) -> tuple[PlanCompleteness, ...]:
    """The figures of each stored plan."""
    return plan_completeness(lambda query: store.query(query)[0])


def stored_completeness(store: GraphStore, kind: Kind) -> Sequence[Completeness]:
    """The figures of each stored plan, or summed over each territory, ATS or theme."""
    plans = stored_plans(store)
    match kind:
        case "territory":
            return by_territory(plans)
        case "ats":
            return by_ats(plans)
        case "theme":
            return by_theme(plans)
        case _:
            return plans


def changes_between_periods(store: GraphStore) -> tuple[Change, ...]:
    """Each stored plan beside the one before it for the same territory."""
    return between_periods(stored_plans(store))


def save_completeness(store: GraphStore, iris: Iris) -> int:
    """Replace the named graph of completeness by the figures of today, as DQV; how many triples it has."""
    plans = stored_plans(store)
    graph = completeness_graph([*plans, *by_territory(plans), *by_ats(plans), *by_theme(plans)])
    store.replace_graphs({f"{iris.base}graph/completeness": graph.serialize(format="nt", encoding="utf-8")})
    return len(graph)
