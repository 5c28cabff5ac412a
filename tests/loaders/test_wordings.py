"""How real forms word things, by field: what must be read, and the words that look alike and must not be."""

from __future__ import annotations

from datetime import date

import pytest

from loaders.actors import actors
from loaders.acts import find_acts
from loaders.document import Document
from loaders.formats.text import read
from loaders.headers import mark_of, role_of
from loaders.indicators import measures, read_target
from loaders.layouts.rows import resource_kind
from loaders.metadata import kind_of, period_of, title_of
from loaders.owners import from_owner_cell, from_sentence
from loaders.pipeline import extract_document
from loaders.records import PlanRecord, Rendition
from loaders.span import whole
from loaders.territories import territory_of
from loaders.timelines import read_recurrence, read_relative, read_timeline

RENDITION = Rendition(sha256="0" * 64, file="prova.txt", media_type="text/plain", columns_reliable=True)


def document(text: str) -> Document:
    return read(text + "\n", RENDITION)


def record(text: str) -> PlanRecord:
    return extract_document(document(text))


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Priorità rilevate", "need"),
        ("Situazione dell'intesa", "protocol_status"),
        ("Tipo di intervento", "note"),
        ("A che punto è il protocollo", "protocol_status"),
        ("Come valuteremo", "indicator"),
        ("Milestone e target", "indicator"),
        ("Soggetti che concorrono alla realizzazione", "partner"),
        ("Specifica del soggetto capofila", "lead"),
        ("Tipologia di gestione", "method"),
        ("Stato dell'integrazione sociosanitaria", "progress"),
        ("Cosa ci impegniamo a fare", "priority"),
        ("Esistono accordi formalizzati? (SI/NO)", "protocol_status"),
        ("Valore di partenza", "note"),
        ("Modalità di verifica", "evaluation"),
        ("LEPS di riferimento", "note"),
        ("Periodicità del monitoraggio", "note"),
        ("CUP", "note"),
        ("Vigente / In definizione / Da avviare", "protocol_status"),
        ("Output (indicatore)", "indicator"),
        ("Coerenza programmatica e contestualizzazione dell'intervento", "need"),
        ("Formula di calcolo", "note"),
        ("Riprogrammazione", "priority"),
        ("Numero utenti", None),
        ("N. scheda", "number"),
        ("Obbiettivi", "objective"),
        ("Indicatroi", "indicator"),
        ("Obbiettivo specifico", "objective"),
        ("Atività previste", "action"),
        ("Responsabilita", "owner"),
        ("Presenze", None),
        ("Protetto", None),
        ("Nazioni", None),
    ],
)
def test_headings_of_regional_forms(heading, role):
    assert role_of(heading) == role


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("ore erogate ≥ 20.000", (">=", 20000, None, None)),
        ("almeno 1.250,5 ore", (">=", 1250.5, "ore", None)),
        ("Due incontri di formazione all'anno", ("=", 2, "incontri di formazione", "anno")),
        ("n. 2 percorsi formativi per gli operatori", ("=", 2, "percorsi formativi", None)),
        ("N. familiari seguiti: 40", ("=", 40, None, None)),
        ("pari o superiore al 70%", (">=", 70, "%", None)),
        ("almeno l'80 per cento dei casi", (">=", 80, "%", None)),
        ("tempi di attesa inferiori a 15 giorni", ("<=", 15, "giorni", None)),
        ("90% dei casi valutati entro 30 giorni", ("=", 90, "%", None)),
        ("Almeno tre riunioni nel corso del triennio", (">=", 3, "riunioni", "triennio")),
        ("riduzione del 10% rispetto all'anno precedente", ("=", -10, "%", None)),
        ("-20 %", ("=", -20, "%", None)),
        ("–15% ricoveri ripetuti", ("=", -15, "%", None)),
        ("riduzione di almeno il 20% delle liste di attesa", ("<=", -20, "%", None)),
        ("diminuzione non superiore al 5%", (">=", -5, "%", None)),
        ("Riduzione di 5 posti vuoti", ("=", -5, "posti vuoti", None)),
        ("incremento del 15% degli utenti", ("=", 15, "%", None)),
        ("aumento di 20 posti", ("=", 20, "posti", None)),
        ("riduzione al 5% degli abbandoni", ("=", 5, "%", None)),
        ("calo dei ricoveri sotto il 10%", ("<=", 10, "%", None)),
        ("Percentuale di riduzione dei ricoveri: 10%", ("=", 10, "%", None)),
        ("almeno 2 incontri - 80% di presenze", ("=", 80, "%", None)),
        ("passare dal 10% al 20% dei casi", ("=", 20, "%", None)),
        ("tra il 30% e il 50% dei casi", None),
        ("un assistente sociale ogni 1:5.000 abitanti", None),
        ("30-40% degli utenti", None),
        ("dal 2022 al 2024 almeno 3 incontri", (">=", 3, "incontri", None)),
        ("n. incontri 12 all'anno", ("=", 12, None, "anno")),
        ("4 persone inserite entro l'anno", ("=", 4, "persone inserite", None)),
        ("n. anziani con più di 75 anni", None),
        ("anziani oltre i 65 anni", None),
        ("minori di 14 anni seguiti", None),
        ("% di dimissioni segnalate almeno 48 ore prima", None),
        ("Percentuale di vittime con follow-up entro 30 giorni", None),
        ("N. anziani contattati (2022: 310; 2023: 400)", None),
        ("Numero di utenti 2022: 310", None),
        ("Convenzione con il Ministero entro il 31/07/2022", None),
        ("Una mappa dei servizi", None),
    ],
)
def test_targets(text, target):
    found = read_target(text)
    assert (found and (found.op, found.value, found.unit, found.period)) == target


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ("Numero di alloggi reperiti", True),
        ("% di PAI condivisi", True),
        ("80% dei questionari positivi", True),
        ("tempo medio di risposta max 5 giorni", True),
        ("almeno 2 incontri di verifica", False),
        ("Questionario di gradimento semestrale", False),
        ("Incontri periodici del tavolo", False),
    ],
)
def test_a_field_for_checks_holds_indicators_and_ways_of_checking(text, measured):
    assert measures(text) is measured


@pytest.mark.parametrize(
    ("text", "start", "end", "deadline"),
    [
        ("dal 1° marzo al 31 dicembre 2021", "2021-03-01", "2021-12-31", None),
        ("da settembre 2022", "2022-09-01", None, None),
        ("a partire da gennaio 2023", "2023-01-01", None, None),
        ("a.s. 2022/2023", "2022-09-01", "2023-08-31", None),
        ("gen-dic 2022", "2022-01-01", "2022-12-31", None),
        ("II sem. 2023", "2023-07-01", "2023-12-31", None),
        ("Q2 2024", "2024-04-01", "2024-06-30", None),
        ("entro la fine del 2022", None, None, "2022-12-31"),
        ("Inizio 01/03/2022 - fine 31/12/2023", "2022-03-01", "2023-12-31", None),
        ("intero triennio", None, None, None),
        ("primavera 2024", "2024-03-01", "2024-05-31", None),
        ("entro l'autunno 2025", None, None, "2025-11-30"),
    ],
)
def test_timelines(text, start, end, deadline):
    found = read_timeline(document(text), [whole(text)])
    assert found is not None
    assert (found.start, found.end, found.deadline) == (start, end, deadline)
    assert all(date.fromisoformat(day) for day in (start, end, deadline) if day)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("almeno due incontri l'anno", (2, None)),
        ("una volta al mese", (12, 12)),
        ("3 incontri al mese", (36, 36)),
        ("non più di 4 riunioni all'anno", (None, 4)),
        ("ogni due mesi", (6, 6)),
        ("ogni 3 mesi", (4, 4)),
        ("2020 incontri mensili /bimensili", (12, 24)),
    ],
)
def test_recurrences(text, times):
    found = read_recurrence(text)
    assert (found.min_per_year, found.max_per_year) == times


@pytest.mark.parametrize(
    ("text", "duration", "anchor"),
    [
        ("entro 60 (sessanta) giorni dall'approvazione del Piano", "P60D", "approvazione del Piano"),
        ("entro due mesi successivi alla nomina", "P2M", "nomina"),
        ("entro 48 ore dalla dimissione", "PT48H", "dimissione"),
        ("entro 90 giorni dalla sottoscrizione della convenzione", "P90D", "sottoscrizione della convenzione"),
    ],
)
def test_relative_times(text, duration, anchor):
    found = read_relative(text)
    assert (found.duration, found.anchor) == (duration, anchor)


def test_what_recurs_every_two_months_lasts_no_two_months():
    assert read_relative("ogni due mesi") is None


@pytest.mark.parametrize(
    ("cell", "roles"),
    [
        ("ASL Napoli 3 Sud; ASL TO4", [("owner", "ASL Napoli 3 Sud"), ("owner", "ASL TO4")]),
        ("USL Umbria 2 - Distretto di Foligno", [("owner", "USL Umbria 2"), ("owner", "Distretto di Foligno")]),
        ("ASP Ambito 9", [("owner", "ASP Ambito 9")]),
        ("Hand Vicenza odv, Coop. Sociale Nova", [("owner", "Hand Vicenza odv"), ("owner", "Coop. Sociale Nova")]),
        (
            "ISIS Galilei, cooperativa sociale Aesontius",
            [("owner", "ISIS Galilei"), ("owner", "cooperativa sociale Aesontius")],
        ),
        ("ASUGI (capofila); SSC: coordinamento dei progetti", [("lead", "ASUGI"), ("owner", "SSC")]),
        ("Comune di Jesi (capofila), ASST di Lodi", [("lead", "Comune di Jesi"), ("owner", "ASST di Lodi")]),
        (
            "Rete antiviolenza (capofila Comune di Brescia)",
            [("owner", "Rete antiviolenza"), ("lead", "Comune di Brescia")],
        ),
        ("Comune di Sassari in qualità di ente capofila", [("lead", "Comune di Sassari")]),
        ("Referente: Anna Verdi", [("owner", "Anna Verdi")]),
        ("SI: ASST Bergamo Ovest, CPI", [("owner", "ASST Bergamo Ovest"), ("owner", "CPI")]),
        ("Tutti i soggetti coinvolti", [("owner", "Tutti i soggetti coinvolti")]),
        ("Scuole secondarie di I e II grado", [("owner", "Scuole secondarie")]),
        ("Maria Rossi, Servizi sociali, tel. 0544 000000", [("owner", "Maria Rossi"), ("owner", "Servizi sociali")]),
        ("da individuare", []),
        ("idem", []),
        ("da individuare con gara", []),
        ("gestione diretta", []),
        ("SI", []),
        ("UOC Cure primarie", [("owner", "UOC Cure primarie")]),
        ("Direttore del Distretto", [("owner", "Direttore del Distretto")]),
    ],
)
def test_cells_of_names(cell, roles):
    assert [(r.role, r.actor) for r in from_owner_cell(document(cell), "owner", [whole(cell)])] == roles


def test_parties_without_a_name_stay_open():
    (found,) = from_owner_cell(document("x"), "owner", [whole("tutti gli enti firmatari")])
    assert (found.actor, found.resolved) == ("tutti gli enti firmatari", False)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Centro antiviolenza AIUTODONNA", ["Centro antiviolenza AIUTODONNA"]),
        ("ATS FNPS", ["ATS"]),
        ("Azienda USL Toscana sud est", ["Azienda USL Toscana sud est"]),
        ("Comune di Lodi 2 assistenti sociali", ["Comune di Lodi"]),
        ("Fondazione Dopo di Noi", ["Fondazione Dopo di Noi"]),
        ("Fondazione SAD", ["Fondazione", "SAD"]),
        ("ASL e farmacie rurali", ["ASL", "farmacie rurali"]),
        ("Consorzio case di riposo", ["Consorzio case di riposo"]),
        ("Consorzio di cooperative Confini", ["Consorzio di cooperative Confini"]),
        ("Consultorio familiare APSS", ["Consultorio familiare APSS"]),
        ("Azienda Sociale Comuni Insieme", ["Azienda Sociale Comuni Insieme"]),
        ("Ambito Distrettuale Sociale n. 20", ["Ambito Distrettuale Sociale n. 20"]),
        ("Distretto sociale RI 2, Tribunale di Rieti", ["Distretto sociale RI 2", "Tribunale di Rieti"]),
        ("ASL FG, Prefettura di Foggia", ["ASL FG", "Prefettura di Foggia"]),
        ("ASL SI", ["ASL"]),
        ("cooperative che gestiscono servizi educativi", ["cooperative"]),
    ],
)
def test_where_a_name_ends(text, names):
    assert [a.name for a in actors(text)][: len(names)] == names


def test_words_before_a_name_give_no_role_to_the_name_before_them():
    text = "Rete antiviolenza (capofila Comune di Brescia)"
    assert [(r.role, r.actor) for r in from_sentence(document(text), whole(text), "explicit")] == [
        ("lead", "Comune di Brescia")
    ]


@pytest.mark.parametrize(
    ("cell", "mark"),
    [
        ("☐ SI ☒ NO", "no"),
        ("SI ☒ NO ☐", "yes"),
        ("[x] SI [ ] NO", "yes"),
        ("☐ SI ☐ NO", None),
        ("SI (DGC 45/2019)", "yes"),
        ("In via di sottoscrizione", "in_progress"),
        ("Si prevede la stesura del protocollo", None),
        ("Si sta lavorando alla stesura", None),
        ("Si è lavorato alla definizione", None),
        ("Nord", None),
    ],
)
def test_marks(cell, mark):
    assert mark_of(cell)[0] == mark


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Il protocollo è stato prorogato fino al 2024", ("not_marked", "present", "present")),
        ("Vi è un protocollo con la Procura", ("not_marked", "present", "present")),
        ("Non risulta ancora formalizzata alcuna intesa", ("not_marked", "absent", "absent")),
        ("Non c'è ancora un'intesa", ("not_marked", "absent", "absent")),
        ("Il protocollo non è più in vigore", ("not_marked", "absent", "absent")),
        ("Esiste una bozza", ("not_marked", "in_preparation", "in_preparation")),
        ("È in corso la stesura del protocollo", ("not_marked", "in_preparation", "in_preparation")),
        ("Non pertinente", ("not_marked", "not_stated", "not_stated")),
        ("In parte", ("not_marked", "not_stated", "not_stated")),
        ("Protocollo di intesa tra Comune e ASL", ("not_marked", "not_stated", "not_stated")),
    ],
)
def test_statuses(cell, expected):
    text = f"Obiettivo\tProtocollo (SI/NO)\tImpegni\nViolenza di genere\t{cell}\tIncontri di rete"
    protocol = record(text).objectives[0].rows[0].protocol
    assert (protocol.marked, protocol.stated, protocol.resolved) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1 educatrice a tempo pieno", "human"),
        ("OSS, infermiere", "human"),
        ("Risorse umane dedicate", "human"),
        ("€ 60.000 Fondo sociale regionale", "financial"),
        ("FAMI", "financial"),
        ("Risorse non finanziarie", "other"),
        ("Nessuna risorsa aggiuntiva", "other"),
        ("Sedi di famiglie affidatarie", "other"),
        ("Osservatorio provinciale", "other"),
        ("Spazi importanti per il quartiere", "other"),
    ],
)
def test_kinds_of_resource(text, kind):
    assert resource_kind(text) == kind


@pytest.mark.parametrize(
    ("text", "territory"),
    [
        ("Ambito Territoriale Sociale n. 3", {"ambito": "Ambito 3"}),
        ("AMBITO TERRITORIALE SOCIALE XIII - OSIMO", {"ambito": "Ambito di OSIMO"}),
        ("Ambito S5 - Salerno", {"ambito": "Ambito S5"}),
        ("AMBITO TERRITORIALE TA/2", {"ambito": "Ambito TA/2"}),
        ('Ambito Territoriale n. 12 "Terre del Ticino"', {"ambito": "Ambito di Terre del Ticino"}),
        ("Ambito distrettuale di Trezzo sull'Adda", {"ambito": "Ambito di Trezzo sull'Adda"}),
        ("Distretto sociosanitario RM 4.1", {"distretto": "Distretto RM 4.1"}),
        ("ZONA SOCIALE N. 8 - FOLIGNO", {"ambito": "ZONA SOCIALE N. 8 - FOLIGNO"}),
        ("Società della Salute Pistoiese", {"ambito": "Società della Salute Pistoiese"}),
        ("PLUS Sassari", {"ambito": "PLUS Sassari"}),
        ("Unione dei Comuni della Bassa Romagna - Piano di zona", {"ambito": "Unione dei Comuni della Bassa Romagna"}),
        ("Consorzio In.Re.Te. di Ivrea", {"ambito": "Consorzio In.Re.Te. di Ivrea"}),
        (
            "Protocollo tra gli Ambiti territoriali di Lodi, Crema e Cremona e l'ASST di Crema",
            {
                "ambito": "Ambito di Lodi",
                "other_ambiti": ("Ambito di Crema", "Ambito di Cremona"),
                "asst": "ASST di Crema",
            },
        ),
        (
            "tra l'Ambito di Lodi (capofila) e l'Ambito di Crema",
            {"ambito": "Ambito di Lodi", "other_ambiti": ("Ambito di Crema",)},
        ),
        ("Ambiti Territoriali Sociali n. 13 e n. 15", {"ambito": "Ambito 13", "other_ambiti": ("Ambito 15",)}),
        ("Ambiti territoriali sociali della provincia di Bergamo", {}),
        ("USL Umbria 2", {"ausl": "USL Umbria 2"}),
        ("ASL Napoli 3 Sud", {"ausl": "ASL Napoli 3 Sud"}),
        ("AULSS 9 Scaligera", {"ausl": "AULSS 9 Scaligera"}),
        ("ASUGI", {"ausl": "ASUGI"}),
        ("Azienda per l'Assistenza Sanitaria n. 3", {"ausl": "Azienda per l'Assistenza Sanitaria n. 3"}),
        ("Azienda sanitaria dell'Alto Adige", {"ausl": "Azienda sanitaria dell'Alto Adige"}),
        ("Distretto sanitario di Castrovillari", {"distretto": "Distretto di Castrovillari"}),
        ("ATS Brianza - ASST Lecco", {"ats": "ATS Brianza", "asst": "ASST Lecco"}),
        ("ATS 21 San Benedetto\nRegione Marche", {"region": "Marche", "ambito": "Ambito di San Benedetto"}),
        ("Nell'ambito del Piano di lavoro", {}),
        ("Il presente documento", {}),
    ],
)
def test_territories(text, territory):
    found = {name: value for name, value in territory_of(document(text)).model_dump().items() if value}
    assert found == territory


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Piano di Zona 2021", ("2021", "2021")),
        ("Programma attuativo annuale 2023", ("2023", "2023")),
        ("Piano Locale Unitario dei Servizi\nTriennio 2022-2024", ("2022", "2024")),
        ("Piano di zona\ndal 2022 al 2024", ("2022", "2024")),
        ("Piano di Zona\nanni 2022, 2023 e 2024", ("2022", "2024")),
        ("Piano di zona\nDGR 2021 del 2019", None),
        ("Valutazione del Piano di Zona 2018", None),
        ("Piano di zona\nNel triennio precedente (2018-2020) era stato avviato il raccordo.", None),
    ],
)
def test_periods(text, years):
    found = period_of(document(text))
    assert (found.start and (found.start[:4], found.end[:4])) == years


def test_an_annex_mark_titles_nothing():
    text = "ALLEGATO A\nPiano Locale Unitario dei Servizi alla Persona 2025-2027"
    assert title_of(document(text)) == "Piano Locale Unitario dei Servizi alla Persona 2025-2027"
    assert kind_of(document(text)) == "piano_di_zona"


@pytest.mark.parametrize(
    ("opening", "acronym", "classes"),
    [
        ("Piano di zona 2021-2023", "ADI", {"HealthHomeCare"}),
        ("Piano di zona 2025-2027", "ADI", {"Measure"}),
        ("Piano di zona 2025-2027\nL'assistenza domiciliare integrata (ADI) cresce.", "ADI", {"HealthHomeCare"}),
        ("Piano di zona 2021-2023", "CAV", {"CAV"}),
        ("Piano di zona 2021-2023\nIl centro antiviolenza è aperto.", "CAV", {"CentroAntiviolenza"}),
        ("Piano di zona 2021-2023\nIl centro di aiuto alla vita è aperto.", "CAV", {"CentroAiutoVita"}),
        ("Piano di zona 2021-2023\nAmbito Territoriale Sociale (ATS) n. 9", "ATS", {"Ambito"}),
        ("Piano di zona 2021-2023\nAmbito Territoriale Sociale di Lodi, ASST di Lodi", "ATS", {"ATS"}),
    ],
)
def test_acronyms_of_two_meanings(opening, acronym, classes):
    text = f"{opening}\n\nObiettivo\tAzioni\tResponsabile\nDomiciliarità\tPotenziare {acronym}\tComune di Lodi"
    assert {m.class_ for m in record(text).mentions if m.text == acronym} == classes


def test_numbered_labels_make_a_form():
    text = (
        "SCHEDA SERVIZIO\n\n1. Denominazione: Centro diurno\n2. Obiettivi: evitare ricoveri; dare sollievo\n"
        "3. Prestazioni erogate:\n- pasti\n- trasporto\n4. Ente titolare: Comune di Bari\n5. Durata: 12 mesi"
    )
    first, *aims = record(text).objectives
    assert first.title == "Centro diurno"
    assert [item.text for item in first.rows[0].actions] == ["pasti", "trasporto"]
    assert [r.actor for r in first.rows[0].responsibilities] == ["Comune di Bari"]
    assert [(o.title, o.rows) for o in aims] == [("evitare ricoveri", ()), ("dare sollievo", ())]


def test_a_name_and_an_aim_are_one_form():
    text = (
        "Titolo del progetto\tCasa e lavoro\nSoggetto attuatore\tComune di Vigevano\nObiettivo\tDare autonomia\n"
        "Azioni\tTirocini\nTempi\t2023"
    )
    (found,) = record(text).objectives
    assert (found.title, found.rows[0].label) == ("Dare autonomia", "Casa e lavoro")
    assert [r.actor for r in found.rows[0].responsibilities] == ["Comune di Vigevano"]


def test_numbered_items_under_a_label_title_nothing():
    text = (
        "Obiettivo: Dare autonomia\n\n**Descrizione attività:**\n1. Tirocini retribuiti\n2. Contributo per la casa\n\n"
        "**Capofila:** Comune di Arezzo\n\n**Tempi:** 30 mesi"
    )
    (found,) = record(text).objectives
    assert found.title == "Dare autonomia"
    assert len(found.rows[0].actions) == 2


def test_a_line_in_capitals_may_be_a_label_with_its_words():
    text = "OBIETTIVO: Abitare\nSOGGETTO CAPOFILA: SSC\nRISORSE: PNRR M5C2 1.2\nTEMPI: 2023\nAzioni: due alloggi"
    row = record(text).objectives[0].rows[0]
    assert [(r.role, r.actor) for r in row.responsibilities] == [("lead", "SSC")]
    assert [r.text for r in row.resources] == ["PNRR M5C2 1.2"]


def test_ticks_under_years_are_the_time_of_the_row():
    text = (
        "Obiettivo\tAzione\tResponsabile\tIndicatori\t2023\t2024\t2025\nAscolto\tSportello\tSerD\tN. colloqui\t\tX\tX"
    )
    row = record(text).objectives[0].rows[0]
    assert (row.timeline.start, row.timeline.end) == ("2024-01-01", "2025-12-31")
    assert row.notes == ()


def test_an_area_beside_objectives_is_their_context():
    text = "Area\tObiettivi\tAzioni\tChi\nAbitare\tTrovare case\tCo-housing\tComune di Trento"
    (found,) = record(text).objectives
    assert (found.title, found.rows[0].label) == ("Trovare case", "Abitare")


def test_labelled_statuses_and_commitments_are_read_and_prose_is_not():
    text = (
        "1. Violenza di genere\nProtocollo presente: ☐ SI ☒ NO\nStato di avanzamento: formati 25 operatori\n"
        "Impegni ASST: individuare un referente\nIndicatori: n. 1 protocollo sottoscritto"
    )
    (found,) = record(text).objectives
    row = found.rows[0]
    assert (row.protocol.marked, row.protocol.resolved) == ("absent", "absent")
    assert [(r.actor, r.role, r.basis) for r in row.responsibilities] == [("ASST", "owner", "column")]
    prose = "Stato dei lavori\nIl tavolo si è riunito.\nPriorità\nDare continuità al tavolo.\nEvidenze\nI verbali."
    assert record(prose).objectives == ()


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("legge 8 novembre 2000, n. 328", [("law", "328", 2000)]),
        ("legge regionale 12 marzo 2008, n. 3", [("regional_law", "3", 2008)]),
        ("L.R. Puglia n. 19/2006", [("regional_law", "19", 2006)]),
        ("D.P.C.M. 12 gennaio 2017", [("prime_ministerial_decree", None, 2017)]),
        ("Reg. R. n. 4/2007", [("regional_regulation", "4", 2007)]),
        ("deliberazione G.R. n. 43-10/2020", [("giunta_resolution", "43", 2020)]),
        ("D.G.R. n. 51-11389 del 23 dicembre 2003", [("giunta_resolution", "51-11389", 2003)]),
        ("D.A.L. 120/2017", [("council_resolution", "120", 2017)]),
        ("dal 12 gennaio 2017", []),
    ],
)
def test_acts(text, acts):
    assert [(a.type, a.number, a.year) for a in find_acts(document(text), whole(text))] == acts


def test_a_minus_alone_in_its_cell_is_no_list_sign():
    row = (
        record("Obiettivo\tIndicatore\tValore atteso\tTempi\nCure a casa\tricoveri ripetuti\t-10%\t2024\n")
        .objectives[0]
        .rows[0]
    )
    assert (row.indicators[0].target.op, row.indicators[0].target.value) == ("=", -10)


def test_what_is_provided_names_the_line_beside_its_area():
    text = "Area\tPrestazione\tEnte titolare\tTempi\nAnziani\tLungoassistenza\tASL CN2\t2024\n"
    (objective,) = record(text).objectives
    assert (objective.title, objective.rows[0].label) == ("Lungoassistenza", "Anziani")


def test_values_of_several_years_are_one_target_and_what_comes_before_it():
    text = "Obiettivo\tAzione\tIndicatore\tTarget 2024\tTarget 2025\nNidi\tConvenzioni\tPosti convenzionati\t40\t55\n"
    row = record(text).objectives[0].rows[0]
    assert (row.indicators[0].target.value, [note.text for note in row.notes]) == (55, ["40"])


def test_measures_are_what_is_done_where_nothing_else_says_it():
    text = "Finalità\tMisure\tCompetenza\nRestare a casa\tPasti a domicilio\tDistretto sociale di Merano\n"
    assert [action.text for action in record(text).objectives[0].rows[0].actions] == ["Pasti a domicilio"]
