"""A calendar whose months are coloured and hold no word: the colours are its ticks, where they are read at all."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.styles import Color, PatternFill
from reportlab.lib.colors import HexColor
from reportlab.pdfgen import canvas

from loaders.pipeline import read_plan
from loaders.records import PlanRecord

HEAD = ("Obiettivo", "Azioni", "I trim. 2024", "II trim. 2024", "III trim. 2024", "IV trim. 2024")
ROWS = (("Curare a casa", "Formare gli operatori", "_##_"), ("Ascoltare i giovani", "Aprire lo sportello", "___#"))
TITLE = "Piano di zona 2024-2026"
ODF = "urn:oasis:names:tc:opendocument:xmlns:"


def colours(months: str, band: str) -> list[str]:
    """The colours of a row's cells: two of words, then the months; `band` is that of the whole row."""
    return [band, band, *("9BC2E6" if sign == "#" else band for sign in months)]


def as_html(bands: tuple[str, str]) -> bytes:
    rows = ["".join(f"<th>{label}</th>" for label in HEAD)]
    for (aim, action, months), band in zip(ROWS, bands, strict=True):
        shades = colours(months, band)
        rows.append(
            "".join(
                f'<td style="background-color:#{shade}">{words}</td>'
                for words, shade in zip((aim, action, "", "", "", ""), shades, strict=True)
            )
        )
    return f"<html><body><h1>{TITLE}</h1><table>{''.join(f'<tr>{r}</tr>' for r in rows)}</table></body></html>".encode()


def as_docx(bands: tuple[str, str]) -> bytes:
    made = docx.Document()
    made.add_heading(TITLE, 1)
    table = made.add_table(len(ROWS) + 1, len(HEAD))
    for column, label in enumerate(HEAD):
        table.cell(0, column).text = label
    for at, ((aim, action, months), band) in enumerate(zip(ROWS, bands, strict=True), start=1):
        for column, shade in enumerate(colours(months, band)):
            cell = table.cell(at, column)
            cell.text = (aim, action, "", "", "", "")[column]
            look = OxmlElement("w:shd")
            look.set(qn("w:val"), "clear")
            look.set(qn("w:fill"), shade)
            cell._tc.get_or_add_tcPr().append(look)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def as_odt(bands: tuple[str, str]) -> bytes:
    spaces = " ".join(f'xmlns:{n}="{ODF}{n}:1.0"' for n in ("office", "text", "table", "style"))
    spaces += f' xmlns:fo="{ODF}xsl-fo-compatible:1.0"'
    looks = "".join(
        f'<style:style style:name="c{shade}" style:family="table-cell">'
        f'<style:table-cell-properties fo:background-color="#{shade}"/></style:style>'
        for shade in {"9BC2E6", *bands}
    )
    rows = ["".join(f"<table:table-cell><text:p>{label}</text:p></table:table-cell>" for label in HEAD)]
    for (aim, action, months), band in zip(ROWS, bands, strict=True):
        cells = zip((aim, action, "", "", "", ""), colours(months, band), strict=True)
        rows.append(
            "".join(
                f'<table:table-cell table:style-name="c{shade}"><text:p>{words}</text:p></table:table-cell>'
                for words, shade in cells
            )
        )
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{looks}</office:automatic-styles><office:body>"
        f"<office:text><text:h>{TITLE}</text:h><table:table>{body}</table:table></office:text></office:body>"
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content)
    return out.getvalue()


def as_xlsx(bands: tuple[str, str]) -> bytes:
    """The marks in a colour of the theme, the rest in six digits."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([TITLE])
    sheet.append([])
    sheet.append(HEAD)
    for at, ((aim, action, months), band) in enumerate(zip(ROWS, bands, strict=True), start=4):
        sheet.append((aim, action))
        for column, shade in enumerate(colours(months, band), start=1):
            mark = Color(theme=4, tint=0.4) if shade == "9BC2E6" else Color(rgb=f"FF{shade}")
            sheet.cell(at, column).fill = PatternFill("solid", fgColor=mark)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_pdf(bands: tuple[str, str]) -> bytes:
    """Ruled cells; a mark is filled in two strips, over the colour of the row."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(842, 595))
    page.setFont("Helvetica-Bold", 14)
    page.drawString(40, 540, TITLE)
    edges = (40, 160, 300, 420, 540, 660, 780)
    words = (HEAD, *((aim, action, "", "", "", "") for aim, action, _ in ROWS))
    for at, texts in enumerate(words):
        top = 500 - 30 * at
        if at:
            page.setFillColor(HexColor(f"#{bands[at - 1]}"))
            page.rect(edges[0], top - 30, edges[-1] - edges[0], 30, stroke=0, fill=1)
        for column, text in enumerate(texts):
            left, width = edges[column], edges[column + 1] - edges[column]
            if at and column > 1 and ROWS[at - 1][2][column - 2] == "#":
                page.setFillColor(HexColor("#9BC2E6"))
                page.rect(left, top - 12, width, 12, stroke=0, fill=1)
                page.rect(left, top - 30, width, 18, stroke=0, fill=1)
            page.setFillColor(HexColor("#000000"))
            page.setFont("Helvetica-Bold" if at == 0 else "Helvetica", 10)
            page.drawString(left + 4, top - 20, text)
            page.rect(left, top - 30, width, 30)
    page.save()
    return out.getvalue()


FORMATS = {"a.html": as_html, "a.docx": as_docx, "a.odt": as_odt, "a.xlsx": as_xlsx, "a.pdf": as_pdf}


def read(folder: Path, name: str, bands: tuple[str, str] = ("FFFFFF", "FFFFFF")) -> PlanRecord:
    path = folder / name
    path.write_bytes(FORMATS[name](bands))
    return read_plan(path)


def times(record: PlanRecord) -> list[tuple[str | None, str | None]]:
    rows = [row for objective in record.objectives for row in objective.rows]
    return [(row.timeline.start, row.timeline.end) if row.timeline else (None, None) for row in rows]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("bands", [("FFFFFF", "FFFFFF"), ("FFFFFF", "EEEEEE")], ids=["white", "striped"])
def test_colours_tick_the_months(tmp_path: Path, name: str, bands: tuple[str, str]) -> None:
    record = read(tmp_path, name, bands)
    assert times(record) == [("2024-04-01", "2024-09-30"), ("2024-10-01", "2024-12-31")]
    assert {d.confidence for d in record.decisions if d.rule == "calendar_colour"} == {"C"}


def test_a_calendar_without_a_mark_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(as_html(("FFFFFF", "FFFFFF")).replace(b"9BC2E6", b"FFFFFF"))
    record = read_plan(path)
    assert times(record) == [(None, None), (None, None)]
    assert [d.confidence for d in record.decisions if d.rule == "calendar_empty"] == ["D"]


def test_a_cross_counts_and_not_the_colour(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    page = as_html(("FFFFFF", "FFFFFF")).decode()
    first = page.index("</td>", page.index("Formare gli operatori") + 30)
    path.write_text(page[:first] + "X" + page[first:], encoding="utf-8")
    assert times(read_plan(path)) == [("2024-01-01", "2024-03-31"), (None, None)]
