"""CSV and TSV: a sheet of cells; semicolons first, as Italian spreadsheets write them."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from pathlib import Path

from loaders.document import Document
from loaders.errors import UnreadableFile
from loaders.formats.compose import MOST_CELLS, compose
from loaders.formats.package import refused
from loaders.formats.sheets import SheetCell, sheet_blocks
from loaders.records import Rendition

_LONGEST_BYTES = 5_000_000
MEDIA_TYPE = "text/csv"
_TSV_TYPE = "text/tab-separated-values"
_DELIMITERS = (";", "\t", ",", "|")
_ENCODINGS = ("utf-8-sig", "cp1252")


def read(data: bytes, path: Path) -> Document:
    """The document in the bytes of a CSV or TSV file. Raises `UnreadableFile` or `NothingToRead`."""
    tabbed = path.suffix.lower() == ".tsv"
    rendition = Rendition(
        sha256=hashlib.sha256(data).hexdigest(),
        file=path.name,
        media_type=_TSV_TYPE if tabbed else MEDIA_TYPE,
        columns_reliable=True,
    )
    rows = _rows(_decoded(data, path), ("\t",) if tabbed else _DELIMITERS)
    if sum(map(len, rows)) > MOST_CELLS:
        raise refused(f"the file has more than {MOST_CELLS} cells.", path)
    filled = {index: _filled(row) for index, row in enumerate(rows)}
    return compose(rendition, sheet_blocks(filled), path)


def _filled(row: list[str]) -> dict[int, SheetCell]:
    return {column: SheetCell(text) for column, text in enumerate(row) if text.strip()}


def _decoded(data: bytes, path: Path) -> str:
    if len(data) > _LONGEST_BYTES:
        raise refused("the text is longer than 5 MB.", path, remedy="Split it, one plan to a file.")
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else _ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise refused("these bytes are not text.", path, remedy="Give the file its true extension.")
        return text
    raise UnreadableFile("the encoding is neither UTF-8 nor Windows-1252.", file=path, remedy="Save the file as UTF-8.")


def _rows(text: str, delimiters: tuple[str, ...]) -> list[list[str]]:
    """The rows cut at the delimiter that gives most of them the same width; the first of equals."""
    head, _, rest = text.partition("\n")
    stated = head.strip().strip('"').lower()
    if stated.startswith("sep=") and len(stated) == 5:  # what Excel writes to tell itself the delimiter
        return _parsed(rest, stated[-1])
    found = [_parsed(text, delimiter) for delimiter in delimiters]
    return max(found, key=_evenness)


def _parsed(text: str, delimiter: str) -> list[list[str]]:
    """The cells; a quotation mark that closes nowhere is a mark like others."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return [line.split(delimiter) for line in text.splitlines()]


def _evenness(rows: list[list[str]]) -> int:
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(widths.values(), default=0)
