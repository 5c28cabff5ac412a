"""Text whose every character knows where it stands in the rendition."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

NOWHERE = -1


@dataclass(frozen=True)
class Span:
    """A piece of text and the offset of each of its characters (`NOWHERE` for a character the reader added)."""

    text: str
    offsets: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.text)

    def __bool__(self) -> bool:
        return bool(self.text)

    def slice(self, start: int, end: int) -> Span:
        """The characters from `start` to `end` (exclusive)."""
        return Span(self.text[start:end], self.offsets[start:end])

    def strip(self, characters: str | None = None) -> Span:
        """The span without white space (or `characters`) at either end."""
        left = len(self.text) - len(self.text.lstrip(characters))
        right = len(self.text.rstrip(characters))
        return self.slice(left, max(left, right))

    def without(self, pattern: re.Pattern[str]) -> Span:
        """The span with every match of `pattern` taken out."""
        return join(self.pieces(pattern))

    def pieces(self, pattern: re.Pattern[str]) -> list[Span]:
        """The stretches between the matches of `pattern`, empty ones included."""
        cuts = [(m.start(), m.end()) for m in pattern.finditer(self.text)]
        starts = [0, *(end for _, end in cuts)]
        ends = [*(start for start, _ in cuts), len(self.text)]
        return [self.slice(start, end) for start, end in zip(starts, ends, strict=True)]

    def cut(self, positions: Iterable[int]) -> list[Span]:
        """The span cut before each of `positions`."""
        edges = [0, *sorted(set(positions)), len(self.text)]
        return [self.slice(a, b) for a, b in pairwise(edges) if b > a]

    def folded(self) -> Span:
        """The span with each run of white space made one blank and its ends stripped."""
        kept: list[int] = []
        for index, character in enumerate(self.text):
            blank = character.isspace()
            if not blank or (kept and not self.text[kept[-1]].isspace()):
                kept.append(index)
        text = "".join(" " if self.text[i].isspace() else self.text[i] for i in kept)
        return Span(text, tuple(self.offsets[i] for i in kept)).strip()


EMPTY = Span("", ())


def whole(text: str, start: int = 0) -> Span:
    """`text` as a span that starts at offset `start`."""
    return Span(text, tuple(range(start, start + len(text))))


def join(spans: Iterable[Span], separator: str = "") -> Span:
    """The spans one after the other, `separator` (which stands nowhere) between them."""
    parts = list(spans)
    texts = separator.join(part.text for part in parts)
    offsets: list[int] = []
    for number, part in enumerate(parts):
        if number:
            offsets.extend([NOWHERE] * len(separator))
        offsets.extend(part.offsets)
    return Span(texts, tuple(offsets))


def normal(text: str) -> tuple[str, tuple[int, ...]]:
    """`text` in lower case without accents and punctuation, and for each character its index in `text`."""
    characters: list[str] = []
    indexes: list[int] = []
    for index, character in enumerate(text):
        base = unicodedata.normalize("NFKD", character)[:1].lower()
        letter = base if base.isalnum() or base in "%€" else " "
        if letter == " " and (not characters or characters[-1] == " "):
            continue
        characters.append(letter)
        indexes.append(index)
    if characters and characters[-1] == " ":
        characters.pop()
        indexes.pop()
    return "".join(characters), tuple(indexes)


def normalised(text: str) -> str:
    """`text` in lower case without accents, punctuation and doubled blanks."""
    return normal(text)[0]


def runs(offsets: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The (start, end) of each run of offsets that follow one another, added characters skipped."""
    start = previous = NOWHERE
    for offset in offsets:
        if offset == NOWHERE:
            continue
        if start == NOWHERE:
            start = offset
        elif offset != previous + 1:
            yield start, previous + 1
            start = offset
        previous = offset
    if start != NOWHERE:
        yield start, previous + 1
