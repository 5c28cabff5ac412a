"""Lines and list items of a piece of text that carries light markup (HTML tags, bullets, lost line breaks)."""

from __future__ import annotations

import re

from loaders.document import Line
from loaders.span import EMPTY, Span, join

BULLET = "•·●▪◦■□➢➤►❖\uf0b7\uf0a7\uf0d8\uf02d\uf0fc"
_ITEM_TAG = re.compile(r"</?li\b[^<>]*>", re.I)
_OTHER_TAG = re.compile(
    r"</?(?:b|i|u|em|strong|span|font|a|sup|sub)\b[^<>]*>|\*\*|\*(?=[^*\s][^*]*\*)|(?<=[^*\s(])\*(?=[\s.,;:)]|$)", re.I
)
_BREAK = re.compile(rf"</?(?:p|br|ul|ol|div|tr|td|li)\b[^<>]*/?>|[{BULLET}]|\n", re.I)
_LOST_BREAK = re.compile(r"\s{2,}(?=[A-ZÀ-Ú][a-zà-ú]|[-–]\s|\d+\s?%)")
_DASHED = re.compile(r"^\s*[-–—]\s*(?=\S)")
_MINUS = re.compile(r"^\s*[-–—]\d[\d.,]*\s*(?:%|$)")  # «-10%» alone in its cell is a value, among dashes an item


def lines(span: Span) -> tuple[Line, ...]:
    """The lines and list items that `span` holds, tags and bullets taken out, blanks folded."""
    found: list[Line] = []
    bullet = False
    pieces = _split(span)
    if len(pieces) == 1 and _MINUS.match(span.text):
        return (Line(span.without(_OTHER_TAG).folded(), False),)
    for piece, separator in pieces:
        found.extend(_pieces(piece, bullet))
        bullet = bool(_ITEM_TAG.fullmatch(separator)) or separator in BULLET
    return tuple(found)


def _split(span: Span) -> list[tuple[Span, str]]:
    """Each stretch before a break, with the break that follows it."""
    cuts = [(m.start(), m.end(), m.group()) for m in _BREAK.finditer(span.text)]
    pieces: list[tuple[Span, str]] = []
    start = 0
    for begin, end, separator in cuts:
        pieces.append((span.slice(start, begin), separator))
        start = end
    pieces.append((span.slice(start, len(span)), "\n"))
    return pieces


def _pieces(span: Span, bullet: bool) -> list[Line]:
    plain = span.without(_OTHER_TAG)
    found = []
    for part in plain.pieces(_LOST_BREAK):
        dashed = _DASHED.match(part.text)
        folded = part.slice(dashed.end() if dashed else 0, len(part)).folded()
        if folded:
            found.append(Line(folded, bullet or bool(dashed)))
        bullet = False
    return found


def plain(span: Span) -> Span:
    """`span` without tags, its white space folded."""
    pieces = [piece.without(_OTHER_TAG) for piece, _ in _split(span)]
    return join((p for p in pieces if p.text.strip()), " ").folded() if pieces else EMPTY
