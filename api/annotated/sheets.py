"""Comments in a workbook, at the cell where each finding stands."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.utils.exceptions import InvalidFileException

from api.annotated.notes import AUTHOR, Note
from api.annotated.zipped import rewritten
from loaders.errors import UnreadableFile

_CORE = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_WIDTH, _LINE_HEIGHT, _LINE_LETTERS = 340, 18, 48  # points, points, characters


def annotate(data: bytes, notes: Sequence[Note], path: Path) -> bytes:
    """The workbook with a comment for each note, after a comment that was there. Raises `UnreadableFile`.

    Values, formulas, formats and merged cells stay; charts and drawings are not carried over.
    """
    macros = "xl/vbaProject.bin" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True, keep_vba=macros)
    except (InvalidFileException, KeyError, ValueError, TypeError) as error:
        remedy = "Save it again as a workbook (XLSX)."
        raise UnreadableFile("no comments can be written into this workbook.", file=path, remedy=remedy) from error
    for note in notes:
        place = note.passage
        sheet = book[place.sheet] if place and place.sheet in book.sheetnames else book.worksheets[0]
        cell = sheet[place.cell if place and place.cell else "A1"]
        if isinstance(cell, Cell):
            _comment(cell, note)
    buffer = io.BytesIO()
    book.save(buffer)
    return rewritten(buffer.getvalue(), {_CORE: _properties(data, buffer.getvalue())})


def _comment(cell: Cell, note: Note) -> None:
    before = [cell.comment.text] if cell.comment else []
    text = "\n\n".join((*before, *note.paragraphs))
    lines = sum(len(line) // _LINE_LETTERS + 1 for line in text.split("\n"))
    cell.comment = Comment(text, AUTHOR, width=_WIDTH, height=lines * _LINE_HEIGHT)


def _properties(data: bytes, made: bytes) -> bytes:
    """What the author's file says of itself; without it, what the new one says but for the time."""
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(made)) as new:
        if _CORE in old.namelist():
            return old.read(_CORE)
        return _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", new.read(_CORE))
