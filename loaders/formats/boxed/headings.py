"""The headings of tables written box by box: one label after the other, as they stand side by side."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from loaders.formats.boxed.boxes import Box
from loaders.headers import STATUS_ROLES, guessed_role, mark_of, named_bodies, role_of, starts_status
from loaders.lexicon import phrases
from loaders.span import normalised

_DEEPEST = 6  # lines of a label
_LONGEST_LABEL = 60  # characters
_FIRST = ("objective", "number")  # meanings of a first column
_UNKNOWN = 2  # labels side by side that nothing explains
_LONGEST_MARK = 3  # characters
_EXACT, _KNOWN = 2, 0.6  # labels known as they stand, or the share of known ones, that make a heading
_FINITE = re.compile(r"\b(?:non è|è stat[oa]|sono stat[ie]|sarà|saranno|verrà)\b", re.I)  # a sentence is no label
_TANGLED = 3  # lines that two labels share below their first
_SURE = 5  # meanings of one heading that make it known without a label known as it stands
_REMEMBERED = 20_000  # meanings of labels
_REACH = 300  # boxes below its first label among which a heading may be scattered
_ALONE = 1 / 3  # of the labels of a heading may stand alone among cells
_TERRITORIES = 2  # columns named after territories that make a matrix
TERRITORY = re.compile(r"\b(?:ambito|distretto|comune|ats|asst|zona|pdz)\b\s+\S", re.I)
_NUMBERED = re.compile(r"^\W{0,2}\d{1,2}(?:\.\d{1,2})*(?:\s*bis)?\s*[-.)–]")
_OPENS_ROW = re.compile(r"^\W{0,2}\d{1,2}(?:\.\d{1,2})*(?:\s*bis)?\s*[-.)–]|^[•●▪-]\s")
_SHORTEST = 4  # characters of a label that tells something
_FEWEST, _MOST = 3, 10  # columns
_CONTENT = STATUS_ROLES | {
    "progress", "priority", "action", "need", "expectation", "method", "resource", "indicator", "time", "owner",
    "partner", "lead", "objective", "note", "target_value", "named_owner",
}  # fmt: skip
_PAIR = ("protocol_present", "protocol_absent")


@dataclass(frozen=True)
class Heading:
    """The boxes of a heading in the order of its columns, what they mean, and the first box below it."""

    labels: tuple[Box, ...]
    roles: tuple[str | None, ...]
    end: int

    def is_form(self, labels: frozenset[str]) -> bool:
        """Whether these are rather the `labels` of a sheet, which have their values behind them."""
        return 2 * sum(normalised(label.text) in labels for label in self.labels) > len(self.labels)


def split_titles(boxes: Sequence[Box]) -> list[Box]:
    """The boxes, the first label of a heading parted from the title that stands in one box with it.

    Two labels that were written line by line into one box («Protocollo non Eventuale stato», «presente», …) are parted.
    """
    boxes = [part for box in boxes for part in _untangled(box)]
    found: list[Box] = []
    for box, after in itertools.zip_longest(boxes, boxes[1:]):
        at = _first_label(box) if after is not None and _role(after) and not _exact(box.text) else None
        found += box.cut(at) if at is not None else (box,)
    return found


def _untangled(box: Box) -> tuple[Box, ...]:
    """The two labels that share the lines of a box, where each is known as it stands; else the box."""
    first, *rest = box.lines
    if not 0 < len(rest) <= _TANGLED or box.width > _LONGEST_LABEL or _exact(box.text):
        return (box,)
    for blank in (i for i, c in enumerate(first.text) if c == " "):
        for sides in itertools.product((0, 1), repeat=len(rest)):
            parts = ([first.slice(0, blank)], [first.slice(blank + 1, len(first.text))])
            for line, side in zip(rest, sides, strict=True):
                parts[side].append(line)
            labels = tuple(Box(tuple(lines), box.page) for lines in parts)
            if all(_exact(label.text) for label in labels):
                return labels
    return (box,)


def _first_label(box: Box) -> int | None:
    """The line of a box at which its last lines make a known label: as it stands, else as far as words tell."""
    tails = {at: " ".join(x.text for x in box.lines[at:]) for at in range(max(1, len(box.lines) - 3), len(box.lines))}
    capital = {at: label for at, label in tails.items() if label[0].isupper() and len(label) <= _LONGEST_LABEL}
    exact = next((at for at, label in capital.items() if _exact(label)), None)
    return exact if exact is not None else next((at for at in reversed(capital) if _guessed(capital[at])), None)


def _guessed(label: str) -> str | None:
    plain = not label.endswith((".", ";", ":", ",")) and not any(c.isdigit() for c in label)
    return guessed_role(label) if plain else None


@lru_cache(maxsize=_REMEMBERED)
def _exact(label: str) -> str | None:
    entry = phrases("headers", "column-role").exact(label)
    return entry.code if entry else None


def _is_label(text: str) -> bool:
    """Whether the words of a box may be the label of a column, by their form alone."""
    mark = mark_of(text)[0]
    short = len(text) <= _LONGEST_LABEL and not (mark == "ticked" or (mark and len(text) <= _LONGEST_MARK))
    ended = text.endswith((";", ":", ",")) or (text.endswith(".") and not _exact(text))
    plain = not any(c.isdigit() for c in text) or bool(named_bodies(text))
    return short and not ended and text[:1].isupper() and plain


def form_labels(boxes: Sequence[Box]) -> frozenset[str]:
    """The labels of sheets that repeat: known ones that return, each time with a value that does not behind them."""
    words = [normalised(box.text) for box in boxes]
    counts = Counter(words)
    again = {word for box, word in zip(boxes, words, strict=True) if counts[word] > 1 and _role(box)}
    in_row = {word for word, after in itertools.pairwise(words) if word in again and after in again}
    return frozenset(again - in_row)


def _role(box: Box) -> str | None:
    """What a box means as the label of a column, if it may be one."""
    return _role_of(box.text)


@lru_cache(maxsize=_REMEMBERED)
def _role_of(text: str) -> str | None:
    """What a box means as the label of a column, if it may be one."""
    if not _is_label(text) or (_FINITE.search(text) and not _exact(text)):
        return None
    if TERRITORY.search(text) and role_of(text) in (None, "territory"):
        return "territory"
    return role_of(text) or ("named_owner" if named_bodies(text) else guessed_role(text))


def find_heading(boxes: Sequence[Box], at: int) -> Heading | None:
    """The heading whose first label is box `at`, if one is."""
    if _role(boxes[at]) is None:
        return None
    run = list(_run(boxes, at))
    roles = [_role(box) for box in run]
    if roles[1:2] and roles[1] in _FIRST and roles[0] not in _FIRST:
        return None  # a title above the heading, which starts with the next box
    end = at + len(run)
    run, roles = _paired(run, roles)
    stray = any(_is_stray(run, roles, i) for i in range(len(roles)))
    exact = sum(_exact(label.text) is not None for label in run)
    known = len({*roles} & _CONTENT)
    if not _FEWEST <= len(run) <= _MOST:
        return None
    matrix = roles.count("territory") >= _TERRITORIES and {*roles[1:]} == {"territory"}
    sure = exact >= _EXACT or (known > _FEWEST and known >= _KNOWN * len(run))
    if not matrix and (stray or known < _FEWEST or not sure):
        return None
    return Heading(tuple(run), tuple(roles), end)


def find_scattered(boxes: Sequence[Box], at: int) -> tuple[Heading, frozenset[int]] | None:
    """The heading whose labels stand from box `at` on among the cells of its page, and which boxes they are."""
    if _role(boxes[at]) is None or at + 1 >= len(boxes) or _role(boxes[at + 1]) in (None, _role(boxes[at])):
        return None
    found: dict[int, str] = {}
    page = [i for i in range(at, min(at + _REACH, len(boxes))) if boxes[i].page == boxes[at].page]
    for index in page:
        box = boxes[index]
        if len(found) >= _MOST + 1:
            break
        beside = index - 1 in found or index == at
        told = _exact(box.text) or (beside and not named_bodies(box.text))
        role = _role(box) if told and (beside or not starts_status(box.text)) else None
        if role == "outside":
            break
        if role is not None and role not in found.values():
            found[index] = role
    words = {normalised(boxes[i].text) for i in found}
    if any(i not in found and normalised(boxes[i].text) in words for i in page):
        return None  # sheets, each with the labels of the one before
    alone = sum(i - 1 not in found and i + 1 not in found for i in found)
    if at + 1 not in found or alone > _ALONE * len(found):
        return None  # a form, whose labels have their values beside them
    labels, roles = _paired_anywhere([boxes[i] for i in found], list(found.values()))
    exact = sum(_exact(label.text) is not None for label in labels)
    known = len({*roles} & _CONTENT)
    if not _FEWEST <= len(labels) <= _MOST or known < _FEWEST or (exact < _EXACT and known < _SURE):
        return None
    return Heading(tuple(labels), tuple(roles), max(found) + 1), frozenset(found)


def _paired_anywhere(labels: list[Box], roles: list[str | None]) -> tuple[list[Box], list[str | None]]:
    """A label over two columns gives way to theirs, wherever these were written."""
    if "protocol_status" not in roles or not {*_PAIR} <= {*roles}:
        return labels, roles
    over = roles.index("protocol_status")
    pair = [roles.index(role) for role in _PAIR]
    order = [*pair] if over == 0 else [i for i in range(over) if i not in pair] + pair
    order += [i for i in range(over + 1, len(roles)) if i not in pair]
    return [labels[i] for i in order], [roles[i] for i in order]


def _run(boxes: Sequence[Box], at: int) -> Iterator[Box]:
    """The labels from box `at`: known ones, and unknown ones between them or before a cell that opens a row."""
    seen: set[str] = set()
    waiting: list[Box] = []
    for index in range(at, min(at + _MOST + 2, len(boxes))):
        box = boxes[index]
        role = _role(box) if box.page == boxes[at].page else None
        if role in seen and role not in ("named_owner", "territory"):
            break
        if role is None and (not _is_label(box.text) or len(waiting) >= _UNKNOWN):
            opens = _NUMBERED if seen & {*_FIRST} else _OPENS_ROW
            if waiting and opens.match(box.text):
                yield from waiting
            return
        if role is None:
            waiting.append(box)
            continue
        yield from waiting
        yield box
        waiting = []
        seen.add(role)


def _is_stray(labels: Sequence[Box], roles: Sequence[str | None], at: int) -> bool:
    """Whether a body named alone among labels is rather the value of one («Responsabile», «Ufficio di Piano»)."""
    beside = (labels[i] for i in (at - 1, at + 1) if 0 <= i < len(labels))
    return roles[at] == "named_owner" and not any(named_bodies(label.text) for label in beside)


def _paired(labels: list[Box], roles: list[str | None]) -> tuple[list[Box], list[str | None]]:
    """A label over two columns («Protocollo» over «Presente» and «Non presente»), written before them, gives way."""
    over = next((i for i, role in enumerate(roles) if role == "protocol_status"), None)
    if over is None or tuple(roles[-2:]) != _PAIR:
        return labels, roles
    order = [*range(over), len(roles) - 2, len(roles) - 1, *range(over + 1, len(roles) - 2)]
    return [labels[i] for i in order], [roles[i] for i in order]


def label_lines(box: Box, heading: Heading) -> int:
    """How many lines at the top of a longer box are a label of the heading again."""
    labels = {normalised(label.text) for label in heading.labels}
    tops = (" ".join(line.text for line in box.lines[:at]) for at in range(1, min(_DEEPEST, len(box.lines))))
    return next((at for at, top in enumerate(tops, start=1) if normalised(top) in labels), 0)


def opens_other_column(box: Box, heading: Heading) -> bool:
    """Whether a box is, or opens with, the label of a column that the heading lacks."""
    if heading.roles[-1] == "territory" and _role(box) == "territory":
        return True
    tops = (" ".join(line.text for line in box.lines[:at]) for at in range(1, min(4, len(box.lines) + 1)))
    found = {_exact(top) for top in tops if len(top) > _SHORTEST}
    known = STATUS_ROLES if STATUS_ROLES & {*heading.roles} else frozenset()
    return bool(found & _CONTENT - {*heading.roles} - known)
