"""Made-up documents as poppler's `pdftotext` dumps their PDF: with the layout kept, or as one flow."""

from __future__ import annotations

import shutil
import subprocess

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


def _dumped(pages: Pages, *options: str) -> bytes:
    command = [PROGRAM, "-enc", "UTF-8", *options, "-", "-"]
    return subprocess.run(command, input=ruled(pages), capture_output=True, check=True).stdout
