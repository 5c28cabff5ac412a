"""One row of a plan record from cells whose columns have roles, whatever structure the cells come from."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from loaders import owners
from loaders.actors import Actor
from loaders.document import Cell, Document, Line
from loaders.guesses import part_of
from loaders.headers import STATUS_ROLES, WHO_ROLES, Column, answered, mark_of, named_bodies
from loaders.indicators import measures, read_indicator
from loaders.items import cell_items, is_word, without_mark
from loaders.lexicon import stems
from loaders.mentions import codes, target_groups
from loaders.records import Basis, Confidence, Form, Indicator, Item, Passage, Resource, Responsibility, Row, Timeline
from loaders.span import Span, join, normalised
from loaders.status import read_protocol
from loaders.timelines import Interval, read_interval, read_timeline

_ITEMS = {
    "progress": "progress",
    "priority": "commitments",
    "named_owner": "commitments",
    "action": "actions",
    "need": "needs",
    "expectation": "expectations",
    "method": "methods",
    "note": "notes",
    "unknown": "notes",
    "target_group": "notes",
}
_PLANS = frozenset(("priority", "named_owner", "action", "indicator", "method", "expectation"))
_SENTENCES: dict[str, Basis] = {"progress": "past_action", "priority": "explicit", "action": "explicit", "note": "note"}
_LONGEST_PERIOD = 3  # words of a heading that is a stretch of time («I semestre 2023»)
_SEMICOLON = re.compile(r";\s+(?![^()]*\))")  # outside brackets
_WHOLE_WORD = 4  # letters; a stem as short as this is a word of its own


@dataclass(frozen=True)
class Field:
    """The words of one column or form field, with what they mean and the body named as their owner."""

    column: Column
    cell: Cell
    owner: Actor | None = None


def build_row(
    document: Document,
    fields: Sequence[Field],
    *,
    form: Form,
    confidence: Confidence,
    columns_reliable: bool = True,
) -> Row:
    """The row that `fields` state."""
    written = [field.cell.filled() for field in fields]
    fields = [_told(_crossed(_dated(replace(f, cell=cell)))) for f, cell in zip(fields, written, strict=True)]
    items = {field: spans for f in fields for field, spans in _divided(f, _field_items(f))}
    own = [field for field in items if field.cell.origin != "spanned"]  # a merged cell promises once
    plans = [item for field in own if field.column.role in _PLANS for item in items[field]]
    products = [item for field in own if field.column.role == "indicator" for item in items[field]]
    texts = [field.cell.text.text for field in fields if field.column.role not in ("objective", "number")]
    columns, cells = [f.column for f in fields], [f.cell for f in fields]
    return Row(
        label=_label(fields),
        form=form,
        confidence=confidence,
        protocol=read_protocol(document, columns, cells, plans, products, columns_reliable=columns_reliable),
        progress=_items(document, items, "progress"),
        commitments=_items(document, items, "commitments"),
        actions=_items(document, items, "actions"),
        needs=_items(document, items, "needs"),
        expectations=_items(document, items, "expectations"),
        methods=_items(document, items, "methods"),
        notes=_items(document, items, "notes"),
        resources=_resources(document, items),
        responsibilities=_responsibilities(document, items),
        indicators=_indicators(document, items),
        timeline=_timeline(document, items),
        services=codes(document, "service", texts),
        measures=codes(document, "measure", texts),
        target_groups=target_groups(texts),
        passage=_passage(document, written),
    )


def _divided(field: Field, items: list[Span]) -> Iterator[tuple[Field, list[Span]]]:
    """A field and its items; in one for checks, what measures is an indicator and the rest a note."""
    if field.column.role != "evaluation":
        yield field, items
        return
    for role, kept in (("indicator", True), ("note", False)):
        chosen = [item for item in items if measures(item.text) is kept]
        if chosen:
            yield replace(field, column=replace(field.column, role=role)), chosen


def _dated(field: Field) -> Field:
    """A tick under a year or another stretch of time says when: the heading's words are the row's time."""
    column = field.column
    period = column.role in ("unknown", "time") and column.words and len(column.label.split()) <= _LONGEST_PERIOD
    if not period or (column.days is None and read_interval(column.label) is None):
        return field
    mark, end = mark_of(field.cell.text.text)
    if field.cell and not (mark in ("ticked", "unticked") and end >= len(field.cell.text.text.strip())):
        return field
    cell = Cell((Line(column.words),)) if mark == "ticked" or field.cell.ticked else Cell()
    return Field(replace(column, role="time"), cell, field.owner)


def _crossed(field: Field) -> Field:
    """A cross under the name of a body says that it takes part: as its sign or the heading over it says, else as an
    owner."""
    if field.column.role != "crossed":
        return field
    part = part_of(field.cell.text.text) if field.cell else None
    role = (field.column.over if field.column.over in WHO_ROLES else "owner") if part == "ticked" else part
    cell = Cell((Line(field.column.words),)) if role not in (None, "none") else Cell()
    return Field(replace(field.column, role=role or "owner"), cell, field.owner)


def _told(field: Field) -> Field:
    """A tick under a heading without a meaning of its own says what the heading says («Nuovo», «M»)."""
    if field.column.role not in ("unknown", "number") or not field.column.words:
        return field
    mark, end = mark_of(field.cell.text.text)
    if mark != "ticked" or end < len(field.cell.text.text.strip()):
        return field
    return Field(replace(field.column, role="unknown"), Cell((Line(field.column.words),)), field.owner)


def _field_items(field: Field) -> list[Span]:
    """The items of a field; in a resource cell, names alone on a line complete the line above («ATS, ASST»)."""
    items: list[Span] = []
    found = cell_items(field.cell)
    if field.column.role in ("indicator", "evaluation"):
        found = [piece.strip() for item in found for piece in item.pieces(_SEMICOLON)]
    for item in found:
        named = named_bodies(item.text) and not any(c.isdigit() for c in item.text)
        if field.column.role == "resource" and items and named:
            items[-1] = join((items[-1], item), " ")
        elif is_word(item.text):
            items.append(item)
    return items


def _timeline(document: Document, items: dict[Field, list[Span]]) -> Timeline | None:
    times = {field: spans for field, spans in items.items() if field.column.role == "time"}
    heading = " ; ".join(field.column.label for field in times)
    ticked = [Interval(*f.column.days) for f, spans in times.items() if f.column.days and spans]
    return read_timeline(document, [span for spans in times.values() for span in spans], heading, ticked)


def _label(fields: Sequence[Field]) -> str | None:
    words = [f.cell.text.text for f in fields if f.column.role in ("label", "territory") and f.cell]
    return " – ".join(words) or None


def _passage(document: Document, cells: Iterable[Cell]) -> Passage:
    """All the places of the row, without those it inherits from the rows above."""
    own = [cell.text for cell in cells if cell and cell.origin not in ("inherited", "spanned")]
    inherited = [cell.text for cell in cells if cell]
    return document.passage(join(own or inherited, " "))


def _items(document: Document, items: dict[Field, list[Span]], name: str) -> tuple[Item, ...]:
    found = []
    for field, spans in items.items():
        if name == (_ITEMS.get(field.column.role) or _without_value(field, spans)):
            found += [Item(text=span.text, passage=document.passage(span)) for span in spans]
    if name == "notes":
        found += [Item(text=span.text, passage=document.passage(span)) for span in _earlier_values(items)]
    return tuple(found)


def _earlier_values(items: dict[Field, list[Span]]) -> list[Span]:
    """The values of the years before the last one, which is the target."""
    valued = [(field, span) for field, spans in items.items() if field.column.role == "target_value" for span in spans]
    texts = [span for field, spans in items.items() if field.column.role == "indicator" for span in spans]
    several = len(texts) == 1 and len(valued) > 1 and _is_dated(valued)
    return [span for _, span in valued[:-1] if any(c.isdigit() for c in span.text)] if several else []


def _without_value(field: Field, spans: list[Span]) -> str | None:
    """Where words without a figure go in a column of values: people under «Target», results under «Valore atteso»."""
    if field.column.role != "target_value" or any(c.isdigit() for span in spans for c in span.text):
        return None
    told = "target" in normalised(field.column.label) or all(answered(span.text) for span in spans)
    return "notes" if told else "expectations"


def _resources(document: Document, items: dict[Field, list[Span]]) -> tuple[Resource, ...]:
    found = []
    for field, spans in items.items():
        if field.column.role == "resource":
            for span in spans:
                kinds = (resource_kind(span.text), resource_kind(field.column.label), _by_figures(span.text))
                kind: ResourceKind = next((kind for kind in kinds if kind != "other"), "other")
                found.append(Resource(text=span.text, kind=kind, passage=document.passage(span)))
    return tuple(found)


ResourceKind = Literal["human", "financial", "other"]


@cache
def resource_kind(text: str) -> ResourceKind:
    """`human`, `financial` or `other`, by the first word of the resource vocabulary."""
    kinds: dict[str, ResourceKind] = {"human": "human", "financial": "financial", "other": "other"}
    words = normalised(text).split()
    for at in range(len(words)):
        found = [
            (len(stem), kinds[code])
            for _, stem, code in stems("resource-stems", "resource-stem")
            if len(words) - at >= len(stem) and all(map(_begins, words[at:], stem))
        ]
        if found:
            return max(found)[1]
    return "other"


def _by_figures(text: str) -> ResourceKind:
    """A sum written as money is («170.000,00»)."""
    return "financial" if _SUM.match(text) else "other"


_SUM = re.compile(r"^\s*(?:\d{1,3}(?:\.\d{3})+(?:,\d\d)?|\d+,\d\d)\s*$")


def _begins(word: str, stem: str) -> bool:
    return word == stem or (len(stem) > _WHOLE_WORD and word.startswith(stem))


def _indicators(document: Document, items: dict[Field, list[Span]]) -> tuple[Indicator, ...]:
    texts = [span for field, spans in items.items() if field.column.role == "indicator" for span in spans]
    valued = [(field, span) for field, spans in items.items() if field.column.role == "target_value" for span in spans]
    targets: list[Span] = [span for _, span in valued]
    if len(targets) != len(texts):
        targets = targets[-1:] if len(texts) == 1 and (len(targets) == 1 or _is_dated(valued)) else []
    pairs = itertools.zip_longest(texts, targets)
    return tuple(read_indicator(document, text, target) for text, target in pairs)


def _is_dated(valued: Sequence[tuple[Field, Span]]) -> bool:
    """Whether the values of one indicator stand under one year each («Target 2024», «Target 2025»): the last counts."""
    return len({field for field, _ in valued}) == len(valued) and all(
        read_interval(field.column.label) is not None for field, _ in valued
    )


def _responsibilities(document: Document, items: dict[Field, list[Span]]) -> tuple[Responsibility, ...]:
    found: list[Responsibility] = []
    for field, spans in items.items():
        found.extend(_of_field(document, field, spans))
    return tuple(dict.fromkeys(found))


def _of_field(document: Document, field: Field, spans: list[Span]) -> list[Responsibility]:
    role = field.column.role
    if field.owner is not None:
        return [owners.owned_by(document, field.owner, span) for span in spans]
    if role == "named_owner":
        return owners.from_named_column(document, field.column, spans)
    if role in (*WHO_ROLES, "approver", "participant"):
        return owners.from_owner_cell(document, role, spans)
    if role == "resource":
        return [
            r
            for s in spans
            for r in (*owners.from_resource(document, s), *owners.from_sentence(document, s, "resource"))
        ]
    if role in STATUS_ROLES:
        words = [without_mark(line) for line in field.cell.lines]
        return [r for span in words if span for r in owners.from_sentence(document, span, "explicit")]
    basis = _SENTENCES.get(role)
    return [r for s in spans for r in _of_sentence(document, s, basis)] if basis else []


def _of_sentence(document: Document, span: Span, basis: Basis) -> list[Responsibility]:
    prefix = owners.prefix_actor(span.text) if basis == "explicit" else None
    if prefix and span.text[prefix.end :].lstrip().startswith(":"):
        return [owners.owned_by(document, prefix, span)]
    return owners.trailing_owner(document, span) or owners.from_sentence(document, span, basis)
