"""The plan record: what extraction yields, as frozen types (schema `raccordo/plan-record/1`)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Marked = Literal["present", "absent", "in_preparation", "conflicting", "not_marked", "column_lost", "no_such_column"]
Stated = Literal["present", "absent", "in_preparation", "not_stated"]
Resolved = Literal["present", "absent", "conflicting", "in_preparation", "not_stated"]
PlanKind = Literal[
    "socio_health_integration_plan", "piano_di_zona", "accordo_di_programma", "annex", "action_sheet", "other"
]
Role = Literal[
    "lead",
    "owner",
    "partner",
    "participant",
    "host",
    "data_provider",
    "staff_supplier",
    "approver",
    "required",
    "target",
]
Basis = Literal["explicit", "column", "past_action", "resource", "note"]
Form = Literal["status_table", "programme_matrix", "needs_table", "action_form", "topics_matrix", "labelled_prose"]
Box = tuple[float, float, float, float]
Confidence = Literal["A", "B", "C", "D"]


class Record(BaseModel):
    """A frozen record that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Passage(Record):
    """Where a value stands: offsets in the rendition's normalised text, and the cell or line that holds it.

    A PDF adds the page and the box (points from the top left corner), a spreadsheet the sheet and the cell, an office
    document the XML path. `more` are the later stretches of a value joined over a break, `also` the same words in the
    plan's other renditions.
    """

    rendition: str
    page: int | None = None
    line: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    box: Box | None = None
    sheet: str | None = None
    cell: str | None = None
    path: str | None = None
    start: int
    end: int
    more: tuple[Passage, ...] = ()
    also: tuple[Passage, ...] = ()
    exact: str = Field(default="", exclude=True)
    prefix: str = Field(default="", exclude=True)
    suffix: str = Field(default="", exclude=True)


class Item(Record):
    """A verbatim text with its place."""

    text: str
    passage: Passage


class Resource(Record):
    """A means that the row names: people, money or other."""

    text: str
    kind: Literal["human", "financial", "other"]
    passage: Passage


class Responsibility(Record):
    """Who does what in a row, on which basis, and whether the actor is known."""

    actor: str
    actor_type: str | None
    role: Role
    basis: Basis
    resolved: bool
    text: str
    passage: Passage
    candidates: tuple[str, ...] = ()


class Target(Record):
    """The value an indicator must reach."""

    op: Literal[">=", "=", "<="]
    value: float
    unit: str | None = None
    period: str | None = None


class Indicator(Record):
    """A measure of the row, with its target when the words state one."""

    text: str
    kind: Literal["count", "percentage", "milestone", "external_set"]
    target: Target | None
    passage: Passage


class Recurrence(Record):
    """How often a year; `ambiguous` when the words allow two readings."""

    min_per_year: int | None
    max_per_year: int | None
    ambiguous: bool


class RelativeTime(Record):
    """A duration (ISO 8601) counted from a named event."""

    duration: str
    anchor: str | None


class Timeline(Record):
    """When the row is done: verbatim texts and what they mean (ISO dates)."""

    texts: tuple[str, ...]
    start: str | None
    end: str | None
    deadline: str | None
    recurrence: Recurrence | None
    relative: RelativeTime | None
    passages: tuple[Passage, ...]


class Protocol(Record):
    """The three signals of protocol status, kept apart, and the instruments named."""

    marked: Marked
    stated: Stated
    resolved: Resolved
    instrument: str | None = None
    planned: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    mark_passages: tuple[Passage, ...] = ()
    stated_passages: tuple[Passage, ...] = ()
    instrument_passage: Passage | None = None
    planned_passages: tuple[Passage, ...] = ()


class Row(Record):
    """One line of the plan's table, one form, or one labelled section."""

    label: str | None
    form: Form
    confidence: Confidence
    protocol: Protocol
    progress: tuple[Item, ...] = ()
    commitments: tuple[Item, ...] = ()
    actions: tuple[Item, ...] = ()
    needs: tuple[Item, ...] = ()
    expectations: tuple[Item, ...] = ()
    methods: tuple[Item, ...] = ()
    resources: tuple[Resource, ...] = ()
    responsibilities: tuple[Responsibility, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    timeline: Timeline | None = None
    services: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    notes: tuple[Item, ...] = ()
    passage: Passage


class Objective(Record):
    """An objective with its rows."""

    number: str | None
    title: str
    level: Literal["general", "specific", "operational"]
    theme: str | None
    passage: Passage
    rows: tuple[Row, ...]


class Mention(Record):
    """A name found in the text and the vocabulary entry it stands for."""

    text: str
    entity: str
    class_: str = Field(serialization_alias="class")
    group: Literal["organisation", "measure", "legal_act", "fund", "programme"]
    passage: Passage


class Unread(Record):
    """A block that no reader claimed."""

    text: str
    reason: str
    passage: Passage


class Decision(Record):
    """A repair the reader made: its rule, confidence class and the reading it set aside."""

    rule: str
    text: str
    confidence: Confidence
    rejected: str | None
    passage: Passage


class LegalAct(Record):
    """A citation as written, and the act it names."""

    text: str
    type: str
    number: str | None
    year: int | None
    passage: Passage


class Territory(Record):
    """The bodies and areas the plan is for, by name; `other_ambiti` are those that it covers beside `ambito`."""

    region: str | None = None
    ats: str | None = None
    asst: str | None = None
    ambito: str | None = None
    other_ambiti: tuple[str, ...] = ()
    distretto: str | None = None
    ausl: str | None = None


class Period(Record):
    """The years the plan covers (ISO dates)."""

    text: str | None
    start: str | None
    end: str | None
    asserted_by: Literal["manifest", "text"] = "text"


class Rendition(Record):
    """One file of the plan."""

    sha256: str
    file: str
    media_type: str
    columns_reliable: bool
    characters: int = Field(default=0, exclude=True)  # of its blocks, page furniture apart


class Plan(Record):
    """What identifies a plan."""

    id: str
    title: str | None
    kind: PlanKind
    territory: Territory
    period: Period
    legal_acts: tuple[LegalAct, ...] = ()
    renditions: tuple[Rendition, ...]


class PlanRecord(Record):
    """Everything that extraction found in one plan; what is not here is not in the graph."""

    schema_: Literal["raccordo/plan-record/1"] = Field(default="raccordo/plan-record/1", alias="schema")
    plan: Plan
    objectives: tuple[Objective, ...] = ()
    mentions: tuple[Mention, ...] = ()
    unread: tuple[Unread, ...] = ()
    decisions: tuple[Decision, ...] = ()

    def to_json(self) -> str:
        """The record as indented JSON, UTF-8, keys always present."""
        return self.model_dump_json(by_alias=True, indent=1)
