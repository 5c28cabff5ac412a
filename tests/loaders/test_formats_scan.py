"""Scanned PDF: pages that are pictures are read as the born-digital pages they were printed from."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Table

from benchmarks.corpus.render_scan import as_scan
from loaders.document import Document, Heading
from loaders.document import Table as Grid
from loaders.errors import NothingToRead, UnreadableFile
from loaders.formats import pdf
from loaders.formats.pdf import scan
from loaders.pipeline import extract_document

recognition = pytest.mark.skipif(not scan.installed(), reason="tesseract and the extra raccordo[ocr] are not installed")
ROWS = [
    ["OBIETTIVI", "AZIONI", "PROTOCOLLO PRESENTE", "CRONOPROGRAMMA"],
    ["Dimissioni protette", "• Tavolo tecnico mensile<br/>• Revisione delle procedure", "X", "Entro 2022"],
    ["Accoglienza dei minori", "Formazione congiunta degli operatori", "", "2021-2023"],
]
TITLE = "Integrazione socio-sanitaria"
TEXT = "Il documento è approvato dalla Conferenza dei Sindaci e dall'azienda sanitaria."


def drawn(canvas: Canvas) -> None:
    """A page with a title, a ruled table and a paragraph."""
    style = ParagraphStyle("cell", fontName="Helvetica", fontSize=10, leading=12)
    cells = [[Paragraph(f"<b>{words}</b>" if row == 0 else words, style) for words in ROWS[row]] for row in range(3)]
    table = Table(cells, colWidths=[110, 160, 100, 130], style=[("GRID", (0, 0), (-1, -1), 0.6, "black")])
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(50, 780, TITLE)
    _, height = table.wrapOn(canvas, 500, 400)
    table.drawOn(canvas, 50, 750 - height)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(50, 720 - height, TEXT)


def printed(draw: Callable[[Canvas], None], pages: int = 1) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for _ in range(pages):
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def picture(data: bytes, quarters: int = 0) -> ImageReader:
    page = pdfium.PdfDocument(data)[0]
    return ImageReader(page.render(scale=200 / 72, grayscale=True).to_pil().rotate(90 * quarters, expand=True))


def mixed(canvas: Canvas) -> None:
    """A born-digital page, then the scan of one."""
    canvas.drawString(50, 780, "Premessa del piano di zona, scritta al calcolatore.")
    canvas.showPage()
    canvas.drawImage(picture(printed(drawn)), 0, 0, *A4)
    canvas.drawString(400, 820, "prot. 123/2021")


def sideways(canvas: Canvas) -> None:
    canvas.setPageSize((A4[1], A4[0]))
    canvas.drawImage(picture(printed(drawn), quarters=1), 0, 0, A4[1], A4[0])


def read(data: bytes) -> Document:
    return pdf.read(data, Path("scansione.pdf"))


@cache
def scanned() -> Document:
    return read(as_scan(printed(drawn), seed=3))


def cells(document: Document) -> list[list[str]]:
    (table,) = (block for block in document.blocks if isinstance(block, Grid))
    return [[cell.text.text for cell in row] for row in table.rows]


WORDS = [[words.replace("<br/>", " ").replace("• ", "") for words in row] for row in ROWS]


@recognition
def test_a_scan_gives_the_cells_of_the_page_it_was_printed_from() -> None:
    assert cells(scanned()) == WORDS == cells(read(printed(drawn)))


@recognition
def test_bullets_and_bold_are_seen_in_the_picture() -> None:
    document = scanned()
    title = document.blocks[0]
    assert isinstance(title, Heading) and title.text.text == TITLE
    (table,) = (block for block in document.blocks if isinstance(block, Grid))
    assert [line.bullet for line in table.rows[1][1].lines] == [True, True]


@recognition
def test_a_scan_stands_where_its_print_stood() -> None:
    born = read(printed(drawn))
    boxes = {born.text[place.start : place.end]: place.box for place in born.places}
    for place in scanned().places:
        expected = boxes[scanned().text[place.start : place.end]]
        assert place.page == 1 and place.box is not None and expected is not None
        assert place.box == pytest.approx(expected, abs=8)


@recognition
def test_a_decision_says_that_the_words_were_recognised() -> None:
    (finding,) = (found for found in scanned().findings if found.rule == "ocr")
    assert finding.confidence == "C"
    assert "tesseract" in finding.text and "page 1" in finding.text


@recognition
def test_rows_read_from_a_picture_are_inferred() -> None:
    rows = [row for objective in extract_document(scanned()).objectives for row in objective.rows]
    assert rows and all(row.confidence in ("C", "D") for row in rows)


@recognition
def test_doubtful_words_are_findings_on_those_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loaders.formats.pdf.checks._DOUBTFUL", 101.0)
    found = {f.span.text for f in read(as_scan(printed(drawn), seed=3)).findings if f.rule == "ocr_word"}
    assert {"Dimissioni", "protette", "Sindaci"} <= found


@recognition
def test_the_same_scan_is_read_alike() -> None:
    again = read(as_scan(printed(drawn), seed=3))
    assert (again.text, again.blocks, again.places) == (scanned().text, scanned().blocks, scanned().places)
    assert again.findings == scanned().findings


@recognition
def test_a_mixed_file_gives_its_written_and_its_scanned_pages() -> None:
    document = read(printed(mixed))
    assert document.text.startswith("Premessa del piano di zona, scritta al calcolatore.\n")
    assert cells(document) == WORDS
    assert [finding.rule for finding in document.findings if finding.confidence != "D"] == ["ocr"]


@recognition
def test_a_page_on_its_side_is_turned() -> None:
    document = read(printed(sideways))
    assert cells(document) == WORDS
    box = next(place.box for place in document.places if place.row == 1 and place.column == 1)
    assert box is not None
    assert box[3] > 500  # the first column stands at the foot of the page as it is shown
    assert box[3] - box[1] > box[2] - box[0]


@recognition
def test_only_so_many_pages_are_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "MOST_PAGES", 1)
    with pytest.raises(UnreadableFile, match="2 pages; 1 can be recognised"):
        read(as_scan(printed(lambda canvas: canvas.drawString(50, 700, "Piano"), pages=2)))


@recognition
def test_a_picture_out_of_measure_is_refused() -> None:
    def huge(canvas: Canvas) -> None:
        canvas.setPageSize((4_900, 4_900))
        canvas.drawImage(picture(printed(drawn)), 0, 0, 4_900, 4_900)

    with pytest.raises(UnreadableFile, match="page 1: the page measures 4900 × 4900 points"):
        read(printed(huge))


@recognition
def test_an_empty_scan_holds_no_words() -> None:
    with pytest.raises(NothingToRead, match="no words"):
        read(as_scan(printed(lambda canvas: canvas.line(1, 1, 2, 2))))


def test_without_the_extra_a_scan_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "installed", lambda: False)
    with pytest.raises(NothingToRead, match=r"only pictures.*raccordo\[ocr\].*tesseract-ocr-ita"):
        read(as_scan(printed(drawn)))


def test_without_the_extra_a_mixed_file_says_which_page_is_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "installed", lambda: False)
    document = read(printed(mixed))
    (finding,) = (found for found in document.findings if found.rule == "picture_page")
    assert finding.confidence == "D" and "page 2" in finding.text and "raccordo[ocr]" in finding.text
