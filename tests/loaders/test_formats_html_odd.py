"""Web pages whose tables hide rows and cells, and whose styles hide words."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.document import Document, Table
from loaders.formats import read_document


def read(page: str, tmp_path: Path) -> Document:
    path = tmp_path / "piano.html"
    path.write_text(f"<meta charset=utf-8>{page}", encoding="utf-8")
    return read_document(path)


def tables(document: Document) -> list[list[list[str]]]:
    return [[[c.text.text for c in row] for row in b.rows] for b in document.blocks if isinstance(b, Table)]


def aside(document: Document) -> list[str]:
    return [span.text for span in document.furniture]


TABLE = "<table><tr><th>OBIETTIVO<th>AZIONI{}<tr><td>uno<td>due</table>"


@pytest.mark.parametrize("hidden", ["hidden", "style='display:none'", "style='color: red; DISPLAY : None'"])
def test_hidden_rows_and_cells_take_no_room(tmp_path: Path, hidden: str) -> None:
    row = read(TABLE.format(f"<tr {hidden}><td>bozza<td>vecchia"), tmp_path)
    cell = read(f"<table><tr><td>uno<td {hidden}>bozza<td>due<tr><td>tre<td>quattro</table>", tmp_path)
    group = read(TABLE.format(f"<tbody {hidden}><tr><td>bozza</tbody>"), tmp_path)
    assert tables(row) == tables(group) == [[["OBIETTIVO", "AZIONI"], ["uno", "due"]]]
    assert tables(cell) == [[["uno", "due"], ["tre", "quattro"]]]
    assert (aside(row), aside(cell), aside(group)) == (["bozza", "vecchia"], ["bozza"], ["bozza"])


def test_a_style_that_names_another_display_hides_nothing(tmp_path: Path) -> None:
    document = read("<p style='--x-display:none'>si vede</p>", tmp_path)
    assert (document.text.strip(), aside(document)) == ("si vede", [])


def test_invisible_words_are_set_aside(tmp_path: Path) -> None:
    document = read("<p>Vede <span style='visibility: HIDDEN'>no</span>bene</p>", tmp_path)
    assert [block.text.text for block in document.blocks if not isinstance(block, Table)] == ["Vede bene"]
    assert aside(document) == ["no"]
