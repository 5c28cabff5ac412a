"""A scanned page as a sheet: the writing of each ruled cell recognised on its own, then that of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium

from loaders.errors import UnreadableFile
from loaders.formats.pdf.lattice import Box, find_lattices
from loaders.formats.pdf.scan.picture import SCALE, Picture, find_rules, straightened, writing
from loaders.formats.pdf.scan.tesseract import Word, WordLine, recognise, version
from loaders.formats.pdf.scan.writing import glyphs_of
from loaders.formats.pdf.sheet import Edge, Sheet

_MOST_PIXELS = 40_000_000  # of a page as drawn
_MOST_SOURCE_PIXELS = 100_000_000  # of the pictures on a page, before they are drawn
_POOR = 60.0  # of 100; a page recognised less surely may lie on its side
_LEAST_INK = 14  # pixels; a cell with less is empty
_INSET = 1.0  # points that the rule around a cell takes of it
_WHITE = 255
_MARGIN = 14  # pixels of paper around a cell, without which tesseract misses short words


@dataclass(frozen=True)
class Scan:
    """A page as recognised: what stands on it, the picture it was read from, its words in pixels of that."""

    sheet: Sheet
    picture: Picture
    words: tuple[Word, ...]

    @property
    def sure(self) -> float:
        """How sure of its letters tesseract is, of 100."""
        letters = sum(len(word.text) for word in self.words)
        return sum(word.sure * len(word.text) for word in self.words) / letters if letters else 0.0

    @property
    def engine(self) -> str:
        """The program that recognised the words."""
        return version()

    def box(self, word: Word) -> Box:
        """The box of a word on the sheet, in points."""
        left, top, right, bottom = word.box
        return left / SCALE, top / SCALE, right / SCALE, bottom / SCALE

    def shown(self, box: Box) -> Box:
        """Where a box of the sheet stands on the page as it is shown, in points."""
        left, top, right, bottom = (round(side, 1) for side in self.picture.shown(box))
        return left, top, right, bottom


def read_scan(document: pdfium.PdfDocument, index: int, path: Path) -> Scan:
    """The page `index` (from 0), recognised; turned by quarters when it makes no sense upright.

    Raises `UnreadableFile` for a picture out of measure, or when tesseract fails.
    """
    try:
        return _best(_drawn(document, index, path), index, path)
    except (cv2.error, pdfium.PdfiumError) as error:
        raise _refused(f"its picture cannot be taken apart ({type(error).__name__}).", index, path) from error


def _best(grey: np.ndarray, index: int, path: Path) -> Scan:
    best = _recognised(straightened(grey), index, path)
    for quarters in (1, 3, 2):
        if best.sure >= _POOR or not cv2.countNonZero(best.picture.ink):
            break
        best = max(best, _recognised(straightened(grey, quarters), index, path), key=lambda scan: scan.sure)
    return best


def _drawn(document: pdfium.PdfDocument, index: int, path: Path) -> np.ndarray:
    """The grey levels of a page as it is shown."""
    page = document[index]
    try:
        width, height = page.get_size()
        if width * height * SCALE**2 > _MOST_PIXELS:
            raise _refused(f"the page measures {width:.0f} × {height:.0f} points, too much for a scan.", index, path)
        for picture in page.get_objects(filter=(pdfium.raw.FPDF_PAGEOBJ_IMAGE,), max_depth=2):
            across, down = picture.get_px_size()
            if across * down > _MOST_SOURCE_PIXELS:
                raise _refused(f"a picture on the page has {across} × {down} pixels, too many.", index, path)
        drawn = page.render(scale=SCALE, grayscale=True)
        return np.array(drawn.to_numpy())
    finally:
        page.close()


def _refused(problem: str, index: int, path: Path) -> UnreadableFile:
    remedy = "Scan it again at 200 to 300 dpi."
    return UnreadableFile(problem, file=path, place=f"page {index + 1}", remedy=remedy)


def _recognised(picture: Picture, index: int, path: Path) -> Scan:
    rules = find_rules(picture)
    lines = list(_lines(picture, rules, path))
    sheet = Sheet(index + 1, *picture.size, glyphs_of(lines, picture.ink), rules)
    return Scan(sheet, picture, tuple(word for line in lines for word in line.words))


def _lines(picture: Picture, rules: Sequence[Edge], path: Path) -> Iterator[WordLine]:
    """The lines of every cell, and of the page around the tables."""
    written = writing(picture, rules)
    around = written.copy()
    cells, corners = [], []
    for left, top, right, bottom in _cells(rules):
        around[top:bottom, left:right] = _WHITE
        if cv2.countNonZero(picture.ink[top:bottom, left:right]) >= _LEAST_INK:
            corners.append((left - _MARGIN, top - _MARGIN))
            cell = written[top:bottom, left:right]
            cells.append(cv2.copyMakeBorder(cell, *(_MARGIN,) * 4, cv2.BORDER_CONSTANT, value=_WHITE))
    for corner, lines in zip(corners, recognise(cells, "block", path), strict=True):
        yield from (_moved(line, corner) for line in lines)
    for lines in recognise([around], "page", path):
        yield from lines


def _cells(rules: Sequence[Edge]) -> Iterator[tuple[int, int, int, int]]:
    """The boxes of the ruled cells, in pixels."""
    for lattice in find_lattices(rules) or []:
        for row, origins in enumerate(lattice.origins):
            for column, origin in enumerate(origins):
                if origin == (row, column):
                    yield _inside(lattice.cell_box(row, column))


def _inside(box: Box) -> tuple[int, int, int, int]:
    left, top, right, bottom = box[0] + _INSET, box[1] + _INSET, box[2] - _INSET, box[3] - _INSET
    return round(left * SCALE), round(top * SCALE), round(right * SCALE), round(bottom * SCALE)


def _moved(line: WordLine, corner: tuple[int, int]) -> WordLine:
    x, y = corner
    words = (
        replace(word, box=(word.box[0] + x, word.box[1] + y, word.box[2] + x, word.box[3] + y)) for word in line.words
    )
    return replace(line, words=tuple(words), base=line.base + y)
