"""The formats that an answer and a report have: one list of each, which every door walks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api.language import Language
from api.negotiation import CSV, HTML, JSON, MARKDOWN, PDF, SARIF, TEXT, TURTLE, XLSX
from api.operations.asking import Asked
from api.operations.matrix import Matrix
from api.render import answers, matrices, report_book, report_data, report_page, report_print, reports
from api.render.linked import LINKED_FORMATS
from ontology.iris import Iris
from queries.question import Question
from shapes.report import ValidationReport

WriteReport = Callable[[ValidationReport, Language, Iris], bytes]


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
    """A format of validation reports: media type, ending of a file's name, and how it is written.

    `joins` says that reports written one after the other are still a file of the format, and `heading` that each but
    the first then leaves its first line out.
    """

    media_type: str
    suffix: str
    write: WriteReport
    joins: bool = False
    heading: bool = False

    @property
    def binary(self) -> bool:
        """Whether a terminal could not show it."""
        return self.media_type in (XLSX, PDF)


def _worded(write: Callable[[ValidationReport, Language], bytes]) -> WriteReport:
    return lambda report, language, _: write(report, language)


ANSWER_FORMATS: Mapping[str, AnswerFormat] = {
    "json": AnswerFormat(JSON, ".json", answers.to_json),
    "csv": AnswerFormat(CSV, ".csv", answers.to_csv),
    "csv-it": AnswerFormat(CSV, ".csv", answers.to_italian_csv),
    "xlsx": AnswerFormat(XLSX, ".xlsx", answers.to_xlsx),
    "markdown": AnswerFormat(MARKDOWN, ".md", answers.to_markdown),
}
"""The formats of answers by the name that `format` takes."""


def answer_types(question: Question) -> dict[str, str]:
    """The formats that answers to a question have, name → media type: those of triples where it names any."""
    types = {name: one.media_type for name, one in ANSWER_FORMATS.items()}
    return {**types, **LINKED_FORMATS} if question.triples else types


MATRIX_FORMATS: Mapping[str, MatrixFormat] = {
    "json": MatrixFormat(JSON, ".json", matrices.to_json),
    "csv": MatrixFormat(CSV, ".csv", matrices.to_csv),
    "csv-it": MatrixFormat(CSV, ".csv", matrices.to_italian_csv),
    "xlsx": MatrixFormat(XLSX, ".xlsx", matrices.to_xlsx),
}
"""The formats of the coverage matrix by the name that `format` takes."""

REPORT_FORMATS: Mapping[str, ReportFormat] = {
    "json": ReportFormat(JSON, ".json", lambda report, _, __: reports.to_json(report)),
    "text": ReportFormat(TEXT, ".txt", _worded(reports.to_text), joins=True),
    "markdown": ReportFormat(MARKDOWN, ".md", _worded(reports.to_markdown), joins=True),
    "html": ReportFormat(HTML, ".html", _worded(report_page.to_html)),
    "csv": ReportFormat(CSV, ".csv", _worded(reports.to_csv), joins=True, heading=True),
    "xlsx": ReportFormat(XLSX, ".xlsx", _worded(report_book.to_xlsx)),
    "pdf": ReportFormat(PDF, ".pdf", _worded(report_print.to_pdf)),
    "turtle": ReportFormat(TURTLE, ".ttl", lambda report, _, iris: report_data.to_turtle(report, iris), joins=True),
    "sarif": ReportFormat(SARIF, ".sarif", _worded(report_data.to_sarif)),
}
"""The formats of reports by the name that `format` takes."""
