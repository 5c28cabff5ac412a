"""Legal acts: the citation as written, and the type, number and year it names (ELI's `type_document`, `number`, year
of the date)."""

from __future__ import annotations

import re
from functools import cache

from loaders.continuity import OPEN_WORDS
from loaders.document import Document
from loaders.lexicon import phrases
from loaders.records import LegalAct
from loaders.span import Span, whole

_ARTICLE = r"(?:art(?:t)?\.?\s*\d+(?:\s*(?:,|e)\s*\d+)*\s*,?\s*(?:comma\s*\d+\s*,?\s*)?(?:del(?:la|l['’])?\s*)?)?"
_NUMBER = (
    r"(?:\s*(?:delega|quadro|di bilancio)[^.;\d]{0,40}?)?\s*"
    r"(?:n\.?\s*°?\s*|nr\.?\s*|n°\s*)?(?:[IVXLC]+\s*/\s*)?(\d+)\s*(?:/\s*(\d{2,4}))?"
)
_DATED = r"(?:\s*del(?:l['’])?\s*(?:\d{1,2}[./\s](?:\d{1,2}|\w+)[./\s])?(\d{4}))?"


@cache
def _citation() -> re.Pattern[str]:
    names = sorted(
        (_spelling(label) for label in phrases("legal-act-types", "legal-act-type").labels()), key=len, reverse=True
    )
    return re.compile(rf"(?<![\w.]){_ARTICLE}({'|'.join(names)})(?=[\s.\d]){_NUMBER}{_DATED}", re.I)


def _spelling(label: str) -> str:
    """A pattern for a label: letters of an acronym may carry full stops («l.r.», «D.G.R.»)."""
    words = [re.escape(word) for word in label.split()]
    if all(len(word) <= 2 for word in words) or (len(words) == 1 and len(words[0]) <= 5):
        return r"\.?\s?".join("".join(words)) + r"\.?"
    return r"\.?\s+".join(words) + r"\.?"


def find_acts(document: Document, span: Span) -> list[LegalAct]:
    """The acts cited in `span`, in order."""
    found = []
    for match in _citation().finditer(span.text):
        entry = phrases("legal-act-types", "legal-act-type").exact(match.group(1))
        if entry is None or not match.group(2) or _is_preposition(match.group(1)):
            continue
        text = span.slice(match.start(), match.end()).strip(" ,")
        found.append(
            LegalAct(
                text=text.text,
                type=entry.code,
                number=None if _is_year(match) else match.group(2),
                year=int(match.group(2)) if _is_year(match) else _year(match.group(3) or match.group(4)),
                passage=document.passage(text),
            )
        )
    return found


def all_acts(document: Document) -> list[LegalAct]:
    """Each act the document cites, once, at its first citation."""
    first: dict[tuple[str, str | None, int | None], LegalAct] = {}
    for act in find_acts(document, whole(document.text)):
        first.setdefault((act.type, act.number, act.year), act)
    return list(first.values())


def _is_preposition(name: str) -> bool:
    """«Dal 2015» cites no act, «DAL 2015» does."""
    return name.lower() in OPEN_WORDS and not name.isupper()


def _is_year(match: re.Match[str]) -> bool:
    """«Legge di Bilancio 2022» names a year and no number."""
    numbered = re.search(r"\bn(?:r)?\s*[.°]", match.group(), re.I)
    return not numbered and not match.group(3) and bool(re.fullmatch(r"(?:19|20)\d\d", match.group(2)))


def _year(text: str | None) -> int | None:
    """The year that two, three or four digits stand for («00» → 2000, «019» → 2019)."""
    if not text:
        return None
    number = int(text)
    if len(text) == 4:
        return number
    return 2000 + number if number < 50 else 1900 + number
