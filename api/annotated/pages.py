"""Annotations in a PDF: a highlight over the words where each finding stands."""

from __future__ import annotations

import ctypes
import functools
import hashlib
import io
import re
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from api.annotated.notes import AUTHOR, Note
from loaders.records import Box

_IDENTIFIER = re.compile(rb"/ID\s*\[[^\]]*\]")
_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]{32}")
_COLOURS = {"violation": (255, 170, 170), "warning": (255, 224, 130), "info": (180, 215, 255)}
_OPACITY = 110  # of 255
_ICON = 20.0  # points, the side of a note on the whole document
_SCALE = 100  # device units in a point


def annotate(data: bytes, notes: Sequence[Note], path: Path) -> bytes:
    """The PDF with an annotation for each note, appended to the author's own bytes, which stay as they are."""
    document = pypdfium2.PdfDocument(data)
    try:
        for note in notes:
            box = note.passage.box if note.passage else None
            page = document[(note.passage.page or 1) - 1 if note.passage else 0]
            _add(page, note, box)
        buffer = io.BytesIO()
        document.save(buffer, flags=pdfium.FPDF_INCREMENTAL)
    finally:
        document.close()
    return _named_by_content(data, buffer.getvalue())


def _named_by_content(data: bytes, made: bytes) -> bytes:
    """The new version with an identifier that comes from the author's bytes where the library drew one by lot."""
    name = hashlib.sha256(data).hexdigest().upper().encode()

    def named(found: re.Match[bytes]) -> bytes:
        drawn = (one for one in _HEXADECIMAL.findall(found[0]) if one not in data)
        return functools.reduce(lambda text, one: text.replace(one, name[: len(one)]), drawn, found[0])

    return made[: len(data)] + _IDENTIFIER.sub(named, made[len(data) :])


def _add(page: pypdfium2.PdfPage, note: Note, box: Box | None) -> None:
    kind = pdfium.FPDF_ANNOT_HIGHLIGHT if box else pdfium.FPDF_ANNOT_TEXT
    left, top = _on_page(page, *(box[:2] if box else (_ICON, _ICON)))
    right, bottom = _on_page(page, *(box[2:] if box else (2 * _ICON, 2 * _ICON)))
    left, right, bottom, top = min(left, right), max(left, right), min(bottom, top), max(bottom, top)
    annotation = pdfium.FPDFPage_CreateAnnot(page, kind)
    rectangle = pdfium.FS_RECTF(left=left, top=top, right=right, bottom=bottom)
    pdfium.FPDFAnnot_SetRect(annotation, ctypes.byref(rectangle))
    if box:
        corners = pdfium.FS_QUADPOINTSF(left, top, right, top, left, bottom, right, bottom)
        pdfium.FPDFAnnot_AppendAttachmentPoints(annotation, ctypes.byref(corners))
    pdfium.FPDFAnnot_SetColor(annotation, pdfium.FPDFANNOT_COLORTYPE_Color, *_COLOURS[note.severity], _OPACITY)
    pdfium.FPDFAnnot_SetFlags(annotation, pdfium.FPDF_ANNOT_FLAG_PRINT)
    _write(annotation, b"T", AUTHOR)
    _write(annotation, b"Contents", "\n\n".join(note.paragraphs))
    pdfium.FPDFPage_CloseAnnot(annotation)


def _write(annotation: object, key: bytes, text: str) -> None:
    encoded = (text + "\0").encode("utf-16-le")
    buffer = ctypes.create_string_buffer(encoded, len(encoded))
    pdfium.FPDFAnnot_SetStringValue(annotation, key, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)))


def _on_page(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    """A point of the page as it is seen (points from its top left corner) in the page's own coordinates."""
    width, height = page.get_size()
    across, up = ctypes.c_double(), ctypes.c_double()
    size = int(width * _SCALE), int(height * _SCALE)
    at = int(x * _SCALE), int(y * _SCALE)
    pdfium.FPDF_DeviceToPage(page, 0, 0, *size, 0, *at, ctypes.byref(across), ctypes.byref(up))
    return across.value, up.value
