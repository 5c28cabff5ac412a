"""Born-digital PDF: what the reader makes of pages that the tests draw themselves."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfminer.fontmetrics import FONT_METRICS

from loaders.document import Document, Heading, Label, Paragraph, Table
from loaders.errors import LoadError, NothingToRead
from loaders.formats import pdf
from loaders.formats.pdf import checks, second_reader

PADDING = 5
PITCH = 12.2


def width(text: str, size: float = 10, *, bold: bool = False) -> float:
    """How wide Helvetica sets `text`."""
    metrics = FONT_METRICS["Helvetica-Bold" if bold else "Helvetica"][1]
    return sum(metrics.get(c, 556) for c in text) * size / 1000


def wrapped(text: str, room: float, *, bold: bool = False) -> list[str]:
    """`text` in lines, each word cut where it is wider than `room`, as word processors do."""
    lines = [""]
    for word in text.split(" "):
        candidate = f"{lines[-1]} {word}".strip()
        if width(candidate, bold=bold) <= room:
            lines[-1] = candidate
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if width(lines[-1] + letter, bold=bold) > room:
                lines.append("")
            lines[-1] += letter
    return lines


class Page:
    """A page on which text, lines and boxes are drawn; heights count from the top."""

    def __init__(self, high: int = 842, wide: int = 595, entries: str = "") -> None:
        self.wide, self.high, self.entries = wide, high, entries
        self.drawn: list[str] = []

    def text(
        self, x: float, base: float, words: str, size: float = 10, *, bold: bool = False, up: bool = False
    ) -> Page:
        raw = (
            words.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)").decode("latin-1")
        )
        matrix = "0 1 -1 0" if up else "1 0 0 1"
        face = "B" if bold else "R"
        self.drawn.append(f"BT /{face} {size} Tf {matrix} {x} {self.high - base} Tm ({raw}) Tj ET")
        return self

    def lines(self, x: float, base: float, lines: Sequence[str], *, bold: bool = False) -> Page:
        for number, line in enumerate(lines):
            self.text(x, base + number * PITCH, line, bold=bold)
        return self

    def rule(self, x0: float, top: float, x1: float, bottom: float) -> Page:
        self.drawn.append(f"{x0} {self.high - top} m {x1} {self.high - bottom} l S")
        return self

    def thin(self, x0: float, top: float, x1: float, bottom: float) -> Page:
        """A rule as Word draws it: a filled box half a point thick."""
        self.drawn.append(f"{x0} {self.high - bottom - 0.25} {max(x1 - x0, 0.5)} {max(bottom - top, 0.5)} re f")
        return self

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> Page:
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)
        for x in xs:
            self.rule(x, ys[0], x, ys[-1])
        return self

    def table(self, xs: Sequence[float], top: float, rows: Sequence[Sequence[str]], *, rules: bool = True) -> float:
        """Draw rows of cells («\\n» parts paragraphs) and say where they end."""
        ys = [top]
        for row in rows:
            deepest = 1
            for x, right, cell in zip(xs, xs[1:], row, strict=False):
                paragraphs = cell.split("\n")
                lines = [line for p in paragraphs for line in wrapped(p, right - x - 2 * PADDING)]
                self.lines(x + PADDING, ys[-1] + 11, lines)
                deepest = max(deepest, len(lines))
            ys.append(ys[-1] + deepest * PITCH + 3)
        if rules:
            self.grid(xs, ys)
        return ys[-1]


def written(*pages: Page, content: bytes | None = None, filters: str = "/FlateDecode", trailer: str = "") -> bytes:
    """The bytes of a PDF with these pages; `content` takes the place of what is drawn on each."""
    font = "<</Type/Font/Subtype/Type1/BaseFont/{}/Encoding/WinAnsiEncoding>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        *(font.format(n).encode() for n in ("Helvetica", "Helvetica-Bold")),
    ]
    kids = []
    for page in pages:
        stream = zlib.compress("\n".join(page.drawn).encode("latin-1")) if content is None else content
        head = f"<</Filter{filters}/Length {len(stream)}>>stream\n".encode()
        objects.append(head + stream + b"\nendstream")
        box = f"/MediaBox[0 0 {page.wide} {page.high}]/Contents {len(objects)} 0 R{page.entries}"
        objects.append(f"<</Type/Page/Parent 2 0 R{box}/Resources<</Font<</R 3 0 R/B 4 0 R>>>>>>".encode())
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    return packed(objects, trailer)


def packed(objects: Sequence[bytes], trailer: str = "") -> bytes:
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    tail = f"trailer<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{len(out)}\n%%EOF"
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + tail.encode()


def read(*pages: Page) -> Document:
    return pdf.read(written(*pages), Path("piano.pdf"))


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def cells(table: Table) -> list[list[str]]:
    return [[cell.text.text for cell in row] for row in table.rows]


def rules(document: Document) -> list[str]:
    return [finding.rule for finding in document.findings]


XS = (50, 150, 300, 545)
HEAD = ("Protocollo presente", "Protocollo non presente", "Stato di avanzamento dei lavori")


def test_a_ruled_table_with_the_places_of_its_cells() -> None:
    page = Page().text(50, 60, "PIANO DI ZONA", bold=True).text(50, 90, "Gli Ambiti e le ASST sono concordi.")
    page.table(XS, 100, [HEAD, ("X", "", "Il tavolo si riunisce ogni mese")])
    document = read(page)
    heading, paragraph, table = document.blocks
    assert isinstance(heading, Heading)
    assert heading.text.text == "PIANO DI ZONA"
    assert isinstance(paragraph, Paragraph)
    assert isinstance(table, Table)
    assert cells(table) == [list(HEAD), ["X", "", "Il tavolo si riunisce ogni mese"]]
    span = table.rows[1][2].text
    place = document.place(span.offsets[0])
    assert place is not None
    assert (place.page, place.table, place.row, place.column) == (1, 1, 2, 3)
    assert place.box == pytest.approx((300, 115.2, 545, 130.4), abs=1)
    assert document.text[place.start : place.end] == span.text
    assert document.rendition.media_type == "application/pdf"
    assert document.findings == ()


def test_running_text_is_joined_into_paragraphs_labels_and_items() -> None:
    long = "Il presente documento definisce gli obiettivi comuni degli Ambiti e della ASST per il triennio, "
    page = Page().lines(50, 60, wrapped(long * 3 + "e li accompagna con indicatori.", 495))
    page.text(50, 140, "Destinatari:").text(50, 160, "• minori").text(50, 172.2, "- adulti soli")
    blocks = read(page).blocks
    assert [type(block) for block in blocks] == [Paragraph, Label, Paragraph, Paragraph]
    assert [b.text.text for b in blocks if not isinstance(b, Table)][1:] == ["Destinatari", "minori", "adulti soli"]
    assert [b.bullet for b in blocks if isinstance(b, Paragraph)] == [False, True, True]


def test_a_paragraph_goes_on_over_the_page() -> None:
    words = "La programmazione integrata accompagna le persone fragili nel loro percorso di cura tra servizi"
    lines = wrapped(f"{words} e {words} fino al loro domicilio con il consenso di tutti.", 495)
    first = Page().lines(50, 780, lines[:1]).text(300, 825, "1")
    second = Page().lines(50, 60, lines[1:]).text(300, 825, "2")
    document = read(first, second)
    assert [b.text.text for b in document.blocks if isinstance(b, Paragraph)] == [" ".join(lines)]
    assert {span.text for span in document.furniture} == {"1", "2"}


def test_furniture_is_what_repeats_but_not_the_name_of_a_form() -> None:
    pages = []
    for number in (1, 2, 3):
        page = Page().text(50, 40, "Allegato 2").text(50, 80, f"Scheda {number}", bold=True)
        pages.append(
            page.text(50, 100, f"Testo della pagina {'abc'[number - 1]}.").text(280, 820, f"Pag. {number} di 3")
        )
    document = read(*pages)
    assert [span.text for span in document.furniture].count("Allegato 2") == 3
    titles = [b.text.text for b in document.blocks if isinstance(b, Heading)]
    assert titles == ["Scheda 1", "Scheda 2", "Scheda 3"]
    assert "Allegato" not in " ".join(b.text.text for b in document.blocks if not isinstance(b, Table))


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["CRONOPRO", "GRAMMA"], "CRONOPROGRAMMA"),
        (["servizi socio-", "sanitari"], "servizi socio-sanitari"),
        (["Ambiti e ATS/", "ASST"], "Ambiti e ATS/ASST"),
        (["incontri di", "verifica"], "incontri di verifica"),
    ],
)
def test_lines_that_a_margin_broke(lines: list[str], text: str) -> None:
    right = 50 + 2 * PADDING + max(width(line) for line in lines) + 2
    page = Page().grid((50, right, 400), (100, 130)).lines(50 + PADDING, 111, lines).text(right + PADDING, 111, "altro")
    assert cells(tables(read(page))[0]) == [[text, "altro"]]


def test_a_line_that_left_room_for_the_next_word_ends_a_paragraph() -> None:
    page = Page().grid((50, 250, 400), (100, 150))
    page.lines(55, 111, ["Fondi regionali", "risorse umane", "e strumentali"]).text(255, 111, "x")
    lines = tables(read(page))[0].rows[0][0].lines
    assert [line.text.text for line in lines] == ["Fondi regionali", "risorse umane", "e strumentali"]


def test_blank_lines_in_a_cell_are_kept() -> None:
    page = Page().grid((50, 250, 500), (100, 190)).text(55, 111, "primo").text(55, 111 + 3 * PITCH, "secondo")
    page.lines(255, 111, ["uno", "due", "tre", "quattro"])
    first, second = tables(read(page))[0].rows[0]
    assert [line.text.text for line in first.lines] == ["primo", "", "", "secondo"]
    assert [line.text.text for line in second.lines] == ["uno", "due", "tre", "quattro"]


def test_merged_cells_have_one_origin() -> None:
    xs = (50, 150, 300, 450)
    page = Page()
    for y in (100, 130, 190):
        page.rule(50, y, 450, y)
    page.rule(150, 160, 450, 160)
    for x in xs:
        page.rule(x, 130 if x in (150, 300) else 100, x, 190)
    page.text(55, 111, "AMMISSIONI PROTETTE").text(55, 141, "Obiettivo").text(155, 141, "a").text(155, 171, "b")
    page.text(305, 171, "c")
    table = tables(read(page))[0]
    assert cells(table) == [["AMMISSIONI PROTETTE", "", ""], ["Obiettivo", "a", ""], ["Obiettivo", "b", "c"]]
    origins = [[cell.origin for cell in row] for row in table.rows]
    assert origins == [["explicit", "spanned", "spanned"], ["explicit"] * 3, ["spanned", "explicit", "explicit"]]


def test_a_table_over_two_pages_is_one_with_its_breaks() -> None:
    first, second = Page(), Page()
    first.table(XS, 600, [HEAD, ("X", "", "Il tavolo di lavoro prosegue e")])
    second.table(XS, 50, [HEAD, ("", "", "si riunisce ogni mese"), ("", "X Non presente", "Da avviare")])
    for number, page in enumerate((first, second), 1):
        page.text(500, 820, str(number))
    (table,) = tables(read(first, second))
    assert len(table.rows) == 5
    assert table.breaks == {2, 3}  # the repeated heading, and the row that follows it
    assert {document_page(read(first, second), row) for row in table.rows[2:]} == {2}


def document_page(document: Document, row: Sequence[object]) -> int | None:
    texts = [
        cell.text for table in tables(document) for line in table.rows for cell in line if line == tuple(row) and cell
    ]
    place = document.place(texts[-1].offsets[0])
    return place.page if place else None


def test_parts_with_other_edges_are_two_tables() -> None:
    first, second = Page(), Page()
    first.table(XS, 700, [HEAD, ("X", "", "uno")])
    second.table((50, 200, 545), 50, [("a", "b"), ("c", "d")])
    assert len(tables(read(first, second))) == 2


def test_a_merged_cell_that_a_page_cuts_spans_its_rows_on_the_next_page() -> None:
    xs = (50, 200, 400)
    first = Page().grid(xs, (700, 730, 760)).text(55, 711, "OBIETTIVO").text(205, 711, "AZIONI").text(205, 741, "uno")
    first.text(55, 741, "Contrasto alla grave")
    second = Page()
    for x in xs:
        second.rule(x, 50, x, 110)
    second.rule(50, 50, 400, 50).rule(200, 80, 400, 80).rule(50, 110, 400, 110)
    second.text(55, 61, "povertà").text(205, 61, "due").text(205, 91, "tre")
    (table,) = tables(read(first, second))
    assert cells(table)[2:] == [["povertà", "due"], ["Contrasto alla grave povertà", "tre"]]
    assert table.rows[3][0].origin == "spanned"


def test_a_side_left_open_where_the_page_cuts_the_table_is_closed() -> None:
    xs = (50, 150, 300, 450)
    page = Page().rule(50, 700, 450, 700).rule(50, 730, 450, 730)
    for x in xs:
        page.rule(x, 700, x, 780)
    page.text(55, 711, "a").text(155, 711, "b").text(305, 711, "c").text(55, 741, "d").text(155, 741, "e").text(
        305, 741, "f"
    )
    assert cells(tables(read(page))[0]) == [["a", "b", "c"], ["d", "e", "f"]]


def test_borders_drawn_edge_by_edge_as_thin_boxes() -> None:
    page = Page()
    for top, bottom in ((100, 130), (130, 160)):
        for left, right in ((50, 200), (200, 400)):
            page.thin(left, top, right, top).thin(left, bottom, right, bottom)
            page.thin(left, top, left, bottom).thin(right, top, right, bottom)
    page.text(55, 111, "a b").text(205, 111, "c").text(55, 141, "d").text(205, 141, "e")
    document = read(page)
    assert cells(tables(document)[0]) == [["a b", "c"], ["d", "e"]]
    assert rules(document) == []


def test_words_are_parted_by_their_distance_when_no_blank_is_drawn() -> None:
    page = Page().text(50, 100, "piano").text(50 + width("piano") + 2.5, 100, "di").text(120, 100, "zona")
    (block,) = read(page).blocks
    assert not isinstance(block, Table)
    assert block.text.text == "piano di zona"


def test_a_glyph_struck_twice_counts_once() -> None:
    page = Page().text(50, 100, "Obiettivo").text(50.3, 100, "Obiettivo")
    document = read(page)
    assert document.text.startswith("Obiettivo\n")
    assert rules(document) == []


def test_turned_text_is_read_as_it_runs() -> None:
    page = Page().grid((50, 90, 400), (100, 200)).text(72, 195, "OBIETTIVO UNO", up=True).text(95, 111, "dritto")
    document = read(page)
    assert cells(tables(document)[0]) == [["OBIETTIVO UNO", "dritto"]]
    assert rules(document) == []


def test_a_watermark_is_furniture() -> None:
    page = Page().text(50, 100, "Testo del piano di zona.")
    page.drawn.append("BT /R 60 Tf 0.7 0.7 -0.7 0.7 200 300 Tm (BOZZA) Tj ET")
    document = read(page)
    assert [span.text for span in document.furniture] == ["BOZZA"]
    assert rules(document) == []


def test_places_count_from_the_corner_of_the_page_shown() -> None:
    (place,) = read(Page(entries="/CropBox[40 100 560 800]").text(140, 242, "Testo")).places
    assert place.box is not None
    assert place.box == pytest.approx((100, 192, 100 + width("Testo"), 203), abs=1)


def test_a_turned_page_is_read_as_it_is_shown() -> None:
    (place,) = read(Page(entries="/Rotate 90").text(100, 242, "Testo", up=True)).places
    assert place.box == pytest.approx((600, 92, 600 + width("Testo"), 103), abs=1)


BORDERLESS = [
    HEAD,
    ("", "X Non presente", "Il tavolo di lavoro si riunisce ogni mese con tutti gli enti del territorio"),
    ("X E' presente", "", "Revisione del documento programmatico ad oggi in vigore"),
]


def test_a_table_without_rules_is_read_by_its_heading_and_its_anchors() -> None:
    page = Page().text(50, 60, "OBIETTIVI COMUNI", bold=True)
    end = page.table(XS, 80, BORDERLESS, rules=False)
    page.lines(
        50,
        end + 40,
        wrapped("Il presente documento è approvato dai Comuni e dalle aziende sanitarie in ogni parte.", 495),
    )
    document = read(page)
    assert cells(tables(document)[0]) == [list(row) for row in BORDERLESS]
    assert rules(document) == ["borderless_table"]
    assert isinstance(document.blocks[-1], Paragraph)


def test_level_rules_alone_part_rows() -> None:
    page = Page()
    rows = [
        ("OBIETTIVI", "AZIONI", "RISORSE"),
        ("casa", "accompagnare le persone", "umane"),
        ("lavoro", "tirocini", ""),
    ]
    top = 100.0
    for row in rows:
        page.rule(50, top, 545, top)
        top = page.table(XS, top, [row], rules=False)
    page.rule(50, top, 545, top)
    assert cells(tables(read(page))[0]) == [list(row) for row in rows]


def test_a_heading_of_two_rows_parts_the_columns_below_it() -> None:
    page = Page()
    for x, words in ((50, "Protocollo"), (300, "Stato di avanzamento"), (430, "Priorità")):
        page.text(x, 100, words, bold=True)
    page.text(50, 120, "Presente", bold=True).text(150, 120, "Non presente", bold=True)
    page.text(150, 140, "X").text(300, 140, "avviato").text(430, 140, "proseguire")
    page.text(50, 160, "X").text(430, 160, "firmare")
    assert cells(tables(read(page))[0]) == [
        ["Protocollo", "", "Stato di avanzamento", "Priorità"],
        ["Presente", "Non presente", "", ""],
        ["", "X", "avviato", "proseguire"],
        ["X", "", "", "firmare"],
    ]


def test_bold_labels_of_an_unknown_heading_have_lines_under_them_and_sections_across() -> None:
    page = Page()
    rows = [
        ("Intese", "Lodi", "Crema"),
        ("Minori", "X", ""),
        ("AREA DELLE PERSONE ANZIANE", "", ""),
        ("Casa", "X", "X"),
    ]
    for number, row in enumerate(rows):
        for x, words in zip((50, 180, 300), row, strict=True):
            page.text(x, 100 + 20 * number, words, bold=number == 0) if words else None
    page.text(180, 180, "X").text(50, 180, "Lavoro").text(50, 220, "Glossario", bold=True).text(
        50, 240, "PUA: sportello"
    )
    document = read(page)
    table = tables(document)[0]
    assert cells(table) == [list(row) for row in rows] + [["Lavoro", "X", ""]]
    assert [cell.origin for cell in table.rows[2]] == ["explicit", "spanned", "spanned"]
    assert [b.text.text for b in document.blocks if not isinstance(b, Table)] == ["Glossario", "PUA: sportello"]


def test_lines_of_label_and_value_are_a_form() -> None:
    rows = [("Obiettivo", "Casa per tutti"), ("Tempi", "entro il 2024"), ("Come si fa", "- insieme"), ("", "- presto")]
    page = Page().text(50, 80, "Scheda 1", bold=True)
    for number, (label, value) in enumerate(rows):
        page.text(57, 100 + 16 * number, label).text(200, 100 + 16 * number, value)
    assert cells(tables(read(page))[0]) == [
        ["Obiettivo", "Casa per tutti"],
        ["Tempi", "entro il 2024"],
        ["Come si fa", "insieme presto"],
    ]


def test_signs_of_fonts_that_do_not_say_what_they_show() -> None:
    page = Page().text(50, 100, "primo").text(50, 160, "fine").grid((40, 300, 500), (80, 130))
    page.drawn.append("BT /R 10 Tf 1 0 0 1 50 730 Tm (\\177 secondo) Tj ET BT /Z 10 Tf 1 0 0 1 310 740 Tm (4) Tj ET")
    fonts = b"/R 3 0 R/Z<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>"
    document = pdf.read(written(page).replace(b"/R 3 0 R", fonts), Path("segni.pdf"))
    first, second = tables(document)[0].rows[0]
    assert [(line.text.text, line.bullet) for line in first.lines] == [("primo", False), ("secondo", True)]
    assert second.text.text == "✔"


def test_words_of_a_heading_in_running_text_make_no_table() -> None:
    page = Page().text(50, 100, "bisogni").text(200, 100, "azioni").text(50, 112.2, "altro testo del piano")
    assert tables(read(page)) == []


def test_statuses_below_blank_lines_are_rows_of_their_own() -> None:
    page = (
        Page().grid(XS, (100, 115, 230)).text(55, 111, "Protocollo presente").text(155, 111, "Protocollo non presente")
    )
    page.text(305, 111, "Stato di avanzamento dei lavori")
    page.text(155, 127, "X Non presente").lines(305, 127, ["Il tavolo prosegue", "ogni mese"])
    page.text(155, 127 + 4 * PITCH, "X Non presente").text(305, 127 + 4 * PITCH, "Da avviare")
    document = read(page)
    assert cells(tables(document)[0])[1:] == [
        ["", "X Non presente", "Il tavolo prosegue ogni mese"],
        ["", "X Non presente", "Da avviare"],
    ]
    assert rules(document) == ["anchor_split"]


def test_a_cell_that_the_second_reader_reads_otherwise_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    true = second_reader.second_reading

    def wrong(*arguments: object) -> tuple[list[second_reader.SecondCell], int]:
        found, letters = true(*arguments)  # type: ignore[arg-type]
        first = found[0]
        other = second_reader.SecondCell(first.x0, first.top, first.x1, first.bottom, "altro")
        return [other, *found[1:]], letters

    page = Page()
    page.table(XS, 100, [HEAD, ("X", "", "uno")])
    monkeypatch.setattr(checks, "second_reading", wrong)
    (finding,) = read(page).findings
    assert (finding.rule, finding.confidence, finding.rejected) == ("second_reader", "D", "altro")
    assert finding.span.text in HEAD


def test_a_glyph_that_comes_to_stand_nowhere_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page().text(50, 100, "Testo").text(300, 820, "12")
    assert rules(read(page)) == []
    arrange = pdf.arrange
    monkeypatch.setattr(pdf, "arrange", lambda pages: replace(arrange(pages), furniture=()))
    assert rules(read(page)) == ["glyph_conservation"]


WORDS = st.sampled_from(
    "rete tavolo servizi anziani minori accordo equipe casa lavoro disagio fragilità percorso".split()
)
CELL = st.lists(WORDS, max_size=14).map(" ".join)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6).filter(lambda rows: any(any(r) for r in rows)))
def test_every_word_of_any_table_stands_in_its_cell(rows: list[tuple[str, str, str]]) -> None:
    page = Page()
    page.table(XS, 60, [("Uno", "Due", "Tre"), *rows])
    document = read(page)
    assert cells(tables(document)[0])[1:] == [list(row) for row in rows]
    assert rules(document) == []
    starts = [place.start for place in document.places]
    assert starts == sorted(starts)


FORM = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>/Length %d>>stream\n%b\nendstream"


def nested_forms() -> bytes:
    """Nine forms, each of which draws the next one ten times."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>"
    draws = b"/F Do\n" * 10
    head = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page,
        b"<</Length 5>>stream\n/F Do\nendstream",
    ]
    return packed([*head, *(FORM % (6 + n, len(draws), draws) for n in range(8)), FORM % (5, 1, b"n")])


def bomb(content: bytes, *, times: int = 1) -> bytes:
    for _ in range(times):
        content = zlib.compress(content, 9)
    filters = "[" + "/FlateDecode" * times + "]"
    return written(Page(), content=content, filters=filters)


REFUSED = {
    "no PDF at all": (lambda: b"ciao", "no PDF"),
    "a head without a body": (lambda: b"%PDF-1.7\n" + b"x" * 99, "cannot be opened"),
    "a page too large": (lambda: written(Page(high=9_000).text(1, 9, "a")), "measures"),
    "too many pages": (lambda: written(*(Page().text(9, 9, "a") for _ in range(501))), "501 pages"),
    "pages in a circle": (lambda: written(Page()).replace(b"/Kids[6 0 R]", b"/Kids[2 0 R]"), "cannot be opened"),
    "a million glyphs": (lambda: bomb(b"BT /R 1 Tf (" + b"a" * 1_000_000 + b") Tj ET"), "draws beyond measure"),
    "three million paths": (lambda: bomb(b"0 0 m 1 1 l S\n" * 3_000_000), "draws beyond measure"),
    "forty thousand paths": (lambda: bomb(b"0 0 m 9 9 l S\n" * 40_000), "40000 drawn objects"),
    "a stream of 400 MB": (lambda: bomb(b" " * 400_000_000), "unpacks beyond measure"),
    "a stream packed twice": (lambda: bomb(b" " * 40_000_000, times=2), "packed twice"),
    "forms inside forms": (nested_forms, "111111111 forms"),
    "a file too large": (lambda: b"%PDF-1.7" + b"\0" * 25_000_001, "larger than 25 MB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_files_end_in_a_clear_error(tmp_path: Path, name: str, refusal: Callable[[Path], LoadError]) -> None:
    make, problem = REFUSED[name]
    path = tmp_path / "ostile.pdf"
    path.write_bytes(make())
    assert problem in str(refusal(path))


def test_a_page_without_text_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NothingToRead, match="no words"):
        read(Page().rule(0, 0, 99, 99))
    monkeypatch.setattr(pdf.scan, "installed", lambda: False)
    with pytest.raises(NothingToRead, match="text recognition"):
        read(Page().rule(0, 0, 99, 99))


def test_a_dense_drawing_is_no_table_and_is_told() -> None:
    page = Page().text(50, 100, "Mappa dei servizi")
    for number in range(60):
        for other in range(60):
            page.rule(number * 9, 120 + other * 9, number * 9, 123.5 + other * 9)
    document = read(page)
    assert tables(document) == []
    assert rules(document) == ["dense_drawing"]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_but_never_more(data: st.DataObject) -> None:
    page = Page()
    page.table(XS, 100, [HEAD, ("X", "", "Il tavolo (interno) si riunisce")])
    raw = bytearray(written(page))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        piece = data.draw(st.sampled_from([b"", b"0", b"-1", b"9" * 9, b"<<", b">>", b"[", b"(", b" 1 0 R", b"\xff"]))
        raw[at : at + data.draw(st.integers(0, 20))] = piece
    try:
        document = pdf.read(bytes(raw), Path("guasto.pdf"))
    except LoadError:
        return
    assert document.text.strip()
