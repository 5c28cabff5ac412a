"""What a PDF reader must say of itself: glyphs that came to stand nowhere, cells that two readers read differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import pypdfium2 as pdfium

from loaders.document import Finding
from loaders.formats.pdf.assembly import Assembly
from loaders.formats.pdf.fragments import Slot
from loaders.formats.pdf.lattice import Box
from loaders.formats.pdf.layout import Layout, PageParts
from loaders.formats.pdf.preflight import Survey
from loaders.formats.pdf.scan import REMEDY
from loaders.formats.pdf.second_reader import SecondCell, plain, second_reading
from loaders.formats.pdf.sheet import UNREADABLE
from loaders.span import Span, whole

if TYPE_CHECKING:
    from loaders.formats.pdf.scan.reading import Scan

_DOUBTFUL = 50.0  # of 100; a word recognised less surely is a finding
_LOST_SHARE = 0.02  # of a page's glyphs; a larger difference between the readers is a finding
_SAME_EDGE = 5.0  # points


def check(
    assembly: Assembly,
    layout: Layout,
    pages: Sequence[PageParts],
    seen: Survey,
    scans: Mapping[int, Scan],
    document: pdfium.PdfDocument,
) -> Iterator[Finding]:
    """The findings about the reading as a whole, page after page; `scans` are the recognised pages by their number."""
    text = assembly.writer.text
    aside = {page.number: sum(x.ink for x in layout.furniture if x.page == page.number) for page in pages}
    for page in pages:
        span = _first_words(assembly, text, page.number)
        if not span:
            continue
        placed = assembly.ink[page.number] + aside[page.number]
        if placed != page.ink:
            yield _finding("glyph_conservation", f"page {page.number}: {page.ink} glyphs drawn, {placed} read", span)
        if page.dense:
            yield _finding("dense_drawing", f"page {page.number} is too dense a drawing to look for tables", span)
        if page.number in scans:
            yield from _recognised(assembly, scans[page.number], span)
            continue
        if seen.pictures[page.number - 1]:
            note = f"page {page.number} is a picture, and its words are not read. {REMEDY}"
            yield _finding("picture_page", note, span)
        yield from _compared(assembly, page, span, document)
    if UNREADABLE in text:
        at = text.index(UNREADABLE)
        share = f"{text.count(UNREADABLE)} characters"
        yield _finding("unreadable_glyphs", f"{share} have no meaning in the file's fonts", whole(UNREADABLE, at))
    firsts = {place.table: place for place in reversed(assembly.writer.places) if place.table not in assembly.ruled}
    for number, place in sorted((n, place) for n, place in firsts.items() if n is not None):
        note = f"table {number} has no rules: columns by its heading, rows by its anchor column"
        yield Finding("borderless_table", note, "B", "running text", whole(text[place.start : place.end], place.start))


def _finding(rule: str, text: str, span: Span, rejected: str | None = None) -> Finding:
    return Finding(rule, text, "D", rejected, span)


def _first_words(assembly: Assembly, text: str, page: int) -> Span | None:
    """The first words of a page, or of the one nearest to it that has words."""
    places = assembly.writer.places
    if not places:
        return None
    place = min(places, key=lambda p: abs((p.page or 0) - page))
    return whole(text[place.start : place.end].split("\n", maxsplit=1)[0][:80], place.start)


def _recognised(assembly: Assembly, scan: Scan, span: Span) -> Iterator[Finding]:
    """That a page was recognised and how surely, and its doubtful words."""
    page = scan.sheet.number
    yield Finding(
        "ocr", f"page {page} is a picture: {scan.engine} is {scan.sure:.0f} % sure of its words", "C", None, span
    )
    for word in scan.words:
        if word.sure < _DOUBTFUL and any(c.isalnum() for c in word.text):
            place = _words_in(assembly, page, scan.box(word))
            at = place.text.find(word.text) if place else -1
            if place and at >= 0:
                note = f"tesseract is {word.sure:.0f} % sure of this word"
                yield _finding("ocr_word", note, place.slice(at, at + len(word.text)))


def _compared(assembly: Assembly, page: PageParts, span: Span, document: pdfium.PdfDocument) -> Iterator[Finding]:
    cells, letters = second_reading(document, page.number - 1)
    if letters < 0:
        return
    if abs(letters - page.letters) > max(20, _LOST_SHARE * page.letters):
        note = f"page {page.number}: {page.letters} letters, {letters} for the second reader"
        yield _finding("second_reader", note, span)
    for fragment in page.fragments:
        slots = [slot for row in fragment.rows for slot in row if slot.region.lines]
        others = [_same_cell(slot.box, cells) for slot in slots]
        if sum(other is None for other in others) * 2 > len(slots):
            where = _words_in(assembly, page.number, fragment.box) or span
            yield _finding("second_reader", "the second reader sees no such cells in this table", where)
            continue
        for slot, other in zip(slots, others, strict=True):
            if other is None or plain(other.text) != plain(_drawn(slot)):
                where = _words_in(assembly, page.number, slot.box) or span
                rejected = other.text if other is not None else "no cell"
                yield _finding("second_reader", "the two readers differ on this cell", where, rejected)


def _drawn(slot: Slot) -> str:
    return "".join(glyph.text for line in slot.region.lines for glyph in line.glyphs)


def _words_in(assembly: Assembly, page: int, box: Box) -> Span | None:
    """The words that stand in a box of a page."""
    for place in assembly.writer.places:
        if place.page == page and place.box is not None and _overlap(place.box, box):
            return whole(assembly.writer.text[place.start : place.end], place.start)
    return None


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] - 1 and b[0] < a[2] - 1 and a[1] < b[3] - 1 and b[1] < a[3] - 1


def _same_cell(box: Box, cells: Sequence[SecondCell]) -> SecondCell | None:
    """The cell that stands in a box; one made of its parts where the second reader, which sees no colours, cuts it."""
    inside = []
    for cell in cells:
        sides = (cell.x0, cell.top, cell.x1, cell.bottom)
        if all(abs(a - b) <= _SAME_EDGE for a, b in zip(sides, box, strict=True)):
            return cell
        if cell.text and _within(sides, box):
            inside.append(cell)
    if not inside:
        return None
    inside.sort(key=lambda cell: (round(cell.top), cell.x0))
    return SecondCell(*box, "".join(cell.text for cell in inside))


def _within(inner: Box, outer: Box) -> bool:
    starts = all(a >= b - _SAME_EDGE for a, b in zip(inner[:2], outer[:2], strict=True))
    return starts and all(a <= b + _SAME_EDGE for a, b in zip(inner[2:], outer[2:], strict=True))
