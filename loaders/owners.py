"""Who does what: the bodies that columns, prefixes, resources, notes and sentences name, and the role each has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from loaders.actors import Actor, absent, actors, free_names, listed, unnamed_parties
from loaders.document import Document
from loaders.headers import Column, answered, bodies, role_of
from loaders.lexicon import marks, owner_cues
from loaders.records import Basis, Responsibility, Role
from loaders.senses import class_meant
from loaders.span import Span, normalised

_ARTICLES = frozenset("il lo la l i gli le un uno una".split())
_MERGED = {
    **dict.fromkeys(("del", "dello", "della", "dell", "dei", "degli", "delle"), "di"),
    **dict.fromkeys(("dal", "dallo", "dalla", "dall", "dai", "dagli", "dalle"), "da"),
    **dict.fromkeys(("col", "coi"), "con"),
    **dict.fromkeys(("al", "allo", "alla", "all", "ai", "agli", "alle"), "a"),
}
_PREPOSITIONS = frozenset("di da con per tra fra a in su nel nella nell nei sul sulla dall presso verso".split())
_PREFIX = re.compile(r"^\s*(?:[-–•]\s*)?")
_LONGEST_NAME = 8  # words; a longer line without a known body is prose, not a name
_CLOSED = re.compile(r"[),;]\s*(?:\w{1,3}['’]?\s*)?$")  # what stands before goes with the name before
_LONGEST_TASKED = 6  # words of a name that a colon parts from its task
_SEVERAL = 2
_SEMICOLON = re.compile(r";(?![^()]*\))")
_CUE_WORDS = 6


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
        key = tuple(words[-length:])
        if key in _cues("before") and not (key in _cues("after") and _CLOSED.search(text[: actor.start])):
            return _cues("before")[key]
    return None


def _role_after(text: str, actor: Actor) -> str | None:
    words = _normal_words(text[actor.end :])[:_CUE_WORDS]
    before = _normal_words(text[: actor.start])
    while before and before[-1] in _ARTICLES:
        before.pop()
    subject = not before or before[-1] not in _PREPOSITIONS
    for length in range(len(words), 0, -1):
        cue = _cues("after").get(tuple(words[:length]))
        if cue and (subject or cue not in ("owner",)) and not _is_of_next(words[:length], text[actor.end :]):
            return cue
    return None


def _is_of_next(cue: Sequence[str], after: str) -> bool:
    """Whether words that may stand before or after a name stand right before the next one («rete (capofila Comune
    di …)»)."""
    following = bodies().find(after)
    if tuple(cue) not in _cues("before") or not following:
        return False
    words = _normal_words(after[: following[0].start])
    while words and words[-1] in _ARTICLES:
        words.pop()
    return words == list(cue) and not _CLOSED.search(after[: following[0].start])


@cache
def _cues(side: str) -> dict[tuple[str, ...], str]:
    return {
        tuple(_MERGED.get(w, w) for w in words.split()): cue.role for words, cue in owner_cues() if cue.side == side
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
        if roles[i] is None and roles[i - 1] and listed(text[named[i - 1].end : named[i].start]):
            roles[i] = roles[i - 1]
    for i in range(len(named) - 2, -1, -1):
        if (
            roles[i] is None
            and roles[i + 1] == "owner"
            and "(" not in text[named[i].end : named[i + 1].start]
            and listed(text[named[i].end : named[i + 1].start])
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
        actor_type=class_meant(document, kind),
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
        if re.match(r"\s+[a-zà-ú]{4,}", after) and not listed(after[:4]) and text[start.end()].isupper()
        else None
    )


def from_owner_cell(document: Document, role: str, lines: Iterable[Span]) -> list[Responsibility]:
    """The bodies listed in a cell or field for owners, leads or partners; «ATS/ASST» keeps both as candidates."""
    return [found for line in lines for piece in line.pieces(_SEMICOLON) for found in _of_names(document, role, piece)]


def _of_names(document: Document, role: str, line: Span) -> list[Responsibility]:
    """Who a line of names names: known bodies, then capitalised names between them; nobody for «da individuare»."""
    line = line.strip()
    role, text = _without_task(role, line.text)
    named = actors(text)
    if absent(text) == "pending" or not normalised(text) or answered(text):
        return []
    if unnamed := unnamed_parties(text):
        return [_responsibility(document, line, unnamed, None, role, "column", resolved=False)]
    if named and _slashed(text, named):
        names = tuple(a.name for a in named)
        return [_responsibility(document, line, text, None, role, "column", names, resolved=False)]
    free = list(free_names(text, named))
    if not named and len(free) < _SEVERAL and len(text.split()) <= _LONGEST_NAME:
        return [_responsibility(document, line, text.strip(" ;,."), None, role, "column")]
    own = sorted((*named, *free), key=lambda a: a.start)
    return [_responsibility(document, line, a.name, a.kind, _role(text, a) or role, "column") for a in own]


def _without_task(role: str, text: str) -> tuple[str, str]:
    """«SSC: coordinamento dei progetti» names SSC; «Capofila: Comune di Lodi» names the Comune, and its role."""
    name, colon, rest = text.partition(":")
    if not colon or len(name.split()) > _LONGEST_TASKED:
        return role, text
    if normalised(name) in marks():
        return role, rest
    if (stated := role_of(name)) in ("owner", "lead", "partner"):
        return stated or role, rest
    return role, name if actors(name) or name.isupper() else text


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
