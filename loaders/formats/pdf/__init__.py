"""Born-digital PDF: a look by pdfium, pdfplumber's glyphs and rules as blocks, pdfium once more as a second reader.

Steps: `preflight` (limits) → `sheet` (what is drawn) → `lattice`, `fragments` (ruled tables) → `furniture` →
`borderless` → `joins`, `assembly` (parts over pages, blocks, text, places) → `checks` (conservation, second reader).
"""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pdfplumber
from pdfplumber.utils.exceptions import PdfminerException

from loaders.document import Document, Place
from loaders.errors import NothingToRead
from loaders.formats.pdf.assembly import Assembly, assemble, runs_of
from loaders.formats.pdf.checks import check
from loaders.formats.pdf.damage import BROKEN, damaged
from loaders.formats.pdf.layout import Layout, PageParts, arrange, page_parts
from loaders.formats.pdf.preflight import open_checked, survey
from loaders.formats.pdf.sheet import read_sheet
from loaders.records import Rendition
from loaders.span import Span

MEDIA_TYPE = "application/pdf"
# its warnings about odd files are no news to who reads the record
logging.getLogger("pdfminer").addHandler(logging.NullHandler())


def read(data: bytes, path: Path) -> Document:
    """The blocks of a PDF that holds text, each with its page and box.

    Raises `UnreadableFile` for a damaged or locked file or one beyond the limits, `NothingToRead` for a scan.
    """
    document = open_checked(data, path)
    try:
        seen = survey(document, path)
        pages = list(_pages(data, path))
        layout = arrange(pages)
        assembly = assemble(runs_of(layout.stretches), path)
        if not assembly.blocks:
            remedy = "If it is a scan, run text recognition first."
            raise NothingToRead("the PDF holds no words.", file=path, remedy=remedy)
        furniture = _furniture(assembly, layout)
        findings = (*assembly.findings, *check(assembly, layout, pages, seen, document))
    finally:
        document.close()
    rendition = Rendition(
        sha256=hashlib.sha256(data).hexdigest(), file=path.name, media_type=MEDIA_TYPE, columns_reliable=True
    )
    return Document(
        rendition, assembly.writer.text, tuple(assembly.blocks), tuple(assembly.writer.places), furniture, findings,
    )  # fmt: skip


def _pages(data: bytes, path: Path) -> Iterator[PageParts]:
    """Each page taken apart; only one at a time is held as pdfminer's objects."""
    try:
        pdf = pdfplumber.open(io.BytesIO(data))
        pages = pdf.pages
    except BROKEN as error:
        raise damaged(error, path) from error
    with pdf:
        for page in pages:
            try:
                sheet = read_sheet(page)
            except PdfminerException as error:
                raise damaged(error, path, f"page {page.page_number}") from error
            page.close()
            yield page_parts(sheet)


def _furniture(assembly: Assembly, layout: Layout) -> tuple[Span, ...]:
    """The running heads, feet and page numbers, written after the blocks."""
    spans = []
    for line in layout.furniture:
        if not line.text:
            continue
        start = assembly.writer.end
        spans.append(assembly.writer.write(line.text))
        assembly.writer.place(start, Place(0, 0, page=line.page))
    return tuple(spans)
