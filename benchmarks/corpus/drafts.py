"""The cells of one row and the facts they state, drawn together so that neither can say what the other does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from benchmarks.corpus.desk import Desk, capitalised, lowered
from benchmarks.corpus.facts import DefectKind, Gauge, Means, Named, Part, RowFacts, Status, When
from benchmarks.corpus.named import named_in
from benchmarks.corpus.pages import Line
from benchmarks.corpus.places import stock
from loaders.records import Form, Recurrence, RelativeTime, Role, Target

_SLOT = re.compile(r"\{(\w+)\}")
Kind = Literal["human", "financial", "other"]
_LISTS = {
    "progress": "progress", "priority": "commitments", "action": "actions", "need": "needs",
    "expectation": "expectations", "method": "methods", "note": "notes",
}  # fmt: skip
_MOST = {"note": 1, "expectation": 2, "method": 2, "need": 2}
_LEFT_BLANK = 0.1
_NAMING = 0.25  # of the lists of items
_TOLD = 0.15  # of the commitments and actions that name who does them


@dataclass
class Draft:
    """A row being drawn: the lines of its cells by role, its facts, the mistakes planted in it."""

    form: Form
    cells: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    status: Status = field(default_factory=Status)
    label: str | None = None
    resources: tuple[Means, ...] = ()
    parts: list[Part] = field(default_factory=list)
    indicators: tuple[Gauge, ...] = ()
    time: When | None = None
    defects: list[DefectKind] = field(default_factory=list)

    def facts(self) -> RowFacts:
        """The facts of the row."""
        return RowFacts(
            form=self.form, status=self.status, label=self.label, resources=self.resources, parts=tuple(self.parts),
            indicators=self.indicators, time=self.time, defects=tuple(self.defects), named=self._named(), **self.lists,
        )  # fmt: skip

    def _named(self) -> Named:
        return named_in(line.text for lines in self.cells.values() for line in lines)


def draw_row(desk: Desk, form: Form, roles: Sequence[str]) -> Draft:
    """A row with a cell for each of `roles`, those of its status apart (see `statuses`)."""
    draft = Draft(form)
    for role in roles:
        if drawer := _DRAWERS.get(role):
            drawer(desk, draft, role)
    return draft


def add_item(desk: Desk, draft: Draft, role: str, item: str) -> None:
    """Put one more item at the head of a list cell."""
    name = _LISTS[role]
    items = (item, *draft.lists.get(name, ()))
    draft.lists[name] = items
    draft.cells[role] = desk.lines(items)


def _items(desk: Desk, draft: Draft, role: str) -> None:
    optional = role in ("note", "progress")
    if optional and desk.chance(0.5 if role == "note" else 0.15):
        return
    items = [desk.fill(text) for text in desk.some(stock("items")["items"][role], 1, _MOST.get(role, 3))]
    if role in ("priority", "action") and desk.chance(_TOLD):
        items[-1] = _told(desk, draft, items[-1])
    items += _naming(desk, role)
    draft.lists[_LISTS[role]] = tuple(items)
    draft.cells[role] = desk.lines(items)


def _naming(desk: Desk, role: str) -> list[str]:
    """Now and then one more item, which names a service, a measure or a group of people."""
    named = stock("named")
    if role not in named["sentences"] or desk.aside.random() > _NAMING:
        return []
    drawn = {name: iter(desk.aside.sample(words, len(words))) for name, words in named["slots"].items()}
    drawn["n"] = iter([str(desk.aside.randint(3, 90))])
    return [_SLOT.sub(lambda slot: next(drawn[slot[1]]), desk.aside.choice(named["sentences"][role]))]


def _told(desk: Desk, draft: Draft, item: str) -> str:
    """The item with words that say who does it."""
    ways = [t for t in stock("bodies")["told"] if desk.look.lists != "semicolons" or ";" not in t["text"]]
    way, body = desk.pick(ways), desk.pick(stock("bodies")["tellers"]["names"])
    text = desk.fill(way["text"], item=item, body=body, low=lowered(item))
    draft.parts.append(Part(way["role"], body, "explicit", text))
    return text


def _resources(desk: Desk, draft: Draft, role: str) -> None:
    kinds: tuple[Kind | None, ...] = ("financial", "human", "other", None)
    found = [_means(desk, kind) if kind else _supplied(desk, draft) for kind in desk.some(kinds, 1, 2)]
    draft.resources = tuple(found)
    draft.cells[role] = desk.lines([means.text for means in found])


def _means(desk: Desk, kind: Kind) -> Means:
    return Means(capitalised(desk.fill(desk.pick(stock("items")["resources"][kind]))), kind)


def _supplied(desk: Desk, draft: Draft) -> Means:
    way = desk.pick(stock("bodies")["supplied"])
    body = desk.fill(desk.pick(way["bodies"]))
    text = desk.fill(way["text"], body=body)
    draft.parts.append(Part("staff_supplier", body, "resource", text))
    return Means(text, "human")


def _owner(desk: Desk, draft: Draft, role: str) -> None:
    bodies = [desk.fill(b) for b in desk.some(stock("bodies")["actors"]["owners"], 2, 2)]
    if desk.chance(_LEFT_BLANK):
        draft.defects.append("missing_owner")
    elif desk.chance(0.1):
        _unresolved(desk, draft, role)
    elif desk.chance(0.15):
        town = desk.fill("Comune di {town}")
        _bodies(draft, role, [f"{town} (capofila)"], [("lead", town)])
    elif desk.chance(0.6):
        _bodies(draft, role, bodies[:1], [("owner", bodies[0])])
    else:
        together = [", ".join(bodies)] if desk.chance(0.4) else bodies
        _bodies(draft, role, together, [("owner", body) for body in bodies])


def _unresolved(desk: Desk, draft: Draft, role: str) -> None:
    shared = desk.place.ats is not None and desk.chance(0.6)
    text = "ATS/ASST" if shared else desk.pick(stock("bodies")["actors"]["vague"])
    candidates = ("ATS", "ASST") if shared else ()
    draft.parts.append(Part("owner", text, "column", text, resolved=False, candidates=candidates))
    draft.cells[role] = (Line(text),)
    draft.defects.append("unresolved_owner")


def _bodies(draft: Draft, role: str, lines: Sequence[str], parts: Sequence[tuple[Role, str]]) -> None:
    for part, actor in parts:
        text = next(line for line in lines if actor in line)
        draft.parts.append(Part(part, actor, "column", text))
    draft.cells[role] = tuple(Line(line, len(lines) > 1) for line in lines)


def _partner(desk: Desk, draft: Draft, role: str) -> None:
    bodies = [desk.fill(body) for body in desk.some(stock("bodies")["actors"]["partners"], 1, 4)]
    lines = [", ".join(bodies)] if desk.chance(0.4) else bodies
    _bodies(draft, role, lines, [("partner", body) for body in bodies])


def _indicators(desk: Desk, draft: Draft, role: str) -> None:
    if desk.chance(_LEFT_BLANK):
        draft.defects.append("missing_indicator")
        return
    found = desk.some(stock("items")["indicators"], 1, 2)
    draft.indicators = tuple(_gauge(desk, each) for each in found)
    draft.cells[role] = desk.lines([gauge.text for gauge in draft.indicators])


def _gauge(desk: Desk, entry: Mapping[str, Any]) -> Gauge:
    number = desk.fill("{n}")
    return Gauge(desk.fill(entry["text"], n=number), entry["kind"], _target(entry, number))


def _target(entry: Mapping[str, Any], number: str) -> Target | None:
    if "target" not in entry:
        return None
    op, _, percent, period = entry["target"]
    return Target(op=op, value=float(number), unit=percent or None, period=period or None)


def _values(desk: Desk, draft: Draft, role: str) -> None:
    """A measure without a target of its own, and its value in the column beside it."""
    if not draft.indicators:
        return
    entry, number = desk.pick(stock("items")["values"]), desk.fill("{n}")
    bare = [each for each in stock("items")["indicators"] if "target" not in each and each["kind"] != "milestone"]
    gauge = replace(_gauge(desk, desk.pick(bare)), target=_target(entry, number))
    draft.indicators = (gauge,)
    draft.cells["indicator"] = desk.lines([gauge.text])
    draft.cells[role] = (Line(desk.fill(entry["text"], n=number)),)


def _time(desk: Desk, draft: Draft, role: str) -> None:
    if desk.chance(_LEFT_BLANK):
        draft.defects.append("missing_time")
        return
    term = role == "deadline"
    choices = [t for t in stock("times")["times"] if not term or ("start" in t and "every" not in t) or "after" in t]
    entry = desk.pick(choices)
    draft.time = _when(desk, entry, term)
    draft.cells[role] = (Line(draft.time.text),)
    if "after" in entry:
        draft.defects.append("relative_time")


def _when(desk: Desk, entry: Mapping[str, Any], under_term: bool) -> When:
    start, end = (desk.fill(entry[name]) if name in entry else None for name in ("start", "end"))
    term = under_term or entry.get("day") or entry.get("term")
    every, after = entry.get("every"), entry.get("after")
    return When(
        text=desk.fill(entry["text"]),
        start=None if term else start,
        end=None if term else end,
        deadline=end if term else None,
        recurrence=_recurrence(every) if every else None,
        relative=RelativeTime(duration=after[0], anchor=after[1]) if after else None,
    )


def _recurrence(every: Sequence[int]) -> Recurrence:
    return Recurrence(min_per_year=every[0] or None, max_per_year=every[1] or None, ambiguous=False)


_DRAWERS: Mapping[str, Callable[[Desk, Draft, str], None]] = {
    **dict.fromkeys(_LISTS, _items),
    "resource": _resources,
    "owner": _owner,
    "partner": _partner,
    "indicator": _indicators,
    "target_value": _values,
    "time": _time,
    "deadline": _time,
}
