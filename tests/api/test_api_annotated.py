"""The author's own document with each finding at its cell: DOCX, XLSX and PDF, nothing else changed."""

from __future__ import annotations

import ctypes
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import httpx
import openpyxl
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from docx.oxml.ns import qn
from openpyxl.comments import Comment
from reportlab.lib import colors
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle
from typer.testing import CliRunner

from api.annotated import AnnotatedCopy, annotate_document
from api.cli import app
from loaders.errors import UnknownFormat, UnreadableFile
from ontology.iris import Iris
from shapes.report import Finding

TITLE = "Piano di integrazione socio-sanitaria 2024-2026 – Ambito di Lodi"
GRID = (
    ("Obiettivo", "Azioni", "Responsabile", "Risorse", "Indicatori", "Tempi"),
    ("Accesso unitario", "Aprire tre punti unici", "ASST di Lodi", "2 educatori", "Numero di accessi", "31/12/2025"),
    ("Accesso unitario", "Formare gli operatori", "", "3 formatori", "", "31/12/2025"),
    ("Dimissioni protette", "Seguire a casa chi è dimesso", "ATS/ASST", "1 infermiere", "Numero di persone", ""),
)


def make_docx(path: Path) -> None:
    document = docx.Document()
    document.add_heading(TITLE, 1)
    table = document.add_table(len(GRID), len(GRID[0]))
    for row, words in zip(table.rows, GRID, strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    document.save(str(path))


def make_xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Azioni"
    sheet["A1"] = TITLE
    for at, words in enumerate(GRID, start=3):
        for index, text in enumerate(words, start=1):
            sheet.cell(at, index, text or None)
    sheet["B4"].comment = Comment("Da vedere con l'ASST.", "Ufficio di Piano")
    book.save(path)


def make_pdf(path: Path) -> None:
    style = getSampleStyleSheet()["BodyText"]
    cells = [[Paragraph(text, style) for text in words] for words in GRID]
    table = Table(cells, colWidths=80, style=TableStyle([("GRID", (0, 0), (-1, -1), 1, colors.black)]))
    SimpleDocTemplate(str(path)).build([Paragraph(TITLE, getSampleStyleSheet()["Title"]), table])


def docx_comments(body: bytes) -> Iterator[tuple[str, str]]:
    """Each comment with the words that it stands at."""
    document = docx.Document(io.BytesIO(body))
    marked: dict[str, str] = {}
    within: set[str] = set()
    for element in document.element.body.iter():
        number = str(element.get(qn("w:id")))
        if element.tag == qn("w:commentRangeStart"):
            within.add(number)
        elif element.tag == qn("w:commentRangeEnd"):
            within.discard(number)
        elif element.tag == qn("w:t"):
            marked |= {one: marked.get(one, "") + (element.text or "") for one in within}
    for comment in document.comments:
        yield marked.get(str(comment.comment_id), ""), "\n".join(one.text for one in comment.paragraphs)


def xlsx_comments(body: bytes) -> Iterator[tuple[str, str]]:
    for sheet in openpyxl.load_workbook(io.BytesIO(body)):
        for row in sheet.iter_rows():
            yield from ((str(cell.value), cell.comment.text) for cell in row if cell.comment)


def pdf_comments(body: bytes) -> Iterator[tuple[str, str]]:
    document = pypdfium2.PdfDocument(body)
    for page in document:
        words = page.get_textpage()
        for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
            annotation = pdfium.FPDFPage_GetAnnot(page, index)
            box = pdfium.FS_RECTF()
            pdfium.FPDFAnnot_GetRect(annotation, ctypes.byref(box))
            yield words.get_text_bounded(box.left - 2, box.bottom - 2, box.right + 2, box.top + 2), contents(annotation)


def contents(annotation: object) -> str:
    length = pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDFAnnot_GetStringValue(
        annotation, b"Contents", ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), length
    )
    return buffer.raw[: length - 2].decode("utf-16-le")


Kind = tuple[Callable[[Path], None], Callable[[bytes], Iterator[tuple[str, str]]]]
KINDS: dict[str, Kind] = {
    "docx": (make_docx, docx_comments),
    "xlsx": (make_xlsx, xlsx_comments),
    "pdf": (make_pdf, pdf_comments),
}


@pytest.fixture(scope="module", params=list(KINDS))
def draft(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("draft") / f"bozza.{request.param}"
    KINDS[request.param][0](file)
    return file


@pytest.fixture(scope="module")
def copy(draft: Path) -> AnnotatedCopy:
    return annotate_document(draft, None, Iris(), "it")


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def comments(draft: Path, body: bytes) -> list[tuple[str, str]]:
    return [(plain(words), plain(text)) for words, text in KINDS[draft.suffix[1:]][1](body)]


def test_every_finding_stands_at_its_words(draft: Path, copy: AnnotatedCopy) -> None:
    found = comments(draft, copy.body)
    assert copy.checked.report.findings
    for finding in copy.checked.report.findings:
        at = [words for words, text in found if plain(finding.message.it) in text]
        assert at, finding.message.it
        if finding.passage:
            assert any(plain(finding.quote or "") in words for words in at), (finding.quote, at)


def test_what_is_missing_stands_in_its_row(draft: Path, copy: AnnotatedCopy) -> None:
    missing = [one for one in copy.checked.report.findings if one.rule == "row-responsibility"]
    assert len(missing) == 1
    (words,) = [words for words, text in comments(draft, copy.body) if plain(missing[0].message.it) in text]
    assert words in {plain(cell) for cell in GRID[2] if cell}


def test_the_same_document_gives_the_same_bytes(draft: Path, copy: AnnotatedCopy) -> None:
    assert annotate_document(draft, None, Iris(), "it").body == copy.body


def test_the_document_keeps_its_words_and_reads_as_before(draft: Path, copy: AnnotatedCopy, tmp_path: Path) -> None:
    again = tmp_path / draft.name
    again.write_bytes(copy.body)
    report = annotate_document(again, None, Iris(), "it").checked.report
    assert [said(one) for one in report.findings] == [said(one) for one in copy.checked.report.findings]


def said(finding: Finding) -> tuple[str, str | None, str | None]:
    return finding.message.it, finding.quote, finding.cell


def test_a_comment_of_the_author_stays(draft: Path, copy: AnnotatedCopy) -> None:
    if draft.suffix == ".xlsx":
        assert any("Davedereconl'ASST." in text for _, text in comments(draft, copy.body))


def test_a_pdf_keeps_the_authors_bytes_first(draft: Path, copy: AnnotatedCopy) -> None:
    if draft.suffix == ".pdf":
        assert copy.body.startswith(draft.read_bytes())


def test_a_document_without_a_place_for_comments_is_told(tmp_path: Path) -> None:
    text = tmp_path / "bozza.csv"
    text.write_text("Obiettivo,Azioni,Responsabile\nUno,Fare,ASST di Lodi\n")
    for path in (text, tmp_path):
        with pytest.raises(UnknownFormat, match=r"DOCX, XLSX or PDF"):
            annotate_document(path, None, Iris(), "it")


def test_a_word_file_with_macros_is_told(tmp_path: Path) -> None:
    file, macros = tmp_path / "bozza.docx", tmp_path / "bozza.docm"
    make_docx(file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(macros, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "[Content_Types].xml":
                document = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
                body = body.replace(document, b"application/vnd.ms-word.document.macroEnabled.main+xml")
            new.writestr(name, body)
    with pytest.raises(UnreadableFile, match="without macros"):
        annotate_document(macros, None, Iris(), "it")


def test_the_command_writes_the_copy_beside_the_report(draft: Path, copy: AnnotatedCopy, tmp_path: Path) -> None:
    file = tmp_path / f"annotata{draft.suffix}"
    result = CliRunner().invoke(app, ["check", str(draft), "--annotated", str(file)])
    assert result.exit_code == 1, result.stderr
    assert file.read_bytes() == copy.body


def test_the_service_sends_the_copy_and_keeps_nothing(client: httpx.Client, draft: Path, copy: AnnotatedCopy) -> None:
    answer = client.post("/api/check/annotated?lang=it", files={"file": (draft.name, draft.read_bytes())})
    assert answer.status_code == 200, answer.text
    assert answer.content == copy.body
    assert answer.headers["content-type"] == copy.media_type
    assert f"raccordo-{draft.name}" in answer.headers["content-disposition"]
    refused = client.post("/api/check/annotated", files={"file": ("bozza.csv", b"Obiettivo,Azioni\nUno,Fare\n")})
    assert refused.status_code == 415
    assert "/tmp" not in refused.text
