"""Legal acts: the citation as written, and the type, number and year it names (ELI's `type_document`, `number`, year
of the date)."""

from __future__ import annotations

import re
from functools import cache

from loaders.continuity import OPEN_WORDS
from loaders.document import Document
from loaders.lexicon import any_of, months, phrases
from loaders.records import LegalAct
from loaders.span import Span, whole

_ARTICLE = r"(?:art(?:t)?\.?\s*\d+(?:\s*(?:,|e)\s*\d+)*\s*,?\s*(?:comma\s*\d+\s*,?\s*)?(?:del(?:la|l['’])?\s*)?)?"
_NUMBER = (
    r"(?:\s*(?:delega|quadro|di bilancio)[^.;\d]{0,40}?)?\s*"
    r"(?:n\.?\s*°?\s*|nr\.?\s*|n°\s*)?(?:[IVXLC]+\s*/\s*)?(?P<number>\d+(?:-\d{3,5}(?=\s+del\b))?)\s*(?:-\d+)?(?:/\s*(?P<short>\d{2,4})(?!\d))?"
)
_DATED = r"(?:\s*del(?:l['’])?\s*(?:\d{1,2}[./\s](?:\d{1,2}|\w+)[./\s])?(?P<year>\d{4}))?"


@cache
def _date_first() -> str:
    """A date between the name of an act and its number («legge 8 novembre 2000, n. 328»)."""
    return (
        rf"\s+(?:del(?:l['’])?\s*)?\d{{1,2}}°?(?:\s+(?:{any_of(months())})\s+|[./]\d{{1,2}}[./])(?P<dated>\d{{4}})"
        r"(?:\s*,?\s*(?:n\.?\s*°?|nr\.?)\s*(?P<numbered>\d+))?"
    )


@cache
def _citation() -> re.Pattern[str]:
    names = sorted(
        (_spelling(label) for label in phrases("legal-act-types", "legal-act-type").labels()), key=len, reverse=True
    )
    regions = "|".join(re.escape(label) for label in sorted(_regions(), key=len, reverse=True))
    of_region = rf"(?:\s+(?:della\s+)?(?:regione\s+)?(?:{regions})\b)?"
    name = rf"(?<![\w.]){_ARTICLE}({'|'.join(names)})(?=[\s.\d]){of_region}"
    return re.compile(rf"{name}(?:{_date_first()}|{_NUMBER}{_DATED})", re.I)


def _regions() -> set[str]:
    """The names of the regions, as written and without accents or dashes."""
    found = {label for label in phrases("region-names", "region-name").labels()}
    return found | {label.replace(" ", "-", 1) for label in found if " " in label}


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
        if entry is None or not (match["dated"] or match["number"]) or _is_common(match.group(1)):
            continue
        if match.group().strip().upper() == f"L{match['number'] or ''}":
            continue  # «italiano L2» is a language and no law
        text = span.slice(match.start(), match.end()).strip(" ,")
        found.append(
            LegalAct(
                text=text.text,
                type=entry.code,
                number=_number(match),
                year=_year_of(match),
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


def _is_common(name: str) -> bool:
    """«Dal 2015» cites no act, «DAL 2015» does; a bare «Codice 1.1» is the number of a sheet."""
    if name.lower() == "codice":
        return True
    return name.lower() in OPEN_WORDS and not name.isupper()


def _number(match: re.Match[str]) -> str | None:
    """The number of the act; «legge 8 novembre 2000, n. 328» gives it after the date."""
    return match["numbered"] if match["dated"] else (None if _is_year(match) else match["number"])


def _year_of(match: re.Match[str]) -> int | None:
    if match["dated"]:
        return int(match["dated"])
    return int(match["number"]) if _is_year(match) else _year(match["short"] or match["year"])


def _is_year(match: re.Match[str]) -> bool:
    """«Legge di Bilancio 2022» names a year and no number."""
    numbered = re.search(r"\bn(?:r)?\s*[.°]", match.group(), re.I)
    return not numbered and not match["short"] and bool(re.fullmatch(r"(?:19|20)\d\d", match["number"]))


def _year(text: str | None) -> int | None:
    """The year that two, three or four digits stand for («00» → 2000, «019» → 2019)."""
    if not text:
        return None
    number = int(text)
    if len(text) == 4:
        return number
    return 2000 + number if number < 50 else 1900 + number
