"""Results as files and text: answers, the matrix and reports, in the formats that people take home."""

from api.render.formats import (
    ANSWER_FORMATS,
    MATRIX_FORMATS,
    REPORT_FORMATS,
    AnswerFormat,
    MatrixFormat,
    ReportFormat,
    answer_types,
)

__all__ = [
    "ANSWER_FORMATS", "MATRIX_FORMATS", "REPORT_FORMATS", "AnswerFormat", "MatrixFormat", "ReportFormat",
    "answer_types",
]  # fmt: skip
