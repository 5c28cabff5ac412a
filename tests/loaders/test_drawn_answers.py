"""What crosses, letters and answers in a drawn table say: who takes part, when, and whether an instrument exists."""

from __future__ import annotations

import pytest

from loaders.document import Cell, Document, Line, Table
from loaders.formats.text import read
from loaders.headers import role_of
from loaders.layouts.agreements import read_agreements
from loaders.months import read_days
from loaders.pipeline import extract_document
from loaders.records import Objective, Rendition
from loaders.span import whole
from loaders.tables import read_grid
from loaders.territories import territory_of
from loaders.turned import upright

RENDITION = Rendition(sha256="0" * 64, file="prova.txt", media_type="text/plain", columns_reliable=True)


def document(*lines: str) -> Document:
    return read("\n".join(lines) + "\n", RENDITION)


def objectives(*lines: str) -> tuple[Objective, ...]:
    return extract_document(document("Piano di Zona 2024-2026", "", *lines)).objectives


def table(*rows: str) -> Table:
    cells = tuple(tuple(Cell((Line(whole(c)),)) if c else Cell() for c in row.split("|")) for row in rows)
    return Table(cells, 1)


@pytest.mark.parametrize(
    ("labels", "year", "first", "last"),
    [
        (["2024 G", "2024 F", *[f"2024 {c}" for c in "MAMGLASOND"]], None, "2024-01-01", "2024-12-31"),
        (["set 2023", "ott 2023"], None, "2023-09-01", "2023-10-31"),
        (["marzo", "aprile"], "2025", "2025-03-01", "2025-04-30"),
        (["2022 I", "2022 II", "2022 III", "2022 IV", "2023 I", "2023 II"], None, "2022-01-01", "2023-12-31"),
        (["I trim. 2024", "II trim. 2024", "III trim. 2024", "IV trim. 2024"], None, "2024-01-01", "2024-12-31"),
    ],
)
def test_columns_of_a_calendar(labels, year, first, last):
    found = read_days(labels, year)
    assert all(found)
    assert (found[0].start, found[-1].end) == (first, last)


@pytest.mark.parametrize(
    ("labels", "year"),
    [
        (["1", "2", "3", "4"], "2024"),  # no year over them: phases, points, anything
        (["G", "F", "M"], "2024"),  # too few letters to be months
        (["marzo", "aprile"], None),
        (["Azione", "Marca"], "2024"),
    ],
)
def test_what_is_no_calendar(labels, year):
    assert not any(read_days(labels, year))


GANTT = (
    "Obiettivo\tAzione\t2025\t\t\t\t\t",
    "\t\tgen\tfeb\tmar\tapr\tmag\tgiu",
    "Aprire il PUA\tLavori\t\tX\tX\t\t\t",
    "Formare gli operatori\tCorsi\t\t\t\t\t\t",
)


def test_crosses_under_months_are_the_time_of_a_row():
    first, second = objectives(*GANTT)
    assert (first.rows[0].timeline.start, first.rows[0].timeline.end) == ("2025-02-01", "2025-03-31")
    assert second.rows[0].timeline is None


def parts(objective: Objective) -> list[tuple[str, str]]:
    return [(r.role, r.actor) for r in objective.rows[0].responsibilities]


def test_crosses_under_bodies_are_no_status_and_no_commitment():
    first, second = objectives(
        "Obiettivo\tAzione\tASST Lodi\tUfficio di Piano\tParrocchie",
        "Aprire il PUA\tLavori\tX\t\tX",
        "Formare gli operatori\tCorsi\t\tX\t",
    )
    assert parts(first) == [("owner", "ASST Lodi"), ("owner", "Parrocchie")]
    assert parts(second) == [("owner", "Ufficio di Piano")]
    assert first.rows[0].protocol.marked == "no_such_column"
    assert not first.rows[0].commitments


def test_letters_of_a_raci_matrix():
    first, second = objectives(
        "Obiettivo\tAzione\tComune di Lodi\tASST Lodi\tScuole",
        "Aprire il PUA\tLavori\tA\tR\tI",
        "Formare gli operatori\tCorsi\tR\tC\t",
    )
    assert parts(first) == [("approver", "Comune di Lodi"), ("owner", "ASST Lodi")]
    assert parts(second) == [("owner", "Comune di Lodi"), ("participant", "ASST Lodi")]


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Protocollo operativo SI", "protocol_present"),
        ("Protocollo operativo: NO", "protocol_absent"),
        ("Protocollo in corso", "protocol_preparing"),
        ("Protocollo SI NO", "protocol_status"),
        ("Attività in corso", "progress"),
        ("LEPS SI", None),
    ],
)
def test_headings_that_end_with_an_answer(heading, role):
    assert role_of(heading) == role


@pytest.mark.parametrize(
    ("cross", "status"),
    [("X\t\t", "present"), ("\tX\t", "absent"), ("\t\tX", "in_preparation"), ("\t\t", "not_stated")],
)
def test_answers_in_columns_of_their_own(cross, status):
    (found,) = objectives(
        "Obiettivo\tProtocollo\t\t\tImpegni",
        "\tSI\tNO\tIn itinere\t",
        f"Dimissioni protette\t{cross}\tFormare gli operatori",
    )
    assert found.rows[0].protocol.resolved == status


def test_answers_under_another_question_are_no_status():
    (found,) = objectives(
        "Obiettivo\tLEPS\t\tAzioni\tTempi", "\tSI\tNO\t\t", "Dimissioni protette\tX\t\tFormare gli operatori\t2024"
    )
    assert (found.rows[0].protocol.marked, found.rows[0].protocol.resolved) == ("no_such_column", "not_stated")


INSTRUMENTS = (
    "Area\tOggetto del protocollo\tFirmatari\tScadenza\tStato",
    "Anziani\tProtocollo per le dimissioni\tASST Lodi\t31/12/2026\t{0}",
    "Minori\tIntesa per gli affidi\tComune di Lodi\t\t{1}",
)


@pytest.mark.parametrize(
    ("words", "legend"), [(("Vigente", "Bozza"), ""), (("V", "B"), "V = vigente; B = in bozza; S = scaduto")]
)
def test_a_list_of_instruments_with_their_state(words, legend):
    lines = [line.format(*words) for line in INSTRUMENTS]
    first, second = (o.rows[0] for o in objectives(*lines, "", legend))
    assert (first.protocol.resolved, first.protocol.instrument) == ("present", "Protocollo per le dimissioni")
    assert first.timeline is None  # till when it holds is no time of the plan
    assert (second.protocol.resolved, second.protocol.planned) == ("in_preparation", ("Intesa per gli affidi",))


def test_a_state_beside_actions_is_progress():
    first, _ = objectives("Obiettivo\tAzioni\tStato", "PUA\tLavori\tIn corso", "SAD\tCorsi\tIn corso")
    assert (first.rows[0].protocol.marked, first.rows[0].progress[0].text) == ("no_such_column", "In corso")


def test_a_table_on_its_side_is_set_upright():
    sides = table("Titolo|Nonni in rete|Casa aperta", "Azioni|Corsi|Lavori", "Partner|AUSER|Caritas", "Costo|€ 10|€ 20")
    assert [[c.text.text for c in row] for row in upright(sides).rows] == [
        ["Titolo", "Azioni", "Partner", "Costo"],
        ["Nonni in rete", "Corsi", "AUSER", "€ 10"],
        ["Casa aperta", "Lavori", "Caritas", "€ 20"],
    ]


def test_a_form_of_pairs_lies_on_no_side():
    pairs = table("Titolo|Nonni in rete|Costo|€ 10", "Azioni|Corsi|Tempi|2024", "Partner|AUSER|Indicatori|n. 3 corsi")
    assert upright(pairs) == pairs


def test_the_sums_of_a_table_are_no_row():
    grid = read_grid(table("Obiettivo|Azioni|Costo", "PUA|Lavori|€ 10", "|Corsi|€ 20", "Totale||€ 30"), {})
    assert [row.cells[1].text.text for row in grid.rows] == ["Lavori", "Corsi"]


AGREEMENT = (
    "ACCORDO DI PROGRAMMA",
    "Art. 1 – Finalità",
    "Il presente accordo attua il piano.",
    "Art. 2 – Impegni dell'ASST Lodi",
    "L'ASST si impegna a:",
    "a) aprire il PUA;",
    "b) formare gli operatori.",
    "Art. 3 – Impegni delle parti",
    "Le parti si impegnano a:",
    "a) incontrarsi ogni anno.",
    "Letto, confermato e sottoscritto",
    "a) il Sindaco",
)


def test_articles_that_commit_are_objectives():
    first, second = read_agreements(document(*AGREEMENT)).objectives
    assert (first.number, first.title) == ("2", "Impegni dell'ASST Lodi")
    assert [i.text for i in first.rows[0].commitments] == ["aprire il PUA", "formare gli operatori."]
    assert set(parts(first)) == {("owner", "ASST Lodi")}
    assert [i.text for i in second.rows[0].commitments] == ["incontrarsi ogni anno."]
    assert [(r.actor, r.resolved) for r in second.rows[0].responsibilities] == [("Le parti", False)]


def test_articles_of_a_law_cited_in_a_plan_are_none():
    text = ("Art. 18 L.R. 3/2008", "La Regione garantisce i livelli essenziali.", "Art. 19", "Il piano dura tre anni.")
    assert not read_agreements(document(*text)).objectives


def test_a_number_alone_answers_its_label():
    (found,) = objectives(
        "NUMERO AZIONE", "4", "TITOLO AZIONE", "Trasporto sociale", "SOGGETTO CAPOFILA ........ Comune di Lodi",
        "TEMPI ........ 2024", "RISORSE ........ € 10.000,00",
    )  # fmt: skip
    assert (found.number, found.title) == ("4", "Trasporto sociale")
    assert parts(found) == [("lead", "Comune di Lodi")]


@pytest.mark.parametrize(
    ("line", "district"),
    [
        ("Distretto Sociosanitario 1 Ventimigliese", "Distretto 1 Ventimigliese"),
        ("Distretto 5 Piano di Zona", "Distretto 5"),
        ("Distretto D45 - Modica", "Distretto D45"),
    ],
)
def test_names_of_numbered_districts(line, district):
    assert territory_of(document(line, "Piano di Zona 2024-2026")).distretto == district


def test_a_sheet_numbered_over_its_title_and_words_on_lines_of_their_own():
    (found,) = objectives(
        "OBIETTIVO 2.1", "Sostenere gli alunni stranieri", "", "Attività", "• laboratori di italiano L2", "", "Rete",
        "Comune di Lodi", "", "Fonte di finanziamento", "FAMI - € 88.000,00", "", "Indicatori di realizzazione",
        "numero di alunni iscritti: 150", "", "Durata", "24 mesi",
    )  # fmt: skip
    assert (found.number, found.title) == ("2.1", "Sostenere gli alunni stranieri")
    assert parts(found) == [("partner", "Comune di Lodi")]
    row = found.rows[0]
    assert [r.text for r in row.resources] == ["FAMI - € 88.000,00"]
    assert [i.text for i in row.indicators] == ["numero di alunni iscritti: 150"]


def test_the_name_beside_an_answer_is_the_instrument():
    first, second = objectives(
        "Tema\tEsiste un accordo scritto?\tSe sì, quale\tProssimi passi",
        "Dimissioni\tSì\tConvenzione rep. 45/2019\tAggiornare gli allegati",
        "Affidi\tNo\t\tScrivere un accordo con l'ASL",
    )
    assert (first.rows[0].protocol.resolved, first.rows[0].protocol.instrument) == (
        "present",
        "Convenzione rep. 45/2019",
    )
    assert (second.rows[0].protocol.resolved, second.rows[0].protocol.instrument) == ("absent", None)


def test_a_language_is_no_law():
    record = extract_document(document("Piano di Zona 2024-2026", "Corsi di italiano L2 secondo la L. 328/2000"))
    assert [(a.number, a.year) for a in record.plan.legal_acts] == [("328", 2000)]
