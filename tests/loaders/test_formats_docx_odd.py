"""What districts leave in DOCX and ODT files and a reader easily gets wrong: what the page shows is what is read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from loaders.document import Table
from loaders.formats import read_document

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
W16SE = "http://schemas.microsoft.com/office/word/2015/wordml/symex"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF = "urn:oasis:names:tc:opendocument:xmlns:"
FIELD = "urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0"


def packed(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return stream.getvalue()


NUMBERING = (
    f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="none"/><w:lvlText w:val="Azione:"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def word(body: str) -> bytes:
    spaces = f'xmlns:w="{W}" xmlns:mc="{MC}" xmlns:w16se="{W16SE}"'
    return packed(
        {
            "word/document.xml": f"<w:document {spaces}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": f'<Relationships><Relationship Id="n" Type="{R}/numbering" '
            'Target="numbering.xml"/></Relationships>',
            "word/numbering.xml": NUMBERING,
        }
    )


def odt(body: str) -> bytes:
    spaces = " ".join(f'xmlns:{n}="{ODF}{n}:1.0"' for n in ("office", "text", "table", "style", "form"))
    spaces += f' xmlns:draw="{ODF}drawing:1.0" xmlns:field="{FIELD}"'
    numbered = (
        '<text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1" '
        'style:num-suffix="."/></text:list-style>'
    )
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {spaces}><office:automatic-styles>{numbered}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
        }
    )


def cell_of(path: Path) -> list[list[str]]:
    """The cells after the first of every row of the only table."""
    (table,) = (block for block in read_document(path).blocks if isinstance(block, Table))
    return [[" / ".join(line.text.text for line in cell.lines) for cell in row[1:]] for row in table.rows]


def r(content: str) -> str:
    return f"<w:r>{content}</w:r>"


def t(text: str) -> str:
    return r(f'<w:t xml:space="preserve">{text}</w:t>')


def mark(kind: str) -> str:
    return r(f'<w:fldChar w:fldCharType="{kind}"/>')


def p(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def tc(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def code(words: str) -> str:
    return r(f"<w:instrText>{words}</w:instrText>")


def drop_down(chosen: str) -> str:
    entries = "".join(f'<w:listEntry w:val="{e}"/>' for e in ("Da avviare", "In corso", "Concluso"))
    data = f"<w:ffData><w:ddList>{chosen}{entries}</w:ddList></w:ffData>"
    begin = r(f'<w:fldChar w:fldCharType="begin">{data}</w:fldChar>')
    return p(begin + code("FORMDROPDOWN") + mark("separate") + mark("end"))


def listed(text: str, depth: int = 0, mark: str = "") -> str:
    content = t(text) if text else ""
    return p(content, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr>{mark}')


WAITING = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
CONTROL = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
NESTED = (
    mark("begin") + code(" IF ") + mark("begin") + code(" MERGEFIELD x ") + mark("separate") + t("1") + mark("end")
    + code(' = "1" "SI" "NO" ') + mark("separate") + t("SI") + mark("end") + t(" fine")
)  # fmt: skip
EMOJI = (
    "<mc:AlternateContent><mc:Choice Requires='w16se'><w16se:symEx w16se:font='Segoe UI Symbol' w16se:char='2612'/>"
    "</mc:Choice><mc:Fallback><w:t>☒</w:t></mc:Fallback></mc:AlternateContent>"
)
MOVED = (
    p("<w:moveFrom>" + t("spostato") + "</w:moveFrom>", "<w:rPr><w:moveFrom/></w:rPr>")
    + p(t("resta")) + p("<w:moveTo>" + t("spostato") + "</w:moveTo>")
)  # fmt: skip
WORD = {
    "a paragraph still to be filled in": (tc(WAITING.format(p(t("Fare clic qui per immettere testo.")))), ""),
    "a cell still to be filled in": (WAITING.format(tc(p(t("Fare clic qui per immettere testo.")))), ""),
    "controls in controls": (
        CONTROL.format(tc(CONTROL.format(CONTROL.format(p(CONTROL.format(t("dentro"))))))), "dentro",
    ),
    "a chosen entry": (tc(drop_down('<w:result w:val="1"/>')), "In corso"),
    "the entry that stands first": (tc(drop_down("")), "Da avviare"),
    "the entry by default": (tc(drop_down('<w:default w:val="2"/>')), "Concluso"),
    "an entry that is not there": (tc(drop_down('<w:result w:val="9"/>')), ""),
    "an entry written out": (
        tc(drop_down('<w:result w:val="1"/>').replace(mark("end"), t("In corso") + mark("end"))), "In corso",
    ),
    "a field in the code of a field": (tc(p(NESTED)), "SI fine"),
    "a simple field": (tc(p(f'<w:fldSimple w:instr="DATE">{t("2025")}</w:fldSimple>')), "2025"),
    "a sign beyond the old fonts": (tc(p(r(EMOJI) + t(" SI"))), "☒ SI"),
    "moved words": (tc(MOVED), "resta / spostato"),
    "an empty item is counted": (tc(listed("a") + listed("") + listed("b")), "1. a /  / 3. b"),
    "a deleted item is not": (
        tc(listed("a") + listed("", mark="<w:rPr><w:del/></w:rPr>") + listed("b")), "1. a / 2. b",
    ),
    "a word for a number": (tc(listed("avviare", 1)), "Azione: avviare"),
    "soft hyphens and tabs": (tc(p(t("pro\u00adgetto") + r("<w:tab/>") + t("uno"))), "progetto uno"),
    "a comment of the producer": (tc("<!-- x -->" + p("<!-- y -->" + r("<!-- z --><w:t>qui</w:t>"))), "qui"),
    "a picture font by its other name": (
        tc(p(r('<w:rPr><w:rFonts w:hAnsi="Wingdings"/></w:rPr><w:t>þ</w:t>'))), "☑",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WORD)
def test_what_a_cell_of_word_shows(tmp_path: Path, name: str) -> None:
    cell, expected = WORD[name]
    path = tmp_path / "a.docx"
    rows = f"<w:tr>{tc(p(t('campo')))}{cell}</w:tr><w:tr>{tc(p(t('altro')))}{tc(p(t('fine')))}</w:tr>"
    path.write_bytes(word(f"<w:tbl>{rows}</w:tbl>"))
    assert cell_of(path) == [[expected], ["fine"]]


def fieldmark(kind: str, *parameters: tuple[str, str]) -> str:
    given = "".join(f'<field:param field:name="{n}" field:value="{v}"/>' for n, v in parameters)
    return (
        f'<text:p><field:fieldmark field:type="vnd.oasis.opendocument.field.{kind}">{given}</field:fieldmark></text:p>'
    )


def control(key: str) -> str:
    return f'<draw:control draw:control="{key}"/>'


def items(*texts: str) -> str:
    inside = "".join(f"<text:list-item><text:p>{x}</text:p></text:list-item>" for x in texts)
    return f'<text:list text:style-name="N">{inside}</text:list>'


FORMS = (
    '<office:forms><form:form><form:radio form:id="r1" form:current-selected="true"/><form:radio form:id="r2"/>'
    '<form:radio form:id="r3" form:selected="true" form:current-selected="false"/>'
    '<form:text form:id="t1" form:value="vecchio" form:current-value="12 incontri"/></form:form></office:forms>'
)
OPEN = {
    "a ticked box of a Word form": (fieldmark("FORMCHECKBOX", ("Checkbox_Checked", "true")), "☒"),
    "an empty box of a Word form": (fieldmark("FORMCHECKBOX"), "☐"),
    "an entry of a Word form": (
        fieldmark(
            "FORMDROPDOWN", ("Dropdown_ListEntry", "no"), ("Dropdown_ListEntry", "si"), ("Dropdown_Selected", "1")
        ),
        "si",
    ),
    "choices": (f"<text:p>{control('r1')} SI {control('r2')} NO {control('r3')} forse</text:p>", "☒ SI ☐ NO ☐ forse"),
    "a text field": (f"<text:p>{control('t1')}</text:p>", "12 incontri"),
    "words with metadata": ("<text:p>dal <text:meta>2025</text:meta> in poi</text:p>", "dal 2025 in poi"),
    "a section whose condition hides it": (
        '<text:section text:display="condition" text:is-hidden="true"><text:p>via</text:p></text:section>'
        '<text:section text:display="condition" text:is-hidden="false"><text:p>qui</text:p></text:section>', "qui",
    ),
    "an empty item is counted": (items("a", "", "b"), "1. a /  / 3. b"),
    "a chosen entry": (
        '<text:p><text:drop-down><text:label text:value="no"/><text:label/>si</text:drop-down></text:p>',
        "si",
    ),
    "blanks and breaks": ("<text:p>a<text:s text:c='3'/>b<text:tab/>c<text:soft-page-break/>d</text:p>", "a b cd"),
    "a comment of the producer": ("<!-- x --><text:p>u<!-- y -->no</text:p>", "uno"),
}  # fmt: skip


@pytest.mark.parametrize("name", OPEN)
def test_what_a_cell_of_odt_shows(tmp_path: Path, name: str) -> None:
    content, expected = OPEN[name]
    path = tmp_path / "a.odt"
    rows = [f"<table:table-cell>{c}</table:table-cell>" for c in ("<text:p>campo</text:p>", content)]
    path.write_bytes(odt(f"{FORMS}<table:table><table:table-row>{''.join(rows)}</table:table-row></table:table>"))
    assert cell_of(path) == [[expected]]


def test_rows_and_columns_of_odt(tmp_path: Path) -> None:
    def cells(*words: str) -> str:
        return "".join(f"<table:table-cell><text:p>{w}</text:p></table:table-cell>" for w in words)

    covered = '<table:covered-table-cell table:number-columns-repeated="2"/>'
    path = tmp_path / "a.odt"
    path.write_bytes(
        odt(
            f"<table:table><table:table-header-rows><table:table-row>{cells('a', 'b', 'c', 'd')}</table:table-row>"
            "</table:table-header-rows><text:soft-page-break/><table:table-row>"
            '<table:table-cell/><table:table-cell table:number-columns-spanned="3"><text:p>e</text:p>'
            f'</table:table-cell>{covered}</table:table-row><table:table-row table:number-rows-repeated="2">'
            '<table:table-cell table:number-columns-repeated="3"><text:p>x</text:p></table:table-cell>'
            f"{cells('y')}</table:table-row></table:table>"
        )
    )
    assert cell_of(path) == [["b", "c", "d"], ["e", "", ""], ["x", "x", "y"], ["x", "x", "y"]]
