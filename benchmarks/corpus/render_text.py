"""Made-up documents as text dumps: tab-separated tables, and Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.corpus.pages import Block, Cell, Grid, GridRow, Heading, Look, Pages, Prose

_LINES_PER_PAGE = 14


def tab_separated(pages: Pages) -> bytes:
    """The document as a converter writes it down: a line per row, tabs between cells, what pages repeat in between."""
    return _with_furniture(list(_tabbed(pages)), pages.furniture).encode()


def markdown(pages: Pages) -> bytes:
    """The document in Markdown, tables as pipe tables."""
    return ("\n".join(line for block in pages.blocks for line in _marked_up(block, pages.look)) + "\n").encode()


def _with_furniture(lines: list[str], furniture: str | None) -> str:
    """The words that every page repeats, at the top and, as page breaks do, between the lines of tables."""
    found = [furniture] if furniture else []
    for number, line in enumerate(lines, start=1):
        found.append(line)
        if furniture and number % _LINES_PER_PAGE == 0 and "\t" in line:
            found += ["", furniture, ""]
    return "\n".join(found) + "\n"


def _tabbed(pages: Pages) -> Iterator[str]:
    for block in pages.blocks:
        if isinstance(block, Grid):
            for row in (*block.head, *block.rows):
                yield "\t".join(_flat(each, pages.look) for each in row)
            yield ""
        elif isinstance(block, Heading):
            yield from ("", block.text)
        else:
            yield _paragraph(block, pages.look)


def _paragraph(block: Prose, look: Look) -> str:
    return (look.sign if block.item else "") + block.text


def _flat(cell: Cell | None, look: Look) -> str:
    """The words of a cell on one line; list signs stay, line breaks without them become tags."""
    if cell is None:
        return ""
    if any(line.item for line in cell.lines) and look.sign:
        return " ".join((look.sign if line.item else "") + line.text for line in cell.lines)
    return "<br>".join(line.text for line in cell.lines)


def _marked_up(block: Block, look: Look) -> Iterator[str]:
    if isinstance(block, Heading):
        yield from ("", f"{'#' * block.level} {block.text}", "")
    elif isinstance(block, Grid):
        yield from _piped(block, look)
    else:
        yield f"{'- ' if block.item else ''}{f'**{block.text}**' if block.label else block.text}"
        yield from () if block.item else ("",)


def _piped(grid: Grid, look: Look) -> Iterator[str]:
    head, *more = (*grid.head, *grid.rows)
    yield _pipe_row(head, look)
    yield "|" + "---|" * len(head)
    for row in more:
        yield _pipe_row(row, look)
    yield ""


def _pipe_row(row: GridRow, look: Look) -> str:
    cells = ("" if each is None else "<br>".join(_listed(each, look)) for each in row)
    return "| " + " | ".join(cells) + " |"


def _listed(cell: Cell, look: Look) -> Iterator[str]:
    return ((look.sign if line.item else "") + line.text for line in cell.lines)
