"""An answer for a terminal: what people read, one place for each row, nothing wider than it must be."""

from __future__ import annotations

from collections.abc import Iterable

from api.language import Texts, texts
from api.operations.asking import Asked
from api.render.places import place_words
from api.render.table import answer_row
from queries.answer import Source

LONGEST_QUOTE = 70


def terminal_table(asked: Asked) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of text: no identifiers, no empty columns, and where the first words of each row stand."""
    question, language = asked.question, asked.language
    rows = [answer_row(question, row, language) for row in asked.answer.rows]
    shown = [
        index
        for index, column in enumerate(question.columns)
        if column.kind not in ("iri", "passage") and any(row[index] is not None for row in rows)
    ]
    words = texts(language)
    headings = [question.columns[index].label.in_language(language) for index in shown]
    lines = [
        [*("" if row[index] is None else str(row[index]) for index in shown), _place(answered.sources, words)]
        for row, answered in zip(rows, asked.answer.rows, strict=True)
    ]
    return [*headings, words("questions.sources")], lines


def _place(sources: Iterable[Source], words: Texts) -> str:
    """The first quote, cut to a line, with its file and line, and how many more there are."""
    found = list(sources)
    if not found:
        return ""
    first = found[0]
    quote = " ".join((first.quote or "").split())
    cut = quote if len(quote) <= LONGEST_QUOTE else quote[: LONGEST_QUOTE - 1] + "…"
    where = place_words(words, first.file, first.page, first.line)
    more = f" (+{len(found) - 1})" if len(found) > 1 else ""
    return f"«{cut}» {where}{more}" if cut else f"{where}{more}"
