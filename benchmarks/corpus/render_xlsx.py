"""Made-up documents as workbooks of one sheet."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from benchmarks.corpus.pages import Cell, Grid, Look, Pages, Prose

_CREATED = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def workbook(pages: Pages) -> bytes:
    """The blocks one under the other, an empty row between them; the same bytes for the same pages."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": _CREATED})
    sheet = book.add_worksheet("Piano")
    sheet.set_column(0, 9, 28)
    styles = {"wrap": book.add_format({"text_wrap": True, "border": 1}), "bold": book.add_format({"bold": True})}
    row = 0
    for block in pages.blocks:
        if isinstance(block, Grid):
            row = _table(sheet, row, block, pages.look, styles) + 1
        else:
            text = (pages.look.sign if isinstance(block, Prose) and block.item else "") + block.text
            sheet.write_string(row, 0, text, styles["bold"] if not isinstance(block, Prose) else None)
            row += 1
    book.close()
    return buffer.getvalue()


def _table(sheet: Any, top: int, grid: Grid, look: Look, styles: dict[str, Any]) -> int:
    """Write the table under row `top`; the row after it."""
    rows = (*grid.head, *grid.rows)
    for r, row in enumerate(rows, start=top):
        for c, each in enumerate(row):
            if each is not None:
                _write(sheet, (r, c), each, look, styles["wrap"])
    return top + len(rows)


def _write(sheet: Any, at: tuple[int, int], cell: Cell, look: Look, style: Any) -> None:
    row, column = at
    text = "\n".join((look.sign if line.item else "") + line.text for line in cell.lines)
    if cell.rowspan > 1 or cell.colspan > 1:
        sheet.merge_range(row, column, row + cell.rowspan - 1, column + cell.colspan - 1, text, style)
    elif text:
        sheet.write_string(row, column, text, style)
    else:
        sheet.write_blank(row, column, None, style)
