"""Objectives that say nearly the same: FTS5 finds who shares words, the rarer the better; RapidFuzz says how alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from api.search.index import Asking, Found, Hit
from api.search.words import any_expression, stems

CANDIDATES = 200
"""Objectives that are compared word by word, of those that share the rarest words."""
LEAST = 45
"""From how much likeness (0 to 100) an objective is shown."""


@dataclass(frozen=True, slots=True)
class Alike:
    """An objective, and how alike its title is to the text, from 0 to 100."""

    likeness: int
    hit: Hit


@dataclass(frozen=True, slots=True)
class Similars:
    """The objectives like a text, the most alike first; `facets` count those that share any of its words."""

    asking: Asking
    found: tuple[Alike, ...]
    facets: Found


def candidates(asking: Asking) -> tuple[Asking, str]:
    """What to ask the index for, and the expression: objectives with any of the words."""
    return Asking(asking.text, {**asking.chosen, "kind": "objective"}, CANDIDATES), any_expression(asking.text)


def most_alike(asking: Asking, hits: Iterable[Hit]) -> tuple[Alike, ...]:
    """The hits by likeness: the ratio of the sorted stems, so that neither order nor inflection counts."""
    wanted = " ".join(sorted(stems(asking.text).split()))
    scored = (Alike(round(fuzz.ratio(wanted, " ".join(sorted(stems(hit.text).split())))), hit) for hit in hits)
    kept = sorted(
        (one for one in scored if one.likeness >= LEAST),
        key=lambda one: (-one.likeness, one.hit.plan_id, one.hit.objective or 0),
    )
    return tuple(kept[: asking.limit])
