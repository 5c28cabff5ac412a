"""A report as a workbook: a summary, one sheet for each rule that found something, and what was not looked at."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from api.language import Language, Texts, texts
from api.render.reports import CSV_COLUMNS, Group, finding_groups, finding_row, in_language, unwatched, verdict
from api.render.table import Value
from api.render.workbook import CellFormats, cell_formats, print_on_a4, write_value
from shapes.report import Finding, ValidationReport

NO_TIME = datetime(2000, 1, 1)
"""What a workbook says of when it was made, so that the same report gives the same bytes."""
_LONGEST_NAME = 31  # of a sheet
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_WIDTHS = {"message": 60, "quote": 50, "objective_title": 30, "row_label": 30, "file": 22, "id": 18}
_WIDTH = 11
_LEFT_OUT = frozenset({"severity", "rule"})  # the same for all the findings of a sheet
_COLUMNS = tuple(name for name in CSV_COLUMNS if name not in _LEFT_OUT)


def to_xlsx(report: ValidationReport, language: Language) -> bytes:
    """The workbook; each finding has the label of its row and the cell, page or line where it stands."""
    words = texts(language)
    groups = finding_groups(report, language)
    names = sheet_names([words("report.summary"), *(one.title for one in groups), words("report.resolved")])
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": f"{words('report.title')}: {report.plan_id}", "created": NO_TIME})
        formats = cell_formats(book)
        _write_summary(book.add_worksheet(names[0]), report, list(zip(names[1:], groups, strict=False)), words, formats)
        for name, group in zip(names[1:], groups, strict=False):
            _write_findings(book.add_worksheet(name), _rows(group.findings, report, words), words, formats)
        if report.resolved:
            _write_findings(book.add_worksheet(names[-1]), _rows(report.resolved, report, words), words, formats)
    return buffer.getvalue()


def sheet_names(titles: Iterable[str]) -> list[str]:
    """Names that a workbook takes, one for each title, the first as they are and the others told apart by number."""
    names: list[str] = []
    for number, title in enumerate(titles):
        plain = _NOT_IN_NAMES.sub(" ", title if number == 0 else f"{number} {title}")
        names.append(plain[:_LONGEST_NAME].strip())
    return names


def _write_summary(
    sheet: Worksheet,
    report: ValidationReport,
    groups: Sequence[tuple[str, Group]],
    words: Texts,
    formats: CellFormats,
) -> None:
    sheet.write_string(0, 0, verdict(report, words), formats.head)
    sheet.write_string(1, 0, unwatched(report, words))
    heads = ("severity", "rule", "found", "outcome", "checked", "remedy", "source")
    for index, name in enumerate(heads):
        sheet.write_string(2, index, words(f"report.{name}"), formats.head)
    for index, width in enumerate((10, 46, 10, 16, 12, 60, 40)):
        sheet.set_column(index, index, width)
    found = {group.rule: (name, group) for name, group in groups}
    order = {rule: number for number, rule in enumerate(found)}
    for at, check in enumerate(sorted(report.checks, key=lambda one: (order.get(one.rule, len(order)), one.rule)), 3):
        name, group = found.get(check.rule, ("", None))
        title = in_language(check.title, words.language)
        reason = f" ({check.reason})" if check.reason else ""
        remedy = group.remedy if group else None
        values = (
            words(f"severity.{check.severity}"), title, check.finding_count, words(f"outcome.{check.outcome}") + reason,
            check.focus_count, remedy, check.source,
        )  # fmt: skip
        for index, value in enumerate(values):
            write_value(sheet, (at, index), value, formats)
        if name:
            sheet.write_url(at, 1, f"internal:'{name}'!A1", string=title)
    print_on_a4(sheet, 2)


def _rows(findings: Iterable[Finding], report: ValidationReport, words: Texts) -> list[dict[str, Value]]:
    return [dict(zip(CSV_COLUMNS, finding_row(one, report, words), strict=True)) for one in findings]


def _write_findings(sheet: Worksheet, rows: Sequence[dict[str, Value]], words: Texts, formats: CellFormats) -> None:
    filled = [name for name in _COLUMNS if any(row[name] not in (None, "") for row in rows)]
    for index, name in enumerate(filled):
        sheet.set_column(index, index, _WIDTHS.get(name, _WIDTH))
        sheet.write_string(0, index, words(f"finding.{name}"), formats.head)
    for at, row in enumerate(rows, start=1):
        for index, name in enumerate(filled):
            write_value(sheet, (at, index), row[name], formats)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(filled) - 1)
    print_on_a4(sheet, 0)
