"""A look at a PDF before it is read: pdfium opens it, counts what stands on its pages, refuses what is out of measure.

The limits are those of EXTRACTION.md section 8; real plans stay below a tenth of each.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium

from loaders.errors import UnreadableFile
from loaders.formats.pdf.damage import BROKEN, damaged
from loaders.formats.pdf.forms import most_drawn

LARGEST_FILE_BYTES = 25_000_000
MOST_PAGES = 500
MOST_GLYPHS = 50_000  # on one page
MOST_OBJECTS = 20_000  # on one page
LONGEST_SIDE = 5_000  # points
LARGEST_STREAM_BYTES = 32_000_000  # unpacked, pictures aside
_FEW_GLYPHS, _STAMP_GLYPHS = 300, 20  # on a page; a scan may bear a stamp or a page number in true letters
_MOST_OF_PAGE = 0.6
_MOST_PAINTED = 60_000  # painting operators in one stream
_MOST_WRITTEN = 400_000  # bytes of strings in one stream; a glyph takes one to six
_CHUNK = 1 << 16
_STREAM = re.compile(rb"stream\r?\n")
_FLATE = re.compile(rb"/F(?:lateDecode|l\b)")
_PICTURE = re.compile(rb"/Subtype\s*/Image|/FontFile|/Length1\b|/ICCBased|/N\s+[134]\b(?!\d)")
_PAINTS = re.compile(rb"[\s\d](?:[SsFfBb]\*?|n)(?=\s)")
_WRITES = re.compile(rb"[)>\]]\s*T[jJ]\b")
_STRING = re.compile(rb"\((?:[^()\\]|\\.)*\)?|<[0-9A-Fa-f\s]*>?", re.S)
_FORM = re.compile(rb"/Subtype\s*/Form\b")
_ASCII85 = re.compile(rb"/A(?:SCII85Decode|85)\b")
_GENUINE = "If the document is genuine, print it to a new PDF and load that one."


@dataclass(frozen=True)
class Survey:
    """What pdfium sees: the number of glyphs on each page, and whether its words may stand in a picture."""

    glyphs: tuple[int, ...]
    pictures: tuple[bool, ...]

    @property
    def is_scan(self) -> bool:
        """Whether no page holds text."""
        return not any(self.glyphs)


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

    Raises `UnreadableFile` for a page out of measure.
    """
    if not 0 < len(document) <= MOST_PAGES:
        raise _refused(f"the PDF has {len(document)} pages; 1 to {MOST_PAGES} can be read.", path)
    seen = [_page(document, index, path) for index in range(len(document))]
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
    covered = _pictured(page) / (width * height) if glyphs < _FEW_GLYPHS else 0.0
    page.close()
    return glyphs, covered > (_MOST_OF_PAGE if glyphs >= _STAMP_GLYPHS else 0.0)


def _pictured(page: pdfium.PdfPage) -> float:
    """How much of a page its pictures cover, in square points."""
    pictures = page.get_objects(filter=(pdfium.raw.FPDF_PAGEOBJ_IMAGE,), max_depth=2)
    bounds = (picture.get_bounds() for picture in pictures)
    return float(sum(abs((right - left) * (top - bottom)) for left, bottom, right, top in bounds))


def _check_streams(data: bytes, path: Path) -> None:
    """Refuse packed streams that unpack beyond measure, or that draw more than any page should."""
    nested = False
    for number, (header, start) in enumerate(_streams(data), start=1):
        place = f"stream {number}"
        if len(_FLATE.findall(header)) > 1:
            raise _refused("a part of the PDF is packed twice.", path, place)
        if _PICTURE.search(header):
            continue
        load = _load(_pieces(data, header, start))
        if load.size > LARGEST_STREAM_BYTES:
            raise _refused("a part of the PDF unpacks beyond measure.", path, place)
        if load.painted > _MOST_PAINTED or load.written > _MOST_WRITTEN:
            raise _refused("a part of the PDF draws beyond measure.", path, place)
        nested |= load.drawn and _FORM.search(header) is not None
    if nested:
        _check_forms(data, path)


def _check_forms(data: bytes, path: Path) -> None:
    try:
        drawn = most_drawn(data)
    except BROKEN as error:
        raise damaged(error, path) from error
    if drawn > MOST_OBJECTS:
        raise _refused(f"a page draws {drawn} forms, more than {MOST_OBJECTS}.", path)


def _streams(data: bytes) -> Iterator[tuple[bytes, int]]:
    """The dictionary of each stream, and where its bytes start."""
    for match in _STREAM.finditer(data):
        if data[match.start() - 3 : match.start()] != b"end":
            opening = data.rfind(b" obj", max(0, match.start() - 4_000), match.start())
            yield data[max(opening, match.start() - 4_000, 0) : match.start()], match.end()


@dataclass
class _Load:
    """What a stream holds: bytes, painting operators, bytes of strings that it writes, whether it draws a form."""

    size: int = 0
    painted: int = 0
    written: int = 0
    drawn: bool = False


def _load(pieces: Iterator[bytes]) -> _Load:
    load = _Load()
    for piece in pieces:
        load.size += len(piece)
        load.painted += sum(1 for _ in _PAINTS.finditer(piece))
        if _WRITES.search(piece):
            load.written += sum(m.end() - m.start() for m in _STRING.finditer(piece))
        load.drawn = load.drawn or b" Do" in piece
        if load.size > LARGEST_STREAM_BYTES or load.painted > _MOST_PAINTED or load.written > _MOST_WRITTEN:
            break
    return load


def _pieces(data: bytes, header: bytes, start: int) -> Iterator[bytes]:
    """The bytes of a stream, unpacked bit by bit, so that the counting can stop."""
    end = data.find(b"endstream", start)
    packed = data[start : end if end >= 0 else len(data)]
    if _ASCII85.search(header):
        try:
            packed = base64.a85decode(packed.split(b"~>")[0])
        except ValueError:
            return
    if not _FLATE.search(header):
        yield from (packed[i : i + _CHUNK] for i in range(0, len(packed), _CHUNK))
        return
    inflate = zlib.decompressobj()
    for index in range(0, len(packed), _CHUNK):
        rest = packed[index : index + _CHUNK]
        while rest and not inflate.eof:
            try:
                piece = inflate.decompress(rest, _CHUNK * 16)
            except zlib.error:
                return
            yield piece
            rest = inflate.unconsumed_tail


def _refused(problem: str, path: Path, place: str | None = None, remedy: str = _GENUINE) -> UnreadableFile:
    return UnreadableFile(problem, file=path, place=place, remedy=remedy)
