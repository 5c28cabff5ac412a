"""Where everything stands: ruled tables, furniture, tables without rules and running text, page after page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from loaders.formats.pdf.borderless import LoosePage, find_borderless
from loaders.formats.pdf.fragments import Fragment, ruled_fragment
from loaders.formats.pdf.furniture import Margin, find_furniture
from loaders.formats.pdf.lattice import Lattice
from loaders.formats.pdf.lines import Region, TextLine, text_lines, usual_leading
from loaders.formats.pdf.second_reader import plain
from loaders.formats.pdf.shading import drawn_lattices
from loaders.formats.pdf.sheet import Edge, Glyph, Sheet

_RAGGED = 0.08  # of the page width, how far from the margin wrapped lines end
_FULL_LINES = 4  # that must end there to show where the margin is


@dataclass(frozen=True)
class PageParts:
    """A page after its ruled tables were taken out: they, the lines left, and the lines that run askew."""

    number: int
    width: float
    height: float
    fragments: tuple[Fragment, ...]
    lines: tuple[TextLine, ...]
    askew: tuple[TextLine, ...]
    dense: bool  # a drawing too dense to look for tables in
    ink: int  # glyphs that are no blank
    letters: int  # letters and digits they show
    rules: tuple[Edge, ...]  # level rules


@dataclass(frozen=True)
class Layout:
    """The stretches of a document in reading order, and its furniture."""

    stretches: tuple[Fragment | Region, ...]
    furniture: tuple[TextLine, ...] = field(default=())


def page_parts(sheet: Sheet) -> PageParts:
    """The ruled tables of a page, and its other lines."""
    lattices = drawn_lattices(sheet)
    inside: list[list[Glyph]] = [[] for _ in lattices or ()]
    loose: list[Glyph] = []
    askew: list[Glyph] = []
    smallest_first = sorted(range(len(inside)), key=lambda i: _area(lattices[i])) if lattices else []
    for glyph in sheet.glyphs:
        x, y = glyph.middle
        home = next((i for i in smallest_first if lattices and lattices[i].at(x, y) is not None), None)
        if glyph.turn == -1 or (glyph.turn != 0 and home is None):
            askew.append(glyph)
        elif home is not None:
            inside[home].append(glyph)
        else:
            loose.append(glyph)
    fragments = tuple(
        ruled_fragment(g, found, sheet.fills, sheet.number) for g, found in zip(lattices or (), inside, strict=True)
    )
    outlines = [edge for fill in sheet.fills for edge in fill.outline if not sheet.is_frame(edge)]
    return PageParts(
        sheet.number, sheet.width, sheet.height, tuple(f for f in fragments if _has_text(f)),
        tuple(text_lines(loose, sheet.number)), tuple(_askew_lines(askew, sheet.number)), lattices is None,
        sum(glyph.text != " " for glyph in sheet.glyphs), len(plain("".join(glyph.text for glyph in sheet.glyphs))),
        tuple(sorted(edge for edge in (*sheet.edges, *outlines) if edge.level)),
    )  # fmt: skip


def _area(lattice: Lattice) -> float:
    left, top, right, bottom = lattice.box
    return (right - left) * (bottom - top)


def _has_text(fragment: Fragment) -> bool:
    return any(region.lines for region in fragment.regions)


def _askew_lines(glyphs: Sequence[Glyph], page: int) -> Iterator[TextLine]:
    """Watermarks and turned text at the edge, in the order in which they were drawn."""
    straight = [g._replace(x0=float(i), x1=i + 1.0, base=0.0, size=1.0, turn=0) for i, g in enumerate(glyphs)]
    yield from text_lines(straight, page)


def arrange(pages: Sequence[PageParts]) -> Layout:
    """The stretches of the document, page after page from the top, without furniture."""
    furniture = find_furniture([Margin(page.height, page.lines) for page in pages])
    kept = [[line for line in page.lines if line not in furniture] for page in pages]
    margins = _margins(pages, kept)
    leading = usual_leading(kept)
    stretches: list[Fragment | Region] = []
    loose = [
        LoosePage(found, margins[page.width][1], page.rules)
        for page, found in zip(pages, _between(pages, kept), strict=True)
    ]
    for page, parts in zip(pages, find_borderless(loose), strict=True):
        left, right = margins[page.width]
        found: list[Fragment | Region] = list(page.fragments)
        found += [part if isinstance(part, Fragment) else Region(part, left, right, leading) for part in parts]
        stretches += sorted(found, key=_top)
    aside = [line for page in pages for line in (*page.askew, *(x for x in page.lines if x in furniture))]
    return Layout(tuple(stretches), tuple(aside))


def _between(pages: Sequence[PageParts], kept: Sequence[Sequence[TextLine]]) -> list[list[list[TextLine]]]:
    """The loose lines of each page in stretches that ruled tables part."""
    found = []
    for page, lines in zip(pages, kept, strict=True):
        tops = sorted(fragment.box[1] for fragment in page.fragments)
        edges = [float("-inf"), *tops, float("inf")]
        found.append([[x for x in lines if a <= x.base < b] for a, b in pairwise(edges)])
    return found


def _top(stretch: Fragment | Region) -> float:
    return stretch.box[1] if isinstance(stretch, Fragment) else stretch.lines[0].box[1]


def _margins(pages: Sequence[PageParts], kept: Sequence[Sequence[TextLine]]) -> dict[float, tuple[float, float]]:
    """Left and right margin of the running text, for each width of page."""
    found: dict[float, tuple[float, float]] = {}
    for width in {page.width for page in pages}:
        lines = [x for page, some in zip(pages, kept, strict=True) if page.width == width for x in some]
        edges = [edge for page in pages if page.width == width for f in page.fragments for edge in (f.xs[0], f.xs[-1])]
        lefts, rights = [x.x0 for x in lines] or edges, [x.x1 for x in lines] or edges
        left = min(lefts, default=0.0)
        widest = max(rights, default=width)
        full = sum(right > widest - _RAGGED * width for right in rights)
        found[width] = (left, widest if full >= _FULL_LINES else max(widest, width - left))
    return found
