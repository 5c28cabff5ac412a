"""What a table heading or a form's label means: words of the `column-role` vocabulary, matched in the heading only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import OSA

from loaders.lexicon import Entry, Phrases, all_phrases, marks, phrases, stems
from loaders.span import EMPTY, Span, normalised

STATUS_ROLES = frozenset({"protocol_present", "protocol_absent", "protocol_preparing", "protocol_status"})
WHO_ROLES = frozenset({"owner", "lead", "partner"})
LONGEST_HEADER = 90  # characters; a longer cell of a table is content, not a heading
_OVERLAP = 0.8
MARK = re.compile(r"^\s*(?:[Xx✓✔☒☑✗✘](?=\s|$)|\[[xX]\]|\([xX]\))\s*")
_PARENTHESIS = re.compile(r"\([^()]*\)")
_GLUE = frozenset("di del della dei degli delle da e ed o la il lo le gli i a per con".split())
_NAME_TAIL = re.compile(r"(?:\s+(?:(?:di|del|della|dei)\s+|dell['’]\s*)?[A-ZÀ-Ú][a-zà-ú][\w'’]*)*")
_BODY_WORDS = frozenset(
    "che cosa fa fanno parte sanitaria sociale spetta compete quanto di competenza "
    "impegni impegno azioni compiti competenze ruolo apporto contributo a cura responsabilita risorse attivita".split()
)


@dataclass(frozen=True)
class Column:
    """A column of a table: what its cells mean, its heading as written and where, and the bodies the heading names.

    `over` is the role of the heading that stands over it and others; `days` the first and the last day (ISO) of a
    column that is a stretch of time.
    """

    role: str
    label: str
    bodies: tuple[Entry, ...] = ()
    words: Span = EMPTY
    over: str | None = None
    days: tuple[str, str] | None = None


def _roles() -> Phrases:
    return phrases("headers", "column-role")


def bodies() -> Phrases:
    """The names of bodies and services, as one set."""
    return all_phrases(("bodies", "body"), ("services", "service"))


@cache
def role_of(label: str) -> str | None:
    """The role a heading has, or None.

    The whole label decides first, then what its stems say of an instrument or of what was done, then its longest known
    beginning, then shared words.
    """
    inner = _PARENTHESIS.search(label)
    if _lists_answers(label):
        return "protocol_status"
    if inner and (entry := _roles().exact(inner.group())) and entry.code == "indicator":
        return entry.code
    if not is_known(label) and (answered := _of_answer(label)):
        return answered
    for text in dict.fromkeys((label, _PARENTHESIS.sub(" ", label), label.split(":", maxsplit=1)[0])):
        if entry := _roles().exact(text):
            return entry.code
    plain = normalised(_PARENTHESIS.sub(" ", label))
    role = _by_stem(plain, _STRONG_STEM) or _by_beginning(plain) or _by_words(plain) or _by_spelling(plain)
    return None if role == "number" and _COUNTS.match(plain) else role


_COUNTS = re.compile(r"num(?:ero)?\b|n\b")  # «Numero utenti» counts; what numbers the lines is known as it stands


def is_known(label: str) -> bool:
    """Whether the vocabulary holds `label` as it stands."""
    return _roles().exact(label) is not None


def _lists_answers(label: str) -> bool:
    """Whether a heading is nothing but the answers its cells may give («Vigente / In definizione / Da avviare»)."""
    codes = {marks().get(piece.strip().casefold()) for piece in label.split("/")}
    return len(codes) > 1 and codes <= {"yes", "no", "in_progress"}


_ANSWER_ROLES = {"yes": "protocol_present", "no": "protocol_absent", "in_progress": "protocol_preparing"}
_LONGEST_ANSWER = 4  # words


def answer_role(label: str) -> str | None:
    """The status column that a heading which is one answer and no more heads («SI», «In itinere»)."""
    return _ANSWER_ROLES.get(marks().get(label.strip(" ?:()").casefold(), "")) if len(label) > 1 else None


def _of_answer(label: str) -> str | None:
    """The status column of a heading that ends with one of its answers («Protocollo operativo: NO»)."""
    words = label.split()
    for length in range(min(_LONGEST_ANSWER, len(words) - 1), 0, -1):
        role, rest = answer_role(" ".join(words[-length:])), " ".join(words[:-length]).rstrip(" :–-")
        if role and role_of(rest) in STATUS_ROLES and rest.split()[-1].casefold() not in _SHORT_ANSWERS:
            return role
    return None


@cache
def guessed_role(label: str) -> str | None:
    """The role that the stems of an unknown heading suggest, in a table or form known by its other headings."""
    return role_of(label) or _by_stem(normalised(_PARENTHESIS.sub(" ", label)), 0)


_STRONG_STEM = 80  # weight of stems that overrule a known beginning («Attività già avviate» is no list of actions)


_TELLING_STEM = 72  # of stems that say more than one known word before them («Servizi e Ambiti coinvolti»)


def _by_stem(plain: str, weakest: int) -> str | None:
    words = plain.split()
    if not words or len(words) > 9 or not _any_stem().search(plain):
        return None
    for weight, stem, role in stems("heading-stems", "heading-stem"):
        if weight < weakest:
            return None
        if any(
            all(word.startswith(part) for word, part in zip(words[at : at + len(stem)], stem, strict=False))
            for at in range(len(words) - len(stem) + 1)
        ):
            return role
    return None


@cache
def _any_stem() -> re.Pattern[str]:
    """Whether any stem at all stands in a label: most texts end here."""
    known = (r"\S*\s+".join(map(re.escape, stem)) for _, stem, _ in stems("heading-stems", "heading-stem"))
    return re.compile(rf"(?<!\S)(?:{'|'.join(known)})")


def _by_beginning(plain: str) -> str | None:
    words = plain.split()
    for length in range(min(len(words) - 1, 8), 1, -1):
        beginning = words[:length]
        if not _ASKING.issuperset(beginning) and (entry := _roles().labels().get(" ".join(beginning))):
            return entry.code
    if len(words) <= 6 and words and (entry := _roles().labels().get(words[0])) and len(words[0]) > 4:
        told = None if entry.code in STATUS_ROLES else _by_stem(" ".join(words[1:]), _TELLING_STEM)
        return told or entry.code
    return None


def _by_spelling(plain: str) -> str | None:
    """The role of the one known label that a slip of the pen parts from `plain`: a letter doubled, lost or added inside
    a long word, or two that changed places («Obbiettivi», «Indicatroi»); other endings make other words."""
    words = plain.split()
    if not 0 < len(words) <= _LONGEST_MISSPELT or not any(len(word) >= _SHORTEST_MISSPELT for word in words):
        return None
    known = _labels_with()
    right = [word if word in known or word in _GLUE else _spelt(word) for word in words]
    entry = _roles().labels().get(" ".join(right)) if right != words else None
    return entry.code if entry else None


@cache
def _spelt(word: str) -> str:
    """The one word of known labels that `word` misspells; `word` itself when there is none or more."""
    if len(word) < _SHORTEST_MISSPELT:
        return word
    near = (_long_words().get((word[0], word[-1], len(word) + more), ()) for more in (-1, 0, 1))
    found = [known for group in near for known in group if _is_slip(word, known)]
    return found[0] if len(found) == 1 else word


def _is_slip(word: str, known: str) -> bool:
    swapped = len(word) == len(known) and sorted(word) == sorted(known)
    return (swapped or len(word) != len(known)) and OSA.distance(word, known, score_cutoff=1) == 1


@cache
def _long_words() -> Mapping[tuple[str, str, int], tuple[str, ...]]:
    """The long words of known labels by their first and last letters and their length."""
    found: dict[tuple[str, str, int], tuple[str, ...]] = {}
    for word in _labels_with():
        if len(word) >= _SHORTEST_MISSPELT:
            key = (word[0], word[-1], len(word))
            found[key] = (*found.get(key, ()), word)
    return found


_LONGEST_MISSPELT = 4  # words of a label
_SHORTEST_MISSPELT = 6  # letters of a word
_ASKING = frozenset("che cosa chi come quando perche con quali quale a".split())


def _by_words(plain: str) -> str | None:
    words = set(plain.split()) - _GLUE
    best: tuple[float, str] | None = None
    for known, code in dict.fromkeys(pair for word in sorted(words) for pair in _labels_with().get(word, ())):
        shared = len(words & known) / len(words | known)
        if shared >= _OVERLAP and (best is None or shared > best[0]):
            best = (shared, code)
    return best[1] if best else None


@cache
def _labels_with() -> Mapping[str, list[tuple[frozenset[str], str]]]:
    """The words of each known label and its role, by each of its words."""
    found: dict[str, list[tuple[frozenset[str], str]]] = {}
    for label, entry in _roles().labels().items():
        known = frozenset(label.split()) - _GLUE
        for word in known:
            found.setdefault(word, []).append((known, entry.code))
    return found


@cache
def named_bodies(label: str) -> tuple[Entry, ...]:
    """The bodies that a heading names, when it names nothing else («ATS/ASST», «Impegni dell'ASST»); else none."""
    if len(label) > LONGEST_HEADER:
        return ()
    matches = bodies().find(label)
    rest = label
    for match in reversed(matches):
        tail = _NAME_TAIL.match(label, match.end) if not label.isupper() else None
        rest = rest[: match.start] + " " + rest[tail.end() if tail else match.end :]
    left = set(normalised(rest).split()) - _GLUE - _BODY_WORDS - _ELISIONS
    left = {word for word in left if not word.isdigit()}
    return tuple(dict.fromkeys(m.entry for m in matches)) if matches and not left else ()


_ELISIONS = frozenset("dell nell all dall sull l d".split())


_TITLE = re.compile(r"^\s*(?:macro[- ]?)?(?:obiettivo|area|azione|tema|linea|priorit[àa]|ambito tematico|asse)\b", re.I)


def is_title(text: str) -> bool:
    """Whether `text` looks like the title of an objective or area: by its first word, or all in capitals."""
    letters = [c for c in text if c.isalpha()]
    return bool(_TITLE.match(text)) or (len(letters) >= 4 and sum(c.isupper() for c in letters) >= 0.8 * len(letters))


def starts_status(text: str) -> bool:
    """Whether words that say present, absent or in preparation open `text`."""
    matches = phrases("status-phrases", "status-phrase").find(text[:80])
    opening = re.match(r"\W*(?:[Xx]\s+)?(?:(?:il|un|protocoll[oi]|accord[oi])\s+)*", text, re.I)
    return bool(matches) and matches[0].start <= (opening.end() if opening else 0)


def mark_of(text: str) -> tuple[str | None, int]:
    """The mark that opens a cell (`ticked`, `yes`, …) and where the words after it start; None when there is no
    mark."""
    if boxed := _boxed(text):
        return boxed
    if match := MARK.match(text):
        return "ticked", match.end()
    whole = marks().get(text.strip().casefold())
    if whole is not None:
        return whole, len(text)
    head = re.match(r"^\s*(\w[\w.]*|[☐□○])(?=\s*[(:;,–-]|\s|$)", text)
    if head and head.group(1).casefold() in _SHORT_ANSWERS and not _is_pronoun(text):
        return marks()[head.group(1).casefold()], head.end()
    return None, 0


def answered(text: str) -> bool:
    """Whether `text` is nothing but an answer («SI», «☒ SI ☐ NO», «in corso»)."""
    code, end = mark_of(text)
    return code is not None and end >= len(text.rstrip())


_SHORT_ANSWERS = ("si", "sì", "no", "☐", "□", "○")
_TICK = r"[☒☑✓✔✗✘■●×]|\[\s*[xX]\s*\]|\(\s*[xX]\s*\)|\b[xX]\b"
_BOX = rf"{_TICK}|[☐□○]|\[\s*\]|\(\s*\)"
_ANSWER = r"s[iì]|no|in corso|n\.?d\.?"
_GAP = re.compile(r"[\s/,;|-]*")
_BOX_FIRST = re.compile(rf"\s*(?P<box>{_BOX})\s*(?P<answer>{_ANSWER})\b", re.I)
_BOX_LAST = re.compile(rf"\s*(?P<answer>{_ANSWER})\s*(?P<box>{_BOX})", re.I)


def _is_pronoun(text: str) -> bool:
    """Whether the «si» that opens `text` goes with a verb («Si prevede la stesura») and says no yes."""
    found = phrases("impersonal-verbs", "impersonal-verb").find(text[:40])
    return bool(found) and not text[: found[0].start].strip() and "ì" not in text[:4].lower()


def _boxed(text: str) -> tuple[str | None, int] | None:
    """The answer whose box is ticked among boxes with their answers («☐ SI ☒ NO»); None when there are no two boxes."""
    for pattern in (_BOX_FIRST, _BOX_LAST):
        found: list[tuple[str, bool]] = []
        at = 0
        while match := pattern.match(text, at):
            found.append((match.group("answer"), bool(re.fullmatch(_TICK, match.group("box")))))
            gap = _GAP.match(text, match.end())
            at = gap.end() if gap else match.end()
        if len(found) > 1:
            ticked = [answer for answer, chosen in found if chosen]
            return (marks().get(ticked[0].casefold()) if len(ticked) == 1 else None), at
    return None
