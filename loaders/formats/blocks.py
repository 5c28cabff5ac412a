"""What a paragraph is (heading, label, list item, running text), and the text of a rendition as it is written down.

The rules are the same for every format; a format adds only what it knows of the paragraph's style.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from pathlib import Path

from loaders.document import Block, Heading, Label, Paragraph, Place
from loaders.errors import UnreadableFile
from loaders.formats.markup import BULLET
from loaders.formats.measure import LONGEST_PARAGRAPH, LONGEST_TEXT, check_text
from loaders.headers import LONGEST_HEADER
from loaders.lexicon import phrases
from loaders.span import Span, whole

LABEL_MAX = 240
HEADING_MAX = 260
_SIGN = rf"[{BULLET}*\ue000-\uf8ff]\s*|[-–—]\s+|[-–—](?=\w)|[Ø§]\s+|\(cid:\d{{1,5}}\)\s*"
_SIGNED = re.compile(rf"^\s*(?:{_SIGN})(?=\S)")
BULLETED = re.compile(rf"^\s*(?:{_SIGN}|[a-z]\)\s+)(?=\S)")
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}[.)]|[IVX]+[.)])\s+\S")
_SHEET = re.compile(
    r"^\s*(?:obiettivo|azione|scheda|intervento|progetto|linea|priorit[àa])(?:\s+[a-zà-ú]+){0,2}\s+(?:n\s*[.°]*\s*)?\d",
    re.I,
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BREAKS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")


def clean(text: str) -> str:
    """`text` in composed form without invisible characters, blanks folded, line breaks kept as «\\n»."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    plain = unicodedata.normalize("NFC", text).replace("\u2010", "-").replace("\u2011", "-")
    visible = _INVISIBLE.sub("", _BREAKS.sub("\n", plain))
    return "\n".join(" ".join(line.split()) for line in visible.split("\n"))


def block_of(
    span: Span, *, level: int | None = None, bold: bool = False, item: bool = False, numbered: bool = False
) -> Block:
    """The block that a paragraph is; `level` is that of its heading style.

    `item` says that it stands in a list; a `numbered` item keeps its number in the text, as a printed page has it.
    """
    text = span.text
    styled = level is not None or (bold and not introduces(text))
    listed = item and not numbered
    if (styled and len(text) <= HEADING_MAX) or (is_capitals(text) and not listed):
        return Heading(unbulleted(span), level or 2)
    if listed:
        return Paragraph(unbulleted(span, _SIGNED), bullet=True)
    if BULLETED.match(text):
        return Paragraph(unbulleted(span), bullet=True)
    if (text.endswith(":") and len(text) <= LABEL_MAX) or is_known_label(text):
        return Label(span.strip(" :"), 2)
    return Heading(span, 3) if is_title(text) else Paragraph(span, bullet=item)


def unbulleted(span: Span, signs: re.Pattern[str] = BULLETED) -> Span:
    """`span` without the sign of a list item at its start."""
    match = signs.match(span.text)
    return span.slice(match.end(), len(span)) if match else span


def introduces(text: str) -> bool:
    """Whether `text`, emphasised or not, is the label of what follows («Principali interventi:») and no title."""
    return text.rstrip().endswith(":") and len(text) <= LABEL_MAX and not is_capitals(text) and not BULLETED.match(text)


def is_known_label(text: str) -> bool:
    """Whether `text` is, as a whole, a heading or form label of the `column-role` vocabulary."""
    return 4 <= len(text) <= LONGEST_HEADER and phrases("headers", "column-role").exact(text) is not None


def is_capitals(text: str) -> bool:
    """Whether `text` is a line in capitals, of a heading's length."""
    letters = [c for c in text if c.isalpha()]
    return 4 <= len(letters) <= HEADING_MAX and sum(c.isupper() for c in letters) >= 0.8 * len(letters)


def is_title(text: str) -> bool:
    """Whether `text` is a short numbered line («2) Obiettivi», «Obiettivo 3 – …», «Scheda progetto n. 12») without a
    full stop."""
    numbered = _NUMBERED.match(text) or _SHEET.match(text)
    return bool(numbered) and len(text) <= 200 and not text.rstrip().endswith((".", ";"))


class Writer:
    """The text of a rendition, written paragraph by paragraph in reading order, and the places of its pieces.

    Raises `UnreadableFile` when the text grows beyond `LONGEST_TEXT`.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lines: list[str] = []
        self._length = 0
        self.places: list[Place] = []

    @property
    def text(self) -> str:
        """What was written, a line break after each paragraph."""
        return "".join(self._lines)

    @property
    def end(self) -> int:
        """The offset at which the next paragraph will start."""
        return self._length

    def write(self, text: str) -> Span:
        """Add a paragraph; its span in the text."""
        start = self._length
        self._length += len(text) + 1
        if len(text) > LONGEST_PARAGRAPH or self._length > LONGEST_TEXT:
            check_text(text, self._file)
            million = LONGEST_TEXT // 1_000_000
            raise UnreadableFile(
                f"the text is longer than {million} million characters.",
                file=self._file,
                remedy="Split it, one plan to a file.",
            )
        self._lines.append(text + "\n")
        return whole(text, start)

    def place(self, start: int, where: Place) -> None:
        """Say that all that was written since offset `start` stands at `where` (whose own offsets do not count)."""
        end = self._length - 1
        if end > start:
            self.places.append(replace(where, start=start, end=end))
