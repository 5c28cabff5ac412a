"""What changed in a territory over its periods, as JSON, as a workbook and as a table for terminals."""

from __future__ import annotations

from collections.abc import Iterator

from api.language import Texts, texts
from api.operations.changes import Change, OverTime, Period
from api.render.comparisons import quote_values
from api.render.documents import json_document
from api.render.table import Heading, Table, Value
from api.render.workbook import workbook

_COLUMNS = ("theme", "from", "to", "state", "before", "after", "part", "line-state", "text", "quote", "file", "line")


def to_json(found: OverTime) -> bytes:
    """The changes for programs, every line with its passages."""
    return json_document(found)


def to_xlsx(found: OverTime) -> bytes:
    """A workbook with one line for each thing that stays, comes, or is left, and its words."""
    words = texts(found.language)
    return workbook([(words("changes.sheet"), as_table(found))], words)


def as_table(found: OverTime) -> Table:
    """One line for each objective's title, and one for each thing said of it."""
    words = texts(found.language)
    headings = tuple(Heading(one, words(f"changes.column.{one}"), "text") for one in _COLUMNS)
    notes = (
        (words("changes.title"), found.territory.label),
        (words("export.absence"), words("changes.absence")),
        (words("export.version"), found.data_version),
    )
    return Table(words("changes.title"), headings, tuple(_rows(found, words)), notes, "")


def years(period: Period) -> str:
    """A period as people write it: `2021-2023`."""
    first, last = period.start[:4], period.end[:4]
    return first if first == last else f"{first}-{last}"


def _rows(found: OverTime, words: Texts) -> Iterator[tuple[Value, ...]]:
    spans = [years(one) for one in found.periods]
    for row in found.rows:
        for at, step in enumerate(row.steps):
            for change in step:
                yield from _lines((row.label or words("evidence.no-theme"), spans[at], spans[at + 1]), change, words)


def _lines(head: tuple[str, str, str], change: Change, words: Texts) -> Iterator[tuple[Value, ...]]:
    shown = change.after or change.before
    assert shown is not None
    titles = tuple(one.title if one else None for one in (change.before, change.after))
    first = (*head, words(f"changes.state.{change.state}"), *titles)
    yield (*first, words("compare.title-part"), None, shown.title, *quote_values(shown.quotes))
    for line in change.lines:
        text = words(f"status.{line.text}") if line.part == "statuses" else line.text
        told = (words(f"compare.{line.part}"), words(f"changes.state.{line.state}"), text)
        yield (*first, *told, *quote_values(line.quotes))
