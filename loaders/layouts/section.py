"""What a layout finds in a document: objectives, and the blocks it read them from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from loaders.document import Document, Finding
from loaders.mentions import theme_of
from loaders.records import Objective, Row
from loaders.span import Span, normalised

_NUMBER = re.compile(
    r"^\s*(?:(?:macro[- ]?)?(?:obiettiv[oi]|azione|scheda|ob\.?|az\.?|intervento|progetto|priorit[àa]|area|linea)\b"
    r"(?:\s+(?:specific[oi]|strategic[oi]|operativ[oi]|general[ei]|prioritari[oi]|local[ei]|regional[ei]|tematic[oi]|"
    r"azione|intervento|progetto|servizio|d['’]intervento|di (?:zona|piano|salute|servizio)|d['’]ambito))?"
    r"\s*(?:n\.?\s*°?\s*|n°\s*|:\s*)?)?"
    r"((?:[A-Z]\.)?\d{1,2}(?:\.\d{1,2})*(?:\s*(?:bis|ter|quater)\b)?|[IVX]{1,5}(?=[.)]))\s*[-–.):]*\s*(?=\D)",
    re.I,
)
_PREFIX = re.compile(
    r"^\s*(?:macro[- ]?)?obiettiv[oi](?:\s+(specific[oi]|strategic[oi]|operativ[oi]|general[ei]|"
    r"prioritari[oi]|local[ei]|regional[ei]|tematic[oi]))?\s*[:–-]\s*",
    re.I,
)
Level = Literal["general", "specific", "operational"]
_LEVELS: dict[str, Level] = {"general": "general", "operativ": "operational"}


@dataclass(frozen=True)
class Section:
    """The objectives of one structure, the indexes of the blocks that hold them, and the repairs made on the way."""

    objectives: tuple[Objective, ...]
    claimed: frozenset[int]
    findings: tuple[Finding, ...] = ()


def objective(
    document: Document, title: Span, rows: Sequence[Row], *, level: Level = "specific", number: str | None = None
) -> Objective:
    """The objective that `title` names; its number and level are taken from the words before it."""
    found, rest, stated = split_title(title)
    return Objective(
        number=number or found,
        title=rest.text,
        level=stated or level,
        theme=theme_of(rest.text),
        passage=document.passage(rest),
        rows=tuple(rows),
    )


def split_title(title: Span) -> tuple[str | None, Span, Level | None]:
    """The number, the words and the level («generale», «operativo») of a title such as «7 bis- …» or «OBIETTIVO
    GENERALE: …»."""
    level: Level | None = None
    if prefix := _PREFIX.match(title.text):
        word = (prefix.group(1) or "").lower()
        level = next((value for stem, value in _LEVELS.items() if word.startswith(stem)), None)
        title = title.slice(prefix.end(), len(title))
    number = _NUMBER.match(title.text)
    rest = title.slice(number.end(), len(title)) if number else title
    if not normalised(rest.text):
        return None, title, level
    return (number.group(1).strip() if number else None), rest.strip(" ;:.-–").strip(), level
