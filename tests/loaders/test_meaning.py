"""What words mean: tables of wordings and the facts they state, whatever plan they come from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.actors import actors
from loaders.acts import find_acts
from loaders.document import Document
from loaders.formats.text import read
from loaders.headers import named_bodies, role_of
from loaders.indicators import kind_of, read_target
from loaders.mentions import target_groups
from loaders.owners import from_owner_cell, from_sentence
from loaders.pipeline import extract_document
from loaders.records import Rendition
from loaders.span import normal, normalised, runs, whole
from loaders.timelines import read_interval, read_recurrence, read_relative

RENDITION = Rendition(sha256="0" * 64, file="prova.txt", media_type="text/plain", columns_reliable=True)


def document(text: str) -> Document:
    return read(text, RENDITION)


def status(present: str, absent: str = "", commitments: str = "") -> tuple[str, str, str]:
    """The three signals of one row of a two-column status table."""
    text = f"**TEMA**\n\nProtocollo presente\tProtocollo non presente\tPriorità\n{present}\t{absent}\t{commitments}\n"
    protocol = extract_document(document(text)).objectives[0].rows[0].protocol
    return protocol.marked, protocol.stated, protocol.resolved


def one_column(cell: str, heading: str = "Protocollo (SI/NO)") -> tuple[str, str, str]:
    """The three signals of one row of a table with one status column."""
    text = f"Obiettivo\t{heading}\tImpegni\nViolenza di genere\t{cell}\tIncontri di rete\n"
    protocol = extract_document(document(text)).objectives[0].rows[0].protocol
    return protocol.marked, protocol.stated, protocol.resolved


@pytest.mark.parametrize(
    ("present", "absent", "expected"),
    [
        ("X", "", ("present", "not_stated", "present")),
        ("", "x", ("absent", "not_stated", "absent")),
        ("✓", "", ("present", "not_stated", "present")),
        ("☒", "☐", ("present", "not_stated", "present")),
        ("☐", "☒", ("absent", "not_stated", "absent")),
        ("X", "X", ("conflicting", "not_stated", "conflicting")),
        ("SI", "", ("present", "not_stated", "present")),
        ("-", "", ("not_marked", "not_stated", "not_stated")),
        ("SI", "NO", ("present", "not_stated", "present")),
        ("NO", "SI", ("absent", "not_stated", "absent")),
        ("NO", "NO", ("not_marked", "not_stated", "not_stated")),
        ("", "X E' presente un protocollo", ("absent", "present", "conflicting")),
        ("", "X Non è presente un protocollo", ("absent", "absent", "absent")),
        ("X Protocollo sottoscritto il 12/3/2019", "", ("present", "present", "present")),
        ("X il protocollo è scaduto nel 2020", "", ("present", "absent", "conflicting")),
        ("", "X protocollo in corso di stesura", ("absent", "in_preparation", "absent")),
        ("Presenti accordi di rete", "", ("not_marked", "present", "present")),
        ("", "Non presente", ("not_marked", "absent", "absent")),
        ("in fase di definizione", "", ("not_marked", "in_preparation", "in_preparation")),
    ],
)
def test_two_status_columns(present, absent, expected):
    assert status(present, absent) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("SI", ("present", "not_stated", "present")),
        ("Sì", ("present", "not_stated", "present")),
        ("no", ("absent", "not_stated", "absent")),
        ("In corso", ("in_preparation", "not_stated", "in_preparation")),
        ("bozza", ("in_preparation", "not_stated", "in_preparation")),
        ("Scaduto", ("absent", "not_stated", "absent")),
        ("Assente", ("absent", "not_stated", "absent")),
        ("", ("not_marked", "not_stated", "not_stated")),
        ("SI – sottoscritto nel 2019", ("present", "present", "present")),
        ("SI, ma non è stato rinnovato", ("present", "absent", "conflicting")),
        ("NO: in corso di definizione", ("absent", "in_preparation", "absent")),
        ("Il protocollo non è stato sottoscritto", ("not_marked", "absent", "absent")),
        ("Il protocollo non è ancora stato formalmente sottoscritto", ("not_marked", "absent", "absent")),
        ("Il protocollo sarà sottoscritto entro l'anno", ("not_marked", "in_preparation", "in_preparation")),
        ("Il protocollo sarà definito", ("not_marked", "in_preparation", "in_preparation")),
        ("Esiste un protocollo del 2018 con ASST", ("not_marked", "present", "present")),
        ("Nessun protocollo", ("not_marked", "absent", "absent")),
        ("Protocollo in attesa di firma", ("not_marked", "in_preparation", "in_preparation")),
    ],
)
def test_one_status_column(cell, expected):
    assert one_column(cell) == expected


@pytest.mark.parametrize(
    "commitment",
    [
        "Sottoscrizione del protocollo con ASST",
        "Stesura di un protocollo operativo",
        "Approvazione del protocollo d'intesa",
        "Definire un protocollo condiviso",
    ],
)
def test_a_promised_protocol_is_in_preparation(commitment):
    assert status("", "", commitment) == ("not_marked", "not_stated", "in_preparation")


@pytest.mark.parametrize(
    "commitment", ["Revisione del protocollo vigente", "Monitoraggio del protocollo", "Incontri di rete"]
)
def test_a_protocol_that_is_only_reviewed_is_not_promised(commitment):
    assert status("", "", commitment)[2] != "in_preparation"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2020", "2020-01-01", "2020-12-31"),
        ("2021-2023", "2021-01-01", "2023-12-31"),
        ("triennio 2021/23", "2021-01-01", "2023-12-31"),
        ("31/12/2022", "2022-12-31", "2022-12-31"),
        ("31.12.22", "2022-12-31", "2022-12-31"),
        ("entro il 30 giugno 2022", "2022-06-30", "2022-06-30"),
        ("giugno 2022", "2022-06-01", "2022-06-30"),
        ("gennaio – marzo 2022", "2022-01-01", "2022-03-31"),
        ("I semestre 2023", "2023-01-01", "2023-06-30"),
        ("2° trimestre 2022", "2022-04-01", "2022-06-30"),
        ("secondo semestre del 2024", "2024-07-01", "2024-12-31"),
        ("Gennaio 2023 - dicembre 2024", "2023-01-01", "2024-12-31"),
        ("DGR 525/2018", None, None),
        ("annuale", None, None),
    ],
)
def test_intervals(text, start, end):
    interval = read_interval(text)
    assert (interval.start, interval.end) == (start, end) if start else interval is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("almeno 2 incontri/anno", (2, None, False)),
        ("2020 almeno 3 incontri/anno", (3, None, False)),
        ("almeno 4 incontri all'anno", (4, None, False)),
        ("max 2 incontri all'anno", (None, 2, False)),
        ("2 incontri annui", (2, 2, False)),
        ("incontri mensili", (12, 12, False)),
        ("mensili /bimensili", (12, 24, True)),
        ("cadenza trimestrale", (4, 4, False)),
        ("semestralmente", (2, 2, False)),
    ],
)
def test_recurrences(text, expected):
    found = read_recurrence(text)
    assert (found.min_per_year, found.max_per_year, found.ambiguous) == expected


@pytest.mark.parametrize(
    ("text", "duration", "anchor"),
    [
        ("entro 6 mesi dall’approvazione del PdZ", "P6M", "approvazione del PdZ"),
        ("Dall'approvazione del PdZ si prevede l'avvio entro sei mesi", "P6M", "approvazione del PdZ"),
        ("10 giorni", "P10D", None),
    ],
)
def test_relative_times(text, duration, anchor):
    found = read_relative(text)
    assert (found.duration, found.anchor) == (duration, anchor)


@pytest.mark.parametrize(
    ("text", "kind", "target"),
    [
        ("Numero incontri", "count", None),
        ("N. utenti presi in carico", "count", None),
        (
            "Realizzazione di almeno 4 iniziative formative nel biennio",
            "count",
            (">=", 4, "iniziative formative", "biennio"),
        ),
        ("100% delle valutazioni congiunte", "percentage", ("=", 100, "%", None)),
        ("≥ 80% dei casi valutati", "percentage", (">=", 80, "%", None)),
        ("non più di 10 giorni di attesa", "count", ("<=", 10, "giorni di attesa", None)),
        ("Sottoscrizione del protocollo", "milestone", None),
        ("Approvazione delle linee guida", "milestone", None),
        ("Set indicatori previsto dal piano locale", "external_set", None),
    ],
)
def test_indicators(text, kind, target):
    found = read_target(text)
    assert kind_of(text) == kind
    assert (found and (found.op, found.value, found.unit, found.period)) == target


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("art. 18 L.R. 3/2008", [("regional_law", "3", 2008)]),
        ("L.328/00", [("law", "328", 2000)]),
        ("ex L. 112/2016 e D.G.R. n. 7631 del 28/12/2017", [("law", "112", 2016), ("giunta_resolution", "7631", 2017)]),
        ("DGR XI/4563", [("giunta_resolution", "4563", None)]),
        ("legge regionale n. 22/2021", [("regional_law", "22", 2021)]),
        ("D.Lgs. 147/2017", [("legislative_decree", "147", 2017)]),
        ("dal 100% dei Comuni", []),
        ("legge delega sulla disabilità", []),
    ],
)
def test_legal_acts(text, acts):
    assert [(a.type, a.number, a.year) for a in find_acts(document(text), whole(text))] == acts


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ASST di Lodi e Comune di San Giuliano Milanese", ["ASST di Lodi", "Comune di San Giuliano Milanese"]),
        ("ASST Valtellina e Alto Lario", ["ASST Valtellina e Alto Lario"]),
        ("A.U.S.L. n. 8", ["A.U.S.L. n. 8"]),
        ("nell'ambito del progetto", []),
        ("linguaggi comuni tra operatori", []),
        ("nell'Ambito di riferimento", ["Ambito"]),
        ("UdP dell'ambito", ["UdP dell'ambito"]),
        ("UONPIA, CPS e Ser.D.", ["UONPIA", "CPS", "Ser.D."]),
    ],
)
def test_names_of_bodies(text, names):
    assert [a.name for a in actors(text)] == names


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Comune di Lodi, capofila della rete", [("Comune di Lodi", "lead")]),
        ("in collaborazione con ASST e Terzo settore", [("ASST", "partner"), ("Terzo settore", "partner")]),
        ("Presa in carico a cura del Consultorio", [("Consultorio", "owner")]),
        ("Tirocini da parte di ASST come Ente ospitante", [("ASST", "host")]),
        ("Messa a disposizione delle schede da parte del CPS", [("CPS", "data_provider")]),
        ("Necessario coinvolgimento di ATS per questa azione", [("ATS", "required")]),
        ("ASST potenzia l'équipe clinica", [("ASST", "owner")]),
        ("Incontri con le scuole", []),
    ],
)
def test_roles_in_sentences(text, roles):
    found = from_sentence(document(text), whole(text), "explicit")
    assert [(r.actor, r.role) for r in found] == roles


def test_a_slash_in_an_owner_cell_keeps_both_candidates():
    found = from_owner_cell(document("ATS/ASST"), "owner", [whole("ATS/ASST")])
    assert [(r.actor, r.resolved, r.candidates) for r in found] == [("ATS/ASST", False, ("ATS", "ASST"))]


def test_unnamed_parties_are_not_guessed():
    found = from_owner_cell(document("le parti"), "owner", [whole("le parti")])
    assert [(r.actor, r.resolved) for r in found] == [("le parti", False)]


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Protocollo Presente. Evidenze", "protocol_present"),
        ("Non presente", "protocol_absent"),
        ("Eventuale stato avanzamento dei lavori", "progress"),
        ("Prossime Priorità/impegni", "priority"),
        ("INDICATORI DI VALUTAZIONE", "indicator"),
        ("Indicatori di risultato (quantitativi)", "indicator"),
        ("CRONOPROGRAMMA", "time"),
        ("Tempistica prevista", "time"),
        ("Soggetti coinvolti e partner", "partner"),
        ("MODALITA'", "method"),
        ("Colore preferito", None),
    ],
)
def test_headings(heading, role):
    assert role_of(heading) == role


@pytest.mark.parametrize(
    ("heading", "codes"),
    [
        ("ATS/ASST", ["ATS", "ASST"]),
        ("Impegni dell'ASST", ["ASST"]),
        ("INDICATORI", []),
        ("Comuni e Ambito", ["Comune", "Ambito"]),
    ],
)
def test_headings_that_name_their_owners(heading, codes):
    assert [entry.code for entry in named_bodies(heading)] == codes


@given(st.text())
def test_normalised_text_knows_where_each_letter_stands(text):
    plain, indexes = normal(text)
    assert len(plain) == len(indexes)
    assert list(indexes) == sorted(indexes)
    assert normalised(plain) == plain


@given(st.text())
def test_folding_keeps_the_words_and_their_places(text):
    span = whole(text).folded()
    assert span.text == " ".join(text.split())
    assert all(text[o] == c or (text[o].isspace() and c == " ") for o, c in zip(span.offsets, span.text, strict=True))


@given(st.lists(st.integers(min_value=-1, max_value=40)))
def test_runs_cover_each_place_once_in_order(offsets):
    covered = [o for start, end in runs(offsets) for o in range(start, end)]
    assert covered == [o for o in offsets if o >= 0]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
def test_any_text_is_read_without_a_crash(text):
    record = extract_document(document(text))
    assert record.plan.id


@given(
    st.lists(
        st.lists(
            st.sampled_from(["X", "", "Obiettivo", "Indicatori", "2020", "ASST", "• a", "Protocollo presente", "é un"]),
            max_size=6,
        )
    )
)
def test_any_table_is_read_without_a_crash(rows):
    record = extract_document(document("\n".join("\t".join(row) for row in rows)))
    assert record.plan.id


@pytest.mark.parametrize(
    ("legend", "cell", "expected"),
    [
        ("Legenda: A = protocollo attivo; B = in bozza; C = assente", "A", "present"),
        ("Legenda: A = protocollo attivo; B = in bozza; C = assente", "B", "in_preparation"),
        ("Legenda: A = protocollo attivo; B = in bozza; C = assente", "C", "absent"),
        ("Legenda: X = priorità alta", "X", "not_marked"),
    ],
)
def test_marks_mean_what_the_legend_says(legend, cell, expected):
    text = f"{legend}\n\nObiettivo\tProtocollo\tImpegni\nViolenza di genere\t{cell}\tIncontri di rete\n"
    record = extract_document(document(text))
    assert record.objectives[0].rows[0].protocol.marked == expected
    assert not record.unread


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("Minore ricorso al ricovero", ()),
        ("Presa in carico del minore e della famiglia", ("minori", "famiglie")),
        ("Minore e famiglia", ("minori", "famiglie")),
        ("Accordo con i medici di famiglia", ()),
        ("Il Centro per le famiglie apre il sabato", ("famiglie",)),
        ("Chi ha il Reddito di Cittadinanza", ()),
    ],
)
def test_a_word_for_people_is_no_group_inside_another_name(text, groups):
    assert target_groups([text]) == groups
