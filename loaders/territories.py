"""Which territory a document is about, from its first lines: Ambito or its kin, district, agencies, region."""

from __future__ import annotations

import re
from functools import cache

from loaders.document import Document
from loaders.lexicon import any_of, phrases, wordings
from loaders.records import Territory

OPENING_BLOCKS = 6  # blocks in which a document says whose it is
_WORD = r"[A-ZÀ-Ú][\w'’]*(?:-[A-ZÀ-Ú]?\w+)*"
_OF = r"(?:(?:e\s+)?(?:di|del|della|dei|degli|delle|d[i’']|dell['’]|sul|sull['’]|al|alla|a|in|nell['’]|con|la)\s*|e\s+)"
_OTHER_BODIES = r"ASST|ATS|ASL|ASP|AUSL|A?ULSS|USL|AST|APSS|Comun[ei]|Provincia|Regione|Ambit[oi]|Distrett[oi]"
_NEXT = rf"(?!(?:{_OTHER_BODIES})\b)"  # a name ends where another body's begins
_NAME = rf"({_WORD}(?:[ \t]+(?:{_OF})?{_NEXT}{_WORD})*)"
_LETTERED = r"[A-Z]{1,2}\s?/?\s?\w?\d+(?:[./]\d+)*\b"  # «S5», «TA/2», «RM 4.1»
_NUMBERED = r"(?i:n\.?\s*°?\s*)?(?:\d+(?:[./]\d+)*\b(?!\s*[-–/.]\s*\d{4})|[IVX]+\b)"
_CODE = rf"({_LETTERED}|{_NUMBERED})"
_UNNAMED = r"(?!\s*[-–,]?\s*[\"“«]?[A-ZÀ-Ú])"  # no name after the number
_TO = (
    r"(?i:\s+(?:(?:n\.?\s*°?\s*)?(?:\d+|[ivx]+(?=\s*[-–,:])|[ivx]{2,}(?=\s+[\"“«]?\w))\s*[-–,:]?\s*)?[\"“«]?"
    r"(?:(?:di|del|della|dei)\s+|dell['’]\s*)?)"
)
_SECOND = rf"(?:\s+[-–]\s+{_NAME}(?=\s*$))?"
_NO_PLACE = r"(?!(?i:piano|programma|accordo|regione|provincia|annualit[àa]|triennio|documento|comuni?|ambito)\b)"
_PLACE = rf"(?:[ \t]+{_NEXT}{_NO_PLACE}{_WORD}){{0,3}}"  # «Distretto 1 Ventimigliese»
_OTHER_AMBITI = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?i:zona sociale)(?:{_TO}{_NAME}|\s+{_CODE}(?:\s*[-–,]\s*{_NAME})?)",
        rf"\b(?i:società della salute|zona[- ]distretto)\s+(?i:(?:d[ei]|del|della|delle)\s+|dell['’])?{_NAME}{_SECOND}",
        rf"\b(?:PLUS|P\.L\.U\.S\.)\s+(?i:(?:di|del)\s+|dell['’])?(?!(?i:distretto|ambito|\d)){_NAME}",
        rf"\b(?i:servizio sociale dei comuni)\s+(?i:(?:di|del|della|dell['’]ambito)\s+)?{_NAME}",
        rf"\bECAD(?:\s+{_CODE}(?:\s*[-–,]\s*{_NAME})?|{_TO}{_NAME})",
    )
)
_CONSORTIUM_NAME = (
    r"\b(?=[^\n:;,(]*\s[A-ZÀ-Ú])"
    r"(?:(?!\s+e\s+(?:l['’]|la\s|il\s|i\s|gli\s|le\s)|\s[-–]\s*(?i:piano|accordo|programma|distretto))[^\n:;,(]){3,100}"
)
_ASST = re.compile(rf"\b(?i:ASST)\s+(?:(?:di|del|della|dei|degli)\s+)?{_NAME}")
_ATS = re.compile(rf"\bATS\s+(?:(?:di|del|della|dei)\s+|dell['’]\s*)?{_NAME}")
_ATS_AMBITO = re.compile(
    rf"\bATS\s+(?:({_LETTERED}|{_NUMBERED}{_UNNAMED})|(?:n\.?\s*)?(?:\d+\s*[-–]?\s*)?(?:di\s+)?{_NAME})"
)
_CODED = r"[A-Z]{2}\s?/?\s?\d{1,2}\b"  # «ASL TO4», «ASL RM 2»
_SIDE = r"(?:\s+(?i:nord|sud|centro|est|ovest)\b)?"
_AUSL = re.compile(
    rf"\b(?:A\.?\s?U\.?\s?S\.?\s?L\.?|ASL|ASP|AST|ASUR|A?ULSS|Aulss|(?:(?i:azienda)\s+)?(?i:USL|ULSS)|"
    rf"AAS|(?i:azienda per (?:i servizi sanitari|l['’]assistenza sanitaria)|"
    rf"azienda sanitaria(?: (?:locale|provinciale|territoriale|unica|universitaria(?: integrata)?))?))"
    rf"(?:\s+n?\.?\s*,?\s*\d+\b)?(?:\s+(?:(?:di|della|del)\s+|dell['’]\s*)?(?:{_CODED}|{_NAME}))?(?:\s+\d{{1,2}}\b)?{_SIDE}|"
    rf"\b(?:ASUGI|ASUFC|AsFO|ASFO|ASReM|ASREM|APSS)\b"
)
_ALONE = frozenset(("ASUGI", "ASUFC", "ASFO", "ASREM", "APSS"))  # trusts whose acronym is their whole name
_REGION = re.compile(r"\bregione\b\s*", re.I)
_CARDINAL = re.compile(r"(?:nord|sud|est|ovest|centro)\b", re.I)
_NUMBER_SIGN = re.compile(r"^n(?:\s*[.°]+\s*|\s+)(?=[\dIVX])", re.I)
_ATS_IS_AGENCY = (None, "Lombardia", "Sardegna")


def territory_of(document: Document) -> Territory:
    """The territory that the title or the first lines name in full; nothing that is only mentioned."""
    text = "\n".join(opening(document))
    region = _region_of(text)
    several = _several(text)
    ambito = several[0] if several else _named(_ambito(), text, "Ambito")
    ats = _whole(_ATS, text)
    if region not in _ATS_IS_AGENCY or re.search(r"ambit[oi] territorial[ei] social[ei]", text, re.I):
        ambito, ats = ambito or _named(_ATS_AMBITO, text, "Ambito"), None
    distretto = _named(_distretto(), text, "Distretto")
    return Territory(
        region=region,
        ambito=ambito or (None if distretto else _other_ambito(text)),
        other_ambiti=tuple(several[1:]),
        distretto=distretto,
        asst=_whole(_ASST, text),
        ats=ats,
        ausl=_whole(_AUSL, text),
    )


@cache
def _area() -> str:
    """The adjectives between «Ambito» and the name of the place («territoriale sociale»)."""
    return rf"(?i:(?:\s+(?:{any_of(_words('qualifier'))}))*+)"


@cache
def _ambito() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![nN]ell['’])\b(?i:ambito){_area()}"
        rf"(?:\s+({_LETTERED}|{_NUMBERED}{_UNNAMED})|{_TO}{_NAME}{_SECOND}|\s+{_CODE})|"
        rf"\b(?i:piano (?:sociale )?di zona)\s+(?i:di|del|della|dell['’])\s*{_NAME}",
        re.M,
    )


@cache
def _distretto() -> re.Pattern[str]:
    return re.compile(rf"\b(?i:distretto){_area()}(?:\s+((?:{_LETTERED}|{_NUMBERED}){_PLACE})|{_TO}{_NAME})")


@cache
def _consortium() -> re.Pattern[str]:
    kinds, opening_kinds = any_of(_words("consortium")), any_of(_words("opening"))
    return re.compile(rf"\b(?i:{kinds}|^(?:{opening_kinds})){_CONSORTIUM_NAME}")


def _words(code: str) -> tuple[str, ...]:
    return wordings("area-words", "area-word")[code]


def opening(document: Document) -> list[str]:
    """The texts, tables apart, with which the document opens."""
    return [block.text.text for block in document.blocks if not hasattr(block, "rows")][:OPENING_BLOCKS]


def is_region(text: str) -> bool:
    """Whether `text` is nothing but the name of a region («Regione Marche»)."""
    match = _REGION.match(text.strip())
    return match is not None and phrases("region-names", "region-name").exact(text.strip()[match.end() :]) is not None


def _region_of(text: str) -> str | None:
    names = phrases("region-names", "region-name")
    for match in _REGION.finditer(text):
        found = names.find(text[match.end() : match.end() + 40])
        if found and found[0].start == 0:
            return found[0].entry.code
    return None


def _other_ambito(text: str) -> str | None:
    """The zone, consortium or union that plans where there is no Ambito, as written."""
    for pattern in (*_OTHER_AMBITI, _consortium()):
        if match := _search(pattern, text):
            return match.group().strip(" -–")
    return None


def _search(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match inside one line."""
    return next((match for line in text.split("\n") if (match := pattern.search(line))), None)


def _several(text: str) -> list[str]:
    """The Ambiti that one line lists («Ambiti di Lodi, Crema e Cremona», «l'Ambito di Lodi e l'Ambito di Crema»)."""
    for line in text.split("\n"):
        for names in (_plural(line), _repeated(line)):
            if len(names) > 1:
                return list(dict.fromkeys(_called("Ambito", name) for name in names))
    return []


def _plural(line: str) -> list[str]:
    """The names after «Ambiti», up to the first piece of the list that is none."""
    match = _ambiti().search(line)
    if match is None:
        return []
    pieces = [_PIECE_START.sub("", piece.strip()) for piece in _PIECES.split(match.group(1))]
    whole = [bool(_AREA_NAME.fullmatch(piece)) for piece in pieces]
    return pieces[: whole.index(False) if False in whole else None]


def _repeated(line: str) -> list[str]:
    """The names of Ambiti that follow one another with nothing between them but what glues a list."""
    found: list[re.Match[str]] = []
    for match in _ambito().finditer(line):
        if not found or _GLUE.fullmatch(line[found[-1].end() : match.start()]):
            found.append(match)
    return [" - ".join(g for g in match.groups() if g) for match in found]


_PIECES = re.compile(r"(?i:\s*,\s*(?:ed?\s+)?|\s+ed?\s+)(?=(?:d[ei]\w*\s|dell['’]|n\.|\d|[A-ZÀ-Ú]))")
_PIECE_START = re.compile(r"^(?i:(?:di|del|della|dei)\s+|dell['’]\s*)?[\"“«]?")
_AREA_NAME = re.compile(rf"(?:{_LETTERED}|{_NUMBERED}|{_NAME})[\"”»]?")
_GLUE = re.compile(r"\s*(?:\([^()]*\))?\s*(?:[,;/–-]|\bed?\b)*\s*(?:(?:con|tra|per)\s+)?(?:(?:d?ell|all|l)['’]\s*)?")


@cache
def _ambiti() -> re.Pattern[str]:
    end = rf"\s+(?:ed?|con)\s+(?:l['’]\s*|la\s+|il\s+|i\s+)?(?:{_OTHER_BODIES})\b|\s[-–]\s|[:;(]|$"
    return re.compile(rf"\b(?i:ambiti){_area()}\s+(.{{1,200}}?)(?={end})")


def _called(kind: str, name: str) -> str:
    """The whole name of an area: «Ambito di Lodi», «Ambito 13»."""
    plain = _NUMBER_SIGN.sub("", name)
    bare = (
        plain[-1].isdigit()
        or plain[0].isdigit()
        or bool(_CARDINAL.match(plain))
        or bool(re.fullmatch(r"[IVX]+", plain))
        or bool(re.match(_LETTERED, plain))
    )
    return f"{kind} {plain}" if bare else f"{kind} di {name}"


def _named(pattern: re.Pattern[str], text: str, kind: str) -> str | None:
    match = _search(pattern, text)
    name = " - ".join(g for g in match.groups() if g) if match else None
    return _called(kind, name) if name else None


def _whole(pattern: re.Pattern[str], text: str) -> str | None:
    match = _search(pattern, text)
    name = match.group().strip() if match else ""
    return name if " " in name or name.upper() in _ALONE else None
