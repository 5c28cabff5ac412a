"""A look at a PDF before it is read: pdfium opens it, counts what stands on its pages, refuses what is out of measure.

The limits are those of EXTRACTION.md section 8; real plans stay below a tenth of each.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium

from loaders.errors import NothingToRead, UnreadableFile

LARGEST_FILE_BYTES = 25_000_000
MOST_PAGES = 500
MOST_GLYPHS = 50_000  # on one page
MOST_OBJECTS = 20_000  # on one page
LONGEST_SIDE = 5_000  # points
LARGEST_STREAM_BYTES = 32_000_000  # unpacked, pictures aside
_MOST_PAINTED = 60_000  # painting operators in one stream
_STREAM = re.compile(rb"stream\r?\n")
_FLATE = re.compile(rb"/F(?:lateDecode|l\b)")
_PICTURE = re.compile(rb"/Subtype\s*/Image|/FontFile|/Length1\b|/ICCBased|/N\s+[134]\b(?!\d)")
_PAINTS = re.compile(rb"[\s\d](?:[SsFfBb]\*?|n)(?=\s)")
_GENUINE = "If the document is genuine, print it to a new PDF and load that one."


@dataclass(frozen=True)
class Survey:
    """What pdfium sees: the number of glyphs on each page, and whether a picture covers it."""

    glyphs: tuple[int, ...]
    pictures: tuple[bool, ...]


def open_checked(data: bytes, path: Path) -> pdfium.PdfDocument:
    """The document, opened by pdfium, once its size and the sizes of its packed parts are within the limits.

    Raises `UnreadableFile`; the caller closes the document.
    """
    if len(data) > LARGEST_FILE_BYTES:
        limit = LARGEST_FILE_BYTES // 1_000_000
        raise _refused(f"the file is larger than {limit} MB.", path, remedy="Take out its pictures, or split it.")
    if b"%PDF-" not in data[:1024]:
        raise _refused("these bytes are no PDF.", path, remedy="Give the file its true extension.")
    _check_streams(data, path)
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        remedy = "Take the password off." if "password" in str(error).lower() else "Open it and save a new copy."
        raise _refused(f"the PDF cannot be opened ({error}).", path, remedy=remedy) from error
    return document


def survey(document: pdfium.PdfDocument, path: Path) -> Survey:
    """How much stands on each page.

    Raises `UnreadableFile` for a page out of measure, `NothingToRead` when no page holds text.
    """
    if not 0 < len(document) <= MOST_PAGES:
        raise _refused(f"the PDF has {len(document)} pages; 1 to {MOST_PAGES} can be read.", path)
    seen = [_page(document, index, path) for index in range(len(document))]
    if not any(glyphs for glyphs, _ in seen):
        raise NothingToRead(
            "the PDF holds no text, only pictures or nothing.",
            file=path,
            remedy="If it is a scan, run text recognition first (the optional «ocr» extra, or any OCR program).",
        )
    return Survey(tuple(glyphs for glyphs, _ in seen), tuple(picture for _, picture in seen))


def _page(document: pdfium.PdfDocument, index: int, path: Path) -> tuple[int, bool]:
    place = f"page {index + 1}"
    try:
        page = document[index]
        width, height = page.get_size()
        if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
            raise _refused(f"the page measures {width:.0f} × {height:.0f} points.", path, place)
        objects = pdfium.raw.FPDFPage_CountObjects(page)
        if objects > MOST_OBJECTS:
            raise _refused(f"the page holds {objects} drawn objects, more than {MOST_OBJECTS}.", path, place)
        text = page.get_textpage()
        glyphs = text.count_chars()
        text.close()
    except pdfium.PdfiumError as error:
        raise _refused(f"the page cannot be opened ({error}).", path, place) from error
    if glyphs > MOST_GLYPHS:
        raise _refused(f"the page holds {glyphs} glyphs, more than {MOST_GLYPHS}.", path, place)
    kinds = (pdfium.raw.FPDF_PAGEOBJ_IMAGE,)
    picture = glyphs < 20 and any(True for _ in page.get_objects(filter=kinds, max_depth=2))
    page.close()
    return glyphs, picture


def _check_streams(data: bytes, path: Path) -> None:
    """Refuse packed streams that unpack beyond measure, or that paint more than any page should."""
    for number, (header, start) in enumerate(_streams(data), start=1):
        if not _FLATE.search(header):
            continue
        picture = _PICTURE.search(header) is not None
        size, painted = _unpacked(data, start, count=not picture)
        if not picture and (size > LARGEST_STREAM_BYTES or painted > _MOST_PAINTED):
            what = "unpacks" if size > LARGEST_STREAM_BYTES else "paints"
            raise _refused(f"a part of the PDF {what} beyond measure.", path, f"stream {number}")


def _streams(data: bytes) -> Iterator[tuple[bytes, int]]:
    for match in _STREAM.finditer(data):
        if data[match.start() - 3 : match.start()] != b"end":
            opening = data.rfind(b" obj", max(0, match.start() - 4_000), match.start())
            yield data[max(opening, match.start() - 4_000, 0) : match.start()], match.end()


def _unpacked(data: bytes, start: int, *, count: bool) -> tuple[int, int]:
    """How many bytes a stream unpacks to (counting stops at the limit), and how often it paints."""
    inflate = zlib.decompressobj()
    size = painted = 0
    rest = data[start : start + 65_536]
    while rest and not inflate.eof and size <= LARGEST_STREAM_BYTES and painted <= _MOST_PAINTED:
        try:
            piece = inflate.decompress(rest, 1_000_000)
        except zlib.error:
            break
        size += len(piece)
        if count:
            painted += sum(1 for _ in _PAINTS.finditer(piece))
        rest = inflate.unconsumed_tail
        if not rest:
            start += 65_536
            rest = data[start : start + 65_536]
    return size, painted


def _refused(problem: str, path: Path, place: str | None = None, remedy: str = _GENUINE) -> UnreadableFile:
    return UnreadableFile(problem, file=path, place=place, remedy=remedy)
