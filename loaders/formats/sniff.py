"""What a file is by its first bytes: names on the web are often wrong («piano.doc» that is a page, «piano.pdf.txt»)."""

from __future__ import annotations

import io
import re
import zipfile

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD = "WordDocument".encode("utf-16-le")
_HEAD = 1024  # bytes: a PDF reader looks for its mark as far as this
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table)[\s>]", re.I | re.S
)
_PARTS = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"))
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.text"


def sniffed(data: bytes) -> str | None:
    """The name of the format that the bytes declare; None for plain text and for what declares none."""
    head = data[:_HEAD]
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _package(data)
    if head.startswith(b"{\\rtf") or (head.startswith(_OLE) and _WORD in data):
        return "doc"
    return "html" if _PAGE.match(head.removeprefix(b"\xef\xbb\xbf")) else None


def _package(data: bytes) -> str | None:
    """Which office package a ZIP is, by the parts it lists; nothing of it is unpacked."""
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if "mimetype" in names and _OPEN_DOCUMENT in data[:_HEAD]:
        return "odt"
    return next((kind for part, kind in _PARTS if part in names), None)
