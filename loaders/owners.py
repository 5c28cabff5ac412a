"""Who does what: the bodies that columns, prefixes, resources, notes and sentences name, and the role each has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from loaders.document import Document
from loaders.headers import Column, bodies
from loaders.items import is_opener
from loaders.lexicon import Match, Phrases, owner_cues
from loaders.records import Basis, Responsibility, Role
from loaders.span import Span, normalised

_CAPITAL = r"(?:[A-ZÀ-Ú][a-zà-ú'’][\w'’-]*|[A-Z]{2}\s?/\s?\w+)"
_OF = r"(?:di|del|della|dei|degli|delle|dello|d['’]|dell['’]|sul|al|in)"
_PROPER = re.compile(
    rf"(?:\s+(?:[nN]\s*[.,°]\s*)?\d+(?!\d|[./]\d))?(?:\s+[\"“«][^\"”»]{{2,60}}[\"”»])?"
    rf"(?:\s+(?:{_OF}\s*)?{_CAPITAL}(?:\s+(?:(?:e\s+)?(?:{_OF}\s*)?|e\s+){_CAPITAL})*)?"
)
_ARTICLES = frozenset("il lo la l i gli le un uno una".split())
_MERGED = {
    **dict.fromkeys(("del", "dello", "della", "dell", "dei", "degli", "delle"), "di"),
    **dict.fromkeys(("dal", "dallo", "dalla", "dall", "dai", "dagli", "dalle"), "da"),
    **dict.fromkeys(("col", "coi"), "con"),
    **dict.fromkeys(("al", "allo", "alla", "all", "ai", "agli", "alle"), "a"),
}
_LIST_GLUE = re.compile(
    r"^[\s,/;()-]*(?:(?:e|ed|o|con)\s+)?(?:d[ei]\w*\s+|d[ae]ll['’]|l['’]|il\s+|la\s+|i\s+|gli\s+|le\s+|lo\s+)?$", re.I
)
_PREPOSITIONS = frozenset("di da con per tra fra a in su nel nella nell nei sul sulla dall presso verso".split())
_PREFIX = re.compile(r"^\s*(?:[-–•]\s*)?")
_GENITIVE = re.compile(r"\s+(?:del|della|dei|delle|dell['’])\s*", re.I)
_LONGEST_NAME = 8  # words; a longer line without a known body is prose, not a name
_UNNAMED = re.compile(
    r"\b(?:le parti|entrambe le parti|entrambi le parti|tutti gli enti|gli enti coinvolti|tutti i soggetti)\b", re.I
)
_AMBITO_PHRASE = re.compile(r"(?:\bnell['’]\s*|\bin\s+)$", re.I)
_CUE_WORDS = 6


@dataclass(frozen=True)
class Actor:
    """A body as the text names it, with the class it has and where it stands in the text."""

    name: str
    kind: str | None
    start: int
    end: int


def actors(text: str) -> list[Actor]:
    """The bodies named in `text`, each with the proper name that follows it."""
    found: list[Actor] = []
    for match in named_in(text, bodies()):
        end = match.end + _name_length(text[match.end :])
        if found and found[-1].end > match.start:
            continue
        if found and _GENITIVE.fullmatch(text[found[-1].end : match.start]):
            found[-1] = replace(found[-1], name=text[found[-1].start : end].strip(), end=end)
            continue
        found.append(Actor(text[match.start : end].strip(), match.entry.entity_class, match.start, end))
    return found


def named_in(text: str, names: Phrases) -> list[Match]:
    """The matches of `names` in `text`, without the common words among them."""
    matches = names.find(text)
    kept = []
    for index, match in enumerate(matches):
        near = matches[max(0, index - 1) : index] + matches[index + 1 : index + 2]
        listed = any(_LIST_GLUE.match(text[min(match.end, m.end) : max(match.start, m.start)]) for m in near)
        if not is_common_word(text, match, listed=listed):
            kept.append(match)
    return kept


def _name_length(after: str) -> int:
    """How many characters of `after` go on with the name: a number, words in quotes, capitalised words."""
    tail = _PROPER.match(after)
    name = tail.group() if tail else ""
    other = bodies().find(name)
    if other:
        name = re.sub(rf"\s+(?:e\s+)?(?:{_OF}\s*)?$", "", name[: other[0].start])
    words = name.split()
    return 0 if words and words[0][0].isupper() and is_opener(words[0]) else len(name)


def is_common_word(text: str, match: Match, *, listed: bool = False) -> bool:
    """Whether the words found name no body here: «nell'ambito di», «linguaggi comuni».

    `listed` says that another body's name stands beside it in a list.
    """
    word = normalised(text[match.start : match.end])
    before, after = text[: match.start], text[match.end :]
    if word in ("comune", "comuni") and text[match.start].islower():
        return not (listed or _OF_A_COMUNE.search(before) or _NAMED_COMUNE.match(after))
    if word != "ambito":
        return False
    if text[match.start].islower() and not _AMBITO_KIND.match(after):
        return not re.search(r"\b(?:UdP|Ufficio di Piano)\s+dell['’]$", before)
    return bool(_AMBITO_PHRASE.search(before)) and not _AMBITO_KIND.match(after)


_OF_A_COMUNE = re.compile(r"(?:\b(?:il|del|dal|al|nel|i|dei|dai|ai|nei|tra|singoli|ogni|ciascun)\s+)$", re.I)
_NAMED_COMUNE = re.compile(r"\s+(?:d[i’']\s*[A-ZÀ-Ú]|del distretto|dell['’]ambito|associati|singoli|capofila)")
_AMBITO_KIND = re.compile(r"\s+(?:di riferimento|territoriale|distrettuale|sociale)\b", re.I)


def _normal_words(text: str) -> list[str]:
    return [_MERGED.get(word, word) for word in normalised(text).split()]


def _role(text: str, actor: Actor) -> str | None:
    """The role that the words around `actor` give it; «… da parte di ASST come Ente ospitante» makes it a host."""
    before, after = _role_before(text, actor), _role_after(text, actor)
    if before == "owner" and after not in (None, "owner"):
        return after
    if before == "owner" and _opening_cue(text[: actor.start]):
        return "data_provider"
    return before or after


def _opening_cue(text: str) -> bool:
    """Whether the item is about handing over data or tools («Messa a disposizione … da parte di …»)."""
    words = " ".join(_normal_words(text))
    return any(words.startswith(" ".join(cue)) for cue in _cues("opening"))


def _role_before(text: str, actor: Actor) -> str | None:
    words = _normal_words(text[: actor.start])
    while words and words[-1] in _ARTICLES:
        words.pop()
    for length in range(min(_CUE_WORDS, len(words)), 0, -1):
        cue = _cues("before").get(tuple(words[-length:]))
        if cue:
            return cue
    return None


def _role_after(text: str, actor: Actor) -> str | None:
    words = _normal_words(text[actor.end :])[:_CUE_WORDS]
    before = _normal_words(text[: actor.start])
    while before and before[-1] in _ARTICLES:
        before.pop()
    subject = not before or before[-1] not in _PREPOSITIONS
    for length in range(len(words), 0, -1):
        cue = _cues("after").get(tuple(words[:length]))
        if cue and (subject or cue not in ("owner",)):
            return cue
    return None


@cache
def _cues(side: str) -> dict[tuple[str, ...], str]:
    return {
        tuple(_MERGED.get(w, w) for w in words.split()): cue.role
        for words, cue in owner_cues().items()
        if cue.side == side
    }


def from_sentence(document: Document, span: Span, basis: Basis) -> list[Responsibility]:
    """The bodies of a sentence that a cue beside them gives a role, and those listed with them."""
    named = actors(span.text)
    roles: list[str | None] = [_role(span.text, actor) for actor in named]
    _spread(span.text, named, roles)
    return [
        _responsibility(document, span, actor.name, actor.kind, role, basis)
        for actor, role in zip(named, roles, strict=True)
        if role is not None
    ]


def _spread(text: str, named: Sequence[Actor], roles: list[str | None]) -> None:
    """Bodies of one list share the role that a cue gives the first or the last of them."""
    for i in range(1, len(named)):
        if roles[i] is None and roles[i - 1] and _LIST_GLUE.match(text[named[i - 1].end : named[i].start]):
            roles[i] = roles[i - 1]
    for i in range(len(named) - 2, -1, -1):
        if (
            roles[i] is None
            and roles[i + 1] == "owner"
            and "(" not in text[named[i].end : named[i + 1].start]
            and _LIST_GLUE.match(text[named[i].end : named[i + 1].start])
        ):
            roles[i] = roles[i + 1]


def _responsibility(
    document: Document,
    span: Span,
    actor: str,
    kind: str | None,
    role: str,
    basis: Basis,
    candidates: tuple[str, ...] = (),
    resolved: bool = True,
) -> Responsibility:
    return Responsibility(
        actor=actor,
        actor_type=kind,
        role=_ROLES[role],
        basis=basis,
        resolved=resolved,
        text=span.text,
        passage=document.passage(span),
        candidates=candidates,
    )


_ROLES: dict[str, Role] = {
    "lead": "lead", "owner": "owner", "partner": "partner", "participant": "participant", "host": "host",
    "data_provider": "data_provider", "staff_supplier": "staff_supplier", "approver": "approver",
    "required": "required", "target": "target",
}  # fmt: skip


def from_named_column(document: Document, column: Column, items: Sequence[Span]) -> list[Responsibility]:
    """The commitments of a column whose heading names its owners; a prefix («ATS: …») narrows them."""
    found: list[Responsibility] = []
    groups: list[tuple[Actor | None, list[Span]]] = []
    for item in items:
        actor = prefix_actor(item.text)
        if actor or not groups:
            groups.append((actor, [item]))
        else:
            groups[-1][1].append(item)
    for actor, spans in groups:
        for span in spans:
            found.append(_owned(document, column, actor, span))
    return found


def _owned(document: Document, column: Column, actor: Actor | None, span: Span) -> Responsibility:
    if actor:
        return _responsibility(document, span, actor.name, actor.kind, "owner", "explicit")
    if len(column.bodies) == 1:
        entry = column.bodies[0]
        return _responsibility(document, span, _written(column.label), entry.entity_class, "owner", "column")
    names = tuple(a.name for a in actors(column.label)) or tuple(entry.label for entry in column.bodies)
    kinds = {entry.entity_class for entry in column.bodies}
    kind = next(iter(kinds)) if len(kinds) == 1 else None
    return _responsibility(document, span, column.label, kind, "owner", "column", names, resolved=False)


def _written(label: str) -> str:
    named = actors(label)
    return named[0].name if named else label


def prefix_actor(text: str) -> Actor | None:
    """The body that opens a line and owns what follows it: «ATS: …», «ASST collaborazioni …»."""
    start = _PREFIX.match(text)
    named = actors(text)
    if not named or start is None or named[0].start != start.end():
        return None
    after = text[named[0].end :]
    if re.match(r"\s*:", after):
        return named[0]
    return (
        named[0]
        if re.match(r"\s+[a-zà-ú]{4,}", after) and not _LIST_GLUE.match(after[:4]) and text[start.end()].isupper()
        else None
    )


def from_owner_cell(document: Document, role: str, lines: Iterable[Span]) -> list[Responsibility]:
    """The bodies listed in a cell or field for owners, leads or partners; «ATS/ASST» keeps both as candidates."""
    found: list[Responsibility] = []
    for line in lines:
        named = actors(line.text)
        if unnamed := _UNNAMED.search(line.text):
            found.append(_responsibility(document, line, unnamed.group(), None, role, "column", resolved=False))
        elif not named and len(line.text.split()) <= _LONGEST_NAME:
            found.append(_responsibility(document, line, line.text.strip(" ;,."), None, role, "column"))
        elif named and _slashed(line.text, named):
            names = tuple(a.name for a in named)
            found.append(_responsibility(document, line, line.text, None, role, "column", names, resolved=False))
        else:
            own = [(a, _role(line.text, a) or role) for a in named]
            found.extend(_responsibility(document, line, a.name, a.kind, r, "column") for a, r in own)
    return found


def _slashed(text: str, named: Sequence[Actor]) -> bool:
    if len(named) != 2:
        return False
    return text[named[0].end : named[1].start].strip() == "/" and text.strip()[: named[1].end] == text.strip()


def from_resource(document: Document, line: Span) -> list[Responsibility]:
    """The bodies that supply the people a resource line names («Risorse umane Comuni, ASST e ATS»)."""
    if not re.match(r"\W*(?:risorse umane|personale|operatori|figure|professionist)", line.text, re.I):
        return []
    return [_responsibility(document, line, a.name, a.kind, "staff_supplier", "resource") for a in actors(line.text)]


def owned_by(document: Document, actor: Actor, span: Span) -> Responsibility:
    """What a label or prefix that names `actor` gives it to do."""
    return _responsibility(document, span, actor.name, actor.kind, "owner", "explicit")


def trailing_owner(document: Document, span: Span) -> list[Responsibility]:
    """The service named after a dash at the end of an item («… del minore - UONPIA»)."""
    match = re.search(r"\s[-–]\s+([^-–]+)$", span.text)
    if not match:
        return []
    named = actors(match.group(1))
    whole = named and named[0].start == 0 and named[-1].end >= len(match.group(1).strip())
    return [_responsibility(document, span, a.name, a.kind, "owner", "explicit") for a in named] if whole else []
