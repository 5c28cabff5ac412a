"""Workbooks as offices keep them: hidden sheets, rows and columns, filters, formulas that nobody worked out."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment

from loaders.document import Document, Table
from loaders.errors import NothingToRead
from loaders.formats import read_document

HEADING = ["OBIETTIVO", "AZIONI", "INDICATORI"]


def book() -> tuple[openpyxl.Workbook, Any]:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    for row in (HEADING, ["Primo", "a", "x"], ["Secondo", "b", "y"], ["Terzo", "c", "z"]):
        sheet.append(row)
    return made, sheet


def read(made: openpyxl.Workbook, tmp_path: Path) -> Document:
    path = tmp_path / "piano.xlsx"
    made.save(path)
    return read_document(path)


def tables(document: Document) -> list[list[list[str]]]:
    return [[[c.text.text for c in row] for row in b.rows] for b in document.blocks if isinstance(b, Table)]


def aside(document: Document) -> list[str]:
    return [span.text for span in document.furniture]


def remarked(document: Document) -> list[tuple[str, str]]:
    return [(finding.rule, finding.span.text) for finding in document.findings]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_set_aside_and_told_once(tmp_path: Path, state: str) -> None:
    made, _ = book()
    lists = made.create_sheet("Elenchi")
    lists.sheet_state = state
    lists.append(["Bozza", "superata"])
    lists.append(["Altra"])
    document = read(made, tmp_path)
    assert tables(document) == [[HEADING, ["Primo", "a", "x"], ["Secondo", "b", "y"], ["Terzo", "c", "z"]]]
    assert aside(document) == ["Bozza | superata", "Altra"]
    assert remarked(document) == [("hidden_cells", "Bozza | superata")]
    assert document.passage(document.furniture[1]).sheet == "Elenchi"


def test_hidden_rows_are_set_aside_and_part_no_table(tmp_path: Path) -> None:
    made, sheet = book()
    sheet.auto_filter.ref = "A1:C4"
    sheet.row_dimensions[3].hidden = True
    document = read(made, tmp_path)
    assert tables(document) == [[HEADING, ["Primo", "a", "x"], ["Terzo", "c", "z"]]]
    assert aside(document) == ["Secondo | b | y"]
    assert remarked(document) == [("hidden_cells", "Secondo | b | y")]


def test_a_single_cell_after_a_hidden_row_is_no_title(tmp_path: Path) -> None:
    made, sheet = book()
    sheet.row_dimensions[3].hidden = True
    sheet["A4"] = None
    sheet["C4"] = None
    document = read(made, tmp_path)
    assert tables(document) == [[HEADING, ["Primo", "a", "x"], ["", "c", ""]]]


def test_hidden_columns_are_set_aside(tmp_path: Path) -> None:
    made, sheet = book()
    sheet.column_dimensions["B"].hidden = True
    document = read(made, tmp_path)
    assert tables(document) == [[["OBIETTIVO", "INDICATORI"], ["Primo", "x"], ["Secondo", "y"], ["Terzo", "z"]]]
    assert aside(document) == ["AZIONI", "a", "b", "c"]
    assert remarked(document) == [("hidden_cells", "AZIONI")]


def test_a_merged_cell_of_which_a_part_shows_is_read(tmp_path: Path) -> None:
    made, sheet = book()
    sheet.merge_cells("A2:A4")
    sheet.row_dimensions[2].hidden = True
    document = read(made, tmp_path)
    assert [row[0] for row in tables(document)[0]][-2:] == ["Primo", "Primo"]
    assert aside(document) == ["a | x"]


def test_a_workbook_that_hides_all_it_holds_says_that_nothing_shows(tmp_path: Path) -> None:
    made, sheet = book()
    for row in range(1, 5):
        sheet.row_dimensions[row].hidden = True
    with pytest.raises(NothingToRead):
        read(made, tmp_path)


def test_typed_values_and_rich_text_are_read_as_they_show(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet["A3"], sheet["B3"], sheet["C3"], sheet["D3"] = "OBIETTIVO", "INDICATORI", "TEMPISTICA", "RISORSE"
    sheet["A4"] = CellRichText(TextBlock(InlineFont(b=True), "Casa"), " e lavoro")
    sheet["B4"], sheet["C4"], sheet["D4"] = 0.8, datetime.date(2024, 6, 30), 12500
    sheet["B4"].number_format, sheet["C4"].number_format, sheet["D4"].number_format = "0%", "dd/mm/yyyy", '#,##0 "€"'
    sheet["A4"].comment = Comment("da rivedere", "ufficio")
    document = read(made, tmp_path)
    assert tables(document)[0][1] == ["Casa e lavoro", "80%", "30/06/2024", "12.500 €"]
    assert "da rivedere" not in document.text
