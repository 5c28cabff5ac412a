"""The objectives of a plan's graph: rows, what they state, and the words behind each statement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from rdflib import URIRef

from api.operations.facts import Facts
from api.operations.labels import local
from ontology.terms import OA, RAC, RDFS

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a document and where they stand; lines, pages, rows and columns count from 1."""

    iri: str
    exact: str
    prefix: str
    suffix: str
    file: str
    sha256: str
    line: int | None
    page: int | None
    table: int | None
    table_row: int | None
    table_column: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Said:
    """Something the plan says, verbatim, and the words it stands in."""

    iri: str
    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """One assertion on the protocol: where it comes from (`column-mark`, `cell-text`, `derived`) and what it says."""

    basis: str
    value: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Owner:
    """Who does what; not `resolved` when the words leave the actor open."""

    actor: str
    role: str
    basis: str
    resolved: bool
    candidates: tuple[str, ...]
    said: Said


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator of a row, with its target as written (`>= 4 incontri`) when there is one."""

    kind: str
    target: str | None
    said: Said


@dataclass(frozen=True, slots=True)
class Timing:
    """When a row is done: the words, and the ISO dates they mean."""

    texts: tuple[str, ...]
    start: str | None
    end: str | None
    deadline: str | None
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class RowDetail:
    """One row of an objective; concepts are IRIs of the vocabularies, `column` says if the form has a protocol mark."""

    iri: str
    order: int
    label: str | None
    form: str
    confidence: str
    column: str
    statuses: tuple[Status, ...]
    instruments: tuple[Said, ...]
    planned: tuple[Said, ...]
    progress: tuple[Said, ...]
    commitments: tuple[Said, ...]
    actions: tuple[Said, ...]
    needs: tuple[Said, ...]
    expectations: tuple[Said, ...]
    methods: tuple[Said, ...]
    resources: tuple[Said, ...]
    notes: tuple[Said, ...]
    owners: tuple[Owner, ...]
    indicators: tuple[Measure, ...]
    timing: Timing | None
    services: tuple[str, ...]
    measures: tuple[str, ...]
    groups: tuple[str, ...]
    territories: tuple[str, ...]
    """Those that the row alone concerns; none where it holds for all that its plan covers."""
    quotes: tuple[Quote, ...]

    def status(self, basis: str) -> Status | None:
        """The assertion with that basis."""
        return next((one for one in self.statuses if one.basis == basis), None)

    @property
    def resolved(self) -> str:
        """The status that the rule derives from mark and words; `not-stated` when there is none."""
        derived = self.status("derived")
        return derived.value if derived else "not-stated"


@dataclass(frozen=True, slots=True)
class ObjectiveDetail:
    """One objective; `theme` is a concept of the vocabulary or `None`."""

    iri: str
    order: int
    number: str | None
    title: str
    level: str
    theme: str | None
    quotes: tuple[Quote, ...]
    rows: tuple[RowDetail, ...]


def read_objective(facts: Facts, node: str) -> ObjectiveDetail:
    """One objective of a plan's graph with its rows."""
    return ObjectiveDetail(
        iri=node,
        order=facts.number(node, RAC.order) or 0,
        number=facts.text(node, RAC.number),
        title=facts.text(node, RAC.title) or "",
        level=facts.text(node, RAC.level) or "",
        theme=facts.text(node, RAC.theme),
        quotes=read_quotes(facts, node),
        rows=tuple(_row(facts, one) for one in facts.ordered(node, RAC.hasRow, RAC.order)),
    )


def _row(facts: Facts, node: str) -> RowDetail:
    return RowDetail(
        iri=node,
        order=facts.number(node, RAC.order) or 0,
        label=facts.text(node, RAC.label),
        form=facts.text(node, RAC.form) or "",
        confidence=facts.text(node, RAC.confidence) or "",
        column=local(facts.text(node, RAC.protocolColumn) or ""),
        statuses=tuple(sorted((_status(facts, one) for one in facts.iris(node, RAC.hasProtocolStatus)), key=_basis)),
        instruments=_each(facts, node, RAC.namesInstrument, read_said),
        planned=_each(facts, node, RAC.plansInstrument, read_said),
        progress=_each(facts, node, RAC.hasProgress, read_said),
        commitments=_each(facts, node, RAC.hasCommitment, read_said),
        actions=_each(facts, node, RAC.hasAction, read_said),
        needs=_each(facts, node, RAC.hasNeed, read_said),
        expectations=_each(facts, node, RAC.hasExpectation, read_said),
        methods=_each(facts, node, RAC.hasMethod, read_said),
        resources=_each(facts, node, RAC.hasResource, read_said),
        notes=_each(facts, node, RAC.hasNote, read_said),
        owners=_each(facts, node, RAC.hasResponsibility, _owner),
        indicators=_each(facts, node, RAC.hasIndicator, _measure),
        timing=next(iter(_each(facts, node, RAC.hasTimeline, _timing)), None),
        services=tuple(sorted(facts.iris(node, RAC.involvesService))),
        measures=tuple(sorted(facts.iris(node, RAC.concernsMeasure))),
        territories=tuple(sorted(facts.iris(node, RAC.concernsTerritory))),
        groups=tuple(sorted(facts.iris(node, RAC.targetsGroup))),
        quotes=read_quotes(facts, node),
    )


def _each(facts: Facts, node: str, predicate: URIRef, read: Callable[[Facts, str], _T]) -> tuple[_T, ...]:
    return tuple(read(facts, one) for one in facts.ordered(node, predicate, RAC.order))


def read_said(facts: Facts, node: str) -> Said:
    """A node with a text of its own."""
    return Said(node, facts.text(node, RAC.text) or "", read_quotes(facts, node))


def _status(facts: Facts, node: str) -> Status:
    basis, value = facts.text(node, RAC.basis) or "", facts.text(node, RAC.statusValue) or ""
    return Status(local(basis), local(value), read_quotes(facts, node))


def _basis(status: Status) -> str:
    return status.basis


def _owner(facts: Facts, node: str) -> Owner:
    return Owner(
        actor=_name(facts, facts.text(node, RAC.actor) or ""),
        role=facts.text(node, RAC.role) or "",
        basis=local(facts.text(node, RAC.basis) or ""),
        resolved=bool(facts.truth(node, RAC.actorResolved)),
        candidates=tuple(sorted(_name(facts, one) for one in facts.iris(node, RAC.candidateActor))),
        said=read_said(facts, node),
    )


def _name(facts: Facts, actor: str) -> str:
    return facts.text(actor, RDFS.label) or local(actor)


def _measure(facts: Facts, node: str) -> Measure:
    target = facts.text(node, RAC.hasTarget)
    return Measure(
        kind=facts.text(node, RAC.indicatorKind) or "",
        target=_target(facts, target) if target else None,
        said=read_said(facts, node),
    )


def _target(facts: Facts, node: str) -> str:
    value = facts.text(node, RAC.value) or ""
    if "." in value:
        value = value.rstrip("0").rstrip(".")
    parts = (facts.text(node, RAC.operator), value, facts.text(node, RAC.unit), facts.text(node, RAC.targetPeriod))
    return " ".join(part for part in parts if part)


def _timing(facts: Facts, node: str) -> Timing:
    return Timing(
        texts=tuple(term.value for term in facts.terms(node, RAC.text)),
        start=facts.text(node, RAC.start),
        end=facts.text(node, RAC.end),
        deadline=facts.text(node, RAC.deadline),
        quotes=read_quotes(facts, node),
    )


def read_quotes(facts: Facts, node: str) -> tuple[Quote, ...]:
    """The words behind a node in the order of the text, a value joined over a break as one quote for each part."""
    starts = facts.iris(node, RAC.hasPassage)
    joined = [later for one in starts for later in facts.iris(one, RAC.continuedBy)]
    quotes = (_quote(facts, one) for one in (*starts, *joined))
    return tuple(sorted(quotes, key=lambda quote: (quote.file, quote.start, quote.end)))


def _quote(facts: Facts, node: str) -> Quote:
    selector = facts.text(node, OA.hasSelector) or ""
    rendition = facts.text(node, OA.hasSource) or ""
    return Quote(
        iri=node,
        exact=facts.text(selector, OA.exact) or "",
        prefix=facts.text(selector, OA.prefix) or "",
        suffix=facts.text(selector, OA.suffix) or "",
        file=facts.text(rendition, RAC.fileName) or "",
        sha256=facts.text(rendition, RAC.sha256) or "",
        line=facts.number(node, RAC.line),
        page=facts.number(node, RAC.page),
        table=facts.number(node, RAC.table),
        table_row=facts.number(node, RAC.tableRow),
        table_column=facts.number(node, RAC.tableColumn),
        start=facts.number(selector, OA.start) or 0,
        end=facts.number(selector, OA.end) or 0,
    )
