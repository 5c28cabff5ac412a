"""Made-up documents as web pages."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from benchmarks.corpus.pages import Block, Cell, Grid, GridRow, Heading, Line, Look, Pages, Prose

_PAGE = """<!DOCTYPE html>
<html lang="it">
<head><meta charset="utf-8"><title>{title}</title><style>td {{ border: 1px solid }}</style></head>
<body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/servizi">Servizi</a></li></ul></nav>
<main>
{main}
</main>
<footer><p>{furniture}</p></footer>
</body>
</html>
"""


def page(pages: Pages) -> bytes:
    """The document as a web page with a menu and a footer."""
    title = next(block.text for block in pages.blocks if isinstance(block, Heading))
    main = "\n".join(part for block in _listed(pages.blocks) for part in _block(block, pages.look))
    return _PAGE.format(title=escape(title), main=main, furniture=escape(pages.furniture or "")).encode()


def _listed(blocks: tuple[Block, ...]) -> Iterator[Block | list[Prose]]:
    """The blocks, items that follow one another as one list."""
    items: list[Prose] = []
    for block in blocks:
        if isinstance(block, Prose) and block.item:
            items.append(block)
            continue
        if items:
            yield items
            items = []
        yield block
    if items:
        yield items


def _block(block: Block | list[Prose], look: Look) -> Iterator[str]:
    if isinstance(block, list):
        yield "<ul>" + "".join(f"<li>{escape(item.text)}</li>" for item in block) + "</ul>"
    elif isinstance(block, Heading):
        yield f"<h{block.level}>{escape(block.text)}</h{block.level}>"
    elif isinstance(block, Prose):
        text = escape(block.text)
        yield f"<p><strong>{text}</strong></p>" if block.label else f"<p>{text}</p>"
    else:
        yield from _table(block, look)


def _table(grid: Grid, look: Look) -> Iterator[str]:
    yield "<table>"
    yield from (_row(row, "th", look) for row in grid.head)
    yield from (_row(row, "td", look) for row in grid.rows)
    yield "</table>"


def _row(row: GridRow, tag: str, look: Look) -> str:
    return "<tr>" + "".join(_cell(each, tag, look) for each in row if each is not None) + "</tr>"


def _cell(cell: Cell, tag: str, look: Look) -> str:
    spans = f' rowspan="{cell.rowspan}"' * (cell.rowspan > 1) + f' colspan="{cell.colspan}"' * (cell.colspan > 1)
    return f"<{tag}{spans}>{_lines(cell.lines, look)}</{tag}>"


def _lines(lines: tuple[Line, ...], look: Look) -> str:
    if lines and look.lists == "bullets" and all(line.item for line in lines):
        return "<ul>" + "".join(f"<li>{escape(line.text)}</li>" for line in lines) + "</ul>"
    if look.lists == "lines":
        return "".join(f"<p>{escape(line.text)}</p>" for line in lines)
    return "<br>".join(escape((look.sign if line.item else "") + line.text) for line in lines)
