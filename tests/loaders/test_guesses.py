"""Unknown headings by their cells: what is clear in every cell is read, what is not stays a note."""

from __future__ import annotations

import pytest

from loaders.document import Cell, Line, Table
from loaders.span import whole
from loaders.tables import read_grid

KNOWN = ("Obiettivo", "Azioni")


def cell(text: str) -> Cell:
    return Cell(tuple(Line(whole(line)) for line in text.split("|"))) if text else Cell()


@pytest.mark.parametrize(
    ("label", "cells", "role"),
    [
        ("Arco", ("entro dicembre 2024", "2023-2024"), "time"),
        ("Arco", ("entro il 30/06/2024", "due volte l'anno"), "time"),
        ("Arco", ("entro dicembre 2024", "da concordare con le scuole"), "unknown"),
        ("Arco", ("entro dicembre 2024", ""), "unknown"),
        ("Firmato il", ("12/03/2021", "15/05/2021"), "unknown"),
        ("Peso", ("€ 12.000,00", "8.500 euro"), "resource"),
        ("Peso", ("€ 12.000,00", "due educatori"), "unknown"),
        ("Metro", ("N. casi presi in carico|% di rientri", "Numero incontri"), "indicator"),
        ("Metro", ("N. casi presi in carico", "Sala del Comune"), "unknown"),
        ("Legami", ("ASST di Lodi", "Comuni dell'Ambito"), "unknown"),
    ],
)
def test_a_column_by_its_cells(label: str, cells: tuple[str, str], role: str) -> None:
    rows = [tuple(map(cell, (*KNOWN, label)))]
    rows += [tuple(map(cell, (f"Obiettivo {n}", f"Attivare il servizio {n}", text))) for n, text in enumerate(cells)]
    grid = read_grid(Table(tuple(rows), 1), {})
    assert grid is not None
    assert grid.columns[2].role == role
    assert [finding.rule for finding in grid.findings] == ([] if role == "unknown" else ["column_guess"])


@pytest.mark.parametrize(
    ("cells", "roles"),
    [
        (("alta", "media"), ("objective", "action", "note")),
        (("1", "2"), ("objective", "action", "note")),
        (("alta", "Aprire uno sportello"), ("objective", "label", "priority")),
    ],
)
def test_grades_commit_to_nothing(cells: tuple[str, str], roles: tuple[str, ...]) -> None:
    rows = [tuple(map(cell, ("Obiettivo", "Misura", "Priorità")))]
    rows += [tuple(map(cell, (f"Obiettivo {n}", f"Nuovo servizio {n}", text))) for n, text in enumerate(cells)]
    grid = read_grid(Table(tuple(rows), 1), {})
    assert grid is not None
    assert tuple(column.role for column in grid.columns) == roles
