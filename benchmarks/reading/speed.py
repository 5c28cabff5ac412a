"""Pages per second of CPU time: our two PDF readers together, pdfplumber alone, and camelot where it is installed."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import process_time

import pdfplumber
import pypdfium2 as pdfium

from loaders.formats import read_document


def pages_per_second(files: Sequence[Path], read: Callable[[Path], object]) -> float:
    """How many pages of `files` `read` gets through in a second of CPU time; the first file is read once before."""
    read(files[0])
    pages = sum(_pages(path) for path in files)
    start = process_time()
    for path in files:
        read(path)
    return pages / (process_time() - start)


def _pages(path: Path) -> int:
    document = pdfium.PdfDocument(path)
    try:
        return len(document)
    finally:
        document.close()


def readers() -> Mapping[str, Callable[[Path], object]]:
    """What is compared, by name."""
    camelot = {"camelot": _camelot} if importlib.util.find_spec("camelot") else {}
    return {"both readers": read_document, "pdfplumber alone": _plumbed, **camelot}


def _plumbed(path: Path) -> None:
    """pdfplumber's tables and text of every page, with its own settings."""
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_tables()
            page.extract_text()


def _camelot(path: Path) -> None:
    """camelot's ruled tables of every page."""
    importlib.import_module("camelot").read_pdf(str(path), pages="all", flavor="lattice", suppress_stdout=True)
