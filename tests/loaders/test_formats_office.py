"""One plan written as DOCX, ODT, HTML, XLSX and CSV yields one record; and what is special to each but DOCX."""

from __future__ import annotations

import io
import os
import re
import shutil
import stat
import time
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from lxml import etree

from loaders.document import Document, Table
from loaders.errors import LoadError, NothingToRead, UnreadableFile
from loaders.formats import doc, enclosure, read_document
from loaders.formats.numbers import figure, shown
from loaders.pipeline import extract_document

# A block is (kind, text): h heading, b bold item of a list, p paragraph, i item; or ("t", rows). A cell is a list of
# lines («• » opens an item), or None where the cell above is merged down.
STATUS = [
    [["Protocollo presente"], ["Protocollo non presente"], ["Stato avanzamento lavori"], ["Prossime priorità/impegni"]],
    [
        [],
        ["X Non è presente un protocollo"],
        ["Costituito un tavolo di lavoro"],
        ["• Stesura del protocollo", "• Verifica"],
    ],
    [["X"], [], ["• Incontri con ASST", "• Formazione"], ["Aggiornamento del protocollo"]],
]
MATRIX = [
    [["OBIETTIVI"], ["AZIONI"], ["RISORSE"], ["INDICATORI DI VALUTAZIONE"], ["CRONOPROGRAMMA"]],
    [["1 - Dimissioni protette"], ["Tavolo di raccordo"], ["Risorse umane"], ["Almeno 4 incontri/anno"], ["2024"]],
    [
        None,
        ["Formazione degli operatori"],
        ["Fondo povertà"],
        ["• 2 corsi", "• 80% dei presenti"],
        ["Entro dicembre 2025"],
    ],
    [
        ["2 - Valutazione multidimensionale"],
        ["Equipe integrata"],
        ["Fondi regionali"],
        ["Numero di valutazioni"],
        ["2026"],
    ],
]
PLAN: list[tuple[str, Any]] = [
    ("h", "Piano d'integrazione socio-sanitaria 2024-2026"),
    ("p", "Il presente documento è dell'Ambito di Prova per il triennio 2024-2026."),
    ("i", "primo punto della premessa"),
    ("i", "secondo punto della premessa"),
    ("b", "CONTRASTO ALLA VIOLENZA DI GENERE"),
    ("t", STATUS),
    ("h", "Programmazione"),
    ("t", MATRIX),
]
ODF = "urn:oasis:names:tc:opendocument:xmlns:"


def packed(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return stream.getvalue()


def as_docx(plan: list[tuple[str, Any]]) -> bytes:
    made = docx.Document()
    for kind, content in plan:
        if kind == "t":
            table = made.add_table(len(content), len(content[0]))
            for r, row in enumerate(content):
                for c, lines in enumerate(row):
                    if lines is None:
                        table.cell(r - 1, c).merge(table.cell(r, c))
                    _fill(table.cell(r, c), lines or [])
        else:
            style = "List Bullet" if kind in "bi" else None
            made.add_paragraph(style=style).add_run(content).bold = kind in "hb"
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _fill(cell: Any, lines: list[str]) -> None:
    for number, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.add_run(line.removeprefix("• "))
        if line.startswith("• "):
            paragraph.style = "List Bullet"


def as_odt(plan: list[tuple[str, Any]]) -> bytes:
    def item(words: str) -> str:
        return f"<text:list><text:list-item>{words}</text:list-item></text:list>"

    def line(text: str) -> str:
        words = f"<text:p>{escape(text.removeprefix('• '))}</text:p>"
        return item(words) if text.startswith("• ") else words

    def cell(rows: list[Any], r: int, c: int) -> str:
        if rows[r][c] is None:
            return "<table:covered-table-cell/>"
        down = 2 if r + 1 < len(rows) and rows[r + 1][c] is None else 1
        lines = "".join(map(line, rows[r][c])) or "<text:p/>"
        return f'<table:table-cell table:number-rows-spanned="{down}">{lines}</table:table-cell>'

    def block(kind: str, content: Any) -> str:
        if kind == "t":
            width = range(len(content[0]))
            rows = ("".join(cell(content, r, c) for c in width) for r in range(len(content)))
            return "<table:table>" + "".join(f"<table:table-row>{r}</table:table-row>" for r in rows) + "</table:table>"
        words = escape(content) if kind in "pi" else f'<text:span text:style-name="B">{escape(content)}</text:span>'
        return item(f"<text:p>{words}</text:p>") if kind in "bi" else f"<text:p>{words}</text:p>"

    return odt("".join(block(kind, content) for kind, content in plan))


def odt(body: str, automatic: str = "", styles: str = "") -> bytes:
    names = ("office", "text", "table", "style", "form")
    spaces = " ".join(f'xmlns:{n}="{ODF}{n}:1.0"' for n in names)
    spaces += f' xmlns:draw="{ODF}drawing:1.0" xmlns:fo="{ODF}xsl-fo-compatible:1.0"'
    bold = (
        '<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
    )
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {spaces}><office:automatic-styles>{bold}{automatic}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>",
            "styles.xml": f"<office:document-styles {spaces}>{styles}</office:document-styles>",
        }
    )


def as_html(plan: list[tuple[str, Any]]) -> bytes:
    def line(text: str) -> str:
        return f"<ul><li>{escape(text[2:])}</li></ul>" if text.startswith("• ") else f"<p>{escape(text)}</p>"

    def cell(rows: list[Any], r: int, c: int) -> str:
        down = 2 if r + 1 < len(rows) and rows[r + 1][c] is None else 1
        lines = "".join(map(line, rows[r][c])) or "<p><br></p>"
        return f'<td rowspan="{down}">{lines}</td>'

    found = []
    for kind, content in plan:
        if kind == "t":
            rows = ([cell(content, r, c) for c, x in enumerate(row) if x is not None] for r, row in enumerate(content))
            found.append("<table>" + "".join(f"<tr>{''.join(row)}</tr>" for row in rows) + "</table>")
        elif kind == "p":
            found.append(f"<p>{escape(content)}</p>")
        else:
            words = escape(content) if kind == "i" else f"<b>{escape(content)}</b>"
            found.append(f"<p>{words}</p>" if kind == "h" else f"<ul><li>{words}</li></ul>")
    return f"<!DOCTYPE html><html><body>{''.join(found)}</body></html>".encode()


def as_xlsx(plan: list[tuple[str, Any]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    at = 1
    for kind, content in plan:
        if kind == "t":
            for r, row in enumerate(content):
                for c, lines in enumerate(row, start=1):
                    if lines is None:
                        sheet.merge_cells(start_row=at + r - 1, end_row=at + r, start_column=c, end_column=c)
                    elif lines:
                        sheet.cell(at + r, c, "\n".join(lines))
            at += len(content) + 1
        else:
            sheet.cell(at, 1, content).font = openpyxl.styles.Font(bold=kind in "hb")
            at += 1
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_csv(plan: list[tuple[str, Any]]) -> bytes:
    lines = []
    for kind, content in plan:
        if kind == "t":
            lines += [";".join('"' + "\n".join(cell or []) + '"' for cell in row) for row in content]
            lines.append("")
        else:
            lines.append(content.upper() if kind == "h" else content)
    return "\r\n".join(lines).encode("cp1252")


WRITERS: dict[str, Callable[[list[tuple[str, Any]]], bytes]] = {
    "docx": as_docx, "odt": as_odt, "html": as_html, "xlsx": as_xlsx, "csv": as_csv,
}  # fmt: skip


def saved(tmp_path: Path, name: str, data: bytes) -> Document:
    path = tmp_path / name
    path.write_bytes(data)
    return read_document(path)


def shape(document: Document) -> list[Any]:
    """Blocks without places: what any format must yield alike."""
    found: list[Any] = []
    for block in document.blocks:
        if isinstance(block, Table):
            rows = [
                [([(x.text.text, x.bullet) for x in cell.lines if x.text], cell.origin) for cell in row]
                for row in block.rows
            ]
            found.append(rows)
        else:
            kind = type(block).__name__
            found.append((kind, block.text.text, getattr(block, "level", None), getattr(block, "bullet", None)))
    return found


def tables(document: Document) -> list[list[list[str]]]:
    return [[[c.text.text for c in row] for row in b.rows] for b in document.blocks if isinstance(b, Table)]


def texts(document: Document) -> list[str]:
    return [b.text.text for b in document.blocks if not isinstance(b, Table)]


def meaning(value: Any) -> Any:
    """A record without what differs from file to file: places, confidence, renditions."""
    if isinstance(value, dict):
        kept = {
            k: v for k, v in value.items() if "passage" not in k and k not in ("confidence", "renditions", "decisions")
        }
        return {k: meaning(v) for k, v in kept.items()}
    return [meaning(v) for v in value] if isinstance(value, list | tuple) else value


# --- the same plan in every format ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["odt", "html"])
def test_the_blocks_are_those_of_the_docx(tmp_path: Path, form: str) -> None:
    expected = shape(saved(tmp_path, "plan.docx", as_docx(PLAN)))
    assert shape(saved(tmp_path, f"plan.{form}", WRITERS[form](PLAN))) == expected


def test_the_blocks_of_the_docx(tmp_path: Path) -> None:
    found = shape(saved(tmp_path, "plan.docx", as_docx(PLAN)))
    assert found[:5] == [
        ("Heading", "Piano d'integrazione socio-sanitaria 2024-2026", 2, None),
        ("Paragraph", "Il presente documento è dell'Ambito di Prova per il triennio 2024-2026.", None, False),
        ("Paragraph", "primo punto della premessa", None, True),
        ("Paragraph", "secondo punto della premessa", None, True),
        ("Heading", "CONTRASTO ALLA VIOLENZA DI GENERE", 2, None),
    ]
    assert found[5][1][3] == ([("Stesura del protocollo", True), ("Verifica", True)], "explicit")
    assert found[7][2][0] == ([("1 - Dimissioni protette", False)], "spanned")


@pytest.mark.parametrize("form", ["odt", "html", "xlsx", "csv"])
def test_the_record_is_that_of_the_docx(tmp_path: Path, form: str) -> None:
    expected = extract_document(saved(tmp_path, "plan.docx", as_docx(PLAN)))
    found = extract_document(saved(tmp_path, f"plan.{form}", WRITERS[form](PLAN)))
    assert meaning([o.model_dump() for o in found.objectives]) == meaning([o.model_dump() for o in expected.objectives])
    assert [len(o.rows) for o in found.objectives] == [2, 2, 1]
    if form != "csv":  # it has no bold, and its title was written in capitals
        assert found.plan.title == expected.plan.title
    assert found.plan.period.start == "2024-01-01"


@pytest.mark.parametrize("form", WRITERS)
def test_every_word_of_a_cell_has_its_place(tmp_path: Path, form: str) -> None:
    document = saved(tmp_path, f"plan.{form}", WRITERS[form](PLAN))
    for number, table in enumerate((b for b in document.blocks if isinstance(b, Table)), start=1):
        for r, row in enumerate(table.rows, start=1):
            for c, cell in enumerate(row, start=1):
                for line in cell.lines:
                    if line.text and cell.origin == "explicit":
                        passage = document.passage(line.text)
                        assert (passage.table, passage.row, passage.column) == (number, r, c)
                        assert passage.exact == line.text.text == document.text[passage.start : passage.end]


@pytest.mark.parametrize(("form", "name"), [("docx", "word/document.xml"), ("odt", "content.xml")])
def test_an_xml_path_leads_to_the_quote(tmp_path: Path, form: str, name: str) -> None:
    data = WRITERS[form](PLAN)
    document = saved(tmp_path, f"plan.{form}", data)
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read(name))
    spaces = {k: v for k, v in root.nsmap.items() if k}
    assert len(document.places) > 20
    for place in document.places:
        assert place.path is not None
        file, _, path = place.path.partition("#")
        (element,) = root.xpath(path, namespaces=spaces)
        words = re.sub(r"\s", "", document.text[place.start : place.end])
        assert file == name
        assert re.sub(r"\s", "", "".join(element.itertext())) == words


def test_a_sheet_gives_its_name_and_its_cells(tmp_path: Path) -> None:
    document = saved(tmp_path, "plan.xlsx", as_xlsx(PLAN))
    passage = extract_document(document).objectives[1].rows[0].actions[0].passage
    assert (passage.sheet, passage.cell, passage.exact) == ("Sheet", "B12", "Tavolo di raccordo")


# --- HTML, ODT -----------------------------------------------------------------------------------------------------


def test_html_spans_headings_and_page_furniture(tmp_path: Path) -> None:
    page = """<meta charset=utf-8><header>Comune di Prova</header><nav><a>Home</a></nav><h1>Piano</h1>testo
    sciolto<br>Altra riga<ol start=3 type=a><li>uno<li>due</ol>
    <table><tfoot><tr><td colspan=3>piede</tfoot><tr><th rowspan=2>A<th colspan=2>B
    <tr><td>c<td><input type=checkbox checked> SI <input type=checkbox> NO</table><p style="display:none">nascosto</p>
    <script>var x = "<p>no</p>"</script><del>vecchio</del><ins>nuovo</ins><footer>note legali</footer>"""
    document = saved(tmp_path, "a.html", page.encode())
    assert tables(document) == [[["A", "B", ""], ["A", "c", "☒ SI ☐ NO"], ["piede", "", ""]]]
    assert texts(document) == ["Piano", "testo sciolto", "Altra riga", "c. uno", "d. due", "nuovo"]
    assert [span.text for span in document.furniture] == ["Comune di Prova", "Home", "nascosto", "note legali"]


def test_html_of_word_and_of_libreoffice(tmp_path: Path) -> None:
    word_list = "<p class=MsoListParagraph><span style='font-family:Symbol'>·<span>&nbsp;&nbsp; </span></span>voce</p>"
    office = "<p><br/></p><p><font face='Wingdings'>\uf0fe</font></p><div title='footer'><p>2</p></div>"
    document = saved(tmp_path, "a.htm", f"<table><tr><td>{word_list}<td>{office}</table>".encode())
    (table,) = (b for b in document.blocks if isinstance(b, Table))
    assert [[(x.text.text, x.bullet) for x in cell.lines] for cell in table.rows[0]] == [
        [("voce", True)], [("", False), ("☑", False)],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        "<p>Priorità</p>".encode("cp1252"),
        '<meta charset="iso-8859-15"><p>Priorità</p>'.encode("iso-8859-15"),
        "<p>Priorità</p>".encode("utf-16"),
        '<?xml version="1.0" encoding="utf-8"?><html><body><p>Priorità</p></body></html>'.encode(),
        '<meta charset="rot13"><p>Priorità</p>'.encode(),
    ],
)
def test_html_encodings(tmp_path: Path, data: bytes) -> None:
    assert texts(saved(tmp_path, "a.html", data)) == ["Priorità"]


def test_odt_lists_notes_changes_and_boxes(tmp_path: Path) -> None:
    def numbered(depth: int, form: str, shows: int = 1) -> str:
        return (
            f'<text:list-level-style-number text:level="{depth}" style:num-format="{form}" style:num-suffix="."'
            f' text:display-levels="{shows}"/>'
        )

    automatic = f'<text:list-style style:name="L">{numbered(1, "1")}{numbered(2, "a", 2)}</text:list-style>'
    inner = "<text:list><text:list-item><text:p>b</text:p></text:list-item></text:list>"
    body = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><text:p>vecchio</text:p>'
        "</text:deletion></text:changed-region></text:tracked-changes>"
        f'<text:list text:style-name="L"><text:list-item><text:p>a</text:p>{inner}</text:list-item>'
        "<text:list-item><text:p>c</text:p><text:p>seguito</text:p></text:list-item></text:list>"
        "<text:p>Vedi<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>la nota</text:p>"
        '</text:note-body></text:note><text:s text:c="3"/>qui<text:change text:change-id="c1"/></text:p>'
        "<text:p><draw:frame><draw:text-box><text:p>riquadro</text:p></draw:text-box></draw:frame></text:p>"
        "<text:table-of-content><text:index-body><text:p>Indice 1</text:p></text:index-body></text:table-of-content>"
        '<table:table><table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>ab</text:p>'
        '</table:table-cell><table:covered-table-cell/><table:table-cell table:number-columns-repeated="2"/>'
        '</table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell><text:p>x</text:p>'
        '</table:table-cell><table:table-cell table:number-columns-repeated="3"/></table:table-row></table:table>'
    )
    document = saved(tmp_path, "a.odt", odt(body, automatic))
    assert texts(document) == ["1. a", "1.a. b", "2. c", "seguito", "Vedi qui", "riquadro", "la nota"]
    assert tables(document) == [[["ab", "", "", ""], ["x", "", "", ""], ["x", "", "", ""]]]
    assert [span.text for span in document.furniture] == ["Indice 1"]
    assert [(f.rule, f.span.text) for f in document.findings] == [("tracked_change", "Vedi qui")]


# --- sheets --------------------------------------------------------------------------------------------------------


def test_xlsx_titles_tables_and_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"] = "Piano di zona", "Ambito di Prova"
    sheet.merge_cells("A1:C1")
    for row in (["OBIETTIVO", "INDICATORI", "TEMPISTICA"], ["Primo", 0.9, 46022], ["Secondo", 4, 2025]):
        sheet.append(row)
    sheet["B4"].number_format, sheet["C4"].number_format = "0%", "dd/mm/yyyy"
    sheet["A7"] = "Legenda: X = sì"
    sheet["A9"], sheet["B9"], sheet["A10"], sheet["XFD1048576"] = "BISOGNI", "ASPETTATIVE", "b", "in fondo"
    other = book.create_sheet("Area minori")
    other["B2"], other["C2"], other["B3"], other["C3"] = "OBIETTIVO", "AZIONI", "o", True
    stream = io.BytesIO()
    book.save(stream)
    document = saved(tmp_path, "a.xlsx", stream.getvalue())
    assert texts(document) == ["Piano di zona", "Ambito di Prova", "Legenda: X = sì", "in fondo", "Area minori"]
    assert tables(document) == [
        [["OBIETTIVO", "INDICATORI", "TEMPISTICA"], ["Primo", "90%", "31/12/2025"], ["Secondo", "4", "2025"]],
        [["BISOGNI", "ASPETTATIVE"], ["b", ""]],
        [["OBIETTIVO", "AZIONI"], ["o", "VERO"]],
    ]


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (0.125, "0.0%", "12,5%"),
        (46022, "mmm-yy", "12/2025"),
        (46022, "yyyy", "2025"),
        (46022.5, "dd/mm/yyyy h:mm", "31/12/2025 12:00"),
        (1234.5, '#,##0.00 "€"', "1.234,50 €"),
        (1000, "[$€-410] #,##0", "€ 1.000"),
        (6, '0" mesi"', "6 mesi"),
        (12, "[Red]0", "12"),
        (0.5, "# ?/?", "0,5"),
        (0.1 + 0.2, "General", "0,3"),
        (float("inf"), "0.00", "inf"),
        (1e30, "yyyy", "1e+30"),
    ],
)
def test_numbers_are_shown_as_in_the_sheet(value: float, code: str, expected: str) -> None:
    assert shown(value, code) == expected


@pytest.mark.parametrize(
    ("count", "kind", "expected"),
    [
        (4, "upperRoman", "IV"),
        (1994, "lowerRoman", "mcmxciv"),
        (28, "lowerLetter", "bb"),
        (3, "decimalZero", "03"),
        (2, "?", "2"),
    ],
)
def test_figures_of_lists(count: int, kind: str, expected: str) -> None:
    assert figure(count, kind) == expected


CSV = {
    "semicolons and marks": ('OBIETTIVO;AZIONI\r\n"Uno, due";"a\nb"\r\n'.encode("utf-8-sig"), [["Uno, due", "a b"]]),
    "commas": ('OBIETTIVO,AZIONI\n"Uno; due",più\n'.encode("cp1252"), [["Uno; due", "più"]]),
    "told by Excel": (b"sep=|\nOBIETTIVO|AZIONI\na;b;c|d;e;f\n", [["a;b;c", "d;e;f"]]),
    "a mark that never closes": ('OBIETTIVO;AZIONI\n"casa”;y\nz;w\n'.encode(), [['"casa”', "y"], ["z", "w"]]),
    "UTF-16": ("OBIETTIVO\tAZIONI\na\tpiù\n".encode("utf-16"), [["a", "più"]]),
}  # fmt: skip


@pytest.mark.parametrize("name", CSV)
def test_csv(tmp_path: Path, name: str) -> None:
    data, rows = CSV[name]
    assert tables(saved(tmp_path, "a.csv", data)) == [[["OBIETTIVO", "AZIONI"], *rows]]


def test_tsv_is_cut_at_tabs_alone(tmp_path: Path) -> None:
    document = saved(tmp_path, "a.tsv", b"TITOLO DEL PIANO\n\nOBIETTIVO\tAZIONI\na;b;c\td;e;f\n")
    assert texts(document) == ["TITOLO DEL PIANO"]
    assert tables(document) == [[["OBIETTIVO", "AZIONI"], ["a;b;c", "d;e;f"]]]


# --- DOC -----------------------------------------------------------------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def program(folder: Path, script: str) -> None:
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)


def test_doc_without_libreoffice_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadableFile, match=r"a\.doc: .*LibreOffice.*save the file as DOCX"):
        saved(tmp_path, "a.doc", OLE)


def test_doc_is_read_through_the_docx_it_becomes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made.docx").write_bytes(as_docx(PLAN))
    copy = f'while [ "$1" != --outdir ]; do shift; done; mkdir -p "$2"; cp "{tmp_path}/made.docx" "$2/source.docx"'
    program(tmp_path, copy)
    monkeypatch.setattr(enclosure, "can_enclose", lambda: False)  # it takes what stands outside
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    document = saved(tmp_path, "a.doc", OLE)
    assert shape(document) == shape(saved(tmp_path, "made.docx", as_docx(PLAN)))
    assert (document.rendition.file, document.rendition.media_type) == ("a.doc", "application/msword")
    assert document.findings[0].rule == "converted"


def test_doc_conversion_is_killed_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, f'sleep 60 & echo $! > "{tmp_path}/child"; wait')
    monkeypatch.setattr(enclosure, "can_enclose", lambda: False)  # it writes outside
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(doc, "LONGEST_CONVERSION_SECONDS", 3)
    with pytest.raises(UnreadableFile, match="did not read it in 3 seconds"):
        saved(tmp_path, "a.doc", OLE)
    child = int((tmp_path / "child").read_text())
    ends = time.monotonic() + 60
    while not _is_gone(child):
        assert time.monotonic() < ends
        time.sleep(0.05)


def _is_gone(process: int) -> bool:
    """Whether a process has ended; one that was killed may still wait for its parent to ask."""
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_doc_that_is_something_else(tmp_path: Path) -> None:
    assert texts(saved(tmp_path, "a.doc", b"<html><p>pagina salvata come doc</p>")) == ["pagina salvata come doc"]
    assert tables(saved(tmp_path, "b.doc", as_docx([("t", [[["x"], ["y"]]])]))) == [[["x", "y"]]]
    with pytest.raises(UnreadableFile, match="not a Word document"):
        saved(tmp_path, "c.doc", b"solo testo")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed here")
def test_rtf_through_libreoffice(tmp_path: Path) -> None:
    rtf = rb"{\rtf1\ansi Premessa\par\trowd\cellx3000\cellx6000\intbl uno\cell due\cell\row\pard}"
    document = saved(tmp_path, "a.rtf", rtf)
    assert texts(document) == ["Premessa"]
    assert tables(document) == [[["uno", "due"]]]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", as_docx([])),
        ("a.odt", odt("<text:p/>")),
        ("a.html", b"<html><body><img src=x></body></html>"),
        ("a.csv", b";;;\n;;;\n"),
        ("a.xlsx", as_xlsx([])),
    ],
)
def test_no_words_is_no_success(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(NothingToRead, match="holds no words"):
        saved(tmp_path, name, data)


def test_errors_are_of_one_family() -> None:
    assert issubclass(UnreadableFile, LoadError)
    assert issubclass(NothingToRead, LoadError)
