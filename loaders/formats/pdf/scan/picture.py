"""The picture of a scanned page: made straight, and its ruled lines told from its writing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from loaders.formats.pdf.sheet import Edge

DPI = 200
SCALE = DPI / 72  # pixels per point
_STEEPEST = 3.0  # degrees; no page lies more askew
_STEPS = (0.5, 0.1, 0.025)  # degrees, from coarse to fine
_NEIGHBOURHOOD = 41  # pixels around a pixel whose mean says how light the paper is there
_DARKER = 18  # of 255 grey levels; ink is that much darker than the paper around it
_DUST = 5  # pixels; a smaller blot is none of the writing
_SHORTEST = {True: 18.0, False: 9.0}  # points; a shorter level or upright stroke is a letter's
_LONG = {True: 60.0, False: 22.0}  # points; a stroke as long as this is a rule wherever it stands
_THICKEST = 4.0  # points; a thicker stroke is a shading or a picture
_MEETS = 3.0  # points between the end of a rule and the one across that it meets
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Picture:
    """A page as grey levels, made straight: quarter turns to the left first, then `askew` degrees to the left."""

    grey: np.ndarray
    quarters: int
    askew: float

    @cached_property
    def ink(self) -> np.ndarray:
        """White where the page is darker than the paper around, dust aside."""
        method, kind = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
        dark = cv2.adaptiveThreshold(self.grey, 255, method, kind, _NEIGHBOURHOOD, _DARKER)
        _, labels, blots, _ = cv2.connectedComponentsWithStats(dark)
        kept = np.where(blots[:, cv2.CC_STAT_AREA] > _DUST, 255, 0).astype(np.uint8)
        kept[0] = 0
        return kept[labels]

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        height, width = self.grey.shape
        return width / SCALE, height / SCALE

    def shown(self, box: Box) -> Box:
        """Where a box of this picture (points) stands on the page as it is shown."""
        width, height = self.size
        x, y = (box[0] + box[2] - width) / 2, (box[1] + box[3] - height) / 2
        half_width, half_height = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
        turn = math.radians(self.askew)
        x, y = x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)
        for _ in range(self.quarters):
            x, y, width, height, half_width, half_height = -y, x, height, width, half_height, half_width
        x, y = x + width / 2, y + height / 2
        return x - half_width, y - half_height, x + half_width, y + half_height


def straightened(grey: np.ndarray, quarters: int = 0) -> Picture:
    """The page turned by quarters, and then so that its lines run level."""
    turned = np.ascontiguousarray(np.rot90(grey, quarters))
    angle = _askew(turned)
    height, width = turned.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    paper = int(np.median(turned))
    return Picture(
        cv2.warpAffine(turned, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper), quarters, angle
    )


def _askew(grey: np.ndarray) -> float:
    """The turn, in degrees, at which lines of writing and level rules stand out most from the spaces between."""
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    _, ink = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    best, reach = 0.0, _STEEPEST
    for step in _STEPS:
        count = round(reach / step)
        best = max((best + n * step for n in range(-count, count + 1)), key=lambda angle: _contrast(ink, angle))
        reach = step
    return best


def _contrast(ink: np.ndarray, angle: float) -> float:
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    sums = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_NEAREST).sum(axis=1, dtype=np.int64)
    return float(((sums[1:] - sums[:-1]) ** 2).sum())


def find_rules(picture: Picture) -> list[Edge]:
    """The ruled lines of a page, in points: long strokes, and short ones that run from one to another."""
    level, upright = (list(_strokes(picture.ink, level=level)) for level in (True, False))
    level_rules = [e for e in level if e.x1 - e.x0 >= _LONG[True] or all(_meets(upright, *end) for end in _ends(e))]
    return [
        *level_rules,
        *(e for e in upright if e.bottom - e.top >= _LONG[False] or all(_meets(level_rules, *end) for end in _ends(e))),
    ]


def _strokes(ink: np.ndarray, *, level: bool) -> Iterator[Edge]:
    length = round(_SHORTEST[level] * SCALE)
    kernel = np.ones((1, length) if level else (length, 1), np.uint8)
    thick = np.ones((3, 1) if level else (1, 3), np.uint8)
    strokes = cv2.morphologyEx(cv2.dilate(ink, thick), cv2.MORPH_OPEN, kernel)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(strokes)
    for x, y, width, height, _ in boxes[1:].tolist():
        if (height if level else width) <= _THICKEST * SCALE:
            x0, top, x1, bottom = (value / SCALE for value in (x, y, x + width, y + height))
            middle = (top + bottom) / 2 if level else (x0 + x1) / 2
            yield Edge(x0, middle, x1, middle) if level else Edge(middle, top, middle, bottom)


def _ends(rule: Edge) -> tuple[tuple[float, float], tuple[float, float]]:
    return (rule.x0, rule.top), (rule.x1, rule.bottom)


def _meets(rules: Sequence[Edge], x: float, y: float) -> bool:
    return any(e.x0 - _MEETS <= x <= e.x1 + _MEETS and e.top - _MEETS <= y <= e.bottom + _MEETS for e in rules)


def writing(picture: Picture, rules: Sequence[Edge]) -> np.ndarray:
    """The grey levels of all that is written, dark on white; rules, dust and the colour of the paper are gone."""
    near = cv2.dilate(picture.ink, np.ones((5, 5), np.uint8))
    thick = round(_THICKEST / 2 * SCALE) | 1
    for rule in rules:
        (x0, top), (x1, bottom) = _ends(rule)
        cv2.line(near, (round(x0 * SCALE), round(top * SCALE)), (round(x1 * SCALE), round(bottom * SCALE)), 0, thick)
    return np.where(near > 0, picture.grey, 255).astype(np.uint8)
