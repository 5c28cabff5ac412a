"""Recognised words as the glyphs of a page: where each letter stands, its size and its weight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

import cv2
import numpy as np

from loaders.formats.pdf.scan.picture import SCALE
from loaders.formats.pdf.scan.tesseract import Word, WordLine
from loaders.formats.pdf.sheet import Glyph

_ONE_SIZE = 0.2  # of the size; lines that differ less are set in one size
_BOLD = 1.14  # of the usual breadth of strokes; broader ones are bold
_SPREAD = 0.7  # pixels that scanning adds to every stroke
_LEAST_LETTERS = 4  # from which the size and the weight of a line can be told
_ROUND = (0.65, 1.5)  # how wide a bullet is, beside its height
_SOLID = 0.6  # of its box that a bullet fills
_TAKEN = {"x": "X", "xx": "X", "Xx": "X", "xX": "X", "l": "I"}
_SMALL = 0.5  # of the size of its line; a bullet is no larger


def glyphs_of(lines: Sequence[WordLine], ink: np.ndarray) -> list[Glyph]:
    """The glyphs of recognised lines; `ink` is the picture they stand on, white where it is written on."""
    signed = [_mended(_with_bullet(line, ink)) for line in lines]
    sizes = _sizes(signed)
    breadths = [_breadth(line, size, ink) for line, size in zip(signed, sizes, strict=True)]
    usual = median([b for line, b in zip(signed, breadths, strict=True) if b for _ in range(_letters(line))] or [0.0])
    glyphs: list[Glyph] = []
    for line, size, breadth in zip(signed, sizes, breadths, strict=True):
        glyphs += _glyphs(line, size / SCALE, bold=breadth > _BOLD * usual)
    return glyphs


def _letters(line: WordLine) -> int:
    return sum(c.isalpha() for word in line.words for c in word.text)


def _sizes(lines: Sequence[WordLine]) -> list[float]:
    """The size of each line, those that differ little made one; a line of few letters has that of the text."""
    known = [line.size for line in lines for _ in range(_letters(line)) if _letters(line) >= _LEAST_LETTERS]
    usual = median(known or [line.size for line in lines] or [0.0])
    groups: list[list[float]] = [[usual]]
    for size in sorted(set(known)):
        if all(abs(size - group[0]) > _ONE_SIZE * group[0] for group in groups):
            groups.append([size])
    return [
        min((group[0] for group in groups), key=lambda s: abs(s - line.size))
        if _letters(line) >= _LEAST_LETTERS
        else usual
        for line in lines
    ]


def _breadth(line: WordLine, size: float, ink: np.ndarray) -> float:
    """How broad the strokes of a line are beside its size: its ink by its outline; 0 where it is too short to tell."""
    if _letters(line) < _LEAST_LETTERS:
        return 0.0
    inside = outline = 0
    for word in line.words:
        left, top, right, bottom = word.box
        part = ink[top:bottom, left:right]
        inner = cv2.erode(part, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0)
        inside += cv2.countNonZero(part)
        outline += cv2.countNonZero(part) - cv2.countNonZero(inner)
    return (2 * inside / outline - _SPREAD) / size if outline else 0.0


def _with_bullet(line: WordLine, ink: np.ndarray) -> WordLine:
    """The line with the bullet that opens it, whatever letter tesseract took it for: a small round solid blot."""
    first = line.words[0]
    if len(line.words) < 2 or len(first.text) > 2 or not _is_blot(first, line.size, ink):
        return line
    return replace(line, words=(replace(first, text="•"), *line.words[1:]))


def _mended(line: WordLine) -> WordLine:
    """The line with the words that tesseract takes one-letter words for; none of them is an Italian word."""
    return replace(line, words=tuple(replace(word, text=_TAKEN.get(word.text, word.text)) for word in line.words))


def _is_blot(word: Word, size: float, ink: np.ndarray) -> bool:
    left, top, right, bottom = word.box
    points = cv2.findNonZero(ink[top:bottom, left:right])
    if points is None:
        return False
    _, _, width, height = cv2.boundingRect(points)
    low, high = _ROUND
    return bool(height <= _SMALL * size and low <= width / height <= high and len(points) >= _SOLID * width * height)


def _glyphs(line: WordLine, size: float, *, bold: bool) -> Iterator[Glyph]:
    """The letters of a line, each as wide as the others of its word, and a blank between words."""
    base = line.base / SCALE
    end: float | None = None
    for word in line.words:
        left, right = word.box[0] / SCALE, word.box[2] / SCALE
        if end is not None:
            yield Glyph(" ", end, max(left, end), base, size, bold, 0)
        width = (right - left) / len(word.text)
        for number, letter in enumerate(word.text):
            yield Glyph(letter, left + number * width, left + (number + 1) * width, base, size, bold, 0)
        end = right
