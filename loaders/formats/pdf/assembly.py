"""From the stretches of the pages to the blocks of a document, its text and the places of its pieces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loaders.continuity import joined, starts_low
from loaders.document import Block, Cell, Finding, Line, Place, Table
from loaders.formats.blocks import Writer, block_of
from loaders.formats.pdf.bands import split_bands
from loaders.formats.pdf.fragments import Fragment, Slot
from loaders.formats.pdf.joins import goes_on, on_one_grid
from loaders.formats.pdf.lines import Piece, Region, TextLine, document_words, pieces
from loaders.span import EMPTY, normalised

Box = tuple[float, float, float, float]
_DEEPEST_HEADING = 3  # rows of a heading that a page may repeat


@dataclass(frozen=True)
class Run:
    """A table's parts on following pages, or a stretch of running text that may go on over pages."""

    fragments: tuple[Fragment, ...] = ()
    region: Region | None = None


@dataclass
class Assembly:
    """The document as it is put together."""

    writer: Writer
    words: Counter[str]
    blocks: list[Block] = field(default_factory=list)
    ink: Counter[int] = field(default_factory=Counter)  # glyphs that came to stand in a block, by page
    findings: list[Finding] = field(default_factory=list)
    tables: int = 0
    ruled: set[int] = field(default_factory=set)  # numbers of the tables whose cells have rules around them


def assemble(runs: Sequence[Run], path: Path) -> Assembly:
    """The blocks of `runs`, in order.

    Raises `UnreadableFile` when the text is too long.
    """
    regions = [region for run in runs for region in _regions(run)]
    assembly = Assembly(Writer(path), document_words(regions))
    for run in runs:
        if run.region is not None:
            _add_text(assembly, run.region)
        else:
            _add_table(assembly, on_one_grid(run.fragments))
    return assembly


def _regions(run: Run) -> Iterator[Region]:
    if run.region is not None:
        yield run.region
    for fragment in run.fragments:
        yield from fragment.regions


def runs_of(stretches: Sequence[Fragment | Region]) -> list[Run]:
    """The stretches with the parts of one table, and the running text of following pages, brought together."""
    runs: list[Run] = []
    for stretch in stretches:
        last = runs[-1] if runs else Run()
        if isinstance(stretch, Fragment):
            if last.fragments and goes_on(last.fragments[-1], stretch):
                runs[-1] = Run((*last.fragments, stretch))
            else:
                runs.append(Run((stretch,)))
        elif last.region is not None and (last.region.left, last.region.right) == (stretch.left, stretch.right):
            lines = (*last.region.lines, *stretch.lines)
            runs[-1] = Run(region=Region(lines, stretch.left, stretch.right, stretch.leading))
        else:
            runs.append(Run(region=stretch))
    return runs


def _add_text(assembly: Assembly, region: Region) -> None:
    for piece in pieces(region, assembly.words):
        _count(assembly, piece.lines)
        if not piece.text:
            continue
        start = assembly.writer.end
        span = assembly.writer.write(piece.text)
        page = piece.lines[0].page
        box = _box(line for line in piece.lines if line.page == page)
        assembly.writer.place(start, Place(0, 0, page=page, box=box))
        assembly.blocks.append(block_of(span, bold=piece.bold, item=piece.bullet))


def _box(lines: Iterator[TextLine]) -> Box:
    lefts, tops, rights, bottoms = zip(*(line.box for line in lines), strict=True)
    return _rounded((min(lefts), min(tops), max(rights), max(bottoms)))


def _rounded(box: Box) -> Box:
    left, top, right, bottom = (round(value, 1) for value in box)
    return left, top, right, bottom


def _count(assembly: Assembly, lines: Sequence[TextLine]) -> None:
    for line in lines:
        assembly.ink[line.page] += line.ink


def _add_table(assembly: Assembly, parts: Sequence[Fragment]) -> None:
    assembly.tables += 1
    if parts[0].ruled:
        assembly.ruled.add(assembly.tables)
    rows: list[tuple[Cell, ...]] = []
    breaks: set[int] = set()
    split = split_bands(parts)
    for part in split:
        first = len(rows)
        body = first
        for slots in part.rows:
            rows.append(_row(assembly, part, slots, rows, (first, body)))
            if first and body == len(rows) - 1:
                breaks.add(body)
                body += _repeats(rows[body], rows[: min(first, _DEEPEST_HEADING)])
    assembly.blocks.append(Table(tuple(rows), assembly.tables, frozenset(breaks)))
    more = len(rows) - sum(len(part.rows) for part in parts)
    if more:
        note = f"blank lines and statuses part {more} more rows than are ruled"
        span = next(cell.text for row in rows for cell in row if cell)
        assembly.findings.append(Finding("anchor_split", note, "B", "one row", span))


def _repeats(row: tuple[Cell, ...], headings: Sequence[tuple[Cell, ...]]) -> bool:
    """Whether a row that opens a page says again what one of the first rows of the table says."""
    texts = [normalised(cell.text.text) for cell in row]
    return any(texts == [normalised(cell.text.text) for cell in heading] for heading in headings)


def _row(
    assembly: Assembly,
    part: Fragment,
    slots: Sequence[Slot],
    rows: Sequence[tuple[Cell, ...]],
    starts: tuple[int, int],
) -> tuple[Cell, ...]:
    """A row as cells; `rows` are those above it, `starts` the first row of its page and the first below the heading."""
    cells: list[Cell] = []
    for column, slot in enumerate(slots):
        if slot.covers is None:
            place = Place(0, 0, part.page, assembly.tables, len(rows) + 1, column + 1)
            cells.append(_cell(assembly, slot, place))
        elif slot.covers[1] == 0:
            at = len(rows) - slot.covers[0]
            cells.append(Cell(_spanning(assembly, rows, column, at, starts).lines, "spanned", slot.colour))
        else:
            cells.append(Cell((), "spanned", slot.colour))
    return tuple(cells)


def _spanning(
    assembly: Assembly, rows: Sequence[tuple[Cell, ...]], column: int, at: int, starts: tuple[int, int]
) -> Cell:
    """The merged cell that starts in row `at`; where a page cut it in two, with its part on the page before."""
    cell = rows[at][column]
    first, body = starts
    if at != body or not first:
        return cell
    above = rows[first - 1][column]
    return joined(above, cell, assembly.words) if not cell or starts_low(cell) else cell


def _cell(assembly: Assembly, slot: Slot, place: Place) -> Cell:
    start = assembly.writer.end
    lines: list[Line] = [Line(EMPTY)] * slot.lead
    for piece in pieces(slot.region, assembly.words):
        _count(assembly, piece.lines)
        lines.extend([Line(EMPTY)] * piece.blank)
        lines.append(_line(assembly, piece))
    if assembly.writer.end > start:
        box = _rounded(slot.box)
        where = Place(0, 0, place.page, place.table, place.row, place.column, box)
        assembly.writer.place(start, where)
    return Cell(tuple(lines), colour=slot.colour)


def _line(assembly: Assembly, piece: Piece) -> Line:
    return Line(assembly.writer.write(piece.text) if piece.text else EMPTY, piece.bullet)
