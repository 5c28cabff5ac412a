"""Scanned pages, with the optional extra `raccordo[ocr]`: rules found by OpenCV, words recognised by tesseract.

Steps: `picture` (straight, its rules, its writing without them) → `tesseract` (words) → `writing` (words as glyphs).
What comes out is a `Sheet` like that of a born-digital page, so tables, joins and furniture are found in the same way.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2 as pdfium

if TYPE_CHECKING:
    from loaders.formats.pdf.scan.reading import Scan

MOST_PAGES = 60  # of one document; each takes two to three seconds
REMEDY = (
    "To have scans read, install the extra raccordo[ocr] and the system packages tesseract-ocr and tesseract-ocr-ita; "
    "or run text recognition (OCR) on the file first."
)


def installed() -> bool:
    """Whether what recognising words needs is there: OpenCV and the program tesseract."""
    return importlib.util.find_spec("cv2") is not None and shutil.which("tesseract") is not None


def read_scan(document: pdfium.PdfDocument, index: int, path: Path) -> Scan:
    """The page `index` (from 0), recognised.

    Raises `UnreadableFile` for a picture out of measure, or when tesseract fails.
    """
    # On a machine of many cores numpy's threads would ask for more memory than a reading may have.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from loaders.formats.pdf.scan import reading  # noqa: PLC0415 - large, and there only with the extra

    return reading.read_scan(document, index, path)
