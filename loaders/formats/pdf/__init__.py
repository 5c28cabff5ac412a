"""PDF: a look by pdfium, pdfplumber's glyphs and rules as blocks, pdfium once more as a second reader.

Steps: `preflight` (limits) → `sheet` (what is drawn) or `scan` (what a picture shows) → `lattice`, `fragments` (ruled
tables) → `furniture` → `borderless` → `joins`, `assembly` (parts over pages, blocks, text, places) → `checks`
(conservation, second reader).
"""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pdfplumber
import pypdfium2 as pdfium
from pdfplumber.utils.exceptions import PdfminerException

from loaders.document import Document, Place
from loaders.errors import NothingToRead, UnreadableFile
from loaders.formats.pdf import scan
from loaders.formats.pdf.assembly import Assembly, assemble, runs_of
from loaders.formats.pdf.checks import check
from loaders.formats.pdf.damage import BROKEN, damaged
from loaders.formats.pdf.layout import Layout, PageParts, arrange, page_parts
from loaders.formats.pdf.preflight import Survey, open_checked, survey
from loaders.formats.pdf.second_reader import plain
from loaders.formats.pdf.sheet import Sheet, read_sheet
from loaders.records import Rendition
from loaders.span import Span

if TYPE_CHECKING:
    from loaders.formats.pdf.scan.reading import Scan

MEDIA_TYPE = "application/pdf"
_MORE = 2  # times as many letters must be recognised as are written, for a page to be read from its picture
# its warnings about odd files are no news to who reads the record
logging.getLogger("pdfminer").addHandler(logging.NullHandler())


def read(data: bytes, path: Path) -> Document:
    """The blocks of a PDF, each with its page and box; pages that are pictures are recognised where `scan` can.

    Raises `UnreadableFile` for a damaged or locked file or one beyond the limits, `NothingToRead` for one without words
    and for a scan where text recognition is not installed.
    """
    document = open_checked(data, path)
    try:
        seen = survey(document, path)
        scans = _scans(document, seen, path)
        pages = list(_pages(data, path, scans))
        layout = arrange(pages)
        assembly = assemble(runs_of(layout.stretches), path)
        if not assembly.blocks:
            raise NothingToRead("the PDF holds no words.", file=path, remedy="Check that its pages are not empty.")
        furniture = _furniture(assembly, layout)
        findings = (*assembly.findings, *check(assembly, layout, pages, seen, scans, document))
    finally:
        document.close()
    rendition = Rendition(
        sha256=hashlib.sha256(data).hexdigest(), file=path.name, media_type=MEDIA_TYPE, columns_reliable=True
    )
    places = tuple(_shown(place, scans) for place in assembly.writer.places)
    return Document(rendition, assembly.writer.text, tuple(assembly.blocks), places, furniture, findings)


def _scans(document: pdfium.PdfDocument, seen: Survey, path: Path) -> dict[int, Scan]:
    """The pages that are pictures, recognised, by their number from 1."""
    if not scan.installed():
        if seen.is_scan:
            raise NothingToRead("the PDF holds no text, only pictures or nothing.", file=path, remedy=scan.REMEDY)
        return {}
    pictures = [index for index, picture in enumerate(seen.pictures) if picture]
    if seen.is_scan and len(pictures) > scan.MOST_PAGES:
        problem = f"the scan has {len(pictures)} pages; {scan.MOST_PAGES} can be recognised at a time."
        raise UnreadableFile(problem, file=path, remedy="Split it, or run text recognition (OCR) on the file first.")
    found = {}
    for index in pictures[: scan.MOST_PAGES]:
        try:
            found[index + 1] = scan.read_scan(document, index, path)
        except UnreadableFile:
            if seen.is_scan:
                raise  # else the page stays a finding of the text around it
    return found


def _pages(data: bytes, path: Path, scans: dict[int, Scan]) -> Iterator[PageParts]:
    """Each page taken apart, from what it draws or from the picture that it is; the other scans are forgotten.

    Only one page at a time is held as pdfminer's objects.
    """
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
            if (recognised := scans.get(sheet.number)) and _letters(recognised.sheet) < _MORE * _letters(sheet):
                del scans[sheet.number]
            yield page_parts(scans[sheet.number].sheet if sheet.number in scans else sheet)


def _letters(sheet: Sheet) -> int:
    return len(plain("".join(glyph.text for glyph in sheet.glyphs)))


def _shown(place: Place, scans: Mapping[int, Scan]) -> Place:
    """The place with its box as it stands on the page, which a scan may show askew."""
    if place.page is None or place.page not in scans or place.box is None:
        return place
    return replace(place, box=scans[place.page].shown(place.box))


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
