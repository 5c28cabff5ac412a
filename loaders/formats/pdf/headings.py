"""The headings of tables without rules, and the columns that stand below them.

EXTRACTION.md section 6.1. The lexicon alone decides nothing: a heading needs two known roles side by side in short
cells, or bold labels under which the lines of the table start.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from loaders.formats.pdf.lines import LEADING, TextLine, split_wide
from loaders.headers import mark_of, named_bodies, role_of
from loaders.lexicon import phrases

_LONGEST_LABEL = 60  # characters
_DEEPEST = 5  # lines of a heading
_ALIGNED = 3.0  # points between the left ends of lines that start together
_NEAR = 1.5  # of the usual distance; lines of one heading stand nearer
_LONGEST_MARK = 3  # characters
_PROBED = 8  # lines below a heading that must stand under its labels
_FORM_FIELDS = 3  # known labels that make lines of label and value a form
_DASHED = re.compile(r"^[-–—•]")
_Label = tuple[float, float, str]  # left, right, words


@dataclass(frozen=True)
class Columns:
    """The columns of a table without rules: where each starts, and its role; of a `form`, labels and values."""

    starts: tuple[float, ...]
    right: float
    roles: tuple[str | None, ...]
    form: bool = False

    def index(self, x: float) -> int:
        """The column that holds `x`."""
        return max(bisect.bisect_right(self.starts, x) - 1, 0)

    def is_start(self, x: float) -> bool:
        """Whether a column's text starts at `x`."""
        return any(abs(start + 1 - x) <= _ALIGNED for start in self.starts)


def find_columns(lines: Sequence[TextLine], at: int, right: float) -> tuple[Columns, tuple[int, ...]] | None:
    """The columns of the heading that starts at line `at`, and how many lines deep each of its rows is.

    A form has no heading.
    """
    best = find_heading(lines, at)
    if best is not None:
        depth, labels = best
        below = find_heading(lines, at + depth) if at + depth < len(lines) else None
        if below is not None and _divides(below[1], labels):
            labels = _divided(labels, below[1])
            return _columns(labels, _before_next_heading(lines[at + depth + below[0] :]), right), (depth, below[0])
        return _columns(labels, _before_next_heading(lines[at + depth :]), right), (depth,)
    form = _form(lines, at, right)
    return (form, ()) if form is not None else None


def find_heading(lines: Sequence[TextLine], at: int) -> tuple[int, list[_Label]] | None:
    """How deep the heading that starts at line `at` is, and its labels."""
    opening = [words for _, _, words in split_wide(lines[at])]
    if len(opening) < 2 or any(map(_is_content, opening)):
        return None
    best: tuple[float, int, list[_Label]] | None = None
    for depth in range(1, _DEEPEST + 1):
        band = lines[at : at + depth]
        if len(band) < depth or (depth > 1 and not _goes_on(band[-2], band[-1])):
            break
        labels = _labels(band)
        if best is not None and len(labels) > len(best[2]):
            break  # a second row of labels, not the wrapped words of the first
        bold = all(line.bold for line in band)
        score = _score(labels, lines[at + depth :], bold=bold)
        if score is not None and (best is None or bold or score > best[0]):
            best = (score, depth, labels)
    return best[1:] if best is not None else None


def _is_content(words: str) -> bool:
    """Whether words cannot open a label: they go on from others, are an item of a list, or a mark."""
    return (
        words[:1].islower()
        or bool(_DASHED.match(words))
        or (len(words) <= _LONGEST_MARK and mark_of(words)[0] is not None)
    )


def _goes_on(above: TextLine, below: TextLine) -> bool:
    near = below.base - above.base <= _NEAR * LEADING * above.size
    return near and above.bold == below.bold


def _labels(band: Sequence[TextLine]) -> list[_Label]:
    """The labels of a heading: left, right and words of the stretches that stand below one another."""
    labels: list[_Label] = []
    for x0, x1, words in (stretch for line in band for stretch in split_wide(line)):
        over = next((i for i, (a, b, _) in enumerate(labels) if x0 < b and x1 > a), None)
        if over is None:
            labels.append((x0, x1, words))
        else:
            a, b, text = labels[over]
            labels[over] = (min(a, x0), max(b, x1), f"{text} {words}")
    return sorted(labels)


def _score(labels: Sequence[_Label], below: Sequence[TextLine], *, bold: bool) -> float | None:
    """How well the labels are known; None when they make no heading.

    Words of the body may be those of a heading («bisogni»): where the type is not bold, two labels must be known as
    they stand. Bold labels of which the lexicon knows too few must have the lines below them under them.
    """
    texts = [words for _, _, words in labels]
    if any(len(text) > _LONGEST_LABEL or text[:1].islower() for text in texts):
        return None
    known = [role for role in map(_known, texts) if role]
    exact = sum(phrases("headers", "column-role").exact(text) is not None for text in texts)
    if len({*known}) >= 2 and 2 * len(known) >= len(texts) and (bold or exact >= max(2, len(texts) / 3)):
        return (len(known) + exact) / len(texts)
    return 0.0 if bold and len(texts) >= 3 and _stand_under(below, labels) else None


def _divides(below: Sequence[_Label], above: Sequence[_Label]) -> bool:
    """Whether a second heading line only parts columns of the first: fewer labels, some of them under one label."""
    owners = [_owner(label, above) for label in below]
    return len(below) <= len(above) + 1 and len({*owners}) < len(below)


def _owner(label: _Label, above: Sequence[_Label]) -> int:
    """The label of the line above that a label stands under."""
    return max((i for i, (x0, _, _) in enumerate(above) if x0 <= label[0] + _ALIGNED), default=0)


def _divided(above: Sequence[_Label], below: Sequence[_Label]) -> list[_Label]:
    owners = [_owner(label, above) for label in below]
    kept = [label for i, label in enumerate(above) if i not in owners]
    parts = [(x0, x1, f"{above[i][2]} {words}") for i, (x0, x1, words) in zip(owners, below, strict=True)]
    return sorted([*kept, *parts])


def _known(label: str) -> str | None:
    return _role(label) or ("body" if named_bodies(label) else None)


def _role(label: str) -> str | None:
    """The role of a label, whose one word a narrow column may have cut."""
    return role_of(label) or role_of(label.replace(" ", ""))


def _stand_under(below: Sequence[TextLine], labels: Sequence[_Label]) -> bool:
    """Whether the lines below have their stretches where labels start, or in their middle."""
    probed = [split_wide(line) for line in below[:_PROBED]]
    several = [stretches for stretches in probed if len(stretches) > 1]
    return len(several) >= 2 and all(any(_under(s, label) for label in labels) for line in several for s in line)


def _under(stretch: _Label, label: _Label) -> bool:
    return abs(stretch[0] - label[0]) <= _ALIGNED or abs(sum(stretch[:2]) - sum(label[:2])) <= 2 * _ALIGNED


def _before_next_heading(lines: Sequence[TextLine]) -> Sequence[TextLine]:
    return next((lines[:index] for index in range(len(lines)) if find_heading(lines, index)), lines)


def _columns(labels: Sequence[_Label], below: Sequence[TextLine], right: float) -> Columns:
    stretches = [(x0, x1) for line in below for x0, x1, _ in split_wide(line)]
    starts = [min(labels[0][0], *(x0 for x0, _ in stretches)) if stretches else labels[0][0]]
    for (left, _, _), (label, _, _) in pairwise(labels):
        starts.append(_boundary(left, label, stretches))
    return Columns(tuple(starts), right, tuple(_role(words) for _, _, words in labels))


def _boundary(left: float, label: float, stretches: Sequence[tuple[float, float]]) -> float:
    """Where a column starts: at its label, or left of a centred one, where several lines below it start."""
    starts = [a for a, b in stretches if left + 10 < a < label - 1 < b]
    near = [a for a in starts if sum(abs(a - other) <= _ALIGNED for other in starts) > 1]
    return min(near, default=label) - 1


def _form(lines: Sequence[TextLine], at: int, right: float) -> Columns | None:
    """The two columns of a form without rules: known labels one below the other, values that start together."""
    first = _field(lines[at])
    if first is None:
        return None
    left, value, _ = first
    labels: list[str] = []
    for line in lines[at:]:
        field = _field(line)
        if field is not None and abs(field[0] - left) <= _ALIGNED and abs(field[1] - value) <= _ALIGNED:
            labels.append(field[2])
        elif not _in_form(line, left, value):
            break
    known = sum(role_of(label) is not None for label in labels)
    if len(labels) < _FORM_FIELDS or not known or len({*labels}) < len(labels):
        return None
    return Columns((left - 1, value - 1), right, ("label", None), form=True)


def _field(line: TextLine) -> _Label | None:
    """Where the label and the value of a line start, and the label, if it is a short label and a value beside it."""
    stretches = split_wide(line)
    if len(stretches) != 2 or len(stretches[0][2]) > _LONGEST_LABEL or stretches[1][2].isdigit():
        return None
    label = stretches[0][2].rstrip(" :")
    return (stretches[0][0], stretches[1][0], label) if label[:1].isupper() else None


def _in_form(line: TextLine, left: float, value: float) -> bool:
    starts = [x0 for x0, _, _ in split_wide(line)]
    places = Counter(min((left, value), key=lambda x: abs(x - start)) for start in starts)
    near = all(min(abs(start - left), abs(start - value)) <= _ALIGNED for start in starts)
    return near and places[left] <= 1 and (len(starts) > 1 or abs(starts[0] - value) <= _ALIGNED)
