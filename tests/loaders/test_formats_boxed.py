"""Text written cell by cell (`pdftotext`): rows where the order tells them, nothing where it does not."""

from __future__ import annotations

import pytest

from loaders.document import Paragraph, Table
from loaders.formats import boxed, read_document
from loaders.formats.boxed.boxes import Box
from loaders.formats.boxed.dealing import contradicts
from loaders.pipeline import extract_document
from loaders.span import whole

HEAD = "Programma\n\nObiettivo\n\nAzioni\n\nResponsabile\n\nIndicatori\n\nTempi\n\n"
FIRST = "1. Ascoltare chi\ncresce da solo\n\n- Aprire lo sportello\n- Formare gli\noperatori\n\nUfficio di Piano\n\n"
ROW = FIRST + "- Numero di accessi\n\n2023\n\n"
SECOND = "2. Curare a casa\n\n- Rivedere la scheda\n\nTerzo settore\n\nentro il 2024\n\n"


def read(text, tmp_path):
    path = tmp_path / "plan.txt"
    path.write_text(text, encoding="utf-8")
    return read_document(path)


def rows(document):
    return [
        [" / ".join(line.text.text for line in cell.lines) for cell in row]
        for block in document.blocks
        if isinstance(block, Table)
        for row in block.rows
    ]


def test_cells_are_dealt_in_order_and_an_empty_one_is_left_out(tmp_path):
    document = read(HEAD + ROW + SECOND, tmp_path)
    assert rows(document)[1:] == [
        [
            "1. Ascoltare chi cresce da solo",
            "Aprire lo sportello / Formare gli operatori",
            "Ufficio di Piano",
            "Numero di accessi",
            "2023",
        ],
        ["2. Curare a casa", "Rivedere la scheda", "Terzo settore", "", "entro il 2024"],
    ]
    record = extract_document(document)
    assert {row.confidence for o in record.objectives for row in o.rows} == {"C"}
    assert not record.plan.renditions[0].columns_reliable


def test_the_heading_of_a_next_page_is_no_row(tmp_path):
    document = read(HEAD + ROW + "\f" + HEAD.removeprefix("Programma\n\n") + SECOND, tmp_path)
    assert [row[0] for row in rows(document)[1:]] == ["1. Ascoltare chi cresce da solo", "2. Curare a casa"]


def test_a_mark_that_may_stand_in_either_column_is_not_read(tmp_path):
    text = (
        "OBIETTIVO 1 – Ascoltare\n\nProtocollo presente\n\nProtocollo non presente\n\nStato di avanzamento\n\n"
        "Prossimi impegni\n\nX\n\nX\n\nAperto lo sportello\n\nFormare gli operatori\n\n"
        "X\n\nRivista la scheda di accesso\n\nScrivere il protocollo\n\n"
    )
    document = read(text, tmp_path)
    assert len(rows(document)) == 2
    assert "Rivista la scheda di accesso" in {b.text.text for b in document.blocks if isinstance(b, Paragraph)}
    assert [f.rule for f in document.findings].count("flow_undecided") == 1


def test_rows_whose_cells_came_out_of_order_are_not_read(tmp_path):
    out_of_order = "3. Accogliere\n\n- Cercare famiglie\n\nTerzo settore\n\n2024\n\n- Numero di famiglie\n\n2025\n\n"
    document = read(HEAD + ROW + SECOND + ROW.replace("1.", "4.") + out_of_order, tmp_path)
    assert [row[0][:2] for row in rows(document)[1:]] == ["1.", "2.", "4."]
    record = extract_document(document)
    assert "Numero di famiglie" in " ".join(unread.text for unread in record.unread)


def test_a_heading_cut_in_two_makes_no_table(tmp_path):
    text = "Programma\n\nObiettivo\n\n1. Ascoltare\n\n" + HEAD.split("Obiettivo\n\n")[1] + SECOND + SECOND
    document = read(text, tmp_path)
    assert rows(document) == []
    assert extract_document(document).objectives == ()


def test_each_word_keeps_its_line_and_offsets(tmp_path):
    text = HEAD + ROW + SECOND
    document = read(text, tmp_path)
    table = next(block for block in document.blocks if isinstance(block, Table))
    passage = document.passage(table.rows[1][1].lines[1].text)
    parts = (passage, *passage.more)
    assert " ".join(text[part.start : part.end] for part in parts).split() == ["Formare", "gli", "operatori"]
    assert passage.line == text[: passage.start].count("\n") + 1


@pytest.mark.parametrize("text", ["Obiettivo\tAzioni\tTempi\n" * 3, "Premessa\n\nUn testo senza tabelle.\n", ""])
def test_other_texts_are_not_of_this_kind(text):
    assert not boxed.is_boxed(text)


COLUMNS = """Programma

Obiettivo

Protocollo

1. Ascoltare chi cresce da solo

SI

2. Curare a casa

NO

Stato di avanzamento

Impegni

Responsabile

- Aperto lo sportello

- Formare gli operatori

Ufficio di Piano

- Rivista la scheda

- Firmare il protocollo

Terzo settore
"""


def test_columns_written_one_after_the_other_are_set_side_by_side(tmp_path):
    assert rows(read(COLUMNS, tmp_path))[1:] == [
        ["1. Ascoltare chi cresce da solo", "SI", "Aperto lo sportello", "Formare gli operatori", "Ufficio di Piano"],
        ["2. Curare a casa", "NO", "Rivista la scheda", "Firmare il protocollo", "Terzo settore"],
    ]


def test_columns_that_do_not_come_out_even_stay_text(tmp_path):
    document = read(COLUMNS.replace("- Rivista la scheda\n\n", "").replace("2. Curare a casa\n\nNO\n\n", ""), tmp_path)
    assert all(len(row) < 2 or row[0] != "2. Curare a casa" for row in rows(document))
    assert any(finding.rule == "flow_undecided" for finding in document.findings)


LABELS = """Obiettivo generale: Dare continuità alle cure

Obiettivo

Bisogni

Azioni

Responsabile

Curare a casa

Carichi di cura su una sola persona

Mancano luoghi di incontro

Rivedere la scheda
"""


def test_words_after_a_run_of_labels_belong_to_none_of_them(tmp_path):
    record = extract_document(read(LABELS, tmp_path))
    assert [o.title for o in record.objectives] == ["Dare continuità alle cure"]
    assert not [row for o in record.objectives for row in o.rows if row.actions or row.needs or row.responsibilities]
    assert "Rivedere la scheda" in {unread.text for unread in record.unread}


STATUS = "Protocollo presente\n\nProtocollo non presente\n\nStato di avanzamento\n\nProssimi impegni\n\n"
DONE = "☒ È presente un protocollo\n\n☐\n\nAperto lo sportello di ascolto\n\n- Formare gli operatori\n\n"
NEXT = "☐\n\n☒ Non è presente un accordo\n\nRivista la scheda di accesso\n\n- Aprire il tavolo\n\n"


def test_two_labels_that_share_their_lines_are_parted(tmp_path):
    tangled = STATUS.replace(
        "Protocollo non presente\n\nStato di avanzamento", "Protocollo non Stato di\npresente\navanzamento"
    )
    apart, parted = (read("Ascoltare\n\n" + head + DONE + NEXT, tmp_path) for head in (STATUS, tangled))
    assert rows(parted) == rows(apart)
    assert len(rows(apart)) == 3


def test_the_number_of_a_page_is_no_cell_wherever_it_was_written(tmp_path):
    pages = [f"Ascoltare\n\n{STATUS}{DONE}", f"CURARE A CASA LE PERSONE FRAGILI\n\n{STATUS}{NEXT}"]
    plain = read("\f".join(pages), tmp_path)
    numbered = [page.replace("\n\n- ", f"\n\n{at}\n\n- ", 1) for at, page in enumerate(pages, start=1)]
    assert rows(read("\f".join(numbered), tmp_path)) == rows(plain)
    assert len(rows(plain)) == 4


def box(text):
    return Box((whole(text),), 1)


@pytest.mark.parametrize(
    ("present", "absent", "expected"),
    [
        ("X Non è presente un protocollo", None, True),
        (None, "X È presente un protocollo", True),
        ("X È presente un protocollo", "X È presente un accordo", True),
        ("X Non è presente un protocollo", "☐", False),
        ("Non è presente un protocollo", None, False),
        ("X È presente un protocollo", None, False),
        ("X", "X", False),
    ],
)
def test_a_mark_whose_words_belong_to_the_other_column_shows_that_the_order_is_lost(present, absent, expected):
    row = {at: box(text) for at, text in enumerate((present, absent)) if text}
    assert contradicts([row], ("protocol_present", "protocol_absent", "progress")) is expected


def test_a_table_with_hardly_a_row_that_is_told_is_not_read(tmp_path):
    doubtful = "X\n\nAperto lo sportello\n\nFormare gli operatori\n\n"
    read_rows = [rows(read("Ascoltare\n\n" + STATUS + doubtful * many + DONE, tmp_path)) for many in (1, 6)]
    assert [len(found) for found in read_rows] == [2, 0]


def test_sheets_whose_labels_return_with_values_are_no_table(tmp_path):
    def sheet(title, action, body, measure, term):
        return (
            f"Titolo del progetto\n\n{title}\n\nAzioni\n\n{action}\n\nSoggetti responsabili\n\n{body}\n\n"
            f"Indicatori di valutazione\n\n{measure}\n\nTempi\n\n{term}\n\n"
        )

    text = sheet("Ascoltare chi cresce", "Aprire lo sportello.", "Ufficio di Piano", "Numero di accessi", "2025")
    text += "\f" + sheet("Curare a casa", "Formare.", "Tutti i soggetti coinvolti", "Incremento degli accessi", "2026")
    record = extract_document(read(text, tmp_path))
    assert rows(read(text, tmp_path)) == []
    assert [objective.title for objective in record.objectives] == ["Ascoltare chi cresce", "Curare a casa"]
