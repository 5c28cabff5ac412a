"""Made-up documents as programs dump their PDF: poppler's `pdftotext`, with the layout kept or as one flow, and
pdfminer."""

from __future__ import annotations

import io
import shutil
import subprocess

from pdfminer.high_level import extract_text

from benchmarks.corpus.pages import Pages
from benchmarks.corpus.render_pdf import ruled

PROGRAM = "pdftotext"


def installed() -> bool:
    """Whether the program is there."""
    return shutil.which(PROGRAM) is not None


def laid_out(pages: Pages) -> bytes:
    """`pdftotext -layout`: columns told by blanks."""
    return _dumped(pages, "-layout")


def flowing(pages: Pages) -> bytes:
    """`pdftotext`: one cell after another."""
    return _dumped(pages)


def mined(pages: Pages) -> bytes:
    """`pdf2txt.py`: one box after another, as pdfminer orders them."""
    return extract_text(io.BytesIO(ruled(pages))).encode()


def _dumped(pages: Pages, *options: str) -> bytes:
    command = [PROGRAM, "-enc", "UTF-8", *options, "-", "-"]
    return subprocess.run(command, input=ruled(pages), capture_output=True, check=True).stdout
