"""Several renditions of one plan become one record: rows of the first, and what the others read differently."""

from __future__ import annotations

from collections.abc import Sequence

from loaders.document import Document
from loaders.records import Decision, Objective, PlanRecord
from loaders.siblings import Twins
from loaders.span import normalised


def reconcile(records: Sequence[PlanRecord], documents: Sequence[Document]) -> PlanRecord:
    """One record: rows and values of the first rendition, places in all of them.

    Each objective that another rendition reads otherwise leaves a decision.
    Mentions, legal acts and unread blocks stay those of their own rendition.
    """
    first, *others = records
    if not others:
        return first
    for document in documents[1:]:
        first = first.model_copy(update={"objectives": tuple(Twins(document).add_to(o) for o in first.objectives)})
    renditions = tuple(dict.fromkeys(r for record in records for r in record.plan.renditions))
    decisions = [d for record in records for d in record.decisions]
    for other in others:
        decisions += _differences(first, other)
    return first.model_copy(
        update={
            "plan": first.plan.model_copy(update={"renditions": renditions}),
            "mentions": tuple(m for record in records for m in record.mentions),
            "unread": tuple(u for record in records for u in record.unread),
            "decisions": tuple(dict.fromkeys(decisions)),
        }
    )


def _differences(first: PlanRecord, other: PlanRecord) -> list[Decision]:
    found = []
    theirs = {normalised(o.title): o for o in other.objectives}
    for objective in first.objectives:
        twin = theirs.get(normalised(objective.title))
        if twin is None:
            found.append(_decision("rendition_missing", objective, "objective found in one rendition only", None))
        elif len(twin.rows) != len(objective.rows):
            text = f"{len(objective.rows)} rows here, {len(twin.rows)} in the other rendition"
            found.append(_decision("rendition_rows", objective, text, twin.title))
        else:
            found += _status_differences(objective, twin)
    return found


def _status_differences(objective: Objective, twin: Objective) -> list[Decision]:
    return [
        _decision("rendition_status", objective, f"row {n}: words say {a.protocol.stated}", b.protocol.stated)
        for n, (a, b) in enumerate(zip(objective.rows, twin.rows, strict=True), start=1)
        if a.protocol.stated != b.protocol.stated
    ]


def _decision(rule: str, objective: Objective, text: str, rejected: str | None) -> Decision:
    return Decision(rule=rule, text=text, confidence="C", rejected=rejected, passage=objective.passage)
