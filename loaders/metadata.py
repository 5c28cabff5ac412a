"""What a document says of itself: title, kind and period, from its opening words only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from loaders.document import Document, Heading, Label, Paragraph
from loaders.lexicon import phrases
from loaders.records import Period, PlanKind
from loaders.span import Span, normalised
from loaders.territories import OPENING_BLOCKS, is_region, opening, territory_of

_OPENING_BLOCKS = 14
_ANNEX_MARK = re.compile(r"^\s*all(?:egato|\.)\s*(?:tecnico\s*)?(?:n\s*[.°]?\s*)?[\"“]?\w{0,3}[\"”]?\s*$", re.I)
_ONE_YEAR = re.compile(
    r"\b(?:ann(?:o|ualit[àa]|uale)|piano (?:sociale )?(?:di|d['’])\s*(?:zona|ambito)|pdz|paa)\b[^\d\n]{0,12}"
    r"\b(20\d\d)\b(?!\s*[-–/]\s*\d)",
    re.I,
)
_SHORT_LINE = 10  # words; an opening line as short as this that gives years gives those of the plan
_YEARS = re.compile(r"\b(20\d\d)\s*(?:[-–/]|al|e il|,\s*20\d\d\s+e)\s*(20\d\d|\d\d)\b")
_NEW = re.compile(
    r"(?:^|\b)(?:nuov[aoi]|present[ei]|per gli anni|per il triennio|triennio di programmazione|triennalit[àa]|"
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
    blocks = [b for b in blocks if not is_annex_mark(b.text.text)] or blocks
    named = [b for b in blocks if _kind(b.text.text) is not None and _is_short(b.text.text)]
    heading = next((b for b in blocks if isinstance(b, Heading) and not is_region(b.text.text)), None)
    chosen = named[0] if named else heading or (blocks[0] if blocks else None)
    return chosen.text.text.strip() + _bracketed(blocks, chosen) if chosen else None


def is_annex_mark(text: str) -> bool:
    """Whether `text` only says which annex this is («Allegato A»)."""
    return bool(_ANNEX_MARK.match(text))


def _is_short(text: str) -> bool:
    """A title is no sentence."""
    return len(text) < 300 and not text.rstrip().endswith((".", ";"))


def _bracketed(blocks: Sequence[Heading | Paragraph | Label], title: Heading | Paragraph | Label) -> str:
    """The line in brackets right under a title goes on with it."""
    after = next((b for a, b in pairwise(blocks) if a is title), None)
    return f" {after.text.text.strip()}" if after and after.text.text.lstrip().startswith("(") else ""


def is_of_document(document: Document, text: str) -> bool:
    """Whether a line names the document or its territory, and so no part of it."""
    plain = normalised(text)
    named = [value for value in territory_of(document).model_dump().values() if isinstance(value, str)]
    opens = any(plain == normalised(words) for words in opening(document))
    return opens and (_kind(text) is not None or any(normalised(value) in plain for value in named))


def kind_of(document: Document) -> PlanKind:
    """The kind of document its opening words name."""
    text = " ".join(opening(document))
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


def period_of(document: Document) -> Period:
    """The years of the plan: those of its title, else those that its opening calls new; never those of an earlier
    plan."""
    best: tuple[int, Period] | None = None
    title = normalised(title_of(document) or "")
    for index, block in enumerate(document.blocks[: 4 * _OPENING_BLOCKS]):
        if hasattr(block, "rows"):
            continue
        opens = index < OPENING_BLOCKS and len(block.text.text.split()) <= _SHORT_LINE
        for match in _YEARS.finditer(block.text.text):
            names = index < OPENING_BLOCKS and _names_plan(block.text.text, match)
            score = _score(block.text, match, normalised(block.text.text) in title) + 2 * opens + names
            period = _period(block.text, match)
            if period and score > 0 and (best is None or score > best[0]):
                best = (score, period)
    return best[1] if best else _single_year(document)


def _names_plan(text: str, match: re.Match[str]) -> bool:
    """Whether years stand right after the name of the plan, in a line that is no sentence («… del Piano di Zona
    2025-2027»)."""
    kinds = phrases("plan-kinds", "plan-kind").find(text[: match.start()])
    ends = kinds and not normalised(text[kinds[-1].end : match.start()])
    return bool(ends) and not text.rstrip().endswith((".", ";"))


def _single_year(document: Document) -> Period:
    """The one year that the first lines give to the plan («Programma attuativo annuale 2023»)."""
    for text in [title_of(document) or "", *opening(document)]:
        if (match := _ONE_YEAR.search(text)) and not _PAST.search(text[: match.end()]):
            year = match.group(1)
            words = text[: match.end()].strip()[-80:]
            return Period(text=words, start=f"{year}-01-01", end=f"{year}-12-31", asserted_by="text")
    return Period(text=None, start=None, end=None)


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
