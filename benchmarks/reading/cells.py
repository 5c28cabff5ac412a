"""Physical cells read beside those that a document was made from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.corpus.pages import Cell, Grid, Pages
from benchmarks.reading.compare import Tally, aligned, dice
from benchmarks.reading.views import rows_of_cells
from loaders.document import Cell as Read
from loaders.document import Document, Table
from loaders.layouts.tables import grids

Rows = list[list[str]]


def cells_of_pages(pages: Pages, *, heads: bool) -> Rows:
    """The rows of all the tables of a made-up document, with or without their headings."""
    tables = [block for block in pages.blocks if isinstance(block, Grid)]
    rows = (row for table in tables for row in (*(table.head if heads else ()), *table.rows))
    return rows_of_cells([_words(each) for each in row] for row in rows)


def _words(cell: Cell | None) -> str:
    return " ".join(line.text for line in cell.lines) if cell else ""


def cells_of_document(document: Document) -> Rows:
    """The rows of all the tables that were read, as drawn."""
    tables = [block for block in document.blocks if isinstance(block, Table)]
    return rows_of_cells([own_text(cell) for cell in row] for table in tables for row in table.rows)


def joined_cells(document: Document) -> Rows:
    """The rows of all the tables that have a known heading, as joined over pages and parted at their statuses."""
    return rows_of_cells([own_text(cell) for cell in row.cells] for read in grids(document) for row in read.grid.rows)


def own_text(cell: Read) -> str:
    """The words of a cell; none of one that a merged or inherited cell fills."""
    return cell.text.text if cell.origin not in ("spanned", "inherited") else ""


def kept_cells(file: Path, plan: str) -> Rows:
    """The body rows of one plan of `cells.json`."""
    blocks = json.loads(file.read_text(encoding="utf-8"))[plan]["blocks"]
    tables = [block[1] for block in blocks if block[0] == "t"]
    return rows_of_cells([_kept(cell) for cell in row] for table in tables for row in table["rows"])


def _kept(cell: list[Any] | None) -> str:
    return " ".join(text for _, text in cell) if cell else ""


def compare_cells(true: Rows, read: Rows) -> Tally:
    """How many filled cells were read whole, in the right column of the matching row."""
    tally = Tally()
    for here, there in aligned(true, read, _likeness):
        if here is None:
            continue
        for text, found in _filled(here, there or ()):
            tally.add(Tally(int(text == found), int(text != found), 0))
    return tally


def wrong_cells(true: Rows, read: Rows) -> Iterator[tuple[str, str]]:
    """The filled cells that were not read whole, with what was read in their place."""
    for here, there in aligned(true, read, _likeness):
        if here is not None:
            yield from ((text, found) for text, found in _filled(here, there or ()) if text != found)


def _filled(here: Sequence[str], there: Sequence[str]) -> Iterable[tuple[str, str]]:
    padded = [*there, *[""] * (len(here) - len(there))]
    return ((text, found) for text, found in zip(here, padded, strict=False) if text)


def _likeness(here: Sequence[str], there: Sequence[str]) -> float:
    return dice([text[i : i + 4] for text in here for i in range(0, len(text), 2)],
                [text[i : i + 4] for text in there for i in range(0, len(text), 2)])  # fmt: skip
