"""What a plan states, in a form in which what was read and what is true can be compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from loaders.records import Indicator, Objective, Passage, PlanRecord, Row, Timeline
from loaders.span import normalised

LISTS = ("progress", "commitments", "actions", "needs", "expectations", "methods", "notes")
_AREA = re.compile(r"\b(?:ambito|distretto|territoriale|socio|sanitario|sociosanitario|sociale|di|del|dell|della)\b")
_ARTICLE = re.compile(r"^(?:l|il|la|lo|i|gli|le) ")
_SIGNS = re.compile(r"[\s•·●▪◦*;/\uf000-\uf8ff–—\-]+")  # blanks, and what stands between list items


@dataclass(frozen=True)
class RowView:
    """A row: the values of each field as comparable strings, and its three statuses."""

    title: str
    number: str
    theme: str
    statuses: tuple[str, str, str]
    fields: Mapping[str, tuple[str, ...]]
    targets: Mapping[str, str]
    kinds: Mapping[str, str]
    timeline: str
    named: Mapping[str, tuple[str, ...]] | None = None
    """The codes of the services, measures and groups of people that it names; `None` where nobody knows them."""

    @property
    def words(self) -> list[str]:
        """All its words, for finding the row that matches it."""
        return " ".join((self.title, *(value for values in self.fields.values() for value in values))).split()


@dataclass(frozen=True)
class PlanView:
    """A plan: what it says of itself, the titles of its objectives, its rows."""

    metadata: Mapping[str, str]
    acts: tuple[str, ...]
    titles: tuple[str, ...]
    rows: tuple[RowView, ...]


def view_of(record: PlanRecord) -> PlanView:
    """The view of a record."""
    plan = record.plan
    area = plan.territory.ambito or plan.territory.distretto or ""
    rows = [_row(o, row) for o in record.objectives for row in o.rows]
    return PlanView(
        metadata={
            "kind": plan.kind,
            "area": " ".join(_AREA.sub(" ", normalised(area)).split()),
            "trust": normalised(plan.territory.asst or plan.territory.ausl or ""),
            "period": f"{plan.period.start} {plan.period.end}",
        },
        acts=tuple(f"{act.type} {act.number} {act.year}" for act in plan.legal_acts),
        titles=tuple(normalised(o.title) for o in record.objectives),
        rows=tuple(rows),
    )


def _row(objective: Objective, row: Row) -> RowView:
    fields = {name: [item.text for item in getattr(row, name)] for name in LISTS}
    fields["resources"] = [resource.text for resource in row.resources]
    fields["indicators"] = [indicator.text for indicator in row.indicators]
    fields["labels"] = [row.label] if row.label else []
    fields["instruments"] = [row.protocol.instrument] if row.protocol.instrument else []
    fields["planned"] = list(row.protocol.planned)
    parts = {f"{part.role} {_ARTICLE.sub('', normalised(part.actor))}" for part in row.responsibilities}
    return RowView(
        title=normalised(objective.title),
        number=objective.number or "",
        theme=objective.theme or "",
        statuses=(row.protocol.marked, row.protocol.stated, row.protocol.resolved),
        fields={**{name: _plain(texts) for name, texts in fields.items()}, "responsibilities": tuple(sorted(parts))},
        targets={normalised(i.text): _target(i) for i in row.indicators},
        kinds={normalised(i.text): i.kind for i in row.indicators},
        timeline=_timeline(row.timeline),
        named={"services": row.services, "measures": row.measures, "target groups": row.target_groups},
    )


def _plain(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(plain for text in texts if (plain := normalised(text)))


def _target(indicator: Indicator) -> str:
    """Operator, value, whether per cent, and period; the unit's own words are not compared."""
    target = indicator.target
    return f"{target.op} {target.value:g} {'%' if target.unit == '%' else ''} {target.period or ''}" if target else ""


def _timeline(time: Timeline | None) -> str:
    if time is None:
        return ""
    often, after = time.recurrence, time.relative
    dates = f"{time.start or ''}..{time.end or ''} by {time.deadline or ''}"
    every = f" every {often.min_per_year} {often.max_per_year}" if often else ""
    since = f" {after.duration} after {normalised(after.anchor or '')}" if after else ""
    return dates + every + since


def golden_view(kept: Mapping[str, Any]) -> PlanView:
    """The view of the facts kept by hand in `tests/golden/<plan>/expected.json`."""
    view = view_of(PlanRecord.model_validate(_golden_record(kept)))
    return replace(view, rows=tuple(replace(row, named=None) for row in view.rows))


_NOWHERE = {"rendition": "", "start": 0, "end": 0}


def _golden_record(kept: Mapping[str, Any]) -> dict[str, Any]:
    plan = kept["plan"]
    acts = [{"text": "", "type": t, "number": n, "year": y, "passage": _NOWHERE} for t, n, y in plan["legal_acts"]]
    period = {"text": None, "start": plan["period"][0], "end": plan["period"][1]}
    described = {"id": "", "title": None, "kind": plan["kind"], "territory": plan["territory"], "period": period}
    objectives = [
        {**objective, "passage": _NOWHERE, "rows": [_golden_row(row) for row in objective["rows"]]}
        for objective in kept["objectives"]
    ]
    return {"plan": {**described, "legal_acts": acts, "renditions": ()}, "objectives": objectives}


def _golden_row(row: Mapping[str, Any]) -> dict[str, Any]:
    marked, stated, resolved = row["protocol"]
    protocol = {"marked": marked, "stated": stated, "resolved": resolved}
    named = {"instrument": row.get("instrument"), "planned": row.get("planned", ())}
    lists = {name: [{"text": text, "passage": _NOWHERE} for text in row.get(name, ())] for name in LISTS}
    return {
        "label": row.get("label"),
        "form": "status_table",
        "confidence": "A",
        "protocol": {**protocol, **named},
        **lists,
        "resources": [{"kind": k, "text": t, "passage": _NOWHERE} for k, t in row.get("resources", ())],
        "responsibilities": [_golden_part(*part) for part in row.get("responsibilities", ())],
        "indicators": [_golden_indicator(*each) for each in row.get("indicators", ())],
        "timeline": _golden_timeline(row["timeline"]) if "timeline" in row else None,
        "passage": _NOWHERE,
    }


def _golden_part(role: str, basis: str, actor: str, resolved: bool) -> dict[str, Any]:
    named = {"actor": actor, "actor_type": None, "text": actor}
    return {**named, "role": role, "basis": basis, "resolved": resolved, "passage": _NOWHERE}


def _golden_indicator(kind: str, text: str, *target: Any) -> dict[str, Any]:
    stated = dict(zip(("op", "value", "unit", "period"), target, strict=True)) if target else None
    return {"kind": kind, "text": text, "target": stated, "passage": _NOWHERE}


def _golden_timeline(time: Mapping[str, Any]) -> dict[str, Any]:
    empty = dict.fromkeys(("start", "end", "deadline", "recurrence", "relative"))
    return {**empty, **time, "passages": ()}


def quotes(record: PlanRecord) -> tuple[int, int]:
    """How many of the record's values its passages quote, and how many values there are."""
    found = [_quoted(text, passage) for text, passage in _values(record)]
    return sum(found), len(found)


def _values(record: PlanRecord) -> Iterable[tuple[str, Passage]]:
    for objective in record.objectives:
        yield objective.title, objective.passage
        for row in objective.rows:
            each = [item for name in (*LISTS, "resources", "indicators") for item in getattr(row, name)]
            yield from ((item.text, item.passage) for item in (*each, *row.responsibilities))
            if row.timeline:
                yield from zip(row.timeline.texts, row.timeline.passages, strict=True)


def _quoted(text: str, passage: Passage) -> bool:
    return _letters(text) in _letters(" ".join(p.exact for p in (passage, *passage.more)))


def _letters(text: str) -> str:
    return "".join(c for c in re.sub(r"<[^<>]*>|\*\*", "", text) if c.isalnum())


def squeezed(text: str) -> str:
    """`text` for comparing cells: composed form, quotes folded, without blanks, dashes and what parts list items."""
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return _SIGNS.sub("", folded)


def rows_of_cells(rows: Iterable[Sequence[str | None]]) -> list[list[str]]:
    """Rows of cells ready to be compared; a cell that another one covers is empty."""
    return [[squeezed(text or "") for text in row] for row in rows]
