"""The names of bodies in a text: where each starts and ends, its proper name included, and what is no name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from loaders.headers import bodies
from loaders.items import is_opener
from loaders.lexicon import Match, Phrases, all_phrases, phrases
from loaders.span import normalised

_CAPITAL = r"(?:[A-ZÀ-Ú][a-zà-ú'’][\w'’-]*|[A-Z]{2}\s?/\s?\w+|[A-Z]{1,3}\d{1,2}\b|[A-Z]{2}\s\d{1,2}\b|[A-ZÀ-Ú]{4,}\b)"
_OF = r"(?:di|del|della|dei|degli|delle|dello|d['’]|dell['’]|sul|sull['’]|al|in)"
_SIDE = r"(?:(?<=\w)\s(?:nord|sud)[ -](?:est|ovest)\b)?"
_NUMBER_TAIL = (
    r"(?:\s+(?:(?:[nN]\s*[.°]\s*)?\d{1,2}|[IVX]{1,5})\b(?:\s+(?:Nord|Sud|Est|Ovest|Centro)\b)?"
    r"(?=\s*(?:$|[,;)\-–.:/]|e\s)))?"
)
_PROPER = re.compile(
    rf"(?:\s+(?:[nN]\s*[.,°]\s*)?\d+(?!\d|[./]\d))?(?:\s+[\"“«][^\"”»]{{2,60}}[\"”»])?"
    rf"(?:\s+(?:{_OF}\s*)?{_CAPITAL}(?:\s+(?:(?:e\s+)?(?:{_OF}\s*)?|e\s+){_CAPITAL})*)?{_NUMBER_TAIL}{_SIDE}"
)
_LIST_GLUE = re.compile(
    r"^[\s,/;()-]*(?:(?:e|ed|o|con)\s+)?(?:d[ei]\w*\s+|d[ae]ll['’]|l['’]|il\s+|la\s+|i\s+|gli\s+|le\s+|lo\s+)?$", re.I
)
_GENITIVE = re.compile(r"\s+(?:del|della|dei|delle|dell['’])\s*", re.I)
_AMBITO_PHRASE = re.compile(r"(?:\bnell['’]\s*|\bin\s+)$", re.I)
_OF_A_COMUNE = re.compile(r"(?:\b(?:il|del|dal|al|nel|i|dei|dai|ai|nei|tra|singoli|ogni|ciascun)\s+)$", re.I)
_NAMED_COMUNE = re.compile(r"\s+(?:d[i’']\s*[A-ZÀ-Ú]|del distretto|dell['’]ambito|associati|singoli|capofila)")
_AMBITO_KIND = re.compile(r"\s+(?:di riferimento|territoriale|distrettuale|sociale)\b", re.I)
_AFTER_NAME = re.compile(r"\b(?:odv|o d v|aps|a p s|onlus|ets|e t s|(?:soc(?:ieta)? )?coop(?:erativa)?(?: sociale)?)$")
_ADJECTIVE = re.compile(
    r"\s+[a-z]{2,}(?:ali|ari|ari[ae]|ic[ai]|iche|ivi|ive|ati|ate|ani|ane)(?=\s*(?:$|[,;)/]|\s+ed?\s))"
)
_NAME_BEFORE = re.compile(r"(?:(?<=^)|(?<=[,;/(]\s)|(?<=\be\s))((?:[A-ZÀ-Ú][\w'’&.-]*\s+){1,5})$")
_OFFICE = re.compile(  # an office or unit of the body that follows opens its name («UOC Cure primarie»)
    r"(?:^|[,;/(]\s*)((?:U\.?\s?O\.?\s?(?:[CS]\.?\s?(?:D\.?)?)?|"
    r"(?:[Dd]irettor[ei]|[Dd]irettrice|[Dd]irezione|[Dd]irigente|[Cc]oordinator[ei]|[Cc]oordinatrice)\s+"
    r"(?:d(?:i|el|ella|ei)\s|dell['’]))\s*)$"
)
_IN_QUALITY = re.compile(r"(?:,|\b(?:in qualità di|quale|come|in veste di))\s*(?:l['’])?\s*$", re.I)
_SEPARATOR = re.compile(r"\s*[,;]\s*|\s+[-–]\s+|\s*/\s*|\s+ed?\s+(?=[A-ZÀ-Ú])|\n")
_FREE_NAME = re.compile(r"(?![IVX]+\b)[A-ZÀ-Ú][\w.'’&-]+(?:\s+[\w.'’&-]+){0,5}")
_CALLED = re.compile(r"Comuni(?:\s[A-ZÀ-Ú][a-zà-ú]+)+")
_TRUSTS = frozenset(("ASL", "AUSL", "ASP", "AST", "ATS", "ASST", "HealthAuthority"))
_PROVINCE = re.compile(r"\s+(?!SI\b|NO\b)[A-Z]{2}(?=\s*(?:$|[,;)\-–.:/]|e\s))")  # «ASL FG»
_PRIVATE = frozenset(("ThirdSectorBody", "SocialCooperative", "VolunteerOrganization", "PrivateProvider"))
_ASSOCIATED = frozenset(("SocialServicesAgency", "VolunteerOrganization", "UnionOfComuni"))
_VOCABULARIES = (("bodies", "body"), ("services", "service"), ("measures", "measure"), ("funds", "fund"))


@dataclass(frozen=True)
class Actor:
    """A body as the text names it, with the class it has and where it stands in the text."""

    name: str
    kind: str | None
    start: int
    end: int


def actors(text: str) -> list[Actor]:
    """The bodies named in `text`, each with the proper name that goes with it."""
    found: list[Actor] = []
    for match in named_in(text, bodies()):
        start, end = match.start, match.end + _name_length(text, match.end, match.entry.entity_class)
        if found and (found[-1].end > start or _repeats(text, found[-1], match)):
            continue
        if found and (_GENITIVE.fullmatch(text[found[-1].end : start]) or _of_an_ambito(text, found[-1], match, end)):
            found[-1] = replace(found[-1], name=text[found[-1].start : end].strip(), end=end)
            continue
        if end == match.end:
            start = _name_start(text, match)
            end += _kind_length(text, end)
        found.append(Actor(text[start:end].strip(), match.entry.entity_class, start, end))
    return found


@cache
def _services() -> frozenset[str]:
    """The classes of services, which belong to some body."""
    return frozenset(entry.entity_class for entry in phrases("services", "service").labels().values())


def _repeats(text: str, before: Actor, match: Match) -> bool:
    """Whether the words only say in what quality the body before takes part («…, in qualità di ente capofila»)."""
    return match.entry.slug == "capofila" and bool(_IN_QUALITY.fullmatch(text[before.end : match.start].lstrip()))


def _of_an_ambito(text: str, before: Actor, match: Match, end: int) -> bool:
    """«ASP Ambito 9», «Consultorio ASST Lodi»: a body and the territory or trust it belongs to, with a name of its
    own."""
    between = text[before.end : match.start]
    if between == " di ":  # «Consorzio di cooperative …»
        return before.kind in _ASSOCIATED and text[match.start].islower()
    if between != " " or _name_length(text, before.end):
        return False
    if _goes_with(text, before, match, end):
        return True
    if end == match.end:  # «Consorzio CISS»: a kind of body and the acronym of one of that kind
        return (
            before.kind == match.entry.entity_class and before.name[1:].islower() and text[match.start : end].isupper()
        )
    return match.entry.slug in ("ambito", "distretto") and before.kind not in ("ATS", "ASST", "Ambito", "Comune")


def _goes_with(text: str, before: Actor, match: Match, end: int) -> bool:
    """Whether a name goes on with that of another kind of body: the trust of a service («Consultorio familiare APSS»),
    what is associated («Consorzio case di riposo»), or how an agency is called («Azienda sociale Comuni Insieme»)."""
    words = text[match.start : end]
    of_trust = match.entry.entity_class in _TRUSTS and before.kind in _services() and words.isupper()
    associated = before.kind in _ASSOCIATED and " " not in before.name and words[0].islower()
    return of_trust or associated or (before.kind == "SocialServicesAgency" and bool(_CALLED.fullmatch(words)))


def _name_start(text: str, match: Match) -> int:
    """Where a name starts whose kind of body stands behind it («Hand Vicenza odv»)."""
    if not _AFTER_NAME.search(normalised(text[match.start : match.end])):
        office = _OFFICE.search(text[: match.start])
        return office.start(1) if office else match.start
    before = _NAME_BEFORE.search(text[: match.start])
    return before.start(1) if before and not bodies().find(before.group(1)) else match.start


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


def listed(between: str) -> bool:
    """Whether the words between two names make one list of them («,», «e», «/»)."""
    return bool(_LIST_GLUE.match(between))


def _name_length(text: str, end: int, kind: str | None = None) -> int:
    """How many characters after `end` go on with the name: a number, words in quotes, capitalised words.

    Another name of the vocabulary ends it, unless a private body of `kind` is called by those words («Fondazione Dopo
    di Noi»).
    """
    tail = _PROPER.match(text[end:])
    name = tail.group() if tail else ""
    if not name and kind in _TRUSTS and (province := _PROVINCE.match(text[end:])):
        return province.end()
    if name.isupper() and text.isupper() and not any(c.isdigit() for c in name):
        name = ""
    other = all_phrases(*_VOCABULARIES).find(name)
    called = other and kind in _PRIVATE and other[0].start == len(name) - len(name.lstrip())
    if called and other[0].entry.scheme != "body" and not name[other[0].start : other[0].end].isupper():
        other = other[1:]
    if other:
        name = re.sub(rf"\s+(?:e\s+)?(?:{_OF}\s*)?$", "", name[: other[0].start])
    words = name.split()
    return 0 if words and words[0][0].isupper() and is_opener(words[0]) else len(name)


def _kind_length(text: str, end: int) -> int:
    """How many characters after `end` say what kind of body it is, in an adjective that ends the name («farmacie
    rurali», «cooperative sociali del territorio»)."""
    match = _ADJECTIVE.match(text[end:])
    return match.end() if match else 0


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


def free_names(text: str, named: list[Actor]) -> Iterator[Actor]:
    """The names in a cell of names that no vocabulary holds: pieces between commas, dashes or «e», with a capital."""
    start = 0
    for cut in (*_SEPARATOR.finditer(text), None):
        end = cut.start() if cut else len(text)
        piece = text[start:end]
        inside = any(a.start < end and start < a.end for a in named) or text[:start].count("(") > text[:start].count(
            ")"
        )
        if not inside and is_name(piece):
            yield Actor(piece.strip(" .()"), None, start, end)
        start = cut.end() if cut else end


def is_name(piece: str) -> bool:
    """Whether `piece` can be a name: a capital, few words, no role word («Capofila») and no telephone number."""
    name = piece.strip(" .()")
    if not _FREE_NAME.fullmatch(name) or sum(c.isdigit() for c in name) > 2:
        return False
    return phrases("headers", "column-role").exact(name) is None and absent(name) is None


def absent(text: str) -> str | None:
    """`unnamed` or `pending` when `text` stands for parties without a name («le parti», «da individuare»)."""
    words = phrases("party-words", "party-word")
    if entry := words.exact(text):
        return entry.code
    opening = words.find(text)[:1]
    put_off = opening and opening[0].entry.code == "pending" and not text[: opening[0].start].strip()
    return "pending" if put_off and text.islower() and not actors(text) else None


def unnamed_parties(text: str) -> str | None:
    """The words in `text` for parties that it does not name («tutti i soggetti coinvolti»)."""
    for match in phrases("party-words", "party-word").find(text):
        words = text[match.start : match.end]
        if match.entry.code == "unnamed" and (len(words.split()) > 1 or words == text.strip(" .;")):
            return words
    return None
