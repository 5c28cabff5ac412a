"""A table as a workbook for spreadsheets: the rows, then a sheet that says where they come from."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from api.language import Texts
from api.render.table import Table, Value, harmless

LONGEST_CELL = 32_767
"""Characters that a cell of a workbook may have (Excel's own limit)."""
_WIDTHS = {"iri": 24, "passage": 24, "text": 32, "status": 18, "date": 12, "number": 10}
_A4 = 9
_CUT = " […]"


@dataclass(frozen=True, slots=True)
class _Formats:
    head: Format
    plain: Format
    quoted: Format


def workbook(sheets: Iterable[tuple[str, Table]], words: Texts) -> bytes:
    """A workbook with a sheet for each named table, then one that says what was asked, when, and of which data.

    The notes are those of the first table.
    """
    buffer = io.BytesIO()
    named = list(sheets)
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        layout = {"text_wrap": True, "valign": "top"}
        formats = _Formats(
            head=book.add_format({**layout, "bold": True, "bottom": 1}),
            plain=book.add_format(layout),
            quoted=book.add_format({**layout, "quote_prefix": True}),
        )
        for name, table in named:
            _write_table(book.add_worksheet(name), table, formats)
        _write_notes(book.add_worksheet(words("export.about")), named[0][1], words, formats)
    return buffer.getvalue()


def _write_table(sheet: Worksheet, table: Table, formats: _Formats) -> None:
    for index, heading in enumerate(table.headings):
        sheet.set_column(index, index, _WIDTHS[heading.kind])
        sheet.write_string(0, index, heading.label, formats.head)
    for number, row in enumerate(table.rows, start=1):
        for index, value in enumerate(row):
            _write(sheet, (number, index), value, formats)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.headings) - 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


def _write_notes(sheet: Worksheet, table: Table, words: Texts, formats: _Formats) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 110)
    now = datetime.now(UTC).astimezone().strftime("%Y-%m-%d %H:%M %z")
    lines = (*table.notes, (words("export.date"), now), ("SPARQL", table.query))
    for number, (name, value) in enumerate(lines):
        sheet.write_string(number, 0, name, formats.head)
        _write(sheet, (number, 1), value, formats)


def _write(sheet: Worksheet, place: tuple[int, int], value: Value, formats: _Formats) -> None:
    """One cell by its own type; a text that could start a formula also carries Excel's own mark of plain text."""
    if isinstance(value, str):
        cut = value if len(value) <= LONGEST_CELL else value[: LONGEST_CELL - len(_CUT)] + _CUT
        sheet.write_string(*place, cut, formats.quoted if harmless(value) != value else formats.plain)
    elif value is not None:
        sheet.write_number(*place, value, formats.plain)
