"""What a document says of itself: title, kind, territory and period, from its opening words only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from loaders.document import Document, Heading, Label, Paragraph
from loaders.lexicon import phrases
from loaders.records import Period, PlanKind, Territory
from loaders.span import Span, normalised

_OPENING_BLOCKS = 14
_WORD = r"[A-ZÀ-Ú][\w'’]*(?:-[A-ZÀ-Ú]?\w+)*"
_OF = r"(?:(?:e\s+)?(?:di|del|della|dei|dell['’]|sul|al|in|con)\s*|e\s+)"
_NAME = rf"({_WORD}(?:[ \t]+(?:{_OF})?{_WORD})*)"
_AREA = r"(?i:(?:\s+(?:territoriale|distrettuale|sociale|plurizonale|socio[- ]?sanitario|sociosanitario))*)"
_TO = r"(?i:\s+(?:n\.?\s*\d+\s*[-–,]?\s*)?(?:(?:di|del|della|dei)\s+|dell['’]\s*)?)"
_AMBITO = re.compile(
    rf"\b(?i:ambito){_AREA}{_TO}{_NAME}|\b(?i:piano (?:sociale )?di zona)\s+(?i:di|del|della|dell['’])\s*{_NAME}"
)
_DISTRETTO = re.compile(
    rf"\b(?i:distretto){_AREA}(?:\s+((?i:n\.?\s*°?\s*)?\d+\b|[A-Z]{{2}}\s?/?\s?\w?\d+)|{_TO}{_NAME})"
)
_ASST = re.compile(rf"\b(?i:ASST)\s+(?:(?:di|del|della|dei|degli)\s+)?{_NAME}")
_ATS = re.compile(rf"\bATS\s+(?:(?:di|del|della|dei)\s+|dell['’]\s*)?{_NAME}")
_AUSL = re.compile(
    rf"\b(?:A\.?\s?U\.?\s?S\.?\s?L\.?|ASL|ASP|AST|ASUR|(?:Azienda\s+)?(?:USL|ULSS|Ulss)|"
    rf"Azienda sanitaria(?: locale| provinciale)?)"
    rf"(?:\s+n?\.?\s*,?\s*\d+)?(?:\s+(?:(?:di|della|del)\s+)?{_NAME})?"
)
_YEARS = re.compile(r"\b(20\d\d)\s*[-–/]\s*(20\d\d|\d\d)\b")
_NEW = re.compile(
    r"\b(?:nuov[aoi]|present[ei]|per gli anni|per il triennio|triennio di programmazione|triennalit[àa]|"
    r"programmazione)\b",
    re.I,
)
_PAST = re.compile(
    r"\b(?:precedent\w*|scors\w*|passat\w*|rispetto al|nel triennio|nel corso del|aggiornamento del piano|"
    r"valutazione del|esiti del|conclus\w*)\b",
    re.I,
)


def title_of(document: Document) -> str | None:
    """The document's title: its first heading, else its first words."""
    blocks = [b for b in document.blocks[:_OPENING_BLOCKS] if isinstance(b, Heading | Paragraph | Label)]
    named = [b for b in blocks if _kind(b.text.text) is not None and _is_short(b.text.text)]
    heading = next((b for b in blocks if isinstance(b, Heading)), None)
    chosen = named[0] if named else heading or (blocks[0] if blocks else None)
    return chosen.text.text.strip() + _bracketed(blocks, chosen) if chosen else None


def _is_short(text: str) -> bool:
    """A title is no sentence."""
    return len(text) < 300 and not text.rstrip().endswith((".", ";"))


def _bracketed(blocks: Sequence[Heading | Paragraph | Label], title: Heading | Paragraph | Label) -> str:
    """The line in brackets right under a title goes on with it."""
    after = next((b for a, b in pairwise(blocks) if a is title), None)
    return f" {after.text.text.strip()}" if after and after.text.text.lstrip().startswith("(") else ""


def kind_of(document: Document) -> PlanKind:
    """The kind of document its opening words name."""
    text = " ".join(_opening(document)[:6])
    return _kind(title_of(document) or "") or _kind(text) or "other"


def _kind(text: str) -> PlanKind | None:
    matches = phrases("plan-kinds", "plan-kind").find(text)
    codes: dict[str, PlanKind] = {
        "socio_health_integration_plan": "socio_health_integration_plan",
        "piano_di_zona": "piano_di_zona",
        "accordo_di_programma": "accordo_di_programma",
        "annex": "annex",
        "action_sheet": "action_sheet",
    }
    found = [codes[m.entry.code] for m in matches]
    for kind in ("action_sheet", "annex"):
        if kind in found:
            return codes[kind]
    return found[0] if found else None


def _opening(document: Document) -> list[str]:
    return [b.text.text for b in document.blocks[:_OPENING_BLOCKS] if not hasattr(b, "rows")]


def territory_of(document: Document) -> Territory:
    """The territory that the title or the first lines name in full; nothing that is only mentioned."""
    text = "\n".join(_opening(document)[:5])
    return Territory(
        ambito=_named(_AMBITO, text, "Ambito"),
        distretto=_named(_DISTRETTO, text, "Distretto"),
        asst=_whole(_ASST, text),
        ats=_whole(_ATS, text),
        ausl=_whole(_AUSL, text),
    )


def _search(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match inside one line."""
    return next((match for line in text.split("\n") if (match := pattern.search(line))), None)


def _named(pattern: re.Pattern[str], text: str, kind: str) -> str | None:
    match = _search(pattern, text)
    name = next((g for g in match.groups() if g), None) if match else None
    return f"{kind} di {name}" if name and not name[-1].isdigit() else (f"{kind} {name}" if name else None)


def _whole(pattern: re.Pattern[str], text: str) -> str | None:
    match = _search(pattern, text)
    return match.group().strip() if match and " " in match.group().strip() else None


def period_of(document: Document) -> Period:
    """The years of the plan: those of its title, else those that its opening calls new; never those of an earlier
    plan."""
    best: tuple[int, Period] | None = None
    title = normalised(title_of(document) or "")
    for block in document.blocks[: 4 * _OPENING_BLOCKS]:
        if hasattr(block, "rows"):
            continue
        for match in _YEARS.finditer(block.text.text):
            score = _score(block.text, match, normalised(block.text.text) == title)
            period = _period(block.text, match)
            if period and score > 0 and (best is None or score > best[0]):
                best = (score, period)
    return best[1] if best else Period(text=None, start=None, end=None)


def _score(text: Span, match: re.Match[str], in_title: bool) -> int:
    before = text.text[max(0, match.start() - 60) : match.start()]
    score = 3 if in_title else 0
    score += 2 if _NEW.search(before) else 0
    return score - (4 if _PAST.search(before) else 0)


def _period(text: Span, match: re.Match[str]) -> Period | None:
    start = int(match.group(1))
    end = int(match.group(2)) if len(match.group(2)) == 4 else 2000 + int(match.group(2))
    if not start <= end <= start + 6:
        return None
    words = text.text[: match.end()]
    opening = max(words.rfind(". "), words.rfind("\n"))
    return Period(
        text=words[opening + 1 :].strip()[-80:], start=f"{start}-01-01", end=f"{end}-12-31", asserted_by="text"
    )
