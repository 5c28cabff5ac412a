"""From glyphs to lines, and from lines to the paragraphs they wrap."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from loaders.continuity import ends_open, is_stump
from loaders.document import Cell
from loaders.document import Line as DrawnLine
from loaders.formats.markup import BULLET
from loaders.formats.pdf.sheet import Glyph
from loaders.span import whole

_SAME_LINE = 0.35  # of the size; baselines nearer than this are one line (superscripts included)
_BLANK = 0.15  # of the size; a wider space between two glyphs parts two words
WIDE = 0.7  # of the size; a wider space parts two columns
LEADING = 1.22  # of the size; the usual distance of two baselines
_OTHER_SIZE = 0.05  # of the size; lines that differ more are of different paragraphs
_LOW_SPARE = 0.35  # of the size; how much more room must be left above a line that starts small
_WIDEST_LEADING = 1.6  # of the size; lines further apart are paragraphs, if none is seen to wrap
_NEW_PARAGRAPH = 1.3  # of the usual distance
_SIGN = re.compile(rf"^[{BULLET}\uf000-\uf8ff\ufffd○]\s*(?=\S)")
_LETTER_SIGN = re.compile(r"^[o§Ø]\s+")  # bullets of a picture font whose name the file lost
_SIGN_SPACE = 0.6  # of the size; a letter is a bullet only with so much space behind it
_DASH = re.compile(r"^(?:[-–—*]\s+(?=\S)|[-–—](?=[^\W\d]|[«\"“(]))")
_WORD_END = re.compile(
    r"(?:[zs]ion[ei]|ment[oi]|tà|[ae]nz[ae]|ari[oae]?|[ai]l[ei]|[ti]v[oaie]|ist[aie]|ann[oi]|enn[ei])$"
)
_FIGURE = re.compile(r"(?:\d{1,3}(?:[.,]\d+)?\s?%|[≥≤]|[Nn](?:\.|°|r\.)\s?\w)")
_BEFORE_FIGURE = re.compile(
    r"\b(?:almeno|oltre|circa|pari|minimo|massimo|raggiungimento|meno|più|entro)$|[=:<>≥≤]$", re.I
)
_CUT_SLACK = 1.5  # points; a word is cut where the margin left less than one more letter and this
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text: its words, where it stands, and what tells whether the next line goes on from it."""

    text: str
    page: int
    x0: float
    x1: float
    base: float
    size: float
    bold: bool
    sign: bool  # a bullet opens it
    first: float  # width of the first word, points
    tip: float  # width of the first glyph, points
    glyphs: tuple[Glyph, ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return self.x0, self.base - 0.8 * self.size, self.x1, self.base + 0.25 * self.size

    @property
    def ink(self) -> int:
        """How many glyphs it holds that are no blank."""
        return sum(glyph.text != " " for glyph in self.glyphs)


@dataclass(frozen=True)
class Region:
    """Lines that stand below one another between a left and a right margin (a cell, or a page's running text)."""

    lines: tuple[TextLine, ...]
    left: float
    right: float
    leading: float = LEADING

    def room(self, line: TextLine, below: TextLine) -> float:
        """How wide a word could still have stood on `line`; a line centred above another has room on both sides."""
        after, before = self.right - line.x1, line.x0 - self.left
        middle, middle_below = line.x0 + line.x1, below.x0 + below.x1
        centred = abs(after - before) < 4 and abs(middle - middle_below) < 4 and abs(line.x0 - below.x0) > 2
        return after + before if centred else after


NOTHING = Region((), 0.0, 0.0)


@dataclass(frozen=True)
class Piece:
    """A paragraph or list item: its words, its lines, and how many blank lines stand above it."""

    text: str
    bullet: bool
    bold: bool
    blank: int
    lines: tuple[TextLine, ...]


def text_lines(glyphs: Sequence[Glyph], page: int) -> list[TextLine]:
    """The lines that `glyphs` stand on, from the top; glyphs that are turned are read as they run."""
    if not glyphs:
        return []
    turn = Counter(g.turn for g in glyphs if g.text != " ").most_common(1)
    if turn and turn[0][0] in (1, 2, 3):
        return _turned(glyphs, turn[0][0], page)
    return [line for row in _rows(glyphs) if (line := _line(row, page))]


def _rows(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    row: list[Glyph] = []
    base = size = 0.0
    for glyph in sorted(glyphs, key=lambda g: g.base):
        if row and glyph.base - base > _SAME_LINE * max(size, glyph.size):
            yield row
            row = []
        if not row or (glyph.size > size and glyph.text != " "):
            base, size = glyph.base, glyph.size
        row.append(glyph)
    yield row


def _line(row: list[Glyph], page: int) -> TextLine | None:
    row.sort(key=lambda g: g.x0)
    solid = [g for g in row if g.text != " "]
    if not solid:
        return None
    words = _words(row)
    text = " ".join(word for word, _, _ in words)
    wide = len(words) > 1 and words[1][1] - words[0][2] > _SIGN_SPACE * solid[0].size
    sign = _SIGN.match(text) or (_LETTER_SIGN.match(text) if wide else None)
    body = text[sign.end() :] if sign else text
    first = words[1] if sign and len(words) > 1 and sign.end() > len(words[0][0]) else words[0]
    letters = [g for g in solid if any(c.isalpha() for c in g.text)]
    size = max((g.size for g in solid if g.text[0] not in BULLET), default=solid[0].size)
    tip = next((g.x1 - g.x0 for g in solid if g.x0 >= first[1]), size / 2)
    return TextLine(
        body, page, first[1] if body else solid[0].x0, max(g.x1 for g in solid), _base(solid), size,
        bool(letters) and all(g.bold for g in letters), bool(sign), first[2] - first[1], tip, tuple(solid),
    )  # fmt: skip


def _base(solid: Sequence[Glyph]) -> float:
    biggest = max(g.size for g in solid)
    return next(g.base for g in solid if g.size == biggest)


def _words(row: Sequence[Glyph]) -> list[tuple[str, float, float]]:
    """The words of a line with their left and right ends; a glyph struck twice for weight counts once."""
    words: list[tuple[str, float, float]] = []
    text, start, end = "", 0.0, 0.0
    before: Glyph | None = None
    for glyph in row:
        if glyph.text == " ":
            if text:
                words.append((text, start, end))
                text = ""
            continue
        if before is not None and glyph.text == before.text and glyph.x0 - before.x0 < 0.3 * (before.x1 - before.x0):
            continue
        if text and glyph.x0 - end > _BLANK * glyph.size:
            words.append((text, start, end))
            text = ""
        if not text:
            start = glyph.x0
        text += glyph.text
        end = max(glyph.x1, end) if text != glyph.text else glyph.x1
        before = glyph
    if text:
        words.append((text, start, end))
    return words


def _turned(glyphs: Sequence[Glyph], turn: int, page: int) -> list[TextLine]:
    """The lines of turned text, each at the place where it stands."""
    upright = []
    for glyph in glyphs:
        size = glyph.x1 - glyph.x0 if turn != 2 else glyph.size
        if turn == 1:
            upright.append(glyph._replace(x0=-glyph.base, x1=-glyph.base + glyph.size, base=glyph.x1, turn=0))
        elif turn == 3:
            upright.append(glyph._replace(x0=glyph.base, x1=glyph.base + glyph.size, base=-glyph.x0, turn=0))
        else:
            upright.append(glyph._replace(x0=-glyph.x1, x1=-glyph.x0, base=-glyph.base, size=size, turn=0))
    return text_lines(upright, page)


def split_wide(line: TextLine) -> list[tuple[float, float, str]]:
    """The stretches of a line that wide spaces part: left, right, words."""
    stretches: list[list[Glyph]] = []
    end = 0.0
    for glyph in line.glyphs:
        if not stretches or glyph.x0 - end > WIDE * line.size:
            stretches.append([])
        stretches[-1].append(glyph)
        end = max(end, glyph.x1)
    return [(s[0].x0, max(g.x1 for g in s), " ".join(w for w, _, _ in _words(s))) for s in stretches]


def usual_leading(groups: Iterable[Sequence[TextLine]]) -> float:
    """The distance of two baselines, in sizes, of lines that wrap; where none does, of the nearest lines."""
    pairs = [(a, b) for lines in groups for a, b in pairwise(lines) if a.page == b.page]
    found = [((b.base - a.base) / b.size, b.text[:1].islower() and not b.sign) for a, b in pairs]
    wraps = [ratio for ratio, goes_on in found if goes_on and 0.9 <= ratio <= 2.2]
    if len(wraps) > 1:
        return median(wraps)
    nearest = min((ratio for ratio, _ in found if ratio >= 0.9), default=LEADING)
    return nearest if nearest <= _WIDEST_LEADING else LEADING


def document_words(regions: Iterable[Region]) -> Counter[str]:
    """How often each word stands in the regions, in small letters; words that a margin may have cut do not count."""
    words: Counter[str] = Counter()
    for region in regions:
        cut = False
        for line, below in zip(region.lines, [*region.lines[1:], None], strict=False):
            found = [w.lower() for w in _WORD.findall(line.text)]
            start = 1 if cut else 0
            cut = below is not None and (_is_forced(region, line, below) or line.text.endswith("-"))
            words.update(found[start : len(found) - 1 if cut else None])
    return words


def pieces(region: Region, words: Counter[str]) -> list[Piece]:
    """The paragraphs and list items of a region, in order."""
    found: list[Piece] = []
    group: list[TextLine] = []
    blank = 0
    for line in region.lines:
        above = group[-1] if group else None
        if above is not None and not _starts_piece(region, above, line):
            group.append(line)
            continue
        if above is not None:
            found.append(_piece(region, group, blank, words))
            blank = _blank_lines(region, above, line)
        group = [line]
    if group:
        found.append(_piece(region, group, blank, words))
    return found


def _blank_lines(region: Region, above: TextLine, below: TextLine) -> int:
    if above.page != below.page:
        return 0
    return max(0, int((below.base - above.base) / (region.leading * below.size) - 0.8))


def _starts_piece(region: Region, above: TextLine, below: TextLine) -> bool:
    """Whether a paragraph ends above `below`: a bullet, a gap, or a break where the next word had room."""
    if below.sign or (not above.text and not below.sign):
        return below.sign
    if above.page == below.page:
        distance = (below.base - above.base) / (region.leading * max(above.size, below.size))
        if distance > _NEW_PARAGRAPH:
            return True
    if abs(above.size - below.size) > _OTHER_SIZE * max(above.size, below.size) and not below.text[:1].islower():
        return True
    spare = (_LOW_SPARE if below.text[:1].islower() else 0.0) * below.size + 0.5
    fits = region.room(above, below) >= below.first + 0.25 * below.size + spare
    if _DASH.match(below.text):
        return fits or above.text.rstrip().endswith((".", ";", ":")) or below.text.lstrip("-–—* ")[:1].isupper()
    if fits or (_FIGURE.match(below.text) and _may_end(above.text)):
        return True
    return above.bold != below.bold and (above.text.endswith((":", ".", ";")) or not below.text[:1].islower())


def _may_end(text: str) -> bool:
    """Whether the words of a line are whole: a figure that stands below them may open an item of its own."""
    return not ends_open(Cell((DrawnLine(whole(text)),))) and not _BEFORE_FIGURE.search(text.rstrip())


def _piece(region: Region, lines: Sequence[TextLine], blank: int, words: Counter[str]) -> Piece:
    text = lines[0].text
    for above, below in pairwise(lines):
        text = _joined(text, below, _is_forced(region, above, below), words)
    dash = _DASH.match(text)
    bullet = lines[0].sign or bool(dash)
    bold = all(line.bold for line in lines if _WORD.search(line.text)) and any(line.bold for line in lines)
    plain = (text[dash.end() :] if dash else text).replace("\u00ad", "")
    return Piece(" ".join(plain.split()), bullet, bold, blank, tuple(lines))


def _is_forced(region: Region, above: TextLine, below: TextLine) -> bool:
    """Whether the margin cut a word: one word fills the line, and not even a letter more would have had room."""
    if " " in above.text or not above.text[-1:].isalpha() or not below.text[:1].isalpha():
        return False
    return region.right - above.x1 < below.tip + _CUT_SLACK and above.text[-1].islower() == below.text[0].islower()


def _joined(text: str, below: TextLine, forced: bool, words: Counter[str]) -> str:
    """`text` with the line below: without a blank after a hyphen, a slash, or in the middle of a cut word."""
    tails, heads = _WORD.findall(text[-60:]), _WORD.findall(below.text[:60])
    tail, head = (tails[-1].lower() if tails else ""), (heads[0].lower() if heads else "")
    if text.endswith("\u00ad"):
        return text[:-1] + below.text
    if text.endswith("-") and text[-2:-1].isalpha() and below.text[:1].isalpha():
        whole = words[tail + head] > 0 and below.text[0].islower()
        return (text[:-1] if whole else text) + below.text
    if text.endswith("/") and text[-2:-1].isalnum() and below.text[:1].isalnum():
        return text + below.text
    if forced and (words[tail + head] or not _is_whole(tail, head, words)):
        return text + below.text
    return f"{text} {below.text}"


def _is_whole(tail: str, head: str, words: Counter[str]) -> bool:
    """Whether two pieces that a margin parts are words of their own, as far as the document and their ends tell."""
    if _WORD_END.search(tail):
        return True
    known = words[head] > 0 and (words[tail] > 0 or tail[-1:] in "aeiouàèéìòù")
    return known and not is_stump(tail)
