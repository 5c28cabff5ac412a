"""A document as its author lays it out, before any format: headings, paragraphs and grids of cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lists = Literal["bullets", "dashes", "lines", "semicolons"]
Merges = Literal["merge", "blank", "repeat"]


@dataclass(frozen=True)
class Look:
    """The habits of one document: its list signs, headings, merged cells, type and how new its wordings are.

    `novelty` is the share of headings that are worded afresh; `capitals` writes headings in capitals; `stops` ends list
    items with a semicolon; `glued` writes a mark and its words on one line; `repeats` repeats table headings per page.
    """

    lists: Lists
    merges: Merges
    novelty: float
    capitals: bool
    stops: bool
    glued: bool
    repeats: bool
    font: str
    size: float

    @property
    def sign(self) -> str:
        """The sign written before a list item, with its blank; none where items stand on plain lines."""
        return {"bullets": "• ", "dashes": "- "}.get(self.lists, "")


@dataclass(frozen=True)
class Line:
    """A paragraph of a cell; `item` says that it belongs to a list."""

    text: str
    item: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell as drawn, with how many rows and columns it reaches over."""

    lines: tuple[Line, ...] = ()
    rowspan: int = 1
    colspan: int = 1


GridRow = tuple[Cell | None, ...]  # None where another cell reaches over


@dataclass(frozen=True)
class Grid:
    """A table: its heading rows, its rows, and the relative widths of its columns."""

    head: tuple[GridRow, ...]
    rows: tuple[GridRow, ...]
    widths: tuple[float, ...]


@dataclass(frozen=True)
class Heading:
    """A title; level 1 is the highest."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Prose:
    """A paragraph of running text or an item of a list; `label` is the part of its words that names it."""

    text: str
    item: bool = False
    label: bool = False


Block = Heading | Prose | Grid


@dataclass(frozen=True)
class Pages:
    """A whole document: its blocks, its look, the words that every page repeats, and whether its pages lie wide."""

    blocks: tuple[Block, ...]
    look: Look
    furniture: str | None = None
    landscape: bool = False


def cell(text: str) -> Cell:
    """A cell of one plain line; an empty one for no words."""
    return Cell((Line(text),)) if text else Cell()
