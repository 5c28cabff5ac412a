"""The plan record that a perfect reader would make of a made-up plan's text dump, and its graph."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rdflib import Graph

from benchmarks.corpus.facts import Act, Gauge, Means, ObjectiveFacts, Part, RowFacts, Status, When
from benchmarks.corpus.plans import GeneratedPlan
from benchmarks.corpus.render_text import tab_separated
from loaders.graph import build_graph
from loaders.records import (
    Indicator,
    Item,
    LegalAct,
    Objective,
    Passage,
    Period,
    Plan,
    PlanRecord,
    Protocol,
    Rendition,
    Resource,
    Responsibility,
    Row,
    Timeline,
)  # fmt: skip
from ontology.iris import Iris

_LISTS = ("progress", "commitments", "actions", "needs", "expectations", "methods", "notes")
_CONTEXT = 32


def true_record(plan: GeneratedPlan) -> PlanRecord:
    """The record of the plan's facts, each quoted from its text dump."""
    data = tab_separated(plan.pages)
    places = _Places(data.decode(), hashlib.sha256(data).hexdigest())
    return PlanRecord(plan=_plan(plan, places), objectives=tuple(_objective(o, places) for o in plan.facts.objectives))


def true_graph(plan: GeneratedPlan, iris: Iris) -> Graph:
    """The RDF graph of the plan's facts (docs/model.md)."""
    return build_graph(true_record(plan), iris)


@dataclass
class _Places:
    """Finds words in a text from where the last row began, so that a row's words are its own."""

    text: str
    sha256: str
    row: int = 0

    def find(self, words: str) -> Passage:
        at = self.text.find(words, self.row)
        start = at if at >= 0 else self.text.find(words)
        if start < 0:
            raise ValueError(f"the document does not say: {words!r}")
        end = start + len(words)
        return Passage(
            rendition=self.sha256, line=self.text.count("\n", 0, start) + 1, start=start, end=end, exact=words,
            prefix=self.text[max(0, start - _CONTEXT) : start], suffix=self.text[end : end + _CONTEXT],
        )  # fmt: skip

    def open(self, words: Sequence[str]) -> Passage:
        """The passage of the first of `words`, from where the next ones are looked for."""
        passage = self.find(words[0]) if words else Passage(rendition=self.sha256, start=self.row, end=self.row + 1)
        self.row = passage.start
        return passage

    def close(self, words: Iterable[str]) -> None:
        """Go on after the last of `words`."""
        self.row = max((self.find(each).end for each in words), default=self.row)


def _plan(plan: GeneratedPlan, places: _Places) -> Plan:
    facts = plan.facts
    first, last = facts.years
    return Plan(
        id=facts.plan_id,
        title=facts.title,
        kind=facts.kind,
        territory=facts.territory,
        period=Period(text=facts.title, start=f"{first}-01-01", end=f"{last}-12-31"),
        legal_acts=tuple(_act(act, places) for act in facts.acts),
        renditions=(_rendition(facts.plan_id, places),),
    )


def _rendition(plan_id: str, places: _Places) -> Rendition:
    return Rendition(sha256=places.sha256, file=f"{plan_id}.txt", media_type="text/plain", columns_reliable=True)


def _act(act: Act, places: _Places) -> LegalAct:
    return LegalAct(text=act.text, type=act.type, number=act.number, year=act.year, passage=places.find(act.text))


def _objective(facts: ObjectiveFacts, places: _Places) -> Objective:
    passage = places.open([facts.title])
    rows = tuple(_row(row, places) for row in facts.rows)
    return Objective(
        number=facts.number, title=facts.title, level=facts.level, theme=facts.theme, passage=passage, rows=rows
    )


def _words(row: RowFacts) -> list[str]:
    """All the words of a row but its marks, which may be one letter."""
    lists = [item for name in _LISTS for item in getattr(row, name)]
    told = [*(means.text for means in row.resources), *(gauge.text for gauge in row.indicators)]
    return [*lists, *told, *([row.time.text] if row.time else []), *([row.status.words] if row.status.words else [])]


def _row(row: RowFacts, places: _Places) -> Row:
    words = _words(row)
    passage = min((places.find(each) for each in words), key=lambda p: p.start, default=places.open([]))
    places.row = places.text.rfind("\n", 0, passage.start) + 1
    found = Row(
        label=row.label,
        form=row.form,
        confidence="A",
        protocol=_protocol(row.status, places),
        progress=_items(row.progress, places),
        commitments=_items(row.commitments, places),
        actions=_items(row.actions, places),
        needs=_items(row.needs, places),
        expectations=_items(row.expectations, places),
        methods=_items(row.methods, places),
        notes=_items(row.notes, places),
        resources=tuple(_resource(each, places) for each in row.resources),
        responsibilities=tuple(_responsibility(each, places) for each in row.parts),
        indicators=tuple(_indicator(each, places) for each in row.indicators),
        timeline=_timeline(row.time, places) if row.time else None,
        services=row.named.services,
        measures=row.named.measures,
        target_groups=row.named.groups,
        passage=passage,
    )
    places.close(words)
    return found


def _items(texts: Iterable[str], places: _Places) -> tuple[Item, ...]:
    return tuple(Item(text=text, passage=places.find(text)) for text in texts)


def _protocol(status: Status, places: _Places) -> Protocol:
    marks = (places.find(status.sign),) if status.sign else ()
    words = (places.find(status.words),) if status.words else ()
    return Protocol(
        marked=status.marked,
        stated=status.stated,
        resolved=status.resolved,
        instrument=status.instrument,
        instrument_passage=places.find(status.instrument) if status.instrument else None,
        planned=status.planned,
        planned_passages=tuple(places.find(text) for text in status.planned),
        mark_passages=marks,
        stated_passages=words,
        passages=(*marks, *words),
    )


def _resource(means: Means, places: _Places) -> Resource:
    return Resource(text=means.text, kind=means.kind, passage=places.find(means.text))


def _responsibility(part: Part, places: _Places) -> Responsibility:
    return Responsibility(
        actor=part.actor, actor_type=None, role=part.role, basis=part.basis, resolved=part.resolved, text=part.text,
        candidates=part.candidates, passage=places.find(part.text),
    )  # fmt: skip


def _indicator(gauge: Gauge, places: _Places) -> Indicator:
    return Indicator(text=gauge.text, kind=gauge.kind, target=gauge.target, passage=places.find(gauge.text))


def _timeline(when: When, places: _Places) -> Timeline:
    return Timeline(
        texts=(when.text,), start=when.start, end=when.end, deadline=when.deadline, recurrence=when.recurrence,
        relative=when.relative, passages=(places.find(when.text),),
    )  # fmt: skip
