"""Formats: bytes → `Document`; a new one is a module and a line here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from loaders.document import Document
from loaders.errors import NothingToRead, UnknownFormat, UnreadableFile
from loaders.formats import boxed, csv, doc, docx, flow, html, laid_out, odt, pdf, text, xlsx
from loaders.formats.measure import check_measure, check_text
from loaders.formats.sniff import sniffed
from loaders.records import Rendition

LONGEST_TEXT_BYTES = 5_000_000


@dataclass(frozen=True)
class Format:
    """A kind of file: its name, its media type, the endings of its files, and its reader."""

    name: str
    media_type: str
    suffixes: tuple[str, ...]
    read: Callable[[bytes, Path], Document]


def read_document(path: Path) -> Document:
    """The document in the file at `path`, read as what its bytes are, whatever its name says.

    Raises `UnreadableFile`, `UnknownFormat` or `NothingToRead`.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"cannot be read ({error.strerror}).", file=path, remedy="Check the path and its permissions."
        ) from error
    kind = _kind(data, path)
    if kind is None:
        known = ", ".join(sorted(FORMATS))
        raise UnknownFormat("no reader for this kind of file.", file=path, remedy=f"Convert it to one of: {known}.")
    return check_measure(kind.read(data, path), path)


def _kind(data: bytes, path: Path) -> Format | None:
    """What the first bytes say; else what the name says, which alone tells one kind of plain text from another."""
    named = FORMATS.get(path.suffix.lower())
    found = sniffed(data)
    return named if found is None else next(kind for kind in _ALL if kind.name == found)


def _read_text(data: bytes, path: Path) -> Document:
    words = check_text(_decoded(data, path), path)
    if not words.strip():
        raise NothingToRead(
            "the file holds no words.", file=path, remedy="If it is a scan, run text recognition first."
        )
    reader = _text_reader(words)
    reliable = reader not in (flow.read, boxed.read)
    rendition = Rendition(
        sha256=hashlib.sha256(data).hexdigest(), file=path.name, media_type="text/plain", columns_reliable=reliable
    )
    return reader(words, rendition)


def _text_reader(words: str) -> Callable[[str, Rendition], Document]:
    """The reader of the kind of text that `words` are, whatever their file is called."""
    if laid_out.is_laid_out(words):
        return laid_out.read
    flowing = flow.is_flow(words)
    if flowing and flow.has_ruler(words):
        return flow.read
    return boxed.read if flowing or boxed.is_boxed(words) else text.read


def _decoded(data: bytes, path: Path) -> str:
    if len(data) > LONGEST_TEXT_BYTES:
        raise UnreadableFile("the text is longer than 5 MB.", file=path, remedy="Split it, one plan to a file.")
    if b"\0" in data:
        raise UnreadableFile("these bytes are not text.", file=path, remedy="Give the file its true extension.")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("the encoding is neither UTF-8 nor Windows-1252.", file=path, remedy="Save the file as UTF-8.")


_TEXT = Format("text", "text/plain", (".txt", ".text", ".md"), _read_text)
_DOCX = Format("docx", docx.MEDIA_TYPE, (".docx", ".docm"), docx.read)
_DOC = Format("doc", doc.MEDIA_TYPE, (".doc", ".rtf"), doc.read)
_ODT = Format("odt", odt.MEDIA_TYPE, (".odt", ".ott"), odt.read)
_HTML = Format("html", html.MEDIA_TYPE, (".html", ".htm", ".xhtml"), html.read)
_XLSX = Format("xlsx", xlsx.MEDIA_TYPE, (".xlsx", ".xlsm"), xlsx.read)
_CSV = Format("csv", csv.MEDIA_TYPE, (".csv", ".tsv"), csv.read)
_PDF = Format("pdf", pdf.MEDIA_TYPE, (".pdf",), pdf.read)
_ALL = (_TEXT, _DOCX, _DOC, _ODT, _HTML, _XLSX, _CSV, _PDF)
FORMATS: Mapping[str, Format] = {suffix: kind for kind in _ALL for suffix in kind.suffixes}
