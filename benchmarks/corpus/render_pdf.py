"""Made-up documents as born-digital PDF: ruled tables, or tables without any line."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import reportlab
from reportlab import rl_config
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from benchmarks.corpus.pages import Block, Cell, Grid, GridRow, Heading, Look, Pages, Prose

_MARGIN = 48  # points
_BOLD = {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold", "Vera": "VeraBd"}
# Signs that the fonts lack, and the nearest ones of Zapf Dingbats, a font that every PDF reader has.
_DINGBATS = {"✓": "✓", "☒": "✘", "☐": "❏", "●": "●", "◐": "❍"}


def ruled(pages: Pages) -> bytes:
    """The document with every cell framed."""
    return _written(pages, lines=True)


def borderless(pages: Pages) -> bytes:
    """The document with columns told by white space alone."""
    return _written(pages, lines=False)


def _written(pages: Pages, *, lines: bool) -> bytes:
    rl_config.invariant = 1
    _fonts()
    buffer = io.BytesIO()
    size = landscape(A4) if pages.landscape else A4
    template = SimpleDocTemplate(
        buffer, pagesize=size, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN
    )
    width = size[0] - 2 * _MARGIN - 12  # the frame keeps 6 points at either side
    story = [flowable for block in pages.blocks for flowable in _flowables(block, pages.look, width, lines=lines)]
    template.build(story, onFirstPage=_furniture(pages), onLaterPages=_furniture(pages))
    return buffer.getvalue()


@cache
def _fonts() -> None:
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in ("Vera", "VeraBd"):
        pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))


def _furniture(pages: Pages) -> Callable[[Any, Any], None]:
    """Draws what every page repeats, and the page's number."""

    def draw(canvas: Any, template: Any) -> None:
        width, height = template.pagesize
        canvas.setFont("Helvetica", 8)
        canvas.drawRightString(width - _MARGIN, 24, str(template.page))
        if pages.furniture:
            canvas.drawString(_MARGIN, height - 30, pages.furniture)

    return draw


def _flowables(block: Block, look: Look, width: float, *, lines: bool) -> Iterator[Flowable]:
    if isinstance(block, Grid):
        yield from (_table(block, look, width, lines=lines), Spacer(0, 10))
    elif isinstance(block, Heading):
        yield Paragraph(_markup(block.text, look), _style(look, bold=True, size=look.size + 4 - block.level, after=6))
    else:
        yield Paragraph(_markup(_item(block, look), look), _style(look, bold=block.label, after=4))


def _item(block: Prose, look: Look) -> str:
    return (look.sign if block.item else "") + block.text


def _style(look: Look, *, bold: bool = False, size: float | None = None, after: float = 0) -> ParagraphStyle:
    face, points = _BOLD[look.font] if bold else look.font, size or look.size
    return ParagraphStyle("made-up", fontName=face, fontSize=points, leading=points * 1.2, spaceAfter=after)


def _markup(text: str, look: Look) -> str:
    """The text with the signs that its font lacks in a font that has them."""
    return "".join(_sign(character, look) for character in text)


def _sign(character: str, look: Look) -> str:
    if character in _DINGBATS and (character != "●" or look.font != "Vera"):
        return f'<font name="ZapfDingbats">{_DINGBATS[character]}</font>'
    lacking = look.font != "Vera" and character in "≥≤"
    return f'<font name="Vera">{character}</font>' if lacking else escape(character)


def _table(grid: Grid, look: Look, width: float, *, lines: bool) -> Table:
    rows = (*grid.head, *grid.rows)
    share = width / sum(grid.widths)
    return Table(
        [[_cell(each, look, bold=r < len(grid.head)) for each in row] for r, row in enumerate(rows)],
        colWidths=[share * w for w in grid.widths],
        repeatRows=len(grid.head) if look.repeats else 0,
        splitInRow=1,
        style=list(_rules(rows, lines=lines)),
        hAlign="LEFT",
    )


def _cell(cell: Cell | None, look: Look, *, bold: bool) -> list[Flowable]:
    style = _style(look, bold=bold)
    return [
        Paragraph(_markup((look.sign if line.item else "") + line.text, look), style) for line in (cell or Cell()).lines
    ]


def _rules(rows: tuple[GridRow, ...], *, lines: bool) -> Iterator[tuple[Any, ...]]:
    """The frame of each cell; a cell that reaches over others has none inside."""
    yield ("VALIGN", (0, 0), (-1, -1), "TOP")
    for r, row in enumerate(rows):
        for c, each in enumerate(row):
            if each is not None:
                last = (c + each.colspan - 1, r + each.rowspan - 1)
                if each.colspan > 1:
                    yield ("SPAN", (c, r), (last[0], r))
                if lines:
                    yield ("BOX", (c, r), last, 0.5, "black")
    if lines:
        yield ("LINEBELOW", (0, "splitlast"), (-1, "splitlast"), 0.5, "black")
        yield ("LINEABOVE", (0, "splitfirst"), (-1, "splitfirst"), 0.5, "black")
