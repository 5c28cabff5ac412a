"""Tables without rules: columns below the labels of a heading, rows at bands and anchors, the end at a line across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from loaders.formats.pdf.fragments import Fragment, Slot
from loaders.formats.pdf.headings import Columns, find_columns, find_heading
from loaders.formats.pdf.lines import LEADING, WIDE, Region, TextLine, split_wide, text_lines, usual_leading
from loaders.formats.pdf.rows import dealt, row_starts
from loaders.formats.pdf.sheet import Edge, Glyph

_PADDING = 5.4  # points at either side of a column's text, as word processors leave them
_LONGEST_BANNER = 80  # characters of a line across the columns that names a section of the table
_TITLE_GAP = 1.3  # of the usual distance; a title stands further below the table before it
Part = tuple[TextLine, ...] | Fragment


@dataclass(frozen=True)
class LoosePage:
    """A page as the stretches of its lines that ruled tables part, the right margin of its text, its level rules."""

    stretches: Sequence[Sequence[TextLine]]
    right: float
    rules: Sequence[Edge] = ()


def find_borderless(pages: Sequence[LoosePage]) -> list[list[Part]]:
    """The parts of each page: stretches of running text, and the parts of tables without rules.

    A table goes on from the last stretch of one page to the first of the next.
    """
    found: list[list[Part]] = []
    columns: Columns | None = None
    for page in pages:
        parts: list[Part] = []
        for number, lines in enumerate(page.stretches):
            some, columns = _parts(lines, columns if number == 0 else None, page)
            parts.extend(some)
        found.append(parts)
    return found


def _parts(
    lines: Sequence[TextLine], open_columns: Columns | None, page: LoosePage
) -> tuple[list[Part], Columns | None]:
    found: list[Part] = []
    text: list[TextLine] = []
    at, columns = 0, open_columns
    while at < len(lines):
        opened = find_columns(lines, at, page.right)
        columns, depths = opened if opened is not None else (columns, ())
        end = _end(lines, at, at + sum(depths), columns) if columns is not None else at
        if columns is None or end == at:
            text.append(lines[at])
            columns = None
            at += 1
            continue
        if text:
            found.append(tuple(text))
            text = []
        found.append(_fragment(lines[at:end], columns, depths, page.rules))
        at = end
        columns = columns if at == len(lines) else None
    if text:
        found.append(tuple(text))
    return found, columns


def _end(lines: Sequence[TextLine], first: int, start: int, columns: Columns) -> int:
    """The line at which a table ends: one that runs across its columns, or the title or heading of the next one."""
    for index in range(start, len(lines)):
        if _ends_at(lines, index, columns):
            return index
        if index > first and index >= start and find_heading(lines, index) is not None:
            return _before_title(lines, start, index)
    return len(lines)


def _ends_at(lines: Sequence[TextLine], index: int, columns: Columns) -> bool:
    line = lines[index]
    if columns.form:
        starts = [x0 for x0, _, _ in split_wide(line)]
        return len(starts) > 2 or not all(map(columns.is_start, starts)) or (line.bold and len(starts) == 1)
    if _runs_across(line, columns):
        return not _is_banner(lines, index, columns)
    return _is_title(lines, index)


def _is_title(lines: Sequence[TextLine], index: int) -> bool:
    """Whether a line is a title below the table: bold and alone, apart from lines that are not bold, text below it."""
    line, above = lines[index], lines[index - 1]
    alone = line.bold and not above.bold and index > 0 and len(split_wide(line)) == 1
    apart = line.base - above.base > _TITLE_GAP * LEADING * line.size
    return alone and apart and (index + 1 == len(lines) or len(split_wide(lines[index + 1])) == 1)


def _before_title(lines: Sequence[TextLine], start: int, heading: int) -> int:
    """Where the title above a heading starts: a line alone in the first column, bold or with space above it."""
    index = heading
    while index - 1 > start and len(split_wide(lines[index - 1])) == 1:
        title, above = lines[index - 1], lines[index - 2]
        apart = title.base - above.base > _TITLE_GAP * LEADING * title.size
        if not (title.bold and not above.bold) and not (apart and index == heading):
            break
        index -= 1
    return index


def _is_banner(lines: Sequence[TextLine], index: int, columns: Columns) -> bool:
    """Whether a line across the columns names a section of the table: it goes on below in its columns."""
    line = lines[index]
    if index + 1 >= len(lines) or len(line.text) > _LONGEST_BANNER or line.text.endswith((".", ":")):
        return False
    below = split_wide(lines[index + 1])
    aligned = len(below) > 1 and all(columns.is_start(x0) for x0, _, _ in below)
    return len(split_wide(line)) == 1 and aligned and find_heading(lines, index + 1) is None


def _runs_across(line: TextLine, columns: Columns) -> bool:
    left = line.glyphs[0].x0
    inside = [start for start in columns.starts[1:] if left < start < line.x1]
    if left < columns.starts[0] - 2:
        return True
    if not inside:
        return False
    return all(_space_at(line.glyphs, start) < WIDE * line.size for start in inside)


def _space_at(glyphs: Sequence[Glyph], x: float) -> float:
    """How wide the space is that holds `x`, or that starts within a point of it."""
    before = max((g.x1 for g in glyphs if g.x0 < x), default=x)
    after = min((g.x0 for g in glyphs if g.x0 >= x), default=x)
    return max(0.0, after - before)


def _fragment(lines: Sequence[TextLine], columns: Columns, depths: Sequence[int], rules: Sequence[Edge]) -> Fragment:
    page, depth = lines[0].page, sum(depths)
    banners = [line for line in lines[depth:] if not columns.form and _runs_across(line, columns)]
    bodies = _by_column([line for line in lines[depth:] if line not in banners], columns)
    leading = usual_leading(bodies)
    starts = row_starts(bodies, columns, leading, rules)
    edges = (*columns.starts, columns.right)
    rows = [_row(row, edges, leading) for row in dealt(bodies, _with_banners(starts, bodies, banners))]
    rows = sorted([*rows, *(_banner(line, edges, leading) for line in banners)], key=_top)
    levels = [lines[sum(depths[:i]) : sum(depths[: i + 1])] for i in range(len(depths))]
    rows = [*(_row(_heading_cells(level, columns), edges, leading) for level in levels), *rows]
    top, bottom = lines[0].box[1], max(line.box[3] for line in lines)
    return Fragment(page, (edges[0], top, edges[-1], bottom), edges, tuple(rows), ruled=False)


def _heading_cells(lines: Sequence[TextLine], columns: Columns) -> list[list[TextLine]]:
    """The labels of a row of a heading, each whole in the column where it starts."""
    cells: list[list[TextLine]] = [[] for _ in columns.starts]
    for line in lines:
        starts = [x0 for x0, _, _ in split_wide(line)]
        for start, after in pairwise([*starts, float("inf")]):
            glyphs = [g for g in line.glyphs if start <= g.x0 < after]
            cells[columns.index(start + 1)].extend(text_lines(glyphs, line.page))
    return cells


def _by_column(lines: Sequence[TextLine], columns: Columns) -> list[list[TextLine]]:
    glyphs: list[list[Glyph]] = [[] for _ in columns.starts]
    for glyph in (g for line in lines for g in line.glyphs):
        glyphs[columns.index((glyph.x0 + glyph.x1) / 2)].append(glyph)
    return [text_lines(found, lines[0].page) if found else [] for found in glyphs]


def _with_banners(
    starts: Sequence[float], bodies: Sequence[Sequence[TextLine]], banners: Sequence[TextLine]
) -> list[float]:
    """The starts of rows, with the first line below each banner."""
    below = (min((x.base for body in bodies for x in body if x.base > banner.base), default=0.0) for banner in banners)
    return sorted({*starts, *(base for base in below if base)})


def _row(cells: Sequence[Sequence[TextLine]], edges: Sequence[float], leading: float) -> tuple[Slot, ...]:
    return tuple(_slot(cell, edges[i], edges[i + 1], leading) for i, cell in enumerate(cells))


def _banner(line: TextLine, edges: Sequence[float], leading: float) -> tuple[Slot, ...]:
    first = _slot([line], edges[0], edges[-1], leading)
    return first, *(Slot(first.box, covers=(0, column)) for column in range(1, len(edges) - 1))


def _top(row: Sequence[Slot]) -> float:
    return min(line.base for slot in row for line in slot.region.lines)


def _slot(lines: Sequence[TextLine], left: float, right: float, leading: float) -> Slot:
    if not lines:
        return Slot((left, 0.0, right, 0.0))
    inner = right - 2 * _PADDING if right - left > 8 * _PADDING else right
    region = Region(tuple(lines), left, max(inner, *(x.x1 for x in lines)), leading)
    lefts, tops, rights, bottoms = zip(*(line.box for line in lines), strict=True)
    return Slot((min(lefts), min(tops), max(rights), max(bottoms)), region)
