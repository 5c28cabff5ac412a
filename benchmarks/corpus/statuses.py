"""The status of a protocol: the mark, the words beside it, what is promised, and the contradictions planted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.corpus.desk import Desk, capitalised
from benchmarks.corpus.drafts import Draft, add_item
from benchmarks.corpus.facts import Status
from benchmarks.corpus.pages import Line
from benchmarks.corpus.places import stock
from loaders.records import Marked, Stated

_PROMISED = 0.12
_MARKS: tuple[tuple[Marked, float], ...] = (
    ("present", 0.33), ("absent", 0.4), ("in_preparation", 0.12), ("not_marked", 0.15),
)  # fmt: skip


@dataclass(frozen=True)
class Signs:
    """The mark convention of one table: what is written for each value, and the legend that explains it."""

    signs: Mapping[str, str]
    legend: str | None = None


@dataclass(frozen=True)
class _Words:
    text: str = ""
    stated: Stated = "not_stated"
    instrument: str | None = None


def pair_signs(desk: Desk) -> Signs:
    """A convention for two columns, one for «present» and one for «absent»."""
    entry = desk.pick(stock("statuses")["pair"])
    return Signs({"ticked": entry["ticked"], "empty": entry.get("empty", "")})


def single_signs(desk: Desk) -> Signs:
    """A convention for one column."""
    return _signs(desk.pick(stock("statuses")["single"]))


def matrix_signs(desk: Desk) -> Signs:
    """A convention for a matrix of topics and territories."""
    return _signs(desk.pick(stock("statuses")["matrix"]))


def _signs(entry: Mapping[str, Any]) -> Signs:
    names = ("present", "absent", "in_preparation")
    signs = {name: "" if entry.get("blank") == name else entry[name] for name in names}
    return Signs(signs, entry.get("legend"))


def draw_pair(desk: Desk, draft: Draft, signs: Signs) -> None:
    """Fill the two columns of the mark; in one row of thirty both are ticked."""
    marked = _marked(desk, without="in_preparation")
    words = _words(desk, marked)
    both = desk.chance(0.03)
    ticked = {"present", "absent"} if both else {marked} & {"present", "absent"}
    draft.status = _status("conflicting" if both else marked, words, signs.signs["ticked"])
    for name in ("present", "absent"):
        sign = signs.signs["ticked" if name in ticked else "empty"]
        own = words.text if name == _side(marked, words) else ""
        draft.cells[f"protocol_{name}"] = _marked_lines(desk, sign, own)
    _finish(desk, draft)


def draw_single(desk: Desk, draft: Draft, signs: Signs, *, evidence: bool) -> None:
    """Fill the one column of the mark, and that of the evidence where there is one."""
    marked = _marked(desk)
    words = _words(desk, marked)
    sign = signs.signs.get(marked, "")
    draft.status = _status(marked, words, sign)
    if evidence:
        draft.cells["protocol_status"] = (Line(sign),) if sign else ()
        draft.cells["evidence"] = (Line(words.text),) if words.text else ()
    else:
        draft.cells["protocol_status"] = _marked_lines(desk, sign, words.text)
    _finish(desk, draft)


def draw_without_column(desk: Desk, draft: Draft, *, sentences: bool) -> None:
    """A status that only words tell: a sentence on the progress, or a promise."""
    if sentences and "progress" in draft.cells and desk.chance(0.3):
        _tell(desk, draft)
    _finish(desk, draft)


def mark_of(desk: Desk, draft: Draft, signs: Signs) -> str:
    """The mark of one cell of a matrix."""
    value: Marked = desk.pick(("present", "absent", "in_preparation"))
    draft.status = Status(marked=value, sign=signs.signs[value])
    return signs.signs[value]


def _marked(desk: Desk, without: str = "") -> Marked:
    values = [(value, weight) for value, weight in _MARKS if value != without]
    return desk.rng.choices([value for value, _ in values], [weight for _, weight in values])[0]


def _words(desk: Desk, marked: Marked) -> _Words:
    """Words that mostly agree with the mark; one time in eight they do not."""
    if desk.chance(0.5):
        return _Words()
    agreeing: Mapping[str, tuple[str, ...]] = {
        "present": ("present",), "absent": ("absent", "in_preparation"), "in_preparation": ("in_preparation",),
        "not_marked": ("present", "absent", "in_preparation"),
    }  # fmt: skip
    contrary = {"present": ("absent",), "absent": ("present",), "in_preparation": ("present",)}
    wanted = contrary[marked] if marked in contrary and desk.chance(0.25) else agreeing[marked]
    return _worded(desk, [entry for entry in stock("statuses")["cell"] if entry["stated"] in wanted])


def _worded(desk: Desk, entries: list[Mapping[str, Any]]) -> _Words:
    entry = desk.pick(entries)
    name = desk.fill(desk.pick(stock("statuses")["instruments"]["names"]), subject=_subject(desk))
    instrument = name if entry.get("named") else None
    return _Words(desk.fill(entry["text"], name=name), entry["stated"], instrument)


def _subject(desk: Desk) -> str:
    return str(desk.pick(stock("statuses")["instruments"]["subject"]))


def _side(marked: Marked, words: _Words) -> str:
    """The column of the words: that of the mark, else the one they speak of."""
    if marked in ("present", "absent"):
        return marked
    return "present" if words.stated == "present" else "absent"


def _status(marked: Marked, words: _Words, sign: str) -> Status:
    shown = sign if marked != "not_marked" else ""
    return Status(marked, words.stated, instrument=words.instrument, sign=shown, words=words.text)


def _marked_lines(desk: Desk, sign: str, words: str) -> tuple[Line, ...]:
    if sign and words and desk.look.glued:
        return (Line(f"{sign} {words}"),)
    return tuple(Line(text) for text in (sign, words) if text)


def _finish(desk: Desk, draft: Draft) -> None:
    """Tell, where the cells say nothing; promise, now and then; note the contradiction."""
    status = draft.status
    if status.marked == "not_marked" and status.stated == "not_stated" and "progress" in draft.cells:
        _tell(desk, draft)
    if desk.chance(_PROMISED) and ("priority" in draft.cells or "action" in draft.cells):
        _promise(desk, draft)
    if draft.status.resolved == "conflicting":
        draft.defects.append("contradiction")


def _tell(desk: Desk, draft: Draft) -> None:
    words = _worded(desk, stock("statuses")["sentence"])
    draft.status = replace(draft.status, stated=words.stated, instrument=words.instrument, words=words.text)
    add_item(desk, draft, "progress", words.text)


def _promise(desk: Desk, draft: Draft) -> None:
    way, thing = desk.pick(stock("statuses")["plan"]), desk.pick(stock("statuses")["things"]["names"])
    draft.status = replace(draft.status, promised=True, planned=(thing,))
    role = "priority" if "priority" in draft.cells else "action"
    add_item(desk, draft, role, capitalised(desk.fill(way["text"], thing=thing)))
