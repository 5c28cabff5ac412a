"""What pdfminer raises on broken files, and the error that the reader raises instead."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from loaders.errors import UnreadableFile

# found by mutating PDFs: pdfminer checks little of what it reads
BROKEN = (
    MalformedPDFException, PdfminerException, PSException, ValueError, LookupError, TypeError, AttributeError,
    AssertionError, ArithmeticError, RecursionError, OSError, EOFError, struct.error, zlib.error,
)  # fmt: skip


def damaged(error: Exception, path: Path, place: str | None = None) -> UnreadableFile:
    """The error for a file that its interpreter cannot follow."""
    reason = type(error.args[0] if error.args and isinstance(error.args[0], Exception) else error).__name__
    remedy = "Open it in a PDF program and save or print it to a new PDF."
    return UnreadableFile(f"the PDF is damaged ({reason}).", file=path, place=place, remedy=remedy)
