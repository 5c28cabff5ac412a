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
class CellFormats:
    """How cells look: headings, plain values, and texts that a spreadsheet must not take for formulas."""

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
        formats = cell_formats(book)
        for name, table in named:
            _write_table(book.add_worksheet(name), table, formats)
        _write_notes(book.add_worksheet(words("export.about")), named[0][1], words, formats)
    return buffer.getvalue()


def cell_formats(book: xlsxwriter.Workbook) -> CellFormats:
    """The formats of a workbook's cells."""
    layout = {"text_wrap": True, "valign": "top"}
    return CellFormats(
        head=book.add_format({**layout, "bold": True, "bottom": 1}),
        plain=book.add_format(layout),
        quoted=book.add_format({**layout, "quote_prefix": True}),
    )


def print_on_a4(sheet: Worksheet, heading: int) -> None:
    """Lay a sheet out for A4 across, its heading row on every page, all columns on one."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.repeat_rows(heading)
    sheet.fit_to_pages(1, 0)


def _write_table(sheet: Worksheet, table: Table, formats: CellFormats) -> None:
    for index, heading in enumerate(table.headings):
        sheet.set_column(index, index, _WIDTHS[heading.kind])
        sheet.write_string(0, index, heading.label, formats.head)
    for number, row in enumerate(table.rows, start=1):
        for index, value in enumerate(row):
            write_value(sheet, (number, index), value, formats)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.headings) - 1)
    print_on_a4(sheet, 0)


def _write_notes(sheet: Worksheet, table: Table, words: Texts, formats: CellFormats) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 110)
    now = datetime.now(UTC).astimezone().strftime("%Y-%m-%d %H:%M %z")
    lines = (*table.notes, (words("export.date"), now), ("SPARQL", table.query))
    for number, (name, value) in enumerate(lines):
        sheet.write_string(number, 0, name, formats.head)
        write_value(sheet, (number, 1), value, formats)


def write_value(sheet: Worksheet, place: tuple[int, int], value: Value, formats: CellFormats) -> None:
    """One cell by its own type; a text that could start a formula also carries Excel's own mark of plain text."""
    if isinstance(value, str):
        cut = value if len(value) <= LONGEST_CELL else value[: LONGEST_CELL - len(_CUT)] + _CUT
        sheet.write_string(*place, cut, formats.quoted if harmless(value) != value else formats.plain)
    elif value is not None:
        sheet.write_number(*place, value, formats.plain)
