"""Several renditions of one plan become one record: rows of the first, and what the others read differently."""

from __future__ import annotations

from collections.abc import Sequence

from loaders.document import Document
from loaders.records import Decision, Objective, Passage, PlanRecord, Row
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
    ours = {normalised(o.title) for o in first.objectives}
    theirs = {normalised(o.title): o for o in other.objectives}
    for objective in first.objectives:
        twin = theirs.get(normalised(objective.title))
        if twin is None:
            found.append(_decision("rendition_missing", "objective of this rendition only", objective.passage))
        elif len(twin.rows) != len(objective.rows):
            text = f"{len(objective.rows)} rows here, {len(twin.rows)} in the other rendition"
            found.append(_decision("rendition_rows", text, objective.passage, twin.title, twin.passage))
        else:
            found += _status_differences(objective, twin)
    found += [
        _decision("rendition_missing", "objective of the other rendition only", twin.passage)
        for title, twin in theirs.items()
        if title not in ours
    ]
    return found


def _status_differences(objective: Objective, twin: Objective) -> list[Decision]:
    """What the words of each row state in one rendition and in the other, each with its place."""
    return [
        _decision("rendition_status", f"row {n}: words say {a.protocol.stated}", _said(a), b.protocol.stated, _said(b))
        for n, (a, b) in enumerate(zip(objective.rows, twin.rows, strict=True), start=1)
        if a.protocol.stated != b.protocol.stated
    ]


def _said(row: Row) -> Passage:
    return next(iter(row.protocol.stated_passages), row.passage)


def _decision(
    rule: str, text: str, passage: Passage, rejected: str | None = None, other: Passage | None = None
) -> Decision:
    where = passage.model_copy(update={"also": (*passage.also, other)}) if other else passage
    return Decision(rule=rule, text=text, confidence="C", rejected=rejected, passage=where)
