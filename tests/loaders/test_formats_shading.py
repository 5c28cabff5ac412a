"""PDF tables whose cells are filled with colours: however a program draws them, the table is the one that shows."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from reportlab.lib.colors import HexColor
from reportlab.pdfgen import canvas

from loaders.document import Document, Table
from loaders.formats import read_document

HEAD = ("Obiettivo", "Azioni previste", "Indicatori", "Tempi")
BODY = (
    ("Curare a casa le persone fragili", "Formare gli operatori dei servizi", "Almeno 4 incontri", "2024"),
    ("Ascoltare i giovani", "Aprire lo sportello di ascolto", "2 corsi", "2025"),
    ("Sostenere le famiglie", "Attivare gruppi di aiuto", "3 gruppi", "2026"),
)
AFTER = "Il presente piano è approvato dall'assemblea dei sindaci."
EDGES = (40, 220, 400, 580, 760)
TOP, HEIGHT, PADDING = 500, 30, 5.4


@dataclass(frozen=True)
class Design:
    """How a table is drawn: the colours of its heading, odd and even rows, and its rules.

    `strips` fills each cell as Word does: its margins and its line apart. `gap` is the white between two cells.
    """

    heading: str | None = "1F3864"
    odd: str | None = None
    even: str | None = None
    strips: bool = False
    gap: float = 0.0
    level: bool = False
    upright: bool = False
    frame: bool = False


DESIGNS = {
    "heading": Design(),
    "heading, level rules": Design(level=True),
    "heading, frame": Design(frame=True),
    "every cell": Design(odd="EEF3FA", even="EEF3FA"),
    "every cell, white between": Design(odd="EEF3FA", even="EEF3FA", gap=1.5),
    "body": Design(heading=None, odd="EEF3FA", even="EEF3FA"),
    "every other row": Design(odd="EEEEEE"),
    "every other row, no heading": Design(heading=None, odd="EEEEEE"),
    "every other row, level rules": Design(odd="EEEEEE", level=True),
    "every other row, upright rules": Design(odd="EEEEEE", upright=True, frame=True),
    "strips": Design(strips=True),
    "strips, all rules": Design(strips=True, level=True, upright=True, frame=True),
    "strips everywhere, all rules": Design(
        odd="D9E2F3", even="D9E2F3", strips=True, level=True, upright=True, frame=True
    ),
    "strips, white on white": Design("FFFFFF", "FFFFFF", "FFFFFF", strips=True, level=True, upright=True, frame=True),
}


def drawn(design: Design) -> bytes:
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(842, 595))
    page.setFont("Helvetica-Bold", 14)
    page.drawString(EDGES[0], 540, "Piano di zona 2024-2026")
    for at, row in enumerate((HEAD, *BODY)):
        top = TOP - HEIGHT * at
        colour = (design.heading, design.odd, design.even, design.odd)[at]
        for column, words in enumerate(row):
            if colour is not None:
                page.setFillColor(HexColor(f"#{colour}"))
                fill(page, (EDGES[column], top - HEIGHT, EDGES[column + 1], top), design)
            page.setFillColor(HexColor("#000000"))
            page.setFont("Helvetica-Bold" if at == 0 else "Helvetica", 10)
            page.drawString(EDGES[column] + PADDING, top - 18, words)
        if design.level:
            page.line(EDGES[0], top - HEIGHT, EDGES[-1], top - HEIGHT)
    bottom = TOP - HEIGHT * (len(BODY) + 1)
    for x in EDGES[1:-1] if design.upright else ():
        page.line(x, TOP, x, bottom)
    if design.frame:
        page.rect(EDGES[0], bottom, EDGES[-1] - EDGES[0], TOP - bottom)
    page.drawString(EDGES[0], bottom - 40, AFTER)
    page.save()
    return out.getvalue()


def fill(page: canvas.Canvas, box: tuple[float, float, float, float], design: Design) -> None:
    left, bottom, right, top = box
    parts = [(left + design.gap, bottom + design.gap, right - design.gap, top - design.gap)]
    if design.strips:
        inner, line = (left + PADDING, right - PADDING), top - 22
        parts = [(left, bottom, inner[0], top), (inner[1], bottom, right, top)]
        parts += [(inner[0], line, inner[1], top), (inner[0], bottom, inner[1], line)]
    for x0, y0, x1, y1 in parts:
        page.rect(x0, y0, x1 - x0, y1 - y0, stroke=0, fill=1)


def read(folder: Path, design: Design) -> Document:
    path = folder / "a.pdf"
    path.write_bytes(drawn(design))
    return read_document(path)


@pytest.mark.parametrize("name", DESIGNS)
def test_the_table_is_the_one_that_shows(tmp_path: Path, name: str) -> None:
    document = read(tmp_path, DESIGNS[name])
    tables = [block for block in document.blocks if isinstance(block, Table)]
    words = [tuple(cell.text.text for cell in row) for table in tables for row in table.rows]
    assert (len(tables), words) == (1, [HEAD, *BODY])
    assert not [finding for finding in document.findings if finding.confidence == "D"]
    assert document.text.rstrip().endswith(AFTER)
