"""The headings of tables in laid-out text, and the columns below them, told by the blanks that run down a page."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from loaders.formats.laid_out.close_labels import close_labels
from loaders.formats.laid_out.lines import Stretch, TextLine
from loaders.headers import guessed_role, mark_of, named_bodies, role_of
from loaders.lexicon import phrases
from loaders.span import normalised

_LONGEST_LABEL = 60  # characters
_MOST_LABELS = 30
_SEEN = 300  # lines below a heading that show where columns stand
_DEEPEST = 6  # lines of a heading
_PROBED = 12  # lines below a heading that are looked at
_ENOUGH = 2  # lines with columns that show whether they stand under a heading
_NEAR = 2  # characters between ends that agree
_SHARE = 0.9  # of the stretches below must stand under unknown labels
_NARROWEST = 3  # characters between the starts of two columns
_MOVED = 0.4  # starts that outweigh one character by which a column is wider or narrower than on the page before
_SLACK = 5  # characters by which lines of one column may stand apart on a page
_CROSSED = 10.0  # starts that outweigh one line cut in a word
_FORM_FIELDS = 3  # lines of label and value that make a form
_DASHED = re.compile(r"^(?:[-–—•]|\W\s)")
_TERRITORY = re.compile(r"\b(?:ambito|distretto|comune|ats|asst|zona|pdz)\b\s+\S", re.I)


@dataclass(frozen=True)
class Heading:
    """The heading of a table: how many lines deep, its labels from left to right; `known` says its words tell it."""

    depth: int
    labels: tuple[Stretch, ...]
    known: bool


@dataclass(frozen=True)
class Columns:
    """Where the columns of a table start on one page, and what their headings mean; a `form` has none."""

    starts: tuple[int, ...]
    roles: tuple[str | None, ...]
    form: bool = False

    def index(self, at: int) -> int:
        """The column that holds the character at `at`."""
        return max(bisect.bisect_right(self.starts, at) - 1, 0)

    def home(self, stretch: Stretch) -> int:
        """The column in which words start; those that start a little before a column and run into it have drifted."""
        column = self.index(stretch.start)
        after = self.starts[column + 1] if column + 1 < len(self.starts) else stretch.end
        return column + 1 if stretch.start > after - _SLACK and stretch.end > after + _SLACK else column

    def crossed_by(self, stretch: Stretch) -> bool:
        """Whether words run from one column into the next."""
        return any(stretch.start <= start - _SLACK and stretch.end >= start + 3 for start in self.starts[1:])


def find_heading(lines: Sequence[TextLine], at: int) -> Heading | None:
    """The heading that starts at line `at`, if one does."""
    opening = [stretch.text for stretch in lines[at].stretches]
    if not 2 <= len(opening) <= _MOST_LABELS or any(map(_is_content, opening)):
        return None
    best: tuple[bool, float, Heading] | None = None
    for depth, labels in _depths(lines, at):
        found = _judged(labels, lines[at + depth :], lines[at + depth - 1])
        if found is not None and (best is None or (found[1], found[0]) > best[:2]):
            best = (found[1], found[0], Heading(depth, tuple(labels), found[1]))
    return best[2] if best else None


def repeated_heading(lines: Sequence[TextLine], at: int, labels: Sequence[Stretch]) -> Heading | None:
    """The heading at line `at` that says again what `labels` say."""
    words = [normalised(label.text) for label in labels]
    for depth, found in _depths(lines, at):
        if [normalised(label.text) for label in found] == words:
            return Heading(depth, tuple(found), True)
    return None


def _depths(lines: Sequence[TextLine], at: int) -> Iterator[tuple[int, list[Stretch]]]:
    """The labels that the lines from `at` make, for each number of lines that a heading may be deep."""
    for depth in range(1, _DEEPEST + 1):
        band = lines[at : at + depth]
        if len(band) < depth or not 0 < len(band[-1].stretches) <= _MOST_LABELS:
            return
        labels = _labels(band)
        close = close_labels(band) if len(band[0].stretches) > 1 else None
        if close:
            yield depth, close
        if any(len(label.text) > _LONGEST_LABEL for label in labels):
            return
        yield depth, labels


def _is_content(words: str) -> bool:
    """Whether words cannot open a label: they go on from others, are an item of a list, or a mark."""
    return words[:1].islower() or bool(_DASHED.match(words)) or (len(words) <= 3 and mark_of(words)[0] is not None)


def _labels(band: Sequence[TextLine]) -> list[Stretch]:
    """The labels of a heading: the stretches that stand below one another."""
    labels: list[Stretch] = []
    for stretch in (part for line in band for whole in line.stretches for part in _parted(whole, line, band)):
        over = [i for i, label in enumerate(labels) if stretch.start < label.end and stretch.end > label.start]
        if len(over) != 1:
            labels.append(stretch)
            continue
        label = labels[over[0]]
        start, end = min(label.start, stretch.start), max(label.end, stretch.end)
        labels[over[0]] = Stretch(start, end, f"{label.text} {stretch.text}")
    return sorted(labels, key=lambda label: (label.start, label.end))


def _parted(stretch: Stretch, line: TextLine, band: Sequence[TextLine]) -> Iterator[Stretch]:
    """A stretch of a heading in the labels that it holds: other lines part them by more than one blank."""
    for other in band:
        for left, right in pairwise(other.stretches) if other is not line else ():
            inside = stretch.start < left.end and stretch.start + 1 < right.start < stretch.end
            if inside and line.is_glyph(right.start) and not line.is_glyph(right.start - 1):
                yield Stretch(stretch.start, right.start - 1, line.span.text[stretch.start : right.start - 1])
                rest = Stretch(right.start, stretch.end, line.span.text[right.start : stretch.end])
                yield from _parted(rest, line, band)
                return
    yield stretch


def _judged(labels: Sequence[Stretch], below: Sequence[TextLine], last: TextLine) -> tuple[float, bool] | None:
    """How good a heading the labels make, and whether their words alone make it one; None when they make none."""
    texts = [label.text for label in labels]
    overlapping = any(a.end > b.start for a, b in pairwise(labels))
    if overlapping or any(text[:1].islower() or text.endswith((";", ":")) for text in texts):
        return None
    exact = sum(phrases("headers", "column-role").exact(text) is not None for text in texts)
    sure = {_role(text) or text for text in texts if _role(text) or named_bodies(text)}
    places = sum(bool(_TERRITORY.search(text)) for text in texts[1:])
    guessed = sum(bool(guessed_role(text) or named_bodies(text)) for text in texts)
    known = len(sure) >= 2 and 2 * len(sure) >= len(texts) and exact >= max(2, len(texts) / 3)
    lines, share = _aligned(labels, below)
    if not known and not (len(texts) >= 3 and lines >= _ENOUGH and share >= _SHARE):
        return None
    words = (2.0 * exact + 1.5 * len(sure) + guessed + places) / len(texts)
    return words + share + _broken(last, below), known


def _role(label: str) -> str | None:
    """The role of a label, whose one word a narrow column may have cut."""
    return role_of(label) or role_of(label.replace(" ", ""))


def _aligned(labels: Sequence[Stretch], below: Sequence[TextLine]) -> tuple[int, float]:
    """How many lines below have several stretches, and the share of all of them that stand under a label."""
    several: list[TextLine] = []
    for line in below[:_PROBED]:
        if line.blank and len(several) >= _ENOUGH:
            break
        if 1 < len(line.stretches) <= _MOST_LABELS:
            several.append(line)
    stretches = [stretch for line in several for stretch in line.stretches]
    right = sum(any(_under(stretch, label) for label in labels) for stretch in stretches)
    return len(several), right / len(stretches) if stretches else 0.0


def _under(stretch: Stretch, label: Stretch) -> bool:
    return abs(stretch.start - label.start) <= _NEAR or abs(sum(_ends(stretch)) - sum(_ends(label))) <= 2 * _NEAR


def _ends(stretch: Stretch) -> tuple[int, int]:
    return stretch.start, stretch.end


def _broken(last: TextLine, below: Sequence[TextLine]) -> float:
    """What the line below a heading says of its end: words that go on speak against it, a fresh start for it."""
    if not below or below[0].blank:
        return 1.0 if below else 0.0
    score = 0.0
    for stretch in below[0].stretches:
        goes_on = any(stretch.start < over.end and stretch.end > over.start for over in last.stretches)
        score += -0.6 if stretch.text[:1].islower() else (0.0 if goes_on else 0.3)
    return score / len(below[0].stretches)


def anchored(heading: Heading, body: Sequence[TextLine]) -> Columns:
    """The columns below a heading on its own page."""
    body = [line for line in body[:_SEEN] if len(line.stretches) <= _MOST_LABELS]
    starts = [min([heading.labels[0].start, *(line.start for line in body if not line.blank)])]
    for left, label in pairwise(heading.labels):
        starts.append(_boundary(body, range(max(left.end + 1, starts[-1] + 2), label.start + 1)))
    return Columns(tuple(starts), tuple(_role(label.text) for label in heading.labels))


def moved(columns: Columns, body: Sequence[TextLine]) -> Columns:
    """The same columns where they stand on the next page, whose lines are `body`: the places that most lines start at,
    no further apart than need be from where they stood."""
    body = [line for line in body[:_SEEN] if len(line.stretches) <= _MOST_LABELS]
    first = min([*(line.start for line in body if not line.blank), columns.starts[0] + _NEAR])
    marks = {stretch.start for line in body for stretch in line.stretches}
    marks |= {start + first - columns.starts[0] for start in columns.starts}
    price = {place: _starts_at(body, place) for place in sorted(marks) if place > first}
    best: dict[int, tuple[float, tuple[int, ...]]] = {first: (0.0, (first,))}
    for before, start in pairwise(columns.starts):
        step: dict[int, tuple[float, tuple[int, ...]]] = {}
        for place, worth in price.items():
            options = [
                (score + worth - _MOVED * abs(place - at - start + before), (*places, place))
                for at, (score, places) in best.items()
                if place - at >= _NARROWEST
            ]
            if options:
                step[place] = max(options)
        best = step
    places = max(best.values())[1] if best else columns.starts
    return replace(columns, starts=places)


def _boundary(body: Sequence[TextLine], places: range) -> int:
    """Where among `places` a column starts: where most lines start a stretch and no word is cut."""
    return max(places, key=lambda place: (_starts_at(body, place), place), default=places.stop - 1)


def _starts_at(body: Sequence[TextLine], place: int) -> float:
    """How many lines start a stretch at `place`, less those that a boundary there would cut."""
    starts = sum(any(stretch.start == place for stretch in line.stretches) for line in body)
    return starts - _CROSSED * sum(_cut(line, place) for line in body)


def _cut(line: TextLine, place: int) -> float:
    """How much of a line's words a boundary before `place` cuts: a word whole, a single blank hardly."""
    if not line.is_glyph(place - 1):
        return 0.2 if line.is_glyph(place - 2) and line.is_glyph(place) else 0.0
    return 1.0


def is_inside(line: TextLine, columns: Columns) -> bool:
    """Whether a line may belong to the body of a table: alone it may not run across its columns."""
    if line.start < columns.starts[0] - 1:
        return False
    return len(line.stretches) > 1 or not columns.crossed_by(line.stretches[0])


def fits(lines: Sequence[TextLine], columns: Columns) -> bool:
    """Whether the first lines of a page go on in these columns."""
    probed = [line for line in lines if not line.blank][:_PROBED]
    if not probed or not is_inside(probed[0], columns):
        return False
    first = probed[0]
    if len(first.stretches) == 1 and columns.index(first.start + _NEAR) == 0:
        return any(len(line.stretches) > 1 for line in probed[1:4])
    return True


def pieces(line: TextLine, columns: Columns) -> Iterator[tuple[int, int, int]]:
    """The column, start and end of each piece of a line; a stretch over a boundary is cut at the nearest blank."""
    for stretch in line.stretches:
        start = stretch.start
        column = columns.home(stretch)
        while column + 1 < len(columns.starts) and stretch.end > columns.starts[column + 1]:
            cut = _nearest_blank(line, start, columns.starts[column + 1], stretch.end)
            if cut is None:
                break
            yield column, start, cut
            start, column = cut + 1, column + 1
        yield column, start, stretch.end


def _nearest_blank(line: TextLine, start: int, boundary: int, end: int) -> int | None:
    """The blank of a stretch nearest before a boundary, within a word's length."""
    places = [at for at in range(max(start + 1, boundary - 2), min(boundary + 3, end)) if not line.is_glyph(at)]
    return min(places, key=lambda at: abs(at + 1 - boundary), default=None)


def find_form(lines: Sequence[TextLine], at: int, *, open_above: bool = False) -> tuple[Columns, int] | None:
    """The two columns of a form that starts at line `at` (labels, and values that start together), and the line after
    it; one `open_above` may go on with a value."""
    opening = lines[at : at + _PROBED] if open_above else lines[at : at + 1]
    first = next((field for line in opening if (field := _field(line)) is not None), None)
    if first is None:
        return None
    labels: list[str] = []
    end = at
    for index in range(at, len(lines)):
        line = lines[index]
        if line.blank:
            continue
        field = _field(line)
        if field is not None and abs(field[0] - first[0]) <= 1 and abs(field[1] - first[1]) <= 1:
            labels.append(field[2])
        elif len(line.stretches) > 2 or not _stands_in_form(line, first, lines[index - 1].blank):
            break
        end = index + 1
    known = sum(_role(label) is not None or guessed_role(label) is not None for label in labels)
    if len(labels) < (1 if open_above else _FORM_FIELDS) or known * 2 < len(labels):
        return None
    return Columns((first[0], first[1]), ("label", None), form=True), end


def _field(line: TextLine) -> tuple[int, int, str] | None:
    """Where the label and the value of a line start, and the label, if it is a short label and a value beside it."""
    if len(line.stretches) != 2 or len(line.stretches[0].text) > _LONGEST_LABEL:
        return None
    label, value = line.stretches
    words = label.text.rstrip(" :")
    return (label.start, value.start, words) if words[:1].isupper() else None


def _stands_in_form(line: TextLine, first: tuple[int, int, str], apart: bool) -> bool:
    """Whether a line goes on in the label or in the value above it; a label alone `apart` from others is a title."""
    starts = [stretch.start for stretch in line.stretches]
    if len(starts) == 1 and starts[0] <= first[0] + 1:
        return line.stretches[0].end < first[1] and not apart
    return all(abs(start - first[0]) <= 1 or start >= first[1] - 1 for start in starts)
