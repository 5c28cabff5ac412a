"""Pages per second of pdfplumber alone: its tables by lines, and its text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import process_time
from typing import NamedTuple

import pdfplumber


class Pace(NamedTuple):
    """Pages read and the CPU seconds they took."""

    pages: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Pages per CPU second."""
        return self.pages / self.seconds


def plumbed(files: Sequence[Path]) -> Pace:
    """pdfplumber's tables and text of every page, with its own settings."""
    pages = 0
    start = process_time()
    for path in files:
        with pdfplumber.open(path) as pdf:
            pages += len(pdf.pages)
            for page in pdf.pages:
                page.extract_tables()
                page.extract_text()
    return Pace(pages, process_time() - start)
