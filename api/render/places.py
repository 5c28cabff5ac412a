"""Where words stand, said in one way everywhere: file, page, line, and the cell of a table or sheet."""

from __future__ import annotations

from api.language import Texts
from shapes.report import Finding


def place_words(words: Texts, file: str | None, page: int | None, line: int | None) -> str:
    """The file and, when known, the page and the line: `piano.txt, pagina 3, riga 18`."""
    parts = [file or ""]
    parts += [words("place.page", n=page)] if page else []
    parts += [words("place.line", n=line)] if line else []
    return ", ".join(part for part in parts if part)


def finding_place(words: Texts, finding: Finding) -> str:
    """The place of a finding, down to the cell: `piano.xlsx, foglio «Azioni», casella B7`, «assente» when it lacks."""
    stands, cell = place_words(words, finding.file, finding.page, finding.line), ", ".join(_cell(words, finding))
    if finding.line and cell:
        stands, cell = f"{stands} ({cell})", ""
    parts = [stands, cell, words("place.absent") if finding.absent else ""]
    return ", ".join(part for part in parts if part)


def _cell(words: Texts, finding: Finding) -> list[str]:
    if finding.cell:
        sheet = [words("place.sheet", name=finding.sheet)] if finding.sheet else []
        return [*sheet, words("place.sheet-cell", name=finding.cell)]
    if not finding.table:
        return []
    at = finding.table_row, finding.table_column
    cell = [words("place.cell", row=at[0], column=at[1])] if all(at) else []
    return [words("place.table", n=finding.table), *cell]
