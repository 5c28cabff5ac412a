"""The same words in another rendition of the plan: each passage gains its twins, white space and signs apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

from loaders.document import Document
from loaders.records import Passage
from loaders.span import normal, whole

_MARKUP = re.compile(r"<[^<>]*>")
_FEWEST = 14  # letters and digits; fewer are found in too many places
AnyRecord = TypeVar("AnyRecord", bound=BaseModel)


class Twins:
    """Finds the passages of other renditions in one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        plain, indexes = normal(_MARKUP.sub(lambda m: " " * len(m.group()), document.text))
        kept = [(c, i) for c, i in zip(plain, indexes, strict=True) if c != " "]
        self._letters = "".join(c for c, _ in kept)
        self._offsets = [i for _, i in kept]

    def add_to(self, record: AnyRecord) -> AnyRecord:
        """`record` with, for each passage, the places of its words in this document."""
        return with_passages(record, self._with_twins)

    def _with_twins(self, passage: Passage) -> Passage:
        whole_words = " ".join(p.exact for p in (passage, *passage.more))
        found = self._find(whole_words)
        if found is None and passage.more:
            parts = [self._find(p.exact) for p in (passage, *passage.more)]
            twins = tuple(p for p in parts if p is not None)
        else:
            twins = (found,) if found else ()
        return passage.model_copy(update={"also": (*passage.also, *twins)})

    def _find(self, words: str) -> Passage | None:
        letters = normal(_MARKUP.sub(" ", words))[0].replace(" ", "")
        if len(letters) < _FEWEST:
            return None
        start = self._letters.find(letters)
        if start < 0 or self._letters.find(letters, start + 1) >= 0:
            return None
        first, last = self._offsets[start], self._offsets[start + len(letters) - 1]
        return self._document.passage(whole(self._document.text[first : last + 1], first))


def with_passages(record: AnyRecord, change: Callable[[Passage], Passage]) -> AnyRecord:
    """`record` with every passage in it, however deep, as `change` makes it."""
    updates = {name: _changed(value, change) for name, value in record}
    return record.model_copy(update={name: value for name, value in updates.items() if value is not None})


def _changed(value: Any, change: Callable[[Passage], Passage]) -> Any:
    if isinstance(value, Passage):
        return change(value)
    if isinstance(value, BaseModel):
        return with_passages(value, change)
    if isinstance(value, tuple):
        return tuple(_changed(item, change) if isinstance(item, BaseModel) else item for item in value)
    return None
