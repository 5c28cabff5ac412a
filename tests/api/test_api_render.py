"""What people take home: the same cells in every format, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from types import MappingProxyType

import openpyxl
import pytest

from api.operations import Asked, ask_question, coverage_matrix
from api.render import ANSWER_FORMATS, MATRIX_FORMATS
from api.render.matrices import matrix_table
from api.render.table import answer_table, harmless
from api.render.terminal import terminal_table
from api.render.workbook import LONGEST_CELL
from ontology.iris import Iris
from queries.answer import Answer, Cell, Row, Source
from queries.question import find_question
from store import GraphStore

IRIS = Iris()
FORMULAS = ["=1+1", "+39 02", "-5", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"]
HARMLESS = ["1=1", "a-b", " =1", "«=1»", ""]


def asked_with(*texts: str, sources: tuple[Source, ...] = ()) -> Asked:
    """An answer whose rows hold these texts as plan titles."""
    question = find_question("protocols/lacking")
    rows = tuple(
        Row(
            MappingProxyType(
                {
                    "answer": Cell("declared-absent"),
                    "plan": Cell("https://w3id.org/raccordo/id/plan/x", is_iri=True),
                    "planLabel": Cell(text),
                    "presentRows": Cell("-5", datatype="http://www.w3.org/2001/XMLSchema#integer"),
                }
            ),
            sources,
        )
        for text in texts
    )
    answer = Answer(question, question.columns, rows, "=SELECT")
    return Asked(answer, {"theme": "violenza-di-genere"}, "it", "0123456789ab")


@pytest.fixture(scope="module")
def real(loaded: GraphStore) -> Asked:
    return ask_question(loaded, "protocols/lacking", {"theme": "violenza-di-genere"}, IRIS, "it")


def cells(sheet: object) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_neutralised(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_plain_text_stays(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(("name", "delimiter"), [("csv", ","), ("csv-it", ";")])
def test_csv_neutralises_texts_and_keeps_numbers(name: str, delimiter: str) -> None:
    body = ANSWER_FORMATS[name].write(asked_with(*FORMULAS)).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
    title, present = head.index("Piano"), head.index("Righe presenti")
    assert [row[title] for row in rows] == [f"'{text}" for text in FORMULAS]
    assert {row[present] for row in rows} == {"-5"}
    assert {row[0] for row in rows} == {"assente dichiarato"}


def test_italian_csv_opens_by_double_click() -> None:
    body = ANSWER_FORMATS["csv-it"].write(asked_with("però"))
    assert body.startswith(b"\xef\xbb\xbf")
    assert "però;" in body.decode("utf-8-sig")


def test_a_workbook_holds_texts_as_texts() -> None:
    book = openpyxl.load_workbook(io.BytesIO(ANSWER_FORMATS["xlsx"].write(asked_with(*FORMULAS))))
    sheet = book.worksheets[0]
    column = next(cell.column for cell in sheet[1] if cell.value == "Piano")
    for row, text in enumerate(FORMULAS, start=2):
        cell = sheet.cell(row, column)
        assert (cell.data_type, cell.quotePrefix) == ("s", True)
        assert str(cell.value).replace("_x0009_", "\t").replace("_x000D_", "\r").strip() == text.strip()
    assert sheet.cell(2, next(cell.column for cell in sheet[1] if cell.value == "Righe presenti")).value == -5
    about = {row[0]: row[1] for row in cells(book.worksheets[1])}
    assert about["SPARQL"] == "=SELECT"


def test_a_workbook_cuts_what_no_cell_can_hold_and_says_so() -> None:
    body = ANSWER_FORMATS["xlsx"].write(asked_with("x" * (LONGEST_CELL + 1)))
    values = [value for row in cells(openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]) for value in row]
    long = next(str(value) for value in values if str(value).startswith("xxx"))
    assert len(long) == LONGEST_CELL
    assert long.endswith("[…]")


def test_a_workbook_has_the_cells_of_the_table(real: Asked) -> None:
    table = answer_table(real)
    first, about = openpyxl.load_workbook(io.BytesIO(ANSWER_FORMATS["xlsx"].write(real))).worksheets
    read = cells(first)
    assert read[0] == [heading.label for heading in table.headings]
    assert [[value or None for value in row] for row in read[1:]] == [
        [value or None for value in row] for row in table.rows
    ]
    kinds = {heading.name: heading.kind for heading in table.headings}
    assert kinds["territory"] == "iri"
    assert kinds["territoryLabel"] == "text"
    notes = {row[0]: row[1] for row in cells(about)}
    assert notes["Tema"] == "violenza-di-genere"
    assert notes["Versione dei dati"] == real.data_version
    assert notes["SPARQL"] == real.answer.query
    assert notes["Estratto il"]


def test_csv_has_the_rows_of_the_table(real: Asked) -> None:
    _, *rows = csv.reader(io.StringIO(ANSWER_FORMATS["csv"].write(real).decode(), newline=""))
    assert len(rows) == len(real.answer.rows) > 30


def test_csv_is_the_same_bytes_every_time(real: Asked) -> None:
    assert ANSWER_FORMATS["csv"].write(real) == ANSWER_FORMATS["csv"].write(real)


def test_several_sources_stay_side_by_side() -> None:
    sources = (Source("p1", "uno", "a.txt", 3, None), Source("p2", "due", "a.txt", None, None))
    table = answer_table(asked_with("x", sources=sources))
    by_name = dict(zip([one.name for one in table.headings], table.rows[0], strict=True))
    assert (by_name["quote"], by_name["file"], by_name["line"], by_name["page"]) == ("uno | due", "a.txt", "3 | ", None)


def test_json_keeps_values_labels_and_passages_apart(real: Asked) -> None:
    document = json.loads(ANSWER_FORMATS["json"].write(real))
    first = document["rows"][0]
    assert first["answer"] == {"value": "declared-absent", "label": "assente dichiarato"}
    assert first["territory"] == str(IRIS.territory("ambito", "lodi"))
    assert first["presentRows"] == 0
    assert all(source["file"] for source in first["sources"])
    assert document["question"] == "protocols/lacking"
    assert document["query"] == real.answer.query


def test_markdown_escapes_what_would_be_markup() -> None:
    body = ANSWER_FORMATS["markdown"].write(asked_with("a|b <script> *x*\nsecond")).decode()
    assert "a\\|b \\<script\\> \\*x\\* second" in body


def test_the_terminal_table_has_no_identifiers_and_no_empty_columns(real: Asked) -> None:
    headings, rows = terminal_table(real)
    assert headings[0] == "Risposta"
    assert headings[-1] == "Dove sta scritto"
    assert not any(value.startswith("https://") for row in rows for value in row)
    assert all(any(row[index] for row in rows) for index in range(len(headings)))


def test_the_matrix_goes_home_as_it_stands(loaded: GraphStore) -> None:
    matrix = coverage_matrix(loaded, {}, IRIS, "it")
    table = matrix_table(matrix)
    lodi = next(
        dict(zip([one.label for one in table.headings], row, strict=True)) for row in table.rows if row[0] == "Lodi"
    )
    assert lodi["Contrasto alla violenza di genere"] == "Assente, 2 righe"
    assert (
        lodi["Assenti"]
        == matrix.territories[[one.place.label for one in matrix.territories].index("Lodi")].counts["absent"]
    )
    assert table.rows[-1][2] == "nessun documento"
    assert table.rows[-1][-1] is None
    book = openpyxl.load_workbook(io.BytesIO(MATRIX_FORMATS["xlsx"].write(matrix)))
    assert book.sheetnames == ["Matrice", "Righe e citazioni", "Informazioni"]
    assert len(cells(book["Matrice"])) == len(table.rows) + 1
