"""The formats that an answer and a report have: one list of each, which every door walks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api.language import Language
from api.negotiation import CSV, HTML, JSON, MARKDOWN, XLSX
from api.operations.asking import Asked
from api.operations.matrix import Matrix
from api.render import answers, matrices, reports
from shapes.report import ValidationReport


@dataclass(frozen=True, slots=True)
class AnswerFormat:
    """A format of answers: media type, ending of a file's name, and how it is written."""

    media_type: str
    suffix: str
    write: Callable[[Asked], bytes]


@dataclass(frozen=True, slots=True)
class MatrixFormat:
    """A format of the coverage matrix: media type, ending of a file's name, and how it is written."""

    media_type: str
    suffix: str
    write: Callable[[Matrix], bytes]


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """A format of validation reports: media type, ending of a file's name, and how it is written."""

    media_type: str
    suffix: str
    write: Callable[[ValidationReport, Language], bytes]


ANSWER_FORMATS: Mapping[str, AnswerFormat] = {
    "json": AnswerFormat(JSON, ".json", answers.to_json),
    "csv": AnswerFormat(CSV, ".csv", answers.to_csv),
    "csv-it": AnswerFormat(CSV, ".csv", answers.to_italian_csv),
    "xlsx": AnswerFormat(XLSX, ".xlsx", answers.to_xlsx),
    "markdown": AnswerFormat(MARKDOWN, ".md", answers.to_markdown),
}
"""The formats of answers by the name that `format` takes."""

MATRIX_FORMATS: Mapping[str, MatrixFormat] = {
    "json": MatrixFormat(JSON, ".json", matrices.to_json),
    "csv": MatrixFormat(CSV, ".csv", matrices.to_csv),
    "csv-it": MatrixFormat(CSV, ".csv", matrices.to_italian_csv),
    "xlsx": MatrixFormat(XLSX, ".xlsx", matrices.to_xlsx),
}
"""The formats of the coverage matrix by the name that `format` takes."""

REPORT_FORMATS: Mapping[str, ReportFormat] = {
    "json": ReportFormat(JSON, ".json", reports.to_json),
    "text": ReportFormat("text/plain", ".txt", reports.to_text),
    "markdown": ReportFormat(MARKDOWN, ".md", reports.to_markdown),
    "html": ReportFormat(HTML, ".html", reports.to_html),
    "csv": ReportFormat(CSV, ".csv", reports.to_csv),
}
"""The formats of reports by the name that `format` takes."""
