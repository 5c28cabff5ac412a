"""The two languages of the house, and the words of its screens in each."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

Language = Literal["it", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("it", "en")

_LOCALES = Path(__file__).parent / "locales"


class Texts:
    """The words of one language by dotted key: `texts("matrix.title")`, with the values that the words ask for."""

    def __init__(self, language: Language, words: Mapping[str, str]) -> None:
        """Keep the words of a language."""
        self.language = language
        self.words = words

    def __call__(self, key: str, **values: object) -> str:
        """The words of `key`; raises `KeyError` when there are none, or a value they need is missing."""
        words = self.words[key]
        return words.format(**values) if values else words

    def count(self, key: str, number: int) -> str:
        """The words for a number of things: `key.one` for 1, else `key.other`; both may use `{n}`."""
        return self(f"{key}.{'one' if number == 1 else 'other'}", n=number)


@cache
def texts(language: Language) -> Texts:
    """The words of `language`, read once from `locales/<language>.toml`."""
    return Texts(language, read_words(_LOCALES / f"{language}.toml"))


def read_words(path: Path) -> Mapping[str, str]:
    """The words of one locale file by dotted key."""
    return dict(_flat(tomllib.loads(path.read_text(encoding="utf-8")), ""))


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
