"""The bytes say what a file is; its name only where bytes cannot."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from loaders.errors import LoadError
from loaders.formats import read_document
from loaders.formats.sniff import sniffed


def _zip(*names: str, first: tuple[str, bytes] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        if first:
            package.writestr(*first)
        for name in names:
            package.writestr(name, b"<x/>")
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\n\n junk before %PDF-1.4\n", "pdf"),
        (_zip("[Content_Types].xml", "word/document.xml"), "docx"),
        (_zip("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (_zip("content.xml", first=("mimetype", b"application/vnd.oasis.opendocument.text")), "odt"),
        (_zip("content.xml", first=("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")), None),
        (_zip("a.txt"), None),
        (b"PK\x03\x04 cut off", None),
        (b"{\\rtf1\\ansi ciao}", "doc"),
        (OLE + "WordDocument".encode("utf-16-le"), "doc"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), None),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "html"),
        (b"<!-- salvato da Word --><HTML lang=it>", "html"),
        (b"<?xml version='1.0'?>\n<html xmlns='x'>", "html"),
        (b"Obiettivo\tAzioni\n<b>no</b>", None),
        (b"<tabella>", None),
        (b"", None),
    ],
)
def test_bytes_name_their_format(data: bytes, name: str | None) -> None:
    assert sniffed(data) == name


def test_a_page_named_as_an_old_word_file_is_read_as_a_page(tmp_path: Path) -> None:
    path = tmp_path / "piano.doc"
    path.write_text("<html><body><p>Accordo di programma dell'Ambito di Prova</p></body></html>", encoding="utf-8")
    assert read_document(path).rendition.media_type == "text/html"


def test_a_known_kind_needs_no_ending(tmp_path: Path) -> None:
    path = tmp_path / "piano"
    path.write_text("<html><body><p>Accordo di programma</p></body></html>", encoding="utf-8")
    assert read_document(path).rendition.media_type == "text/html"


@pytest.mark.parametrize("data", [OLE + "Workbook".encode("utf-16-le"), _zip("a.txt"), b"\x89PNG\r\n"])
def test_what_no_reader_knows_is_refused_with_a_remedy(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "piano.xls"
    path.write_bytes(data)
    with pytest.raises(LoadError, match="Convert it to one of"):
        read_document(path)
