"""Protocol status: what the box says, what the words say, and what the two together mean.

The rule (contract/plan-record.md): marks and words that disagree are `conflicting`; a mark alone decides; words
alone decide; a
protocol that the plan commits itself to write, sign or approve, with no other evidence, is `in_preparation`; else
`not_stated`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from loaders.document import Cell, Document
from loaders.headers import MARK, STATUS_ROLES, Column, mark_of
from loaders.legend import read_legend
from loaders.lexicon import Match, any_of, phrases, wordings
from loaders.records import Marked, Passage, Protocol, Resolved, Stated
from loaders.span import Span, normalised

_MARK_VALUES: dict[str, dict[str, Marked]] = {
    "protocol_present": {"ticked": "present", "yes": "present", "no": "absent", "in_progress": "in_preparation"},
    "protocol_absent": {"ticked": "absent", "yes": "absent", "no": "absent", "in_progress": "in_preparation"},
    "protocol_preparing": {"ticked": "in_preparation", "yes": "in_preparation", "in_progress": "in_preparation"},
    "protocol_status": {"ticked": "present", "yes": "present", "no": "absent", "in_progress": "in_preparation"},
}
_SHORT_ANSWERS = frozenset(("", "si", "s", "no", "n", "ic", "y", "yes"))
_SHORT_CELL = 12  # words; in a longer cell a status phrase counts only near the name of an instrument
_NEAR = 9  # words
_NEGATION_REACH, _FUTURE_REACH = 4, 2  # words between such a word and the phrase whose sense it turns
_ACT = r"D\.?\s?[GC]\.?|prot\.|rep\.|n\."
_SENTENCE_END = re.compile(r";\s|(?<!\b[A-Za-z])[.]\s")  # not the stop of an acronym («Ser.D. »)
_SIGNED = r"(?:firmat|sottoscritt|siglat|scadut|stipulat|approvat|adottat|rinnovat|prorogat)[oaie]\b"
_CLAUSE_END = re.compile(
    r"(?<!\b[A-Za-z])(?<!\b[A-Za-z]{2})(?<!\brep)(?<!\bprot)(?<!\breg)[.]\s|[.](?=\s+[A-ZÀ-Ú][a-zà-ú]{3})|[;:]\s|[.;:]$|\s[-–]\s|"
    rf",\s(?=(?:{_ACT}|{_SIGNED}|entro\b|in (?:fase|corso|via)\b))|"
    rf"\s(?=(?:è|e['’]|non è|sono|sarà|verrà|risulta|entro)\b|{_SIGNED})"
)


@dataclass(frozen=True)
class _Words:
    value: Stated
    spans: tuple[Span, ...]


def read_protocol(
    document: Document,
    columns: Sequence[Column],
    cells: Sequence[Cell],
    planned_in: Iterable[Span],
    products: Iterable[Span],
    *,
    columns_reliable: bool,
) -> Protocol:
    """The three signals of a row; `planned_in` are the texts that may commit to a protocol, `products` those of them
    that name what
    the row must produce (its indicators)."""
    status = [(c, cell) for c, cell in zip(columns, cells, strict=True) if c.role in STATUS_ROLES]
    marked, mark_spans = _marked(status, columns_reliable, read_legend(document.text))
    told = [(c, cell) for c, cell in zip(columns, cells, strict=True) if c.role in _TOLD]
    words = _stated(status, told)
    planned, promises = _planned(planned_in, frozenset(products))
    value = resolve(marked, words.value, promises)
    if value == "in_preparation" and not planned:
        planned = _listed(columns, cells) or [n for span in words.spans if (n := _instrument(span))]
    spans = (*mark_spans, *words.spans)
    named = _named(status, told, words) if "present" in (marked, value, words.value) else None
    if named is None and value == "present":
        named = next(iter(_listed(columns, cells)), None)
    return Protocol(
        marked=marked,
        stated=words.value,
        resolved=value,
        instrument=named.text if named else None,
        instrument_passage=document.passage(named) if named else None,
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


def _marked(
    status: list[tuple[Column, Cell]], reliable: bool, legend: Mapping[str, str | None]
) -> tuple[Marked, tuple[Span, ...]]:
    if not status:
        return "no_such_column", ()
    if not reliable:
        return "column_lost", ()
    values: dict[Marked, Span] = {}
    for column, cell in status:
        for line in cell.lines:
            sign = line.text.text.strip().casefold()
            code = legend[sign] if sign in legend else mark_of(line.text.text)[0]
            if code in _MARK_VALUES[column.role] and not _is_words(column, line.text.text):
                values.setdefault(_MARK_VALUES[column.role][code], line.text)
    answers = {column.role: mark_of(cell.text.text)[0] for column, cell in status if cell}
    pair = (answers.get("protocol_present"), answers.get("protocol_absent"))
    if pair == ("yes", "no"):  # «presente: SI», «non presente: NO» mean one thing
        values.pop("absent", None)
    if pair == ("no", "no"):  # neither box has its mark
        values.clear()
    spans = tuple(values.values())
    if len(values) > 1:
        return "conflicting", spans
    return (next(iter(values)), spans) if values else ("not_marked", ())


def _is_words(column: Column, text: str) -> bool:
    """In a column that already says «presente» or «non presente», a status word is words and not a mark."""
    opening = normalised(text).split(" ")[0]
    return column.role != "protocol_status" and not MARK.match(text) and opening not in _SHORT_ANSWERS


def _stated(status: list[tuple[Column, Cell]], told: list[tuple[Column, Cell]]) -> _Words:
    """What the status cells say; when they say nothing, what the sentences of the other cells tell of an instrument."""
    said = [words for column, cell in status for line in _sentences(cell) if (words := _words_of(line, column))]
    if not said:
        sentences = ((c.role, line) for c, cell in told for line in _sentences(cell))
        said = [words for role, line in sentences if (words := _told(role, line))]
    if not said:
        return _Words("not_stated", ())
    value = _strongest([words.value for words in said])
    return _Words(value, tuple(span for words in said for span in words.spans))


def _told(role: str, line: Span) -> _Words | None:
    """What a line of another column says: in a column kept for evidence the instrument is understood."""
    found = _polarities(line.text) if role == "evidence" and len(line.text.split()) <= _SHORT_CELL else []
    if found:
        return _Words(_strongest([value for value, _ in found]), (line,))
    return _near_instrument(line, finite=role not in _DONE)


_DONE = ("evidence", "progress")
_TOLD = (*_DONE, "action", "priority", "need", "note", "evaluation", "method")


def _named(status: list[tuple[Column, Cell]], told: list[tuple[Column, Cell]], words: _Words) -> Span | None:
    """The existing instrument that the words name: in the sentence that states it, else in a cell kept for its name."""
    named = [cell for column, cell in status if column.role != "protocol_absent"]
    kept = [cell for column, cell in told if column.role == "evidence"]
    lines = [*words.spans, *(line for cell in (*named, *kept) for line in _sentences(cell))]
    return next((name for line in lines if (name := _instrument(line))), None)


def names_instrument(label: str) -> bool:
    """Whether a heading names the instruments that stand under it («Oggetto del protocollo»)."""
    return bool(phrases("instrument-types", "instrument-type").find(label))


def _listed(columns: Sequence[Column], cells: Sequence[Cell]) -> list[Span]:
    """The instrument that a row of a list of instruments is about."""
    named = (cell for column, cell in zip(columns, cells, strict=True) if _lists(column))
    return [name for cell in named for line in _sentences(cell)[:1] if (name := _instrument(line))]


def _lists(column: Column) -> bool:
    return (column.role == "label" or column.role.startswith("objective")) and names_instrument(column.label)


def _sentences(cell: Cell) -> list[Span]:
    return [line.text for line in cell.lines if line.text]


def _words_of(line: Span, column: Column) -> _Words | None:
    code, after = mark_of(line.text)
    if code and not _is_words(column, line.text):
        line = line.slice(after, len(line)).strip()
    if not normalised(line.text):
        return None
    if len(line.text.split()) > _SHORT_CELL:
        return _near_instrument(line)
    found = _polarities(line.text)
    return _Words(_strongest([value for value, _ in found]), (line,)) if found else None


def _near_instrument(line: Span, *, finite: bool = False) -> _Words | None:
    """A status phrase that stands within a few words of an instrument's name; `finite` asks for a verb («è»,
    «sarà»)."""
    instruments = phrases("instrument-types", "instrument-type").find(line.text)
    near = [
        value
        for value, match in _polarities(line.text)
        if any(_distance(line.text, match, i) <= _NEAR for i in instruments)
        and (not finite or _FINITE.match(normalised(_cut(line.text, match))))
    ]
    return _Words(_strongest(near), (line,)) if near else None


_FINITE = re.compile(
    r"(?:non )?(?:e|sono|esiste|esistono|risulta|risultano|sara|saranno|verra|verranno|manca|mancano|si prevede)\b"
)


def _cut(text: str, match: Match) -> str:
    return text[match.start : match.end]


def _distance(text: str, a: Match, b: Match) -> int:
    if a.start < b.end and b.start < a.end:
        return 0
    between = text[min(a.end, b.end) : max(a.start, b.start)]
    return 99 if _SENTENCE_END.search(between) else len(between.split())


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
    if own == "present" and _before("denying", _NEGATION_REACH).search(before):
        return "absent"
    if own == "present" and _before("deferring", _FUTURE_REACH).search(before):
        return "in_preparation"
    return own


@cache
def _before(code: str, reach: int) -> re.Pattern[str]:
    """Words of the polarity vocabulary, at most `reach` words before the end of a normalised text."""
    words = wordings("polarity-words", "polarity-word")[code]
    return re.compile(rf"\b(?:{any_of(map(normalised, words))})\b(?:\s+\w+){{0,{reach}}}\s*$")


def _strongest(values: list[Stated]) -> Stated:
    """Words that say «non c'è, è in corso di stesura» say that it is being written; words that say it exists win."""
    for value in ("present", "in_preparation", "absent"):
        if value in values:
            return value
    return "not_stated"


def _clause(line: Span, match: Match) -> Span:
    """From the noun of an instrument to the end of its clause, or of the brackets it stands in."""
    end = _CLAUSE_END.search(line.text, match.end)
    name = line.slice(match.start, end.start() if end else len(line))
    for index, sign in enumerate(name.text):
        if sign == ")" and name.text[: index + 1].count("(") < name.text[: index + 1].count(")"):
            name = name.slice(0, index)
            break
    return name.strip(" ,;.:")


def _instrument(line: Span) -> Span | None:
    """The name of the instrument: from its noun to the end of the clause; None for the bare noun."""
    for match in phrases("instrument-types", "instrument-type").find(line.text):
        name = _clause(line, match)
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
            name = _clause(text, match)
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
