"""What a made-up plan truly states, and the mistakes planted in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from loaders.records import (
    Basis,
    Form,
    Marked,
    PlanKind,
    Recurrence,
    RelativeTime,
    Resolved,
    Role,
    Stated,
    Target,
    Territory,
)

DefectKind = Literal[
    "missing_owner", "missing_indicator", "missing_time", "contradiction", "relative_time", "unresolved_owner"
]


@dataclass(frozen=True)
class Status:
    """What the box and the words say of a protocol, what is planned, and whether a protocol is promised."""

    marked: Marked = "no_such_column"
    stated: Stated = "not_stated"
    promised: bool = False
    instrument: str | None = None
    planned: tuple[str, ...] = ()
    sign: str = ""
    words: str = ""

    @property
    def resolved(self) -> Resolved:
        """The status by the rule of the plan record (contract/plan-record.md)."""
        mark: Resolved | None = (
            self.marked if self.marked in ("present", "absent", "in_preparation", "conflicting") else None
        )
        words: Resolved | None = self.stated if self.stated != "not_stated" else None
        if mark and words and mark != words:
            return mark if {mark, words} == {"absent", "in_preparation"} else "conflicting"
        return mark or words or ("in_preparation" if self.promised else "not_stated")


@dataclass(frozen=True)
class Means:
    """A resource and its kind."""

    text: str
    kind: Literal["human", "financial", "other"]


@dataclass(frozen=True)
class Part:
    """Who has which part in a row, and the words that say so."""

    role: Role
    actor: str
    basis: Basis
    text: str
    resolved: bool = True
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gauge:
    """An indicator, its kind and the target that it or the column beside it states."""

    text: str
    kind: Literal["count", "percentage", "milestone", "external_set"]
    target: Target | None = None


@dataclass(frozen=True)
class When:
    """A timeline: its words and what they mean (ISO dates)."""

    text: str
    start: str | None = None
    end: str | None = None
    deadline: str | None = None
    recurrence: Recurrence | None = None
    relative: RelativeTime | None = None


@dataclass(frozen=True)
class Named:
    """The codes of the vocabularies that a row's words stand for, each once, sorted."""

    services: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowFacts:
    """The facts of one row, form or labelled section."""

    form: Form
    status: Status = Status()
    label: str | None = None
    progress: tuple[str, ...] = ()
    commitments: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    expectations: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    resources: tuple[Means, ...] = ()
    parts: tuple[Part, ...] = ()
    indicators: tuple[Gauge, ...] = ()
    time: When | None = None
    named: Named = Named()
    defects: tuple[DefectKind, ...] = ()


@dataclass(frozen=True)
class ObjectiveFacts:
    """An objective and its rows."""

    title: str
    theme: str | None
    number: str | None = None
    level: Literal["general", "specific", "operational"] = "specific"
    rows: tuple[RowFacts, ...] = ()


@dataclass(frozen=True)
class Act:
    """A legal act as cited: its type (of the `legal-act-type` vocabulary), number and year."""

    text: str
    type: str
    number: str
    year: int


@dataclass(frozen=True)
class PlanFacts:
    """Everything a made-up plan states."""

    plan_id: str
    title: str
    kind: PlanKind
    territory: Territory
    years: tuple[int, int]
    acts: tuple[Act, ...] = ()
    objectives: tuple[ObjectiveFacts, ...] = ()
