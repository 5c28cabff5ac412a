"""What can go wrong when a document is read.

LoadError
├── UnreadableFile      the bytes cannot be had or decoded
├── UnknownFormat       no reader knows this kind of file
├── NothingToRead       the document holds no words
└── ManifestError       the plan.toml says something that cannot be
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

REFUSALS = Path(__file__).with_name("refusals.toml")
"""What is said of a file that is not read: English and Italian."""


class Said(NamedTuple):
    """What is wrong, where in the file, and what to do, in one language."""

    problem: str
    place: str | None
    remedy: str


class LoadError(Exception):
    """A document that cannot be read: which file, where in it, and what to do."""

    def __init__(self, problem: str, *, file: Path | str, place: str | None = None, remedy: str) -> None:
        """Keep the words, in English as `refusals.toml` has them."""
        self.problem = problem
        self.file = str(file)
        self.place = place
        self.remedy = remedy
        super().__init__(problem)

    def __reduce__(self) -> tuple[object, ...]:
        """As its parts, so that it can be sent from the process that reads the file."""
        return _made_again, (type(self), self.problem, self.file, self.place, self.remedy)

    def __str__(self) -> str:
        return "\n".join(self.reason.values())

    @property
    def said(self) -> Mapping[str, Said]:
        """The words by language."""
        italian = Said(
            _italian("problems", self.problem),
            self.place and _italian("places", self.place),
            _italian("remedies", self.remedy),
        )
        return {"it": italian, "en": Said(self.problem, self.place, self.remedy)}

    @property
    def reason(self) -> Mapping[str, str]:
        """The whole message by language."""
        return {language: self._whole(said) for language, said in self.said.items()}

    def _whole(self, said: Said) -> str:
        where = f"{self.file}, {said.place}" if said.place else self.file
        return f"{where}: {said.problem} {said.remedy}"


class UnreadableFile(LoadError):
    """The file cannot be opened or its bytes are not text of a known encoding."""


class UnknownFormat(LoadError):
    """No reader is known for this kind of file."""


class NothingToRead(LoadError):
    """The document holds no words."""


class ManifestError(LoadError):
    """The manifest says something that cannot be."""


def _made_again(kind: type[LoadError], problem: str, file: str, place: str | None, remedy: str) -> LoadError:
    return kind(problem, file=file, place=place, remedy=remedy)


def _italian(part: str, text: str) -> str:
    """The Italian words for English ones; a name (an XML part, a key) has none and stays as it is."""
    for english, italian in _refusals()[part]:
        if match := english.fullmatch(text):
            return italian.format(*match.groups())
    return text


@cache
def _refusals() -> Mapping[str, list[tuple[re.Pattern[str], str]]]:
    """What is read only when something is refused."""
    with REFUSALS.open("rb") as file:
        parts: dict[str, dict[str, str]] = tomllib.load(file)
    return {part: [(_pattern(english), said) for english, said in lines.items()] for part, lines in parts.items()}


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile(re.escape(english).replace(r"\{\}", "(.*)"), re.DOTALL)
