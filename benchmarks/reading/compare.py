"""What was read beside what is true: rows matched by their words, then every field counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from benchmarks.reading.views import PlanView, RowView

T = TypeVar("T")
_ALIKE = 0.25  # the least share of words that two rows must have in common to be one
_LISTED = (
    "progress", "commitments", "actions", "needs", "expectations", "methods", "resources", "responsibilities",
    "indicators",
)  # fmt: skip
_STATUSES = ("marked", "stated", "resolved")
# Words under a heading that nobody knows are kept as notes: that a field missed them is counted once, in that field.
OF_MACRO = ("objectives", "rows", *_STATUSES, *_LISTED, "indicator kinds", "targets", "timelines")
_NAMED = ("services", "measures", "target groups")
BESIDE = ("notes", "instruments", "planned", "labels", "numbers", "themes", *_NAMED, "metadata", "legal acts")
FIELDS = (*OF_MACRO, *BESIDE)


@dataclass
class Tally:
    """How many values were read right, how many true ones were missed, how many were read that are not there."""

    right: int = 0
    missed: int = 0
    extra: int = 0

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall, from 0 to 1; None when there was nothing to read."""
        whole = 2 * self.right + self.missed + self.extra
        return 2 * self.right / whole if whole else None

    def add(self, other: Tally) -> None:
        """Count the other one in."""
        self.right += other.right
        self.missed += other.missed
        self.extra += other.extra


@dataclass(frozen=True)
class Difference:
    """A value read wrong: the field, what is true and what was read (either may be empty)."""

    field: str
    title: str
    true: str
    read: str


@dataclass
class Comparison:
    """The tally of each field, and each difference."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    def values(self, name: str, title: str, true: Sequence[str], read: Sequence[str]) -> None:
        """Count the values of one field, in any order."""
        wanted, found = Counter(true), Counter(read)
        missed, extra = list((wanted - found).elements()), list((found - wanted).elements())
        self._count(name, Tally((wanted & found).total(), len(missed), len(extra)))
        self.differences += [Difference(name, title, text, "") for text in missed]
        self.differences += [Difference(name, title, "", text) for text in extra]

    def value(self, name: str, title: str, true: str, read: str) -> None:
        """Count one value, which is right or wrong."""
        right = true == read
        self._count(name, Tally(int(right), int(not right), int(not right)))
        if not right:
            self.differences.append(Difference(name, title, true, read))

    def _count(self, name: str, tally: Tally) -> None:
        self.tallies.setdefault(name, Tally()).add(tally)


def macro_f1(tallies: dict[str, Tally]) -> float:
    """The mean F1 of the fields of the rows that had anything to read."""
    scores = [score for name in OF_MACRO if name in tallies and (score := tallies[name].f1) is not None]
    return sum(scores) / len(scores) if scores else 0.0


def compare(true: PlanView, read: PlanView) -> Comparison:
    """Every field of `true` beside that of `read`."""
    found = Comparison()
    found.values("objectives", "", true.titles, read.titles)
    found.values("legal acts", "", sorted(set(true.acts)), sorted(set(read.acts)))
    for name, value in true.metadata.items():
        if value:
            found.value("metadata", name, value, read.metadata[name])
    for here, there in aligned(true.rows, read.rows, _likeness):
        _compare_rows(found, here, there)
    return found


def _compare_rows(found: Comparison, true: RowView | None, read: RowView | None) -> None:
    here, there = true or _NO_ROW, read or _NO_ROW
    title = here.title or there.title
    found.values("rows", title, [_shown(here)] if true else (), [_shown(true or there)] if read else ())
    for name in (*_LISTED, "notes", "instruments", "planned", "labels"):
        found.values(name, title, here.fields.get(name, ()), there.fields.get(name, ()))
    if true is None:
        return
    for name, wanted, value in zip(_STATUSES, here.statuses, there.statuses, strict=True):
        found.value(name, title, wanted, value)
    for name in ("timeline", "number", "theme"):
        if getattr(here, name) or (read and getattr(there, name) and name != "theme"):
            found.value(f"{name}s", title, getattr(here, name), getattr(there, name))
    if here.named is not None:
        for name in _NAMED:
            found.values(name, title, here.named[name], (there.named or {}).get(name, ()))
    for text in sorted(set(here.targets) & set(there.targets)):
        found.value("targets", text, here.targets[text], there.targets[text])
        found.value("indicator kinds", text, here.kinds[text], there.kinds[text])


_NO_ROW = RowView("", "no row", "no row", ("no row", "no row", "no row"), {}, {}, {}, "no row")


def _shown(row: RowView) -> str:
    return " ".join(row.words)[:160]


def _likeness(here: RowView, there: RowView) -> float:
    return dice(here.words, there.words)


def dice(here: Sequence[str], there: Sequence[str]) -> float:
    """The share of elements in common, from 0 to 1; two empty sequences have none."""
    whole = len(here) + len(there)
    return 2 * (Counter(here) & Counter(there)).total() / whole if whole else 0.0


def aligned(
    true: Sequence[T], read: Sequence[T], likeness: Callable[[T, T], float]
) -> Iterator[tuple[T | None, T | None]]:
    """The pairs, in order, whose likeness adds up to most; what has no partner stands alone."""
    best = [[0.0] * (len(read) + 1) for _ in range(len(true) + 1)]
    same = [[likeness(here, there) for there in read] for here in true]
    for i in range(len(true) - 1, -1, -1):
        for j in range(len(read) - 1, -1, -1):
            pair = same[i][j] + best[i + 1][j + 1] if same[i][j] >= _ALIKE else 0.0
            best[i][j] = max(pair, best[i + 1][j], best[i][j + 1])
    yield from _path(true, read, same, best)


def _path(
    true: Sequence[T], read: Sequence[T], same: list[list[float]], best: list[list[float]]
) -> Iterator[tuple[T | None, T | None]]:
    i = j = 0
    while i < len(true) and j < len(read):
        if same[i][j] >= _ALIKE and best[i][j] == same[i][j] + best[i + 1][j + 1]:
            yield true[i], read[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield true[i], None
            i += 1
        else:
            yield None, read[j]
            j += 1
    yield from ((row, None) for row in true[i:])
    yield from ((None, row) for row in read[j:])
