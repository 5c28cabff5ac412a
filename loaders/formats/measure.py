"""How large a plan may be: what is beyond would only cost time and memory. Real plans stay below a tenth of each."""

from __future__ import annotations

from pathlib import Path

from loaders.document import Document, Table
from loaders.errors import UnreadableFile

LONGEST_TEXT = 2_000_000  # characters
LONGEST_PARAGRAPH = 50_000  # characters
MOST_BLOCKS = 20_000
MOST_ROWS = 5_000  # of all tables
_REMEDY = "Split it, one plan to a file."


def check_text(text: str, path: Path) -> str:
    """The text of a rendition, when none of its lines is too long to be a paragraph. Raises `UnreadableFile`."""
    if len(text) > LONGEST_TEXT:
        raise UnreadableFile(
            f"the text is longer than {LONGEST_TEXT // 1_000_000} million characters.", file=path, remedy=_REMEDY
        )
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_PARAGRAPH:
            problem = f"a paragraph has {len(line)} characters, more than {LONGEST_PARAGRAPH}."
            remedy = "Save the document with its line breaks."
            raise UnreadableFile(problem, file=path, place=f"paragraph {number}", remedy=remedy)
    return text


def check_measure(document: Document, path: Path) -> Document:
    """The document, when it is no larger than a plan may be. Raises `UnreadableFile`."""
    check_text(document.text, path)
    rows = sum(len(block.rows) for block in document.blocks if isinstance(block, Table))
    blocks = len(document.blocks)
    if blocks > MOST_BLOCKS:
        raise UnreadableFile(f"the document holds {blocks} blocks, more than {MOST_BLOCKS}.", file=path, remedy=_REMEDY)
    if rows > MOST_ROWS:
        problem = f"the document holds {rows} rows of tables, more than {MOST_ROWS}."
        raise UnreadableFile(problem, file=path, remedy=_REMEDY)
    return document
