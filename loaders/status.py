"""Protocol status: what the box says, what the words say, and what the two together mean.

The rule (contract/plan-record.md): marks and words that disagree are `conflicting`; a mark alone decides; words alone decide; a
protocol that the plan commits itself to write, sign or approve, with no other evidence, is `in_preparation`; else `not_stated`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loaders.document import Cell, Document
from loaders.headers import MARK, STATUS_ROLES, Column, mark_of
from loaders.lexicon import Match, phrases
from loaders.records import Marked, Passage, Protocol, Resolved, Stated
from loaders.span import Span, normalised

_MARK_VALUES: dict[str, dict[str, Marked]] = {
    "protocol_present": {"ticked": "present", "yes": "present", "no": "absent", "in_progress": "in_preparation"},
    "protocol_absent": {"ticked": "absent", "yes": "absent", "no": "absent", "in_progress": "in_preparation"},
    "protocol_status": {"ticked": "present", "yes": "present", "no": "absent", "in_progress": "in_preparation"},
}
_SHORT_CELL = 12  # words; in a longer cell a status phrase counts only near the name of an instrument
_NEAR = 9  # words
_NEGATION = re.compile(r"\b(?:non|nessun[oa]?|mai|senza|privo|priva)\b(?:\s+\w+){0,3}\s*$")
_FUTURE = re.compile(
    r"\b(?:sara|saranno|verra|verranno|dovra|dovranno|potra|potranno|andra|intende|intendono|impegna|impegnano|prevede|entro|una volta|"
    r"dopo che|quando|se|qualora|affinche|per essere|da)\b(?:\s+\w+){0,2}\s*$"
)
_CLAUSE_END = re.compile(r"[.;:]\s|[.;:]$|\)|\s[-–]\s")


@dataclass(frozen=True)
class _Words:
    value: Stated
    spans: tuple[Span, ...]
    instrument: Span | None = None


def read_protocol(
    document: Document,
    columns: Sequence[Column],
    cells: Sequence[Cell],
    planned_in: Iterable[Span],
    products: Iterable[Span],
    *,
    columns_reliable: bool,
) -> Protocol:
    """The three signals of a row; `planned_in` are the texts that may commit to a protocol, `products` those of them that name what
    the row must produce (its indicators)."""
    status = [(c, cell) for c, cell in zip(columns, cells, strict=True) if c.role in STATUS_ROLES]
    marked, mark_spans = _marked(status, columns_reliable)
    words = _stated(
        status, [cell for c, cell in zip(columns, cells, strict=True) if c.role in ("evidence", "progress")]
    )
    planned, promises = _planned(planned_in, frozenset(products))
    value = resolve(marked, words.value, promises)
    spans = (*mark_spans, *words.spans)
    return Protocol(
        marked=marked,
        stated=words.value,
        resolved=value,
        instrument=words.instrument.text if words.instrument else None,
        instrument_passage=document.passage(words.instrument) if words.instrument else None,
        planned=tuple(span.text for span in planned),
        planned_passages=tuple(document.passage(span) for span in planned),
        mark_passages=_passages(document, mark_spans),
        stated_passages=_passages(document, words.spans),
        passages=_passages(document, spans or tuple(planned if value == "in_preparation" else ())),
    )


def resolve(marked: Marked, stated: Stated, promised: bool) -> Resolved:
    """The status that the mark, the words and the commitments together give."""
    mark = marked if marked in ("present", "absent", "in_preparation", "conflicting") else None
    words = stated if stated != "not_stated" else None
    if mark and words and mark != words:
        return _disagreement(mark, words)
    if mark or words:
        return mark or words or "not_stated"
    return "in_preparation" if promised else "not_stated"


def _disagreement(mark: Resolved, words: Resolved) -> Resolved:
    """What is not there yet may well be in preparation: only a claim that it exists contradicts the rest."""
    pair = {mark, words}
    if pair == {"absent", "in_preparation"}:
        return mark
    return "conflicting"


def _passages(document: Document, spans: Sequence[Span]) -> tuple[Passage, ...]:
    return tuple(dict.fromkeys(document.passage(span) for span in spans))


def _marked(status: list[tuple[Column, Cell]], reliable: bool) -> tuple[Marked, tuple[Span, ...]]:
    if not status:
        return "no_such_column", ()
    if not reliable:
        return "column_lost", ()
    values: dict[Marked, Span] = {}
    for column, cell in status:
        for line in cell.lines:
            code, _ = mark_of(line.text.text)
            if code in _MARK_VALUES[column.role] and not _is_words(column, line.text.text):
                values.setdefault(_MARK_VALUES[column.role][code], line.text)
    spans = tuple(values.values())
    if len(values) > 1:
        return "conflicting", spans
    return (next(iter(values)), spans) if values else ("not_marked", ())


def _is_words(column: Column, text: str) -> bool:
    """In a column that already says «presente» or «non presente», a status word is words and not a mark."""
    return column.role != "protocol_status" and not MARK.match(text) and len(normalised(text).split(" ")[0]) > 2


def _stated(status: list[tuple[Column, Cell]], others: list[Cell]) -> _Words:
    said = [_words_of(line, column) for column, cell in status for line in _sentences(cell)]
    said = [w for w in said if w.value != "not_stated"] or [
        w for cell in others for line in _sentences(cell) for w in [_near_instrument(line)] if w.value != "not_stated"
    ]
    if not said:
        return _Words("not_stated", ())
    values = {w.value for w in said}
    value: Stated = "present" if "present" in values else ("in_preparation" if "in_preparation" in values else "absent")
    named = next((w.instrument for w in said if w.value == "present" and w.instrument), None)
    return _Words(value, tuple(span for w in said for span in w.spans), named if value == "present" else None)


def _sentences(cell: Cell) -> list[Span]:
    return [line.text for line in cell.lines if line.text]


def _words_of(line: Span, column: Column) -> _Words:
    code, after = mark_of(line.text)
    if code and not _is_words(column, line.text):
        line = line.slice(after, len(line)).strip()
    if not normalised(line.text):
        return _Words("not_stated", ())
    if len(line.text.split()) > _SHORT_CELL:
        return _near_instrument(line)
    found = _polarities(line.text)
    if not found:
        return _Words("not_stated", ())
    value = _strongest([v for v, _ in found])
    return _Words(value, (line,), _instrument(line) if value == "present" else None)


def _near_instrument(line: Span) -> _Words:
    """A status phrase that stands within a few words of an instrument's name."""
    instruments = phrases("instrument-types", "instrument-type").find(line.text)
    near = [
        (value, match)
        for value, match in _polarities(line.text)
        if any(_distance(line.text, match, i) <= _NEAR for i in instruments)
        and len(normalised(_cut(line.text, match))) > 3
    ]
    if not near:
        return _Words("not_stated", ())
    value = _strongest([v for v, _ in near])
    return _Words(value, (line,), _instrument(line) if value == "present" else None)


def _cut(text: str, match: Match) -> str:
    return text[match.start : match.end]


def _distance(text: str, a: Match, b: Match) -> int:
    if a.start < b.end and b.start < a.end:
        return 0
    between = text[min(a.end, b.end) : max(a.start, b.start)]
    return 99 if re.search(r"[.;]\s", between) else len(between.split())


def _polarities(text: str) -> list[tuple[Stated, Match]]:
    found: list[tuple[Stated, Match]] = []
    for match in phrases("status-phrases", "status-phrase").find(text):
        value = _polarity(match, normalised(text[: match.start]))
        found.append((value, match))
    return found


def _polarity(match: Match, before: str) -> Stated:
    """The phrase's own polarity, turned by a negation or a future in the words before it."""
    codes: dict[str, Stated] = {"present": "present", "absent": "absent", "in_preparation": "in_preparation"}
    own = codes[match.entry.code]
    if own == "present" and _NEGATION.search(before):
        return "absent"
    if own == "present" and _FUTURE.search(before):
        return "in_preparation"
    return own


def _strongest(values: list[Stated]) -> Stated:
    """Words that say «non c'è, è in corso di stesura» say that it is being written; words that say it exists win."""
    for value in ("present", "in_preparation", "absent"):
        if value in values:
            return value
    return "not_stated"


def _instrument(line: Span) -> Span | None:
    """The name of the instrument: from its noun to the end of the clause; None for the bare noun."""
    for match in phrases("instrument-types", "instrument-type").find(line.text):
        end = _CLAUSE_END.search(line.text, match.end)
        name = line.slice(match.start, end.start() if end else len(line)).strip(" ,;.:")
        if len(name.text.split()) > 1:
            return name
    return None


def _planned(texts: Iterable[Span], products: frozenset[Span]) -> tuple[list[Span], bool]:
    """The instruments that the texts commit to, and whether one of them is a protocol."""
    found: list[Span] = []
    promised = False
    for text in texts:
        for match in phrases("instrument-types", "instrument-type").find(text.text):
            if (
                not (_is_planned(text.text, match) or (text in products and match.start == 0))
                or match.entry.code not in _PLANNABLE
            ):
                continue
            end = _CLAUSE_END.search(text.text, match.end)
            name = text.slice(match.start, end.start() if end else len(text)).strip(" ,;.:")
            if not found or found[-1].offsets[-1] != name.offsets[-1]:
                found.append(name)
            promised |= match.entry.code == "protocol"
    return found, promised


_PLANNABLE = frozenset(("protocol", "agreement", "network_agreement", "convention"))


def _is_planned(text: str, match: Match) -> bool:
    before = [m for m in phrases("planning-words", "planning-word").find(text[: match.start])]
    if not before:
        return False
    last = before[-1]
    near = len(text[last.end : match.start].split()) <= 6
    return near and any(m.entry.code == "planning" and len(text[m.end : match.start].split()) <= 6 for m in before)
