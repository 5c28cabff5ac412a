"""What a page break cuts in a table: a heading, a merged cell, a status, a word; and what a page says again."""

from __future__ import annotations

import pytest

from loaders.continuity import is_stump, joined
from loaders.document import Cell, Line, Table
from loaders.span import whole
from loaders.tables import Grid, read_grid

STATUS = ("Protocollo Presente", "Protocollo non presente", "Stato avanzamento dei lavori", "Prossimi impegni")
NEEDS = ("Obiettivo", "Bisogni", "Aspettative", "Indicatori di valutazione")


def row(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell((Line(whole(text)),)) if text else Cell() for text in texts)


def merged(cell: Cell) -> Cell:
    return Cell(cell.lines, "spanned")


def grid(*rows: tuple[Cell, ...], breaks: set[int]) -> Grid:
    found = read_grid(Table(rows, 1, frozenset(breaks)), {})
    assert found is not None
    return found


def texts(found: Grid) -> list[tuple[str, ...]]:
    return [tuple(cell.text.text for cell in line.cells) for line in found.rows]


def test_a_heading_cut_in_two_is_one() -> None:
    found = grid(
        row("Protocollo", "Protocollo non", "Stato avanzamento", "Prossimi impegni"),
        row("Presente", "presente", "dei lavori", ""),
        row("", "X", "Tavolo avviato", "Stesura del protocollo"),
        breaks={1},
    )
    assert [column.role for column in found.columns] == ["protocol_present", "protocol_absent", "progress", "priority"]
    assert texts(found) == [("", "X", "Tavolo avviato", "Stesura del protocollo")]


def test_a_row_that_only_looks_like_a_heading_s_end_stays_a_row() -> None:
    found = grid(row(*STATUS), row("X", "", "in corso", "Rinnovo"), breaks={1})
    assert len(found.rows) == 1


def test_a_status_that_goes_on_alone_joins_the_row_above() -> None:
    found = grid(
        row(*STATUS),
        row("", "Non è presente un protocollo per le dimissioni dai Reparti", "Confronto avviato", "Stesura"),
        row("", "Ospedalieri", "", ""),
        breaks={2},
    )
    assert texts(found)[0][1] == "Non è presente un protocollo per le dimissioni dai Reparti Ospedalieri"
    assert len(found.rows) == 1


def test_a_mark_alone_is_a_row_of_its_own() -> None:
    found = grid(row(*STATUS), row("", "X", "Confronto", "Stesura"), row("X", "", "", ""), breaks={2})
    assert len(found.rows) == 2


def test_a_title_said_again_above_the_heading_is_no_row() -> None:
    title = row("DIMISSIONI PROTETTE", "", "", "")
    found = grid(
        title, row(*NEEDS), row("Dimissioni", "Raccordo", "Percorso", "N. casi"),
        title, row(*NEEDS), row("Ammissioni", "Valutazione", "Equipe", "N. incontri"),
        breaks={3, 4, 5},
    )  # fmt: skip
    assert [line[0] for line in texts(found)] == ["Dimissioni", "Ammissioni"]


def test_a_merged_cell_goes_on_over_the_page_for_the_same_objective() -> None:
    first = row("Dimissioni", "Raccordo", "Percorso", "N. casi")
    second = (merged(first[0]), *row("Rete", "Accordi"), merged(first[3]))
    found = grid(row(*NEEDS), first, second, row("", "Formazione", "Corsi", ""), breaks={3})
    assert texts(found)[2] == ("Dimissioni", "Formazione", "Corsi", "N. casi")
    assert [finding.rule for finding in found.findings] == ["page_span"]


def test_an_empty_cell_of_another_objective_stays_empty() -> None:
    first = row("Dimissioni", "Raccordo", "Percorso", "N. casi")
    second = (merged(first[0]), *row("Rete", "Accordi"), merged(first[3]))
    found = grid(row(*NEEDS), first, second, row("Ammissioni", "Formazione", "Corsi", ""), breaks={3})
    assert texts(found)[2] == ("Ammissioni", "Formazione", "Corsi", "")


@pytest.mark.parametrize(("above", "below", "words"), [
    ("progetti personalizz", "ati", "progetti personalizzati"),
    ("almeno 2 incontri all'ann", "o", "almeno 2 incontri all'anno"),
    ("il lavoro dello staff", "medico", "il lavoro dello staff medico"),
    ("un protocollo", "sociale", "un protocollo sociale"),
])  # fmt: skip
def test_a_word_cut_by_a_page_is_whole_again(above: str, below: str, words: str) -> None:
    assert joined(row(above)[0], row(below)[0], {}).text.text == words


@pytest.mark.parametrize("word", ["staff", "stress", "week", "wellness", "team", "anno", "call"])
def test_words_that_are_whole(word: str) -> None:
    assert not is_stump(word)
