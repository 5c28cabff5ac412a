"""Text whose columns stand side by side, kept apart by blanks (the manner of `pdftotext -layout`).

Steps: `lines` (pages, stretches, furniture) → `columns` (headings, gutters page by page) → `rows`, `tables` (rows and
cells) → `paragraphs` (wrapped lines joined). A form feed opens a page. The rules of a table and the weight of its type
are lost, so rows start where the cells of a line open together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from loaders.document import Block, Document, Finding, Place
from loaders.formats.blocks import block_of
from loaders.formats.laid_out.columns import (
    Columns,
    Heading,
    anchored,
    find_form,
    find_heading,
    fits,
    is_inside,
    moved,
    repeated_heading,
)
from loaders.formats.laid_out.lines import Stretch, TextLine, pages_of, without_furniture, word_counts
from loaders.formats.laid_out.paragraphs import glued, opens, stands_alone
from loaders.formats.laid_out.rows import goes_on
from loaders.formats.laid_out.tables import Part, table_of
from loaders.records import Rendition
from loaders.span import Span, normalised

_WIDE = 3  # blanks that part columns; two may be a slip of the keyboard
_FEWEST_LINES = 4  # lines with columns that make a text laid out
_LONGEST_BANNER = 80  # characters of a line across the columns that names a section of the table
_SHORT = 0.4  # of the width of a page's text; a line that short and without a stop is a title
_TEXT_WIDTH = 60  # characters; a page of shorter lines holds no running text
_MOST_LINES = 200  # of one paragraph
_LOOKED_AT = 40  # lines below a heading that show where its columns stand


def is_laid_out(text: str) -> bool:
    """Whether lines of `text` hold columns that blanks keep apart."""
    if "\t" in text:
        return False
    parted = [line for page in pages_of(text) for line in page if _is_parted(line)]
    return len(parted) >= _FEWEST_LINES


def _is_parted(line: TextLine) -> bool:
    if line.span.text.lstrip().startswith("|"):
        return False
    return any(right.start - left.end >= _WIDE for left, right in pairwise(line.stretches))


def read(text: str, rendition: Rendition) -> Document:
    """The blocks of a laid-out text (offsets are characters of `text`)."""
    pages, furniture = without_furniture(pages_of(text))
    widths = [max((len(x.stretches[0].text) for x in page if len(x.stretches) == 1), default=0) for page in pages]
    reader = _Reader(word_counts(text), widths)
    for page in pages:
        reader.page(_trimmed(page))
    reader.close()
    places = tuple(sorted(reader.places, key=lambda place: place.start))
    aside = tuple(line.span.folded() for line in furniture)
    return Document(rendition, text, tuple(reader.blocks), places, aside, tuple(reader.findings))


def _trimmed(lines: Sequence[TextLine]) -> list[TextLine]:
    filled = [index for index, line in enumerate(lines) if not line.blank]
    return list(lines[filled[0] : filled[-1] + 1]) if filled else []


@dataclass
class _Reader:
    """Takes pages in order; what is open at the end of one, text or table, may go on in the next."""

    words: Counter[str]
    widths: Sequence[int]  # of the longest line of running text on each page
    blocks: list[Block] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    text: list[TextLine] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    tables: int = 0

    def page(self, lines: Sequence[TextLine]) -> None:
        """Read one page; a heading alone at the end of the page before stands above it."""
        if self.parts and self.parts[-1].head and not any(not line.blank for line in self.parts[-1].body):
            lines = [*self.parts.pop().head, *lines]
        at = 0
        while at < len(lines):
            part, end = self._part(lines, at)
            if part is None:
                if not lines[at].blank:
                    self._close_table()
                self.text.append(lines[at])
                at += 1
                continue
            if self.text and any(not line.blank for line in self.text):
                self._close_table()
            self._close_text()
            if not self.parts or not self._goes_on(part, at):
                self._close_table()
            self.parts.append(part)
            at = end

    def _goes_on(self, part: Part, at: int) -> bool:
        """Whether a part is the next one of the open table: it opens the page, without a heading or with the same."""
        same = not part.labels or _alike(part.labels, self.parts[0].labels)
        return at == 0 and same and len(part.columns.starts) == len(self.parts[0].columns.starts)

    def _part(self, lines: Sequence[TextLine], at: int) -> tuple[Part | None, int]:
        """The table's part that starts at line `at`, and the line after it."""
        if lines[at].blank:
            return None, at
        open_form = at == 0 and bool(self.parts) and self.parts[-1].columns.form
        form = find_form(lines, at, open_above=open_form)
        if form is not None:
            return Part(form[0], body=lines[at : form[1]]), form[1]
        again = repeated_heading(lines, at, self.parts[0].labels) if self.parts else None
        heading = again or find_heading(lines, at)
        if at == 0 and self.parts and not open_form and not (heading and heading.known):
            found = _continued(lines, self.parts[-1].columns)
            if found is not None:
                return found
        return _headed(lines, at, heading) if heading is not None else (None, at)

    def close(self) -> None:
        """End what is open."""
        self._close_text()
        self._close_table()

    def _close_table(self) -> None:
        if not self.parts:
            return
        self.tables += 1
        table, places = table_of(self.parts, self.tables, self.words)
        self.blocks.append(table)
        self.places += places
        self.parts = []
        span = next((cell.text for row in table.rows for cell in row if cell), None)
        if span is not None:
            note = "columns told by blanks, rows where cells open together"
            self.findings.append(Finding("laid_out_table", note, "B", "other rows", span))

    def _close_text(self) -> None:
        group: list[TextLine] = []
        gap = False
        for line in self.text:
            if line.blank:
                gap = True
                continue
            if group and (len(group) >= _MOST_LINES or _opens(group[-1], line, self._width(line), gap=gap)):
                self._add(group)
                group = []
            group.append(line)
            gap = False
        if group:
            self._add(group)
        self.text = []

    def _width(self, line: TextLine) -> int:
        """How long the lines of running text get on the page of `line`; on one of few words, in the document."""
        own = self.widths[line.page - 1]
        return own if own >= _TEXT_WIDTH else max(self.widths)

    def _add(self, group: Sequence[TextLine]) -> None:
        span = _words(group[0])
        for line in group[1:]:
            span = glued(span, _words(line), self.words)
        self.places += [Place(_words(x).offsets[0], _words(x).offsets[-1] + 1, x.page) for x in group]
        self.blocks.append(block_of(span))


def _alike(labels: Sequence[Stretch], others: Sequence[Stretch]) -> bool:
    return [normalised(label.text) for label in labels] == [normalised(label.text) for label in others]


def _words(line: TextLine) -> Span:
    return line.span.folded()


def _opens(above: TextLine, line: TextLine, width: int, *, gap: bool) -> bool:
    """Whether a paragraph of running text ends above `line`."""
    words, before = _words(line).text, _words(above).text
    if gap or above.page != line.page:
        return not (above.page != line.page and goes_on(before, words))
    if stands_alone(before) and not goes_on(before, words) and not (before.isupper() and words.isupper()):
        return True
    short = len(words) < _SHORT * width and words[:1].isupper() and words[-1:].isalnum()
    return opens(before, words, width) or (short and not goes_on(before, words))


def _headed(lines: Sequence[TextLine], at: int, heading: Heading) -> tuple[Part, int]:
    first = at + heading.depth
    probed = [line for line in lines[first : first + _LOOKED_AT] if len(line.stretches) > 1]
    columns = anchored(heading, probed)
    end = _end(lines, first, columns)
    columns = anchored(heading, [x for x in lines[first:end] if not x.blank and not _runs_across(x, columns)])
    return _part(columns, lines[first:end], heading, lines[at:first]), end


def _continued(lines: Sequence[TextLine], before: Columns) -> tuple[Part, int] | None:
    probed = [line for line in lines[:_LOOKED_AT] if len(line.stretches) > 1]
    columns = moved(before, probed or lines[:1])
    if not fits(lines, columns):
        return None
    end = _end(lines, 0, columns)
    return (_part(moved(before, _narrow(lines[:end], columns)), lines[:end]), end) if end else None


def _narrow(lines: Sequence[TextLine], columns: Columns) -> list[TextLine]:
    return [line for line in lines if not line.blank and not _runs_across(line, columns)]


def _part(
    columns: Columns, body: Sequence[TextLine], heading: Heading | None = None, head: Sequence[TextLine] = ()
) -> Part:
    banners = frozenset(i for i, line in enumerate(body) if not line.blank and _runs_across(line, columns))
    return Part(columns, heading.labels if heading else (), head, body, banners)


def _runs_across(line: TextLine, columns: Columns) -> bool:
    return len(line.stretches) == 1 and columns.crossed_by(line.stretches[0])


def _end(lines: Sequence[TextLine], first: int, columns: Columns) -> int:
    """The line after the last one of a table whose body starts at line `first`."""
    end = first
    for at in range(first, len(lines)):
        line = lines[at]
        if line.blank:
            continue
        heading = find_heading(lines, at) if at > first else None
        if heading is not None and heading.known:
            return _before_title(lines, first, at)
        if not is_inside(line, columns) and not _is_banner(lines, at, columns):
            return end
        if _stands_below(lines, at, columns) and at > first:
            return end
        end = at + 1
    return end


def _is_banner(lines: Sequence[TextLine], at: int, columns: Columns) -> bool:
    """Whether a line across the columns names a section of the table: it goes on below in its columns."""
    line = lines[at]
    if line.start < columns.starts[0] or len(line.span.text.strip()) > _LONGEST_BANNER:
        return False
    if line.span.text.rstrip().endswith((".", ":", ";")) or at + 1 >= len(lines) or lines[at + 1].blank:
        return False
    below = lines[at + 1]
    return len(below.stretches) > 1 and is_inside(below, columns) and find_heading(lines, at + 1) is None


def _stands_below(lines: Sequence[TextLine], at: int, columns: Columns) -> bool:
    """Whether a line alone in the first column, below a blank line, is text after the table: no row comes below it."""
    line = lines[at]
    if not lines[at - 1].blank or len(line.stretches) > 1 or columns.index(line.start) > 0:
        return False
    for below in lines[at + 1 : at + _LOOKED_AT]:
        if below.blank:
            continue
        if not is_inside(below, columns):
            return True
        if len(below.stretches) > 1 or columns.index(below.start) > 0:
            return False
    return True


def _before_title(lines: Sequence[TextLine], first: int, heading: int) -> int:
    """Where the title above a heading starts: lines alone, below a blank one."""
    at = heading
    while at > first and (lines[at - 1].blank or len(lines[at - 1].stretches) == 1):
        at -= 1
    return next((index for index in range(at, heading) if lines[index].blank), heading)
