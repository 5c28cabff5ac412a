"""The traps of the five sample plans, one test each, with the words that set them (numbers of
../shared/EXTRACTION.md, 7)."""

from __future__ import annotations

from loaders.span import normalised


def texts(items) -> list[str]:
    return [item.text for item in items]


def test_01_positive_words_under_the_negative_heading_conflict(lodi):
    protocol = lodi.row("MULTIMENSIONALE", 4).protocol
    assert (protocol.marked, protocol.stated, protocol.resolved) == ("absent", "present", "conflicting")


def test_02_signed_guidelines_in_the_negative_column_conflict(lodi):
    protocol = lodi.row("POVERTA").protocol
    assert (protocol.marked, protocol.stated, protocol.resolved) == ("absent", "present", "conflicting")
    assert protocol.instrument == "Linee Organizzative per la partecipazione ai Tavoli Territoriali"


def test_03_a_heading_split_over_two_cells_keeps_four_columns(lodi):
    row = lodi.row("MULTIMENSIONALE", 3)
    assert texts(row.progress) == [
        "Valutazione integrata delle richieste di accesso alle Misura B1 e B2 per utenti con bisogni complessi"
    ]
    assert all("stato" not in decision.text for decision in lodi.record.decisions)


def test_04_a_lost_column_does_not_move_progress_under_the_status(lodi):
    row = lodi.row("MINORI VITTIME")
    assert "adulti e minori interessati da decreto" in row.progress[0].text
    assert row.progress[0].text.startswith("Sono in via di realizzazione")
    assert row.protocol.stated == "absent"


def test_05_the_second_lost_column_is_put_back_too(lodi):
    row = lodi.row("STILI DI VITA")
    assert "al fine di accompagnare il territorio ad individuare la risorsa" in row.progress[0].text
    assert [d.confidence for d in lodi.record.decisions if d.rule == "column_shift"] == ["C", "C"]


def test_06_two_statuses_in_one_cell_are_two_rows(lodi):
    assert len(lodi.objective("VIOLENZA DI GENERE").rows) == 2
    first, second = lodi.objective("POVERTA").rows[:2]
    assert first.progress[0].text == "Le parti partecipano ai Tavoli Territoriali"
    assert second.progress[0].text.startswith("Collaborazione attiva e condivisione del percorso di degenza")
    assert second.protocol.instrument.startswith("procedura per le segnalazioni di utenti senza dimora")


def test_07_items_whose_list_signs_are_lost_are_three(lodi):
    assert texts(lodi.row("MULTIMENSIONALE", 4).commitments) == [
        "Valutazione integrata delle dimissioni protette",
        "Revisione del documento dimissioni protette",
        "Istituzione del Tavolo Bisogni Complessi: definizione protocollo, metodi e strumenti di lavoro",
    ]


def test_08_unclosed_lists_leave_no_markup_behind(lodi):
    words = lodi.record.to_json()
    assert "<ul" not in words and "•" not in words and "list-style" not in words


def test_09_separator_rows_are_no_data(lodi, cernusco, melegnano):
    for sample in (lodi, cernusco, melegnano):
        assert "---" not in sample.record.to_json()


def test_10_page_furniture_is_in_no_row(lodi):
    assert all("Allegato 2" not in item.text for row in lodi.rows() for item in (*row.progress, *row.commitments))
    assert [d.rule for d in lodi.record.decisions].count("furniture") == 1


def test_11_each_rendition_keeps_its_own_spelling(lodi, flow):
    assert "rete anti violenza" in lodi.document.text and "antiviolenza" in flow.document.text
    assert "sociosanitaria" in flow.record.unread[-2].text or "socio" in flow.record.to_json()


def test_12_marks_wording_and_case_vary(lodi):
    statuses = [(row.protocol.marked, row.protocol.stated) for row in lodi.rows()]
    assert statuses.count(("absent", "not_stated")) == 3
    assert statuses.count(("absent", "absent")) == 6
    assert len(statuses) == 15


def test_13_a_capital_article_is_no_list_number(lodi):
    assert any(
        text.startswith("Condivisione con I Servizi specialistici degli strumenti")
        for text in texts(lodi.row("MULTIMENSIONALE").commitments)
    )


def test_14_a_sentence_cut_by_the_page_is_one(flow):
    assert (
        "riferimento a: disagio psicosociale, realizzazione di percorsi"
        in flow.row("MULTIMENSIONALE", 2).progress[0].text
    )


def test_15_a_mark_glued_to_the_next_column_is_taken_off(flow):
    row = flow.row("STILI DI VITA")
    assert row.progress[0].text.startswith("Nell’ambito del lavoro di Prevenzione del disagio")


def test_16_quote_marks_may_differ_between_renditions(lodi, flow):
    assert normalised("E’ presente un protocollo") == normalised("E' presente un protocollo")
    assert [r.protocol.stated for r in flow.rows()] == [r.protocol.stated for r in lodi.rows()]


def test_17_the_same_words_in_two_columns_stay_in_both(lodi):
    row = lodi.row("MULTIMENSIONALE", 3)
    assert texts(row.progress) == texts(row.commitments)


def test_18_a_word_cut_between_rows_is_joined_without_a_blank(cernusco):
    assert cernusco.row("violenza di genere").timeline.texts == ("2020 – almeno 5 incontri/anno",)


def test_19_a_new_row_may_start_with_a_small_letter(cernusco):
    rows = cernusco.objective("violenza di genere").rows
    assert len(rows) == 2
    assert texts(rows[1].resources) == ["risorse umane"]


def test_20_a_continuation_row_is_told_from_a_new_action(cernusco):
    rows = cernusco.objective("valutazioni integrate").rows
    assert len(rows) == 2
    assert rows[0].commitments[-1].text == "Scambio dati ed informazioni per creazione PAI integrato"
    assert texts(rows[0].indicators)[1] == "Approvazione Protocollo d'intesa congiunto Ambito e ASST"


def test_21_lost_line_breaks_between_resources(cernusco):
    assert [(r.text, r.kind) for r in cernusco.row("Dopo di Noi").resources] == [
        ("Fondi regionali", "financial"),
        ("Risorse umane ATS-ASST e Comuni", "human"),
    ]


def test_22_an_owner_named_inside_the_cell_narrows_the_column(cernusco):
    row = cernusco.row("stili di vita")
    assert [(r.actor, r.basis, r.resolved) for r in row.responsibilities if "vedi azioni" in r.text] == [
        ("ATS", "explicit", True)
    ]
    shared = [r for r in cernusco.row("Sistema informativo").responsibilities if r.actor == "ATS/ASST"]
    assert [(r.resolved, r.candidates) for r in shared] == [(False, ("ATS", "ASST"))]
    minors = cernusco.row("Autorità Giudiziaria").responsibilities
    assert {r.actor for r in minors if "UONPIA e consultori" in r.text} == {"ASST"}


def test_23_numbers_and_sub_areas_of_objectives(cernusco):
    assert [o.number for o in cernusco.record.objectives] == [
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "7 bis",
        "8",
        "9",
        "10",
        "11",
        "12",
    ]
    assert "-dell'abitare;" in cernusco.objective("progettualità nelle aree").title


def test_24_odd_values_stay_as_written(cernusco):
    assert cernusco.row("Conciliazione").actions[0].text.endswith("PTC 201")
    assert "UONPIA" in cernusco.row("povertà", 2).services
    assert any("per a corretta applicazione" in text for row in cernusco.rows() for text in texts(row.actions))


def test_25_year_frequency_and_target_share_a_cell(cernusco):
    timeline = cernusco.row("povertà", 2).timeline
    assert (timeline.start, timeline.end) == ("2020-01-01", "2020-12-31")
    assert timeline.recurrence.ambiguous
    meetings = cernusco.row("valutazioni integrate").timeline.recurrence
    assert (meetings.min_per_year, meetings.max_per_year, meetings.ambiguous) == (2, None, False)
    share = cernusco.row("Dopo di Noi").indicators[-1]
    assert (share.kind, share.target.op, share.target.value, share.target.unit) == ("percentage", "=", 100, "%")


def test_26_heading_variants_marks_and_evidence_without_a_mark(melegnano):
    protocol = melegnano.row("VIOLENZA DI GENERE").protocol
    assert (protocol.marked, protocol.stated, protocol.resolved) == ("not_marked", "present", "present")
    assert protocol.instrument == "Accordi di rete"
    assert melegnano.row("MODELLO DI VALUTAZIONI").protocol.marked == "absent"
    assert melegnano.row("MINORI DISABILI").protocol.marked == "absent"


def test_27_a_column_that_slid_by_a_line_stays_doubtful(melegnano):
    rows = melegnano.objective("STILI DI VITA").rows
    assert len(rows) == 6
    assert {row.confidence for row in rows[1:]} == {"D"}
    gambling = next(row for row in rows if "gioco d'azzardo" in row.commitments[0].text)
    assert (gambling.protocol.marked, gambling.protocol.resolved) == ("present", "present")
    assert texts(gambling.progress) == ["Attuazione protocollo. Monitoraggio e verifica"]
    assert "Rete delle scuole che promuovono salute" in rows[1].commitments[0].text


def test_28_an_odd_act_number_is_kept_and_its_year_read(melegnano):
    act = next(a for a in melegnano.record.plan.legal_acts if a.number == "2609")
    assert (act.text, act.type, act.year) == ("DGR 2609/019", "giunta_resolution", 2019)


def test_29_the_last_context_is_a_row(melegnano):
    assert (
        melegnano.objective("STILI DI VITA").rows[-1].commitments[0].text
        == "Contesto sanitario in sinergia con gli erogatori:"
    )


def test_30_a_group_heading_is_no_row(melegnano):
    rows = melegnano.objective("AMMISSIONE/ DIMISSIONE").rows
    assert len(rows) == 4
    assert rows[0].needs[0].text == "Esigenza formativa integrata su protocolli Asst già attivi"


def test_31_blank_indicators_are_not_filled_from_above(melegnano):
    assert [len(row.indicators) for row in melegnano.objective("AMMISSIONE/ DIMISSIONE").rows] == [6, 0, 0, 0]


def test_32_sibling_headings_mean_the_same(melegnano):
    assert melegnano.row("APPLICATA AL PERCORSO").methods and melegnano.row("AMMISSIONE/ DIMISSIONE").methods


def test_33_owners_in_notes_and_in_broken_lists(melegnano):
    row = melegnano.row("E DOPO DI NOI")
    assert ("ATS", "required", "note") in {(r.actor, r.role, r.basis) for r in row.responsibilities}
    assert {"Ambito", "Asst"} <= {r.actor for r in row.responsibilities if r.role == "staff_supplier"}


def test_34_typos_and_unbalanced_quotes_stay(melegnano):
    assert melegnano.row("B2 E B1", 2).needs[0].text == "GRADUAOTORIE"
    assert "seminari”, workshop" in melegnano.row("APPLICATA AL PERCORSO").expectations[0].text


def test_35_three_levels_of_objectives(melegnano):
    assert {o.level for o in melegnano.record.objectives} == {"general", "specific", "operational"}
    general = next(o for o in melegnano.record.objectives if o.level == "general")
    assert general.title == "CO-COSTRUZIONE IMPIANTO METODOLOGICO PER L'INTEGRAZIONE SOCIO SANITARIA TERRITORIALE"


def test_36_prose_is_kept_and_yields_no_objective(melegnano):
    assert any(u.text.startswith("le risorse in campo, non è stato possibile") for u in melegnano.record.unread)
    assert len(melegnano.record.objectives) == 12


def test_37_an_item_repeated_by_continua_is_one(ausl):
    actions = texts(ausl.row("Infanzia").actions)
    repeated = [
        text for text in actions if text.startswith("Consulenza psicodiagnostica nei casi di intervento di sostegno")
    ]
    assert len(repeated) == 1


def test_38_near_twins_have_different_owners(ausl):
    owners = {
        r.text: r.actor for r in ausl.row("Infanzia").responsibilities if r.role == "owner" and r.basis == "explicit"
    }
    health = next(
        owner for text, owner in owners.items() if text.startswith("Valutazione psicodiagnostica per l’idoneità")
    )
    social = next(
        owner for text, owner in owners.items() if text.startswith("Valutazione psicosociale idoneità coppie")
    )
    assert (health, social) == ("A.U.S.L. n. 8", "Comuni del Distretto")


def test_39_a_zero_budget_is_a_statement(ausl):
    assert ("TOTALE COSTO SERVIZIO € 0 sui fondi L.328/00", "financial") in {
        (r.text, r.kind) for r in ausl.row("Infanzia").resources
    }


def test_40_spellings_of_one_body(ausl):
    spellings = {m.text for m in ausl.record.mentions if m.entity == "AUSL"}
    assert len(spellings) >= 3


def test_41_relative_time_is_not_a_service_standard(ausl):
    timeline = ausl.row("Infanzia").timeline
    assert (timeline.relative.duration, timeline.relative.anchor) == ("P6M", "approvazione del PdZ")
    assert any("10 gg" in note.text for note in ausl.row("Infanzia").notes)


def test_42_a_label_without_tab_or_colon_is_a_label(ausl):
    assert all(note.text != "TEMPI EROGAZIONE SERVIZIO" for note in ausl.row("Infanzia").notes)
    assert len(ausl.row("Infanzia").timeline.texts) == 1


def test_43_no_default_year(lodi, cernusco, melegnano, ausl):
    periods = [(s.record.plan.period.start, s.record.plan.period.end) for s in (lodi, cernusco, melegnano, ausl)]
    assert periods == [("2021-01-01", "2023-12-31"), (None, None), ("2021-01-01", "2023-12-31"), (None, None)]


def test_44_capitals_with_an_apostrophe_are_accented_words(melegnano, lodi):
    assert normalised("POVERTA'") == normalised("povertà") and normalised("ATTIVITA’") == normalised("attività")
    assert lodi.objective("POVERTA").theme == "poverta-emarginazione"
