"""Pages per second of our reader, beside pdfplumber alone (its tables by lines, and its text)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time
from typing import NamedTuple

import pdfplumber

from loaders.formats import read_document
from loaders.pipeline import extract_document


class Pace(NamedTuple):
    """Pages read and the CPU seconds they took."""

    pages: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Pages per CPU second."""
        return self.pages / self.seconds if self.seconds else 0.0


def ours(files: Sequence[Path]) -> Pace:
    """Our reader, from the file to the record."""
    return _pace(files, lambda path: extract_document(read_document(path)))


def pdfplumber_alone(files: Sequence[Path]) -> Pace:
    """pdfplumber's tables and text, with its own settings."""
    return _pace(files, _plumbed)


def _plumbed(path: Path) -> None:
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_tables()
            page.extract_text()


def _pace(files: Sequence[Path], read: Callable[[Path], object]) -> Pace:
    pages = sum(_pages(path) for path in files)
    start = process_time()
    for path in files:
        read(path)
    return Pace(pages, process_time() - start)


def _pages(path: Path) -> int:
    with pdfplumber.open(path) as pdf:
        return len(pdf.pages)
