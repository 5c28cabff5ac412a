"""Made-up documents as Word files."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.shared import Pt

from benchmarks.corpus.pages import Block, Cell, Grid, Heading, Line, Look, Pages

_EPOCH = (1980, 1, 1, 0, 0, 0)


def word_file(pages: Pages) -> bytes:
    """The document with real headings, lists, merged cells and page header; the same bytes for the same pages."""
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(pages.look.size)
    if pages.landscape:
        _turn(document)
    if pages.furniture:
        document.sections[0].header.paragraphs[0].text = pages.furniture
    for block in pages.blocks:
        _add(document, block, pages.look)
    buffer = io.BytesIO()
    document.save(buffer)
    return _undated(buffer.getvalue())


def _turn(document: Document) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width


def _add(document: Document, block: Block, look: Look) -> None:
    if isinstance(block, Heading):
        _heading(document, block, look)
    elif isinstance(block, Grid):
        _table(document, block, look)
        document.add_paragraph()
    elif block.item and look.lists == "bullets":
        document.add_paragraph(block.text, style="List Bullet")
    else:
        document.add_paragraph().add_run((look.sign if block.item else "") + block.text).bold = block.label


def _heading(document: Document, block: Heading, look: Look) -> None:
    """A heading by its style or, as many authors do, a paragraph in bold."""
    if look.glued:
        document.add_heading(block.text, block.level)
    else:
        document.add_paragraph().add_run(block.text).bold = True


def _table(document: Document, grid: Grid, look: Look) -> None:
    rows = (*grid.head, *grid.rows)
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    places = [row.cells for row in table.rows]
    for r, row in enumerate(rows):
        for c, each in enumerate(row):
            if each is not None:
                _cell(places, (r, c), each, look, bold=r < len(grid.head))


def _cell(places: list[Any], at: tuple[int, int], cell: Cell, look: Look, *, bold: bool) -> None:
    row, column = at
    place = places[row][column]
    if cell.rowspan > 1 or cell.colspan > 1:
        place = place.merge(places[row + cell.rowspan - 1][column + cell.colspan - 1])
    for number, line in enumerate(cell.lines):
        paragraph = place.paragraphs[0] if number == 0 else place.add_paragraph()
        paragraph.add_run(_shown(line, look)).bold = bold
        if line.item and look.lists == "bullets":
            paragraph.style = "List Bullet"


def _shown(line: Line, look: Look) -> str:
    return ("- " if line.item and look.lists == "dashes" else "") + line.text


def _undated(data: bytes) -> bytes:
    """The same package with one date on all its parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
