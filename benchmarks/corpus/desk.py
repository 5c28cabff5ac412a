"""The author's desk: seeded choice, templates filled from the word stocks, headings worded as usual or afresh."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from benchmarks.corpus.pages import Line, Look
from benchmarks.corpus.places import Place, stock

T = TypeVar("T")
_SLOT = re.compile(r"\{(\w+)\}")
_NUMBERS = (3, 4, 5, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 75, 80, 90)
_FINAL_ACCENTS = str.maketrans({"À": "A'", "È": "E'", "É": "E'", "Ì": "I'", "Ò": "O'", "Ù": "U'"})


@dataclass(frozen=True)
class Desk:
    """What one plan is drawn from; `titles` are its objectives to come, `numbers` their numbers, `habits` what it has
    settled on. `aside` draws what was added to the stocks later, so that all else of a seed stays as it was."""

    rng: Random
    aside: Random
    place: Place
    years: tuple[int, int]
    look: Look
    titles: Iterator[tuple[str, str]]
    numbers: Iterator[int]
    habits: dict[str, str] = field(default_factory=dict)

    def chance(self, share: float) -> bool:
        """True in `share` of the calls."""
        return self.rng.random() < share

    def pick(self, options: Sequence[T]) -> T:
        """One of `options`."""
        return self.rng.choice(options)

    def some(self, options: Sequence[T], least: int, most: int) -> list[T]:
        """Between `least` and `most` of `options`, none twice."""
        return self.rng.sample(options, min(self.rng.randint(least, most), len(options)))

    def fill(self, template: str, **given: str) -> str:
        """`template` with each slot filled from `given`, the desk or the stocks."""
        return _SLOT.sub(lambda match: given.get(match[1]) or self._slot(match[1]), template)

    def _slot(self, name: str) -> str:
        first, last = self.years
        fixed = {
            "past": str(first - self.rng.randint(1, 4)), "next": str(self.rng.randint(first, last)),
            "n": str(self.rng.choice(_NUMBERS)), "a": str(first), "b": str(first + 1), "c": str(last),
            "before": f"{first - 3}-{first - 1}", "town": self.rng.choice(self.place.towns), "area": self.place.area,
            "health": self.place.trust, "short": self.place.short, "place": self.place.area,
            "of_short": f"dell'{self.place.short}", "the_short": f"l'{self.place.short}",
            "date": f"{self.rng.randint(1, 28):02d}/{self.rng.randint(1, 12):02d}/{first - self.rng.randint(1, 3)}",
        }  # fmt: skip
        return fixed[name] if name in fixed else str(self.rng.choice(stock("items")["slots"][name]))

    def habit(self, name: str, options: Sequence[str]) -> str:
        """One of `options`, the same all through the plan."""
        return self.habits.setdefault(name, self.pick(options))

    def heading(self, role: str) -> str:
        """The plan's heading for columns or fields of `role`, worded afresh as often as the look says."""
        return self.habits.setdefault(f"heading {role}", self.worded(stock("headings")[role]))

    def worded(self, wordings: dict[str, list[str]]) -> str:
        """One of the `usual` or `fresh` wordings."""
        text = self.pick(wordings["fresh" if self.chance(self.look.novelty) else "usual"])
        return self.fill(text).upper().translate(_FINAL_ACCENTS) if self.look.capitals else self.fill(text)

    def lines(self, items: Sequence[str]) -> tuple[Line, ...]:
        """The items of a list cell, as the look writes them."""
        if self.look.lists == "semicolons":
            return (Line("; ".join(items)),) if items else ()
        ends = [";"] * (len(items) - 1) + ["."] if self.look.stops else [""] * len(items)
        listed = self.look.lists != "lines"
        return tuple(Line(item + end, listed) for item, end in zip(items, ends, strict=True))


def capitalised(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """`text` with a small first letter, unless it opens with an acronym."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
