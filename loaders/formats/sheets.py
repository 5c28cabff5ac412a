"""The tables of a sheet of cells (XLSX, CSV), and the titles and notes that stand above and between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial

from loaders.formats.compose import RawBlock, RawCell, RawParagraph, RawTable
from loaders.headers import LONGEST_HEADER, named_bodies, role_of

_LETTERS = 26


@dataclass(frozen=True)
class SheetCell:
    """A cell with words, or a coloured one without: how far it is merged, and what is known of its look."""

    text: str
    rows: int = 1
    columns: int = 1
    bold: bool = False
    colour: str | None = None
    remarks: tuple[str, ...] = ()


Row = Mapping[int, SheetCell]  # by column, from 0


def sheet_blocks(
    rows: Mapping[int, Row],
    tinted: Mapping[int, Row] | None = None,
    *,
    sheet: str | None = None,
    named: bool = False,
    hidden: Set[int] = frozenset(),
) -> Iterator[RawBlock]:
    """The blocks of one sheet, whose `rows` are numbered from 0 (empty ones may be left out).

    A row with a single cell is a title or note where it opens the sheet or follows an empty row; the heading of another
    table after an empty row opens that table. `tinted` holds the coloured cells without words. With `named`, cells have
    names («B7»). The `hidden` rows part nothing.
    """
    table = partial(_table, rows, tinted or {}, sheet, named)
    open_rows: list[int] = []
    width = (0, 0)  # the first and the last column of the open rows
    before = -1
    covered = _covered(rows)
    closed = covered | hidden
    order = [index for index in sorted(rows) if rows[index]]
    for number, index in enumerate(order):
        row = rows[index]
        after = order[number + 1] if number + 1 < len(order) else None
        gap = index > before + 1 and not _between(closed, before, index)
        alone = len(row) == 1 and index not in covered
        banner = alone and _reaches_over(row, width) and after is not None and _is_header(rows[after])
        if alone and (gap or not open_rows or banner):
            yield from table(open_rows)
            open_rows = []
            yield _paragraph(index, row, sheet, named)
        else:
            if open_rows and gap and _is_header(row):
                yield from table(open_rows)
                open_rows = []
            width = _widened(width if open_rows else None, row)
            open_rows.append(index)
        before = index
    yield from table(open_rows)


def _covered(rows: Mapping[int, Row]) -> set[int]:
    """The rows that a cell merged downwards reaches into."""
    return {i for index, row in rows.items() for cell in row.values() for i in range(index + 1, index + cell.rows)}


def _between(covered: Set[int], before: int, index: int) -> bool:
    return all(row in covered for row in range(before + 1, index))


def _reaches_over(row: Row, width: tuple[int, int]) -> bool:
    """Whether the single cell of `row` is merged over all the columns of the table above it."""
    (column, cell), *_ = row.items()
    return cell.columns > 1 and column <= width[0] and column + cell.columns > width[1]


def _widened(width: tuple[int, int] | None, row: Row) -> tuple[int, int]:
    first, last = min(row), max(row)
    return (first, last) if width is None else (min(width[0], first), max(width[1], last))


def _is_header(row: Row) -> bool:
    texts = [cell.text for cell in row.values()]
    known = [text for text in texts if len(text) <= LONGEST_HEADER and (role_of(text) or named_bodies(text))]
    return len(known) >= 2 and len(known) * 2 >= len(texts)


def _paragraph(index: int, row: Row, sheet: str | None, named: bool) -> RawParagraph:
    (column, cell), *_ = row.items()
    name = cell_name(index, column) if named else None
    return RawParagraph(cell.text, bold=cell.bold, remarks=cell.remarks, sheet=sheet, cell=name)


def _table(
    rows: Mapping[int, Row], tinted: Mapping[int, Row], sheet: str | None, named: bool, indexes: Sequence[int]
) -> Iterator[RawTable]:
    if not indexes:
        return
    order = {index: number for number, index in enumerate(indexes)}
    worded = {column for index in indexes for column in rows[index]}
    found = []
    for index in indexes:
        cells = []
        coloured = {column: cell for column, cell in tinted.get(index, {}).items() if column in worded}
        for column, cell in sorted((coloured | dict(rows[index])).items()):
            down = sum(i in order for i in range(index, index + cell.rows)) if cell.rows > 1 else 1
            words = tuple(RawParagraph(line, remarks=cell.remarks) for line in cell.text.splitlines())
            name = cell_name(index, column) if named else None
            cells.append(RawCell(column, words, cell.columns, down, sheet=sheet, name=name, colour=cell.colour))
        found.append(tuple(cells))
    yield RawTable(tuple(found))


def cell_name(row: int, column: int) -> str:
    """The name of a cell («B7») from its row and column, both from 0."""
    letters = ""
    left = column + 1
    while left:
        left, rest = divmod(left - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
