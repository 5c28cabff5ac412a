"""What a DOCX holds and libraries lose, and how its paragraphs, lists and merged cells are read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from loaders.document import Document, Heading, Label, Paragraph, Table
from loaders.formats import read_document

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def packed(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return stream.getvalue()


def word(body: str, **parts: str) -> bytes:
    """A DOCX with this body; `parts` are further parts by their relation (styles, numbering, header, footnotes)."""
    links = "".join(f'<Relationship Id="r{k}" Type="{R}/{k}" Target="{k}.xml"/>' for k in parts)
    spaces = f'xmlns:w="{W}" xmlns:w14="{W14}" xmlns:mc="{MC}" xmlns:r="{R}"'
    return packed(
        {
            "word/document.xml": f"<w:document {spaces}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": f"<Relationships>{links}</Relationships>",
            **{f"word/{k}.xml": v for k, v in parts.items()},
        }
    )


def part(name: str, content: str) -> str:
    return f'<w:{name} xmlns:w="{W}" xmlns:w14="{W14}">{content}</w:{name}>'


def p(text: str, properties: str = "", run: str = "") -> str:
    return (
        f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def tc(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def tbl(*rows: str, grid: str = "") -> str:
    return f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


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


def row_of(name: str, content: str, properties: str = "") -> str:
    return tr(tc(p(name)), tc(content), properties=properties)


CONTROL = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
BOX = '<w14:checkbox><w14:checked w14:val="{}"/></w14:checkbox>'
LOST = {
    "sym": ('<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r></w:p>', "☑"),
    "sym without its private area": ('<w:p><w:r><w:sym w:font="Wingdings" w:char="00FC"/></w:r></w:p>', "✔"),
    "letters of a picture font": (p("þ", run='<w:rFonts w:ascii="Wingdings"/>'), "☑"),
    "checked": (f"<w:p>{CONTROL.format(BOX.format(1), '<w:r><w:t>?</w:t></w:r>')}</w:p>", "☒"),
    "unchecked": (f"<w:p>{CONTROL.format(BOX.format(0), '<w:r><w:t>?</w:t></w:r>')}</w:p>", "☐"),
    "old check box": (
        "<w:p><w:r><w:fldChar><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r></w:p>", "☒",
    ),
    "insertion": (f"<w:p><w:ins>{p('nuovo')[5:-6].replace('<w:pPr></w:pPr>', '')}</w:ins></w:p>", "nuovo"),
    "deletion": ("<w:p><w:del><w:r><w:delText>vecchio</w:delText></w:r></w:del></w:p>", ""),
    "moved away": (f"<w:p><w:moveFrom>{p('vecchio')[5:-6].replace('<w:pPr></w:pPr>', '')}</w:moveFrom></w:p>", ""),
    "hidden": (p("nascosto", run="<w:vanish/>"), ""),
    "struck through": (p("barrato", run="<w:strike/>"), "barrato"),
    "placeholder": (f"<w:p>{CONTROL.format('<w:showingPlcHdr/>', '<w:r><w:t>Fare clic qui</w:t></w:r>')}</w:p>", ""),
    "hyphen": (
        "<w:p><w:r><w:t>medio</w:t><w:noBreakHyphen/><w:t>lungo</w:t><w:softHyphen/></w:r></w:p>", "medio-lungo",
    ),
    "field": (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>DATE</w:instrText>'
        '<w:fldChar w:fldCharType="separate"/><w:t>2024</w:t><w:fldChar w:fldCharType="end"/></w:r></w:p>', "2024",
    ),
    "inner table of one column": (tbl(tr(tc(p("dentro")))) + "<w:p/>", "dentro"),
    "link": ('<w:p><w:hyperlink r:id="x"><w:r><w:t>legge</w:t></w:r></w:hyperlink></w:p>', "legge"),
}  # fmt: skip


@pytest.mark.parametrize("name", LOST)
def test_docx_keeps_what_libraries_lose(tmp_path: Path, name: str) -> None:
    content, expected = LOST[name]
    document = saved(tmp_path, "a.docx", word(tbl(row_of("campo", content))))
    assert tables(document) == [[["campo", expected]]]


def test_docx_rows_and_cells_in_content_controls(tmp_path: Path) -> None:
    row = CONTROL.format("", row_of("riga", p("A")))
    cell = tr(tc(p("cella")), CONTROL.format("", tc(p("B"))))
    before = tr(tc(p("C")), properties='<w:gridBefore w:val="1"/>')
    gone = row_of("via", p("D"), properties="<w:del/>")
    document = saved(tmp_path, "a.docx", word(tbl(row, cell, before, gone)))
    assert tables(document) == [[["riga", "A"], ["cella", "B"], ["", "C"]]]


def test_docx_says_what_it_decided(tmp_path: Path) -> None:
    body = tbl(
        row_of("a", LOST["insertion"][0]), row_of("b", LOST["struck through"][0]), row_of("c", LOST["hidden"][0])
    )
    document = saved(tmp_path, "a.docx", word(body))
    assert [(f.rule, f.span.text, f.confidence) for f in document.findings] == [
        ("tracked_change", "nuovo", "B"),
        ("struck_text", "barrato", "C"),
    ]
    assert [span.text for span in document.furniture] == ["nascosto"]


def test_docx_merged_cells(tmp_path: Path) -> None:
    start, go_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = tbl(
        tr(tc(p("Titolo"), '<w:gridSpan w:val="3"/>')),
        tr(tc(p("uno") + p("due"), start), tc(p("a")), tc(p("b"))),
        tr(tc("<w:p/>", go_on), tc(p("c"), '<w:gridSpan w:val="2"/>')),
    )
    document = saved(tmp_path, "a.docx", word(body))
    (table,) = (b for b in document.blocks if isinstance(b, Table))
    assert tables(document) == [[["Titolo", "", ""], ["uno due", "a", "b"], ["uno due", "c", ""]]]
    assert [[c.origin for c in row] for row in table.rows] == [
        ["explicit", "spanned", "spanned"],
        ["explicit"] * 3,
        ["spanned", "explicit", "spanned"],
    ]
    assert table.rows[2][0].lines == table.rows[1][0].lines
    assert document.text.count("uno") == 1


def test_docx_borders_a_hair_apart_are_one(tmp_path: Path) -> None:
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in (3000, 40, 2960, 3000))
    wide, narrow = '<w:gridSpan w:val="2"/>', ""
    body = tbl(
        tr(tc(p("a"), wide), tc(p("b"), narrow), tc(p("c"))),
        tr(tc(p("d"), narrow), tc(p("e"), wide), tc(p("f"))),
        grid=grid,
    )
    assert tables(saved(tmp_path, "a.docx", word(body))) == [[["a", "b", "c"], ["d", "e", "f"]]]


def test_docx_a_narrow_column_with_words_stays(tmp_path: Path) -> None:
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in (3000, 40, 3000))
    body = tbl(tr(tc(p("a")), tc(p("X")), tc(p("c"))), grid=grid)
    assert tables(saved(tmp_path, "a.docx", word(body))) == [[["a", "X", "c"]]]


def test_docx_a_wider_inner_table_stands_after_the_outer_one(tmp_path: Path) -> None:
    inner = tbl(tr(tc(p("i1")), tc(p("i2"))))
    body = tbl(row_of("prima", p("fuori") + inner + "<w:p/>"), row_of("dopo", p("z")))
    found = tables(saved(tmp_path, "a.docx", word(body)))
    assert found == [[["prima", "fuori"], ["dopo", "z"]], [["i1", "i2"]]]


def test_docx_a_frame_of_one_column_is_running_text(tmp_path: Path) -> None:
    body = tbl(tr(tc(p("SCHEDA PROGETTO"))), tr(tc(p("Azioni:") + p("una riga") + tbl(tr(tc(p("x")), tc(p("y")))))))
    document = saved(tmp_path, "a.docx", word(body))
    assert [type(b) for b in document.blocks] == [Heading, Label, Paragraph, Table]


STYLES = part(
    "styles",
    '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="T1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Mio"><w:basedOn w:val="T1"/><w:name w:val="mio titolo"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="G"><w:name w:val="forte"/><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="S1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Ciclo"><w:basedOn w:val="Ciclo"/><w:name w:val="ciclo"/></w:style>',
)


def style(name: str) -> str:
    return f'<w:pStyle w:val="{name}"/>'


def test_docx_headings_by_style_weight_and_capitals(tmp_path: Path) -> None:
    body = (
        p("Premessa", style("Mio"))
        + p("Titolo in grassetto", style("G"))
        + p("grassetto tolto", style("G"), '<w:b w:val="0"/>')
        + p("AREA MINORI E FAMIGLIE")
        + p("Principali interventi:", run="<w:b/>")
        + p("2) Obiettivi")
        + p("Indicatori di risultato")
        + p("ciclo senza fine", style("Ciclo"))
        + p("Premessa ..... 3", style("S1"))
    )
    document = saved(tmp_path, "a.docx", word(body, styles=STYLES))
    assert shape(document) == [
        ("Heading", "Premessa", 1, None),
        ("Heading", "Titolo in grassetto", 2, None),
        ("Paragraph", "grassetto tolto", None, False),
        ("Heading", "AREA MINORI E FAMIGLIE", 2, None),
        ("Label", "Principali interventi", 2, None),
        ("Heading", "2) Obiettivi", 3, None),
        ("Label", "Indicatori di risultato", 2, None),
        ("Paragraph", "ciclo senza fine", None, False),
    ]
    assert [span.text for span in document.furniture] == ["Premessa ..... 3"]


def level(depth: int, kind: str, text: str, start: int = 1) -> str:
    look = f'<w:start w:val="{start}"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{depth}">{look}</w:lvl>'


NUMBERING = part(
    "numbering",
    f'<w:abstractNum w:abstractNumId="0">{level(0, "decimal", "%1.")}{level(1, "decimal", "%1.%2")}'
    f"{level(2, 'lowerLetter', '%3)')}</w:abstractNum>"
    f'<w:abstractNum w:abstractNumId="1">{level(0, "bullet", "")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/>'
    "</w:lvlOverride></w:num>",
)


def listed(number: int, depth: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'


def test_docx_counts_its_lists(tmp_path: Path) -> None:
    items = [
        ("a", 1, 0),
        ("b", 1, 1),
        ("c", 1, 1),
        ("d", 1, 2),
        ("e", 1, 0),
        ("f", 1, 1),
        ("g", 2, 0),
        ("h", 3, 0),
        ("i", 0, 0),
    ]
    cell = "".join(p(text, listed(number, depth)) for text, number, depth in items)
    document = saved(tmp_path, "a.docx", word(tbl(row_of("x", cell)), numbering=NUMBERING))
    (table,) = (b for b in document.blocks if isinstance(b, Table))
    assert [(line.text.text, line.bullet) for line in table.rows[0][1].lines] == [
        ("1. a", True), ("1.1 b", True), ("1.2 c", True), ("a) d", True), ("2. e", True), ("2.1 f", True), ("g", True),
        ("7. h", True), ("i", False),
    ]  # fmt: skip


def test_docx_bullets_typed_by_hand(tmp_path: Path) -> None:
    lines = ["- primo", "•secondo", "\uf0b7 terzo", "– quarto", "-10% entro il 2025", "• quinto • sesto", "a) settimo"]
    document = saved(tmp_path, "a.docx", word(tbl(row_of("x", "".join(map(p, lines))))))
    (table,) = (b for b in document.blocks if isinstance(b, Table))
    assert [(line.text.text, line.bullet) for line in table.rows[0][1].lines] == [
        ("primo", True), ("secondo", True), ("terzo", True), ("quarto", True), ("-10% entro il 2025", False),
        ("quinto", True), ("sesto", True), ("a) settimo", False),
    ]  # fmt: skip


def test_a_tick_is_a_mark_and_several_are_a_list(tmp_path: Path) -> None:
    body = tbl(row_of("x", p("✓ Presente")), row_of("y", p("✓ uno") + p("✓ due")), row_of("z", p("☒ SI") + p("☒ NO")))
    (table,) = (b for b in saved(tmp_path, "a.docx", word(body)).blocks if isinstance(b, Table))
    found = [[(line.text.text, line.bullet) for line in row[1].lines] for row in table.rows]
    assert found == [[("✓ Presente", False)], [("uno", True), ("due", True)], [("☒ SI", False), ("☒ NO", False)]]


def test_docx_empty_paragraphs_of_a_cell_are_kept(tmp_path: Path) -> None:
    body = tbl(row_of("x", "<w:p/>" + p("X") + "<w:p/>" + p("X")), row_of("y", "<w:p/><w:p/>"))
    (table,) = (b for b in saved(tmp_path, "a.docx", word(body)).blocks if isinstance(b, Table))
    assert [line.text.text for line in table.rows[0][1].lines] == ["", "X", "", "X"]
    assert table.rows[1][1].lines == ()


def test_docx_line_breaks(tmp_path: Path) -> None:
    broken = (
        "<w:p><w:r><w:t>Costituzione del tavolo</w:t><w:br/><w:t>permanente</w:t><w:br/><w:t>Verifica</w:t></w:r></w:p>"
    )
    title = broken.replace("<w:r>", "<w:r><w:rPr><w:b/></w:rPr>")
    document = saved(tmp_path, "a.docx", word(title + broken))
    assert texts(document) == [
        "Costituzione del tavolo permanente Verifica", "Costituzione del tavolo permanente", "Verifica",
    ]  # fmt: skip


def test_docx_page_furniture_notes_and_boxes(tmp_path: Path) -> None:
    note = '<w:p><w:r><w:t>Vedi</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    box = "<w:txbxContent>{}</w:txbxContent>".format(p("nel riquadro"))
    twice = (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent><w:t>con riquadro</w:t></w:r></w:p>"
    )
    notes = part(
        "footnotes", f'<w:footnote w:id="0">{p("mai")}</w:footnote><w:footnote w:id="2">{p("la nota")}</w:footnote>'
    )
    data = word(note + twice, header=part("hdr", p("Allegato 2")), footer=part("ftr", p("pagina 1")), footnotes=notes)
    document = saved(tmp_path, "a.docx", data)
    assert texts(document) == ["Vedi", "con riquadro", "nel riquadro", "la nota"]
    assert [span.text for span in document.furniture] == ["Allegato 2", "pagina 1"]
    last = document.place(document.text.index("la nota"))
    assert last is not None
    assert last.path == "word/footnotes.xml#/w:footnotes/w:footnote[2]/w:p[1]"
