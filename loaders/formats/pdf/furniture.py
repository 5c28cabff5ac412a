"""Page furniture: running heads, feet and page numbers, told from the text by their repetition at one height."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from loaders.formats.pdf.lines import TextLine, split_wide
from loaders.span import normalised

_MARGIN = 0.13  # of the page height, above and below, where furniture stands
_EDGE, _VERY_EDGE = 0.055, 0.04  # of the page height
_SAME_HEIGHT = 3.0  # points
_PAGE_NUMBER = re.compile(
    r"^\W*(?:pag(?:ina|\.)?\s*(?:n\s*[.°]\s*)?)?(\d{1,4}|[ivxl]{1,6})(?:\s*(?:di|/|of|su)\s*\d{1,4})?\W*$", re.I
)
_NAMED_NUMBER = re.compile(r"\bpag(?:ina|\.)?\s*(?:n\s*[.°]\s*)?\d{1,4}(?:\s*(?:di|/)\s*\d{1,4})?", re.I)
_OPENS_SHEET = re.compile(r"^\W*(?:scheda|obiettivo|azione|intervento|progetto|area|linea)\b", re.I)


@dataclass(frozen=True)
class Margin:
    """The lines of one page that may be furniture, with the height of the page."""

    height: float
    lines: Sequence[TextLine]

    def outer(self) -> list[TextLine]:
        """The lines in the upper and lower margin."""
        return [x for x in self.lines if x.base <= _MARGIN * self.height or x.base >= (1 - _MARGIN) * self.height]


def find_furniture(pages: Sequence[Margin]) -> set[TextLine]:
    """The lines that belong to the page and not to the plan.

    A line is furniture when its words stand at the same height on other pages too, or when it is a page number; the
    name of a form («Scheda 3») is none, though it may open every page.
    """
    seen: defaultdict[str, list[TextLine]] = defaultdict(list)
    outer = [line for page in pages for line in page.outer()]
    for line in outer:
        seen[_mask(line)].append(line)
    body = median([line.size for page in pages for line in page.lines] or [0.0])
    return {
        line
        for page in pages
        for line in page.outer()
        if _is_number(line, pages)
        or _is_repeated(line, seen[_mask(line)], len(pages))
        or _is_at_edge(line, page.height, body)
    }


def _is_at_edge(line: TextLine, height: float, body: float) -> bool:
    """Whether a short line stands where no text is set: at the very edge, or near it and smaller than the text."""
    distance = min(line.base, height - line.base) / height
    small = line.size < 0.95 * body
    return len(line.text) <= 80 and not line.bold and (distance <= _VERY_EDGE or (distance <= _EDGE and small))


def _mask(line: TextLine) -> str:
    """The words of a line without its page number."""
    stretches = [words for _, _, words in split_wide(line)]
    kept = [s for s in stretches if not _PAGE_NUMBER.match(s)] if len(stretches) > 1 else stretches
    return normalised(_NAMED_NUMBER.sub(" ", " ".join(kept)))


def _is_number(line: TextLine, pages: Sequence[Margin]) -> bool:
    """A bare number is a page number when nothing else stands beyond it on its page but furniture of that kind."""
    if not _PAGE_NUMBER.match(line.text) or line.sign:
        return False
    lines = [x for page in pages for x in page.lines if x.page == line.page]
    above, below = min(x.base for x in lines), max(x.base for x in lines)
    gap = 2.5 * line.size
    near = [x for x in lines if x is not line and abs(x.base - line.base) < gap and not _PAGE_NUMBER.match(x.text)]
    return line.base in (above, below) or not near


def _is_repeated(line: TextLine, alike: Sequence[TextLine], pages: int) -> bool:
    if not _mask(line):
        return _PAGE_NUMBER.match(line.text) is not None
    if _OPENS_SHEET.match(line.text) and len(line.text) <= 80:
        return False
    on = {x.page for x in alike if abs(x.base - line.base) <= _SAME_HEIGHT}
    return len(on) >= max(2, min(3, pages // 2))
