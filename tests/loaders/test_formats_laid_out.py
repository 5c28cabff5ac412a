"""Text whose columns stand side by side (`pdftotext -layout`): columns, rows, pages, forms, places."""

from __future__ import annotations

import pytest

from loaders.document import Heading, Paragraph, Table
from loaders.formats import laid_out, read_document
from loaders.pipeline import read_plan

PAGES = """Ambito di Prova - bozza

Piano di zona 2023-2025
Azioni per le famiglie
Obiettivo                Azioni                     Soggetto           Tempi
                                                    responsabile
1. Ascoltare chi         - Aprire lo sportello      Comune di Prova    2023
cresce da solo           - Formare gli operatori
                         dei due servizi
2. Curare a casa         - Rivedere la scheda                          entro il 2024

1
\fAmbito di Prova - bozza

                             di accesso alle cure
3. Dare fiducia              - Riunire ogni mese    Terzo settore      2025
ai giovani                   l'équipe

Letto e approvato
2
\fAmbito di Prova - bozza
Il documento è pubblico.
3
"""


def read(text, tmp_path):
    path = tmp_path / "plan.txt"
    path.write_text(text, encoding="utf-8")
    return read_document(path)


def rows(table):
    return [[" / ".join(line.text.text for line in cell.lines if line.text) for cell in row] for row in table.rows]


def tables(document):
    return [block for block in document.blocks if isinstance(block, Table)]


def test_cells_are_whole_over_wrapped_lines_and_pages(tmp_path):
    document = read(PAGES, tmp_path)
    (table,) = tables(document)
    assert rows(table) == [
        ["Obiettivo", "Azioni", "Soggetto responsabile", "Tempi"],
        [
            "1. Ascoltare chi cresce da solo",
            "Aprire lo sportello / Formare gli operatori dei due servizi",
            "Comune di Prova",
            "2023",
        ],
        ["2. Curare a casa", "Rivedere la scheda", "", "entro il 2024"],
        ["", "di accesso alle cure", "", ""],
        ["3. Dare fiducia ai giovani", "Riunire ogni mese l'équipe", "Terzo settore", "2025"],
    ]
    assert table.breaks == {3}
    assert table.confidence == "B"


def test_what_pages_repeat_is_furniture_and_text_stays_text(tmp_path):
    document = read(PAGES, tmp_path)
    assert {span.text for span in document.furniture} == {"Ambito di Prova - bozza", "1", "2", "3"}
    texts = [block.text.text for block in document.blocks if not isinstance(block, Table)]
    assert texts[-2:] == ["Letto e approvato", "Il documento è pubblico."]


def test_each_word_keeps_its_line_and_offsets(tmp_path):
    document = read(PAGES, tmp_path)
    cell = tables(document)[0].rows[1][1]
    passage = document.passage(cell.lines[1].text)
    parts = [passage, *passage.more]
    assert [part.exact for part in parts] == ["Formare gli operatori", "dei due servizi"]
    assert [PAGES[part.start : part.end] for part in parts] == [part.exact for part in parts]
    assert [part.line for part in parts] == [8, 9]
    assert (passage.page, passage.table, passage.row, passage.column) == (1, 1, 2, 2)


def test_a_repeated_heading_goes_on_with_the_table(tmp_path):
    head = "Obiettivo            Azioni             Tempi\n"
    text = (
        head + "1. Ascoltare         Aprire             2023\n"
        "2. Curare            Formare            2024\n\f"
        + head.replace("  Tempi", "Tempi")
        + "3. Accogliere        Cercare          2025\n"
    )
    (table,) = tables(read(text, tmp_path))
    assert len(table.rows) == 5  # the heading twice, which the rows of the plan leave out
    assert table.breaks == {4}


def test_labels_and_values_side_by_side_are_a_form(tmp_path):
    text = """Scheda 1
Titolo dell'azione       Ascoltare chi cresce da solo
Azioni                   - Aprire lo sportello
                         - Formare gli operatori
Responsabile             Comune di Prova
Tempi                    entro il 2024

Scheda 2
"""
    document = read(text, tmp_path)
    (table,) = tables(document)
    assert rows(table)[1] == ["Azioni", "Aprire lo sportello / Formare gli operatori"]
    assert len(table.rows) == 4
    assert [b.text.text for b in document.blocks if isinstance(b, Heading)] == ["Scheda 1", "Scheda 2"]


def test_marks_have_rows_of_their_own(tmp_path):
    text = """Tema                   Ambito di Alba     Ambito di Bra
Curare a casa          X                  IC
Ascoltare i giovani    X
Accogliere i minori    IC                 X
"""
    (table,) = tables(read(text, tmp_path))
    assert rows(table)[2] == ["Ascoltare i giovani", "X", ""]
    assert len(table.rows) == 4


def test_wrapped_prose_is_one_paragraph(tmp_path):
    text = PAGES + "Il percorso è stato scritto da chi lavora ogni giorno nei servizi, e lo\nconosce da vicino.\n"
    paragraphs = [b.text.text for b in read(text, tmp_path).blocks if isinstance(b, Paragraph)]
    assert any(text.endswith("e lo conosce da vicino.") for text in paragraphs)


@pytest.mark.parametrize(
    "text",
    [
        "Obiettivo\tAzioni\tTempi\n" * 6,
        "| Obiettivo   | Azioni     | Tempi   |\n" * 6,
        "Una riga di testo.\nUn'altra riga,  con due blanc.\n" * 6,
    ],
)
def test_other_texts_are_not_laid_out(text):
    assert not laid_out.is_laid_out(text)


CLOSE = """CONTRASTO ALLA DISPERSIONE SCOLASTICA

Protocollo Protocollo    Eventuale stato          Impegni per il
Presente. non presente avanzamento dei lavori triennio
Evidenze
           X Non è      Due incontri con le      Costruire una scheda
           presente     scuole medie             comune di segnalazione

X Firmato               Avviato lo sportello     Estendere lo sportello
nel 2021
"""


def test_labels_that_one_blank_parts_are_told_by_their_words(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(CLOSE, encoding="utf-8")
    (objective,) = read_plan(path).objectives
    assert [row.protocol.marked for row in objective.rows] == ["absent", "present"]
    assert [item.text for row in objective.rows for item in row.progress] == [
        "Due incontri con le scuole medie",
        "Avviato lo sportello",
    ]
