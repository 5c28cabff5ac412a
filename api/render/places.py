"""Where words stand, said in one way everywhere: file, page, line."""

from __future__ import annotations

from api.language import Texts


def place_words(words: Texts, file: str | None, page: int | None, line: int | None) -> str:
    """The file and, when known, the page and the line: `piano.txt, pagina 3, riga 18`."""
    parts = [file or ""]
    parts += [words("place.page", n=page)] if page else []
    parts += [words("place.line", n=line)] if line else []
    return ", ".join(part for part in parts if part)
