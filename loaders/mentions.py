"""Names of bodies, services, measures and funds in the text, and the vocabulary entries they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from loaders.actors import named_in
from loaders.document import Document
from loaders.lexicon import Match, Phrases, all_phrases, phrases
from loaders.records import LegalAct, Mention
from loaders.senses import meant
from loaders.span import Span, whole

Group = Literal["organisation", "measure", "legal_act", "fund", "programme"]
_GROUPS: dict[str, Group] = {"body": "organisation", "service": "organisation", "measure": "measure", "fund": "fund"}
_SOURCES = (("bodies", "body"), ("services", "service"), ("measures", "measure"), ("funds", "fund"))
_NUMBER = re.compile(r"\s+n\s*[.,°]\s*\d+", re.I)  # «A.U.S.L. n. 8»
_MARKUP = re.compile(r"<[^<>]*>")


def find_mentions(document: Document, acts: Iterable[LegalAct]) -> list[Mention]:
    """Each name in the document's text, in order, and each act cited."""
    text = whole(_MARKUP.sub(lambda m: " " * len(m.group()), document.text))
    found = [_mention(document, text, match) for match in _matches(text.text)]
    found += [
        Mention(text=a.text, entity=_act_name(a), class_="LegalAct", group="legal_act", passage=a.passage) for a in acts
    ]
    return sorted(found, key=lambda m: (m.passage.start, m.passage.end))


def _matches(text: str) -> list[Match]:
    return named_in(text, all_phrases(*_SOURCES))


def _mention(document: Document, text: Span, match: Match) -> Mention:
    number = _NUMBER.match(text.text, match.end) if match.entry.scheme == "body" else None
    span = text.slice(match.start, number.end() if number else match.end).folded()
    entry = meant(document, match)
    return Mention(
        text=span.text,
        entity=entry.code,
        class_=entry.entity_class,
        group=_GROUPS[entry.scheme],
        passage=document.passage(span),
    )


def _act_name(act: LegalAct) -> str:
    return " ".join(str(part) for part in (act.type, act.number, act.year) if part)


def codes(document: Document, scheme: str, texts: Iterable[str]) -> tuple[str, ...]:
    """The codes of the services or measures (`scheme`) that `texts` of `document` name, in order, each once."""
    found: dict[str, None] = {}
    for text in texts:
        for file, own in (("services", "service"), ("measures", "measure")):
            for match in phrases(file, own).find(text):
                entry = meant(document, match)
                if entry.scheme == scheme:
                    found.setdefault(entry.code)
    return tuple(found)


def target_groups(texts: Iterable[str]) -> tuple[str, ...]:
    """The codes of the groups of people that `texts` name; a group's word inside the name of a measure («Reddito di
    Cittadinanza») or of primary care («medici di famiglia»), which serves everybody, is none."""
    found: dict[str, None] = {}
    for text in texts:
        for match in _groups_and_names().find(text):
            if match.entry.scheme == "target-group":
                found.setdefault(match.entry.code)
            elif match.entry.scheme == "service" and match.entry.entity_class != "PrimaryCare":
                for group in phrases("target-groups", "target-group").find(text[match.start : match.end]):
                    found.setdefault(group.entry.code)
    return tuple(found)


def _groups_and_names() -> Phrases:
    return all_phrases(
        ("target-groups", "target-group"), ("measures", "measure"), ("bodies", "body"), ("services", "service")
    )


def theme_of(title: str) -> str | None:
    """The theme an objective's title speaks of: the most specific entry, then the longest phrase, then the first."""
    matches = phrases("themes", "theme").find(title)
    if not matches:
        return None
    best = max(matches, key=lambda m: (m.entry.weight, m.end - m.start, -m.start))
    return best.entry.code
