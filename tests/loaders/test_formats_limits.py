"""Hostile and broken office files, web pages and sheets: each ends soon in a clear error of the family."""

from __future__ import annotations

import io
import re
import time
import warnings
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from loaders.errors import LoadError, UnreadableFile
from loaders.formats import csv, docx, html, odt, package, read_document, xlsx

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF = " ".join(
    f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "text", "table", "style")
)
SLOWEST_SECONDS = 10


def packed(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return stream.getvalue()


def word(body: str, *, before: str = "", **more: str | bytes) -> bytes:
    return packed({"word/document.xml": f"{before}<w:document {W}><w:body>{body}</w:body></w:document>", **more})


def text(body: str) -> bytes:
    return packed({"content.xml": f"<office:document-content {ODF}><office:body><office:text>{body}</office:text>"
                   "</office:body></office:document-content>"})  # fmt: skip


def workbook(rows: str, after: str = "") -> bytes:
    links = f'<Relationships><Relationship Id="a" Type="{R}/worksheet" Target="sheet.xml"/></Relationships>'
    return packed(
        {
            "xl/workbook.xml": f'<workbook {S} xmlns:r="{R}"><sheets><sheet name="A" r:id="a"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": links,
            "xl/sheet.xml": f"<worksheet {S}><sheetData>{rows}</sheetData>{after}</worksheet>",
        }
    )


def twice() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made.writestr("word/document.xml", "uno")
        made.writestr("word/document.xml", "due")
    return stream.getvalue()


def flagged() -> bytes:
    data = bytearray(word("<w:p/>"))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def entities() -> str:
    nested = "".join(f"<!ENTITY x{n} '{f'&x{n - 1};' * 10}'>" for n in range(1, 10))
    return f"<!DOCTYPE a [<!ENTITY x0 'ah'>{nested}]>"


def merges() -> bytes:
    ends = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    return workbook(ends, "<mergeCells>" + '<mergeCell ref="B1:C1048576"/>' * 2_000 + "</mergeCells>")


def cells() -> bytes:
    rows = (
        f"<row>{''.join(f'<c><v>{n * 7919 % 99991}</v></c>' for n in range(r, r + 1_000))}</row>" for r in range(202)
    )
    return workbook("".join(rows))


def lying() -> bytes:
    """A package whose directory says that its part unpacks to 10 bytes."""
    data = bytearray(word("<w:p/>" * 2_000_000))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


PARAGRAPH = "<w:p><w:r><w:t>parole</w:t></w:r></w:p>"
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "no package": ("a.docx", lambda: b"solo testo", "not an office package"),
    "half a package": ("a.docx", lambda: word(PARAGRAPH * 9)[:-40], "office package|damaged"),
    "old or locked": ("a.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old binary or a password"),
    "another kind of package": ("a.odt", lambda: packed({"a.xml": "<a/>"}), "lacks its main part"),
    "a sheet called a document": (
        "a.docx", lambda: packed({"word/document.xml": f"<workbook {S}/>"}), "not a Word document",
    ),
    "too large": ("a.docx", lambda: bytes(package.LARGEST_FILE_BYTES + 1), "larger than 25 MB"),
    "a part of 204 MB": ("a.docx", lambda: word("<w:p/>" * 34_000_000), "unpacks to more than 200 MB"),
    "a part of 33 MB": ("a.docx", lambda: word("<w:p/>" * 5_400_000), "too tightly|larger than 32 MB"),
    "a size that is not true": ("a.docx", lying, "too tightly|damaged"),
    "too many entries": ("a.docx", lambda: packed({f"x/{n}": "" for n in range(2_001)}), "2001 entries"),
    "an entry outside": ("a.docx", lambda: word("", **{"../../etc/passwd": "x"}), "points outside"),
    "an absolute entry": ("a.docx", lambda: word("", **{"/etc/passwd": "x"}), "points outside"),
    "two of one name": ("a.docx", twice, "two entries of one name"),
    "an encrypted entry": ("a.docx", flagged, "encrypted"),
    "an archive inside": ("a.docx", lambda: word("", **{"word/media/more.zip": "x"}), "another archive"),
    "an external entity": (
        "a.docx",
        lambda: word("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", before='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "document type",
    ),
    "entities of entities": ("a.docx", lambda: word("<w:p>&x9;</w:p>", before=entities()), "document type"),
    "a document type alone": ("a.odt", lambda: packed({"content.xml": "<!DOCTYPE a><a/>"}), "document type"),
    "elements too deep": ("a.docx", lambda: word("<w:sdt>" * 200 + "</w:sdt>" * 200), "deep"),
    "a table of tables": (
        "a.docx",
        lambda: word("<w:tbl><w:tr><w:tc>" * 60 + PARAGRAPH + "</w:tc></w:tr></w:tbl>" * 60),
        "deep",
    ),
    "rows without end": (
        "a.odt",
        lambda: text(
            '<table:table><table:table-row table:number-rows-repeated="999999999"><table:table-cell><text:p>x</text:p>'
            "</table:table-cell><table:table-cell/></table:table-row></table:table>"
        ),
        "more than 200000 cells",
    ),
    "columns without end": (
        "a.odt",
        lambda: text(
            '<table:table><table:table-row><table:table-cell table:number-columns-repeated="99999999"/>'
            "</table:table-row></table:table>"
        ),
        "columns|cells",
    ),
    "encrypted parts": (
        "a.odt",
        lambda: packed({"content.xml": b"\x00\x01", "META-INF/manifest.xml": "<m><encryption-data/></m>"}),
        "encrypted",
    ),
    "too many cells": ("a.xlsx", cells, "200000 filled cells"),
    "merges over and over": ("a.xlsx", merges, "merged ranges"),
    "a page too deep": ("a.html", lambda: b"<div>" * 200_000 + b"parole" + b"</div>" * 200_000, "200000 elements|deep"),
    "a page of nested fonts": ("a.html", lambda: b"<p>inizio<font>" * 300 + b"parole" * 1_000, "deep"),
    "a page of many elements": ("a.html", lambda: b"<br>" * 200_001, "200000 elements"),
    "a cell over all columns": ("a.html", lambda: b"<table><tr><td colspan=1000>x</table>", "100 columns"),
    "cells over all rows": (
        "a.html",
        lambda: b"<table>" + b"<tr><td rowspan=9999 colspan=100>x" * 3_000 + b"</table>",
        "200000 cells",
    ),
    "no text": ("a.csv", lambda: b"a;b\0c", "not text"),
    "a long text": ("a.csv", lambda: b"a;b\n" * 1_300_000, "5 MB"),
    "a paragraph of five million letters": ("a.txt", lambda: b"parola " * 714_000, "2 million characters"),
    "a page of one paragraph": ("a.html", lambda: b"<p>" + b"parola " * 700_000, "2 million characters"),
    "a line without end": ("a.txt", lambda: b"a" * 1_900_000, "paragraph 1: a paragraph has 1900000 characters"),
    "a cell without end": ("a.csv", lambda: b"Obiettivo;Tempi\n" + b"x" * 60_000 + b";2022\n", "60000 characters"),
    "paragraphs without end": ("a.html", lambda: b"<p>uno due" * 25_000, "25000 blocks"),
    "rows over rows": ("a.csv", lambda: b"Obiettivo;Tempi\n" + b"casa;2022\n" * 60_000, "60001 rows of tables"),
    "only separators": ("a.csv", lambda: b";" * 300_000, "200000 cells"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_soon_in_a_clear_error(
    tmp_path: Path, name: str, refusal: Callable[[Path], LoadError]
) -> None:
    file, made, problem = HOSTILE[name]
    path = tmp_path / file
    path.write_bytes(made())
    assert re.search(problem, str(refusal(path)))


def test_a_part_has_only_so_many_elements() -> None:
    with pytest.raises(UnreadableFile, match="more than 1000000 elements"):
        package.parse_xml(b"<a>" + b"<b/>" * 1_000_000 + b"</a>", Path("a.docx"), "word/document.xml")


def test_cells_at_the_ends_of_a_sheet_cost_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        workbook('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>')
    )
    assert read_document(path).text == "1\n2\n"


@pytest.mark.parametrize("piece", ["x<!--", "x<![", "x</", "x<a '>' ", 'x<p a="', "x<script></scrip", "&a", "x<?"])
def test_pages_that_open_and_never_close(tmp_path: Path, piece: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"<p>parole</p>{piece * 60_000}", encoding="utf-8")
    start = time.process_time()
    try:
        assert read_document(path).text.startswith("parole\n")
    except UnreadableFile as error:  # the words that were never closed are one paragraph
        if "a paragraph has" not in str(error):
            raise
    assert time.process_time() - start < SLOWEST_SECONDS


def test_styles_that_hang_on_one_another(tmp_path: Path) -> None:
    styles = "".join(f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>' for n in range(5_000))
    link = f'<Relationships><Relationship Id="a" Type="{R}/styles" Target="styles.xml"/></Relationships>'
    body = PARAGRAPH.replace("<w:r>", '<w:pPr><w:pStyle w:val="s0"/></w:pPr><w:r>')
    parts = {"word/styles.xml": f"<w:styles {W}>{styles}</w:styles>", "word/_rels/document.xml.rels": link}
    path = tmp_path / "a.docx"
    path.write_bytes(word(body, **parts))
    assert read_document(path).text == "parole\n"


def test_nothing_outside_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("segreto", encoding="utf-8")
    links = (
        f'<Relationships><Relationship Id="a" Type="{R}/header" Target="{secret.as_uri()}" TargetMode="External"/>'
        f'<Relationship Id="b" Type="{R}/footer" Target="../../secret.txt"/></Relationships>'
    )
    path = tmp_path / "a.docx"
    path.write_bytes(word(PARAGRAPH, **{"word/_rels/document.xml.rels": links}))
    page = tmp_path / "a.html"
    frame = f'<iframe src="{secret.as_uri()}">x</iframe><img src="{secret.as_uri()}">'
    page.write_text(f"<p>parole</p>{frame}", encoding="utf-8")
    assert read_document(path).text == "parole\n"
    assert read_document(page).text == "parole\n"


# --- mutated files -------------------------------------------------------------------------------------------------

CELL = "<w:tc><w:tcPr><w:gridSpan w:val='2'/><w:vMerge w:val='restart'/></w:tcPr>" + PARAGRAPH + "</w:tc>"
GRID = "<w:tblGrid><w:gridCol w:w='90'/><w:gridCol w:w='900'/></w:tblGrid>"
BEFORE = "<w:trPr><w:gridBefore w:val='1'/></w:trPr>"
SPANS = "table:number-rows-spanned='2' table:number-columns-spanned='2'"
SEEDS = {
    "docx": f"<w:document {W}><w:body>{PARAGRAPH}<w:tbl>{GRID}<w:tr>{BEFORE}{CELL}</w:tr><w:tr>{CELL}{CELL}</w:tr>"
    "</w:tbl></w:body></w:document>",
    "odt": f"<office:document-content {ODF}><office:body><office:text><text:list text:style-name='L'><text:list-item>"
    "<text:p>uno<text:s text:c='2'/>due</text:p></text:list-item></text:list><table:table><table:table-row>"
    f"<table:table-cell {SPANS}><text:p>tre</text:p></table:table-cell><table:covered-table-cell/></table:table-row>"
    "<table:table-row table:number-rows-repeated='2'><table:covered-table-cell/><table:table-cell><text:p>no"
    "</text:p></table:table-cell></table:table-row></table:table></office:text></office:body></office:document-content>",
    "xlsx": f"<worksheet {S}><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>uno</t></is></c><c r='B1' s='1'>"
    "<v>2</v></c></row><row r='3'><c r='B3' t='b'><v>1</v></c></row></sheetData><mergeCells><mergeCell ref='A1:A3'/>"
    "</mergeCells></worksheet>",
}
VALUES = st.sampled_from(["-1", "0", "2", "99999999999", "", "x", "continue", "F0FE", "A1:XFD9", "C2", "true"])
KINDS = st.sampled_from("remove copy rename set text".split())
CHANGES = st.lists(st.tuples(KINDS, st.integers(0, 99), st.integers(0, 99), VALUES), max_size=8)
TAGS = "<p> </p> <table> <tr> <td|rowspan=3> <li> <ol|type=i> <br> a;b".replace(" ", "\n").replace("|", " ").split("\n")


def changed(source: str, changes: list[tuple[str, int, int, str]]) -> bytes:
    root = etree.fromstring(source)
    for kind, first, second, words in changes:
        elements = list(root.iter())
        one, other = elements[first % len(elements)], elements[second % len(elements)]
        if kind == "remove" and one.getparent() is not None:
            one.getparent().remove(one)
        elif kind == "copy":
            one.append(etree.fromstring(etree.tostring(other, with_tail=False)))
        elif kind == "rename":
            one.tag = other.tag
        elif kind == "text":
            one.text = words
        elif one.attrib:
            one.set(sorted(one.attrib)[second % len(one.attrib)], words)
    return etree.tostring(root)


def repacked(form: str, part: bytes) -> bytes:
    if form == "docx":
        return packed({"word/document.xml": part})
    if form == "odt":
        return packed({"content.xml": part})
    with zipfile.ZipFile(io.BytesIO(workbook(""))) as made:
        return packed({name: part if name == "xl/sheet.xml" else made.read(name) for name in made.namelist()})


READERS = {"docx": docx.read, "odt": odt.read, "xlsx": xlsx.read, "html": html.read, "csv": csv.read}


@pytest.mark.parametrize("form", SEEDS)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_mutated_parts_are_read_or_refused(form: str, changes: list[tuple[str, int, int, str]]) -> None:
    data = repacked(form, changed(SEEDS[form], changes))
    try:
        document = READERS[form](data, Path(f"a.{form}"))
    except LoadError:
        return
    ends = [(place.start, place.end) for place in document.places]
    assert all(0 <= start < end <= len(document.text) for start, end in ends)
    assert all(before[1] <= after[0] for before, after in pairwise(ends))


@pytest.mark.parametrize("form", ["html", "csv"])
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.lists(st.sampled_from([*TAGS, '"', "\n", "è"]) | st.binary(max_size=6), max_size=40))
def test_any_bytes_are_read_or_refused(form: str, data: list[str | bytes]) -> None:
    joined = b"".join(piece.encode() if isinstance(piece, str) else piece for piece in data)
    try:
        document = READERS[form](joined, Path(f"a.{form}"))
    except LoadError:
        return
    assert document.text.strip()
