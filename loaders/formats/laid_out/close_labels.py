"""Labels of a heading that one blank alone keeps apart, told by their words: each must be a label that is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from loaders.formats.laid_out.lines import Stretch, TextLine
from loaders.lexicon import phrases

_FEWEST = 3  # labels; fewer may be a phrase
_MOST_WORDS = 40  # of a heading
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    text: str

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


def close_labels(band: Sequence[TextLine]) -> list[Stretch] | None:
    """The labels of the lines of a heading, cut so that every one is known and no two mean the same; None when no cut
    does that."""
    lines = [[_Word(m.start(), m.end(), m.group()) for m in _WORD.finditer(line.span.text)] for line in band]
    if not 0 < sum(map(len, lines)) <= _MOST_WORDS:
        return None
    edges = sorted({word.start for line in lines for word in line})
    cuts = [*edges, max(word.end for line in lines for word in line) + 1]
    best: list[tuple[int, ...] | None] = [(), *([None] * len(edges))]
    roles: list[frozenset[str]] = [frozenset(), *([frozenset()] * len(edges))]
    for at in range(1, len(cuts)):
        for before in range(at):
            head, role = best[before], _known(lines, cuts[before], cuts[at])
            if head is None or role is None or role in roles[before]:
                continue
            here = best[at]
            if here is None or len(head) + 1 > len(here):
                best[at], roles[at] = (*head, before), roles[before] | {role}
    chosen = best[-1]
    if chosen is None or len(chosen) < _FEWEST:
        return None
    ends = [cuts[at] for at in (*chosen[1:], len(cuts) - 1)]
    return [_label(lines, cuts[at], end) for at, end in zip(chosen, ends, strict=True)]


def _within(lines: Sequence[Sequence[_Word]], start: int, end: int) -> list[list[_Word]]:
    """The words of each line whose middle stands between two cuts."""
    return [[word for word in line if start <= word.middle < end] for line in lines]


def _known(lines: Sequence[Sequence[_Word]], start: int, end: int) -> str | None:
    """The meaning of the words between two cuts, if they are a whole known label."""
    text = " ".join(word.text for line in _within(lines, start, end) for word in line)
    entry = phrases("headers", "column-role").exact(text) if text[:1].isupper() else None
    return entry.code if entry else None


def _label(lines: Sequence[Sequence[_Word]], start: int, end: int) -> Stretch:
    """The label between two cuts; where its lines start apart, from the last of their starts."""
    kept = [line for line in _within(lines, start, end) if line]
    text = " ".join(word.text for line in kept for word in line)
    first = max(line[0].start for line in kept)
    last = max(line[-1].end for line in kept)
    return Stretch(first, max(first + 1, min(last, end - 1)), text)
