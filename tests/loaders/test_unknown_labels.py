"""A form's label that no vocabulary holds: its words are its own, never those of the field above it."""

from __future__ import annotations

from pathlib import Path

from loaders.pipeline import read_plan
from loaders.records import Row


def _row(folder: Path, *fields: tuple[str, str]) -> Row:
    body = "".join(f"<p><b>{label}:</b></p><ul><li>{words}</li></ul>" for label, words in fields)
    path = folder / "scheda.html"
    path.write_text(f"<html><body><h1>Piano di Zona 2024</h1><h2>Azione n. 1</h2>{body}</body></html>", "utf-8")
    (objective,) = read_plan(path).objectives
    assert objective.title == "Sostenere le famiglie"
    (row,) = objective.rows
    return row


KNOWN = (("Obiettivo", "Sostenere le famiglie"), ("Azioni", "Aprire uno sportello"))
REST = (("Tempi", "entro il 2024"), ("Indicatori", "N. famiglie accolte"))


def test_words_under_an_unknown_label_are_notes(tmp_path: Path) -> None:
    row = _row(tmp_path, *KNOWN, ("Soggetti responsabili", "Comune di Prova"), ("Cornice", "ASST di Prova"), *REST)
    assert [owner.actor for owner in row.responsibilities] == ["Comune di Prova"]
    assert [note.text for note in row.notes] == ["ASST di Prova"]


def test_stems_explain_a_label_among_known_ones(tmp_path: Path) -> None:
    row = _row(tmp_path, KNOWN[0], ("Che cosa si farà", "Aprire uno sportello"), ("Responsabile", "ASST"), *REST)
    assert [action.text for action in row.actions] == ["Aprire uno sportello"]


def test_a_sentence_in_bold_is_no_label(tmp_path: Path) -> None:
    sentence = ("Le attività si svolgono in tutti i Comuni dell'Ambito", "Visite a domicilio")
    row = _row(tmp_path, *KNOWN, sentence, ("Responsabile", "ASST"), *REST)
    assert "Visite a domicilio" in [action.text for action in row.actions]
