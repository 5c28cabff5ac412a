"""A table as CSV: for programs, and for an Italian Excel."""

from __future__ import annotations

import csv
import io

from api.render.table import Table, Value, harmless


def separated(table: Table) -> bytes:
    """CSV by RFC 4180: commas, CRLF, UTF-8; formulas are neutralised."""
    return _write(table, delimiter=",", decimal=".").encode()


def separated_for_excel(table: Table) -> bytes:
    """CSV that an Italian Excel opens by double click: semicolons, decimal commas, and a byte order mark."""
    return _write(table, delimiter=";", decimal=",").encode("utf-8-sig")


def _write(table: Table, delimiter: str, decimal: str) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow([harmless(one.label) for one in table.headings])
    writer.writerows([_cell(value, decimal) for value in row] for row in table.rows)
    return buffer.getvalue()


def _cell(value: Value, decimal: str) -> str | int | None:
    if isinstance(value, float):
        return str(value).replace(".", decimal)
    return harmless(value) if isinstance(value, str) else value
