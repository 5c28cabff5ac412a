"""Indicators: what kind each is, and the target its words state (operator, value, unit, period)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Literal

from loaders.document import Document
from loaders.lexicon import any_of, numbers, wordings
from loaders.records import Indicator, Target
from loaders.span import Span, normalised

Kind = Literal["count", "percentage", "milestone", "external_set"]
Op = Literal[">=", "<=", "="]
_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_PERCENT_SIGN = r"%|per\s?cento\b"
_ARTICLE = r"(?:il\s+|lo\s+|la\s+|l['’]\s*)?"
_PERIOD_NOUN = r"biennio|triennio|anno|mese|semestre|trimestre|settimana|quadrimestre|bimestre|quinquennio"
_PERIOD = re.compile(
    rf"(?:\bnel(?:l['’](?:arco|ambito) d(?:el|ell['’])\s*| corso d(?:el|ell['’])\s*)?|/|\ball['’]|"
    rf"(?<!entro )\bl['’]|\bper|\bogni|\bal|\ba|\bnell['’]|\bdell['’]|\bentro il )\s*(?:singolo |ciascun )?"
    rf"({_PERIOD_NOUN})\b"
    r"(?!\s+(?:precedente|scorso|passato|prima))|\b(annu[ao]l[ei]|annui|annue|annuo|annua|mensil[ei]|semestral[ei]|"
    r"trimestral[ei]|settimanal[ei])\b",
    re.I,
)
_UNIT_END = re.compile(
    r"[,;:.()/]|\b(?:nel|nella|nei|nelle|nell|negli|per|entro|all|l|ogni|al|alla|ai|annu\w+|mensil\w+|settimanal\w+|"
    r"semestral\w+|trimestral\w+|rispetto|in(?! carico)|con|dal|dalla|presso|sul|sulla|tra|fra|durante|che|"
    r"a(?= (?:mese|trimestre|semestre|settimana|anno)))\b",
    re.I,
)
_PERCENT_WORDS = re.compile(r"\b(?:percentuale|tasso|quota|%|incidenza|rapporto)\b|%|\bper\s?cento\b", re.I)
_SHARE = re.compile(r"^\W*(?:%|percentuale|tasso|quota|incidenza)", re.I)
_PACE = re.compile(r"^\W*(?:temp[oi]|durata|giorni|grado|livello|indice)\b", re.I)
_COUNT_WORDS = re.compile(r"^\W*(?:numero|n\.|n°|nr\.?|num\.|totale|quantita|n\s|conteggio|#)", re.I)
_EXTERNAL = re.compile(
    r"\b(?:set (?:di )?indicatori|indicatori (?:previst|definit|stabilit|regional|ministerial)\w*|indicatori di cui)\b",
    re.I,
)
_COUNTABLE = re.compile(
    r"^\W*(?:incontri|partecipanti|utenti|ore|casi|persone|minori|famiglie|interventi|progetti|beneficiari|"
    r"presenze|accessi|"
    r"segnalazioni|prese in carico|giornate|operatori)\b",
    re.I,
)
_SIGN = re.compile(r"[=<>≤≥]")
_YEAR = re.compile(r"(?:19|20)\d\d")


def _bound(words: str) -> Callable[[], re.Pattern[str]]:
    """A pattern, made when first used, for `words` before a value: groups value and percent sign."""
    return cache(lambda: re.compile(rf"(?:{words})\s*{_ARTICLE}{_value_pattern()}\s*({_PERCENT_SIGN})?", re.I))


@cache
def _value_pattern() -> str:
    spelt = "|".join(sorted((word for word in numbers()), key=len, reverse=True))
    return rf"({_NUMBER}|\b(?:{spelt})\b)"


_TO = r"a(?:l|i|lle|ll['’])?"
_OF = r"d(?:i|el|ell['’])"
_AT_LEAST = _bound(
    rf"(?:\b(?:pari|uguale)\s+o\s+)?(?<!non )\b(?:superior|maggior)[ei]\s+(?:o\s+(?:ugual[ei]|pari)\s+)?"
    rf"(?:{_TO}|{_OF})|\b(?:con\s+)?almeno|\bnon\s+meno\s+{_OF}|\bnon\s+inferior[ei]\s+{_TO}|\b(?:un\s+)?minimo(?:\s+di)?|>=|≥|>|"
    rf"(?<!non )\bpi[uù]\s+{_OF}|(?<!non )\boltre"
)
_AT_MOST = _bound(
    rf"\bal\s+massimo|\b(?:un\s+)?massimo(?:\s+di)?|\bmax\.?|\bnon\s+oltre|\bnon\s+superior[ei]\s+{_TO}|"
    rf"(?<!non )\b(?:inferior|minor)[ei]\s+(?:o\s+(?:ugual[ei]|pari)\s+)?{_TO}|\bnon\s+pi[uù]\s+{_OF}|<=|≤|<|"
    rf"(?<!non )\bmeno\s+{_OF}|\b(?:al di )?sotto\s+(?:a|de)?(?=l|i)|"
    rf"\bentro\s+(?:il limite di\s+)?(?=\w+\s+(?:giorni|gg|ore|mesi|settimane)\b)"
)
_EQUAL = _bound(r"=|\bpari\s+a(?:l|i|lle|ll['’])?|\buguale\s+a(?:l|i|lle|ll['’])?")
_ALONE = re.compile(rf"^\W*(?:n\.?\s*|n°\s*)?({_NUMBER})\s*({_PERCENT_SIGN})?(?=\s|$|[,;)])", re.I)
_LEADING = re.compile(
    rf"^\s*(?:\+\s*)?(?:[A-Z]\d{{1,2}}\s*[:.]\s*)?(?:n[r.]?\.?\s*|n°\s*|num\.\s*)?({_NUMBER})\s+(?=[a-zà-ú]{{3,}})",
    re.I,
)
_TRAILING = re.compile(
    rf"(?:(?<!\d):\s*|\(\s*(?=[^()]*\)\s*\.?$))({_NUMBER})\s*({_PERCENT_SIGN})?(?=(?:\s+[a-zà-ú]+){{0,3}}\s*[).]*$)",
    re.I,
)
_PER_PERIOD = re.compile(rf"({_NUMBER})\s*(?=(?:all['’]|l['’]|/\s*|per |ogni |al )(?:{_PERIOD_NOUN})\b)", re.I)
_PERCENT = re.compile(rf"({_NUMBER})\s*({_PERCENT_SIGN})", re.I)
_MINUS = re.compile(r"(?:^\W*|[(:=]\s*)[-–−]\s?$|(?<=\s)[-–−]$")
_LEVEL = re.compile(
    r"\b(?:a|al|allo|alla|all|ai|alle|sotto|sopra|sul|sui|su|per|entro|tra|fra|da|dal|dalla|nel|in|con)\W*(?:il|lo|la|i|le)?\W*$",
    re.I,
)
_LEVEL_BOUND = re.compile(r"(?:al di )?sotto\b", re.I)
_CLAUSE = re.compile(r"[.;:]\s")
_UP_TO = rf"\s*(?:{_NUMBER})\s*%?\s+a(?:l|ll['’])?\s*(?={_NUMBER})"
_PASSING = re.compile(
    rf"\b(?:pass|port|cresc|sal|scend)\w+\s+da(?:l|ll['’])?{_UP_TO}|\bdal{_UP_TO}(?=(?:{_NUMBER})\s*%)", re.I
)
_RANGE = re.compile(
    rf"(?:{_NUMBER})\s*%?\s*[-–]\s*(?:{_NUMBER})\s*(?:%|per\s?cento)|\bda(?:l|ll['’])?{_UP_TO}|"
    rf"\b(?:tra|fra)\s+{_ARTICLE}(?:{_NUMBER})\s*%?\s+ed?\s+{_ARTICLE}(?:{_NUMBER})",
    re.I,
)
_AGE = re.compile(r"\s*(?:ann[io]\b(?!\s+di\s+(?:attivit|esperienz))|enni\b)", re.I)


def read_indicator(document: Document, span: Span, target: Span | None = None) -> Indicator:
    """The indicator that `span` states; `target` is the text of a column that holds its value.

    The column comes first, unless the words themselves set a share or a sign before a value («= 100%»).
    """
    own = read_target(span.text)
    column = read_target(target.text, alone=True) if target else None
    found = own if own and (own.unit == "%" or _SIGN.search(span.text)) else column or own
    return Indicator(text=span.text, kind=_kind(span.text, found), target=found, passage=document.passage(span))


def _kind(text: str, target: Target | None) -> Kind:
    """The kind that the words name; where they name none, that of a target: a share or a number, one alone apart
    («Protocollo firmato»: 1)."""
    kind = kind_of(text)
    if target is None or kind not in ("milestone", "count"):
        return kind
    return "percentage" if target.unit == "%" else ("count" if target.value > 1 else kind)


def kind_of(text: str) -> Kind:
    """What is measured: a number, a share, an event, or a set defined elsewhere."""
    if _EXTERNAL.search(text) and not _COUNT_WORDS.match(text):
        return "external_set"
    if _PERCENT_WORDS.search(text):
        return "percentage"
    if (
        _COUNT_WORDS.match(text)
        or _leading(text)
        or _changed().search(text)
        or _AT_LEAST().search(text)
        or _AT_MOST().search(text)
    ):
        return "count"
    return "count" if _COUNTABLE.match(text) else "milestone"


def measures(text: str) -> bool:
    """Whether `text`, in a field for checks, names a count or a share, and not a way of checking."""
    target = read_target(text)
    share_or_pace = target is not None and (target.unit == "%" or bool(_PACE.match(text)) or _is_rate(text))
    return bool(_COUNT_WORDS.match(text) or _SHARE.match(text) or share_or_pace)


def _is_rate(text: str) -> bool:
    """Whether a figure opens `text` and what it counts is all of it («15 frequentanti», «3,5 utenti ogni 100»)."""
    found = _ALONE.match(text)
    return found is not None and len(text.split()) <= _LONGEST_RATE and not _is_year(found.group(1))


_LONGEST_RATE = 6  # words


def read_target(text: str, *, alone: bool = False) -> Target | None:
    """The target in `text`; `alone` when the text is nothing but the value («80%», «≥ 4»).

    A value by which a measure must fall is negative («riduzione di almeno il 20%» → at most -20). Of «dal 10% al 20%»
    the last value counts; a range («30-40%») is no one value.
    """
    if passing := _PASSING.search(text):
        text = text[: passing.start()] + text[passing.end() :]
    if any(not _YEAR.search(found.group()) for found in _RANGE.finditer(text)):
        return None
    bounds: tuple[tuple[re.Pattern[str], Op], ...] = ((_AT_LEAST(), ">="), (_AT_MOST(), "<="), (_EQUAL(), "="))
    for pattern, op in bounds:
        for match in pattern.finditer(text):
            if alone or _is_target(text, match):
                return _target(text, match, op)
    plain = _PERCENT.search(text) or _TRAILING.search(text) or (_ALONE.match(text) if alone else _leading(text))
    plain = plain or _PER_PERIOD.search(text) or _changed().search(text)
    if plain and _AGE.match(text, plain.end(1)):
        return None
    return _target(text, plain, "=") if plain and not _is_year(plain.group(1)) else None


def _leading(text: str) -> re.Match[str] | None:
    """A number, in figures or from «due» on in words, that opens the text before what it counts."""
    match = _LEADING.match(text)
    if match:
        return None if _is_year(match.group(1)) or _AGE.match(text, match.end(1)) else match
    spelt = re.compile(rf"^\s*{_value_pattern()}\s+(?=[a-zà-ú]{{3,}})", re.I).match(text)
    return spelt if spelt and _value(spelt.group(1)) > 1 else None


def _is_target(text: str, match: re.Match[str]) -> bool:
    """Whether a bound is what must be reached: not an age, and in a share not the bound of what is counted."""
    if match.group(2):
        return True
    if _AGE.match(text, match.end(1)):
        return False
    share = _SHARE.match(text) or _PERCENT.search(text)
    return not share or not _unit(text[match.end() :])


def _is_year(text: str) -> bool:
    return bool(_YEAR.fullmatch(text))


def _target(text: str, match: re.Match[str], op: Op) -> Target:
    percent = (match.lastindex or 0) > 1 and match.group(2) is not None
    rest = text[match.end() :]
    sign = -1 if _falls(text, match, percent=percent) else 1
    period = _PERIOD.search(rest) or (_PERIOD.search(text[: match.start()]) if not _unit(rest) else None)
    return Target(
        op=_TURNED[op] if sign < 0 and not _MINUS.search(text[: match.start(1)]) else op,
        value=sign * _value(match.group(1)),
        unit="%" if percent else _unit(rest),
        period=next((g.lower() for g in period.groups() if g), None) if period else None,
    )


_TURNED: dict[Op, Op] = {">=": "<=", "<=": ">=", "=": "="}


def _falls(text: str, match: re.Match[str], *, percent: bool) -> bool:
    """Whether the value says by how much a measure falls: a minus before it, or a word of reduction in its clause that
    no level parts from it («riduzione al 5%» names a level)."""
    before = text[: match.start(1)]
    minus = _MINUS.search(before)
    if minus and (percent or not minus.group().endswith(" ")):
        return True
    words = _CLAUSE.split(text[: match.start()])[-1]
    falls = _change("fall").match(match.group()) or (_change("fall").search(words) and not _LEVEL.search(words))
    return bool(falls) and not _SHARE.match(text) and not _LEVEL_BOUND.match(match.group())


@cache
def _change(code: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{any_of(wordings('change-words', 'change-word')[code])})", re.I)


@cache
def _changed() -> re.Pattern[str]:
    """«riduzione di 5 posti», «aumento di 20 ore»: group 1 is the number."""
    stems = any_of(stem for labels in wordings("change-words", "change-word").values() for stem in labels)
    return re.compile(rf"\b(?:{stems})\w*\s+(?:di|pari\s+a)\s+({_NUMBER})\s+(?=[a-zà-ú]{{3,}})", re.I)


def _value(text: str) -> float:
    """The number that figures or a word stand for («1.250,5» → 1250.5)."""
    word = normalised(text)
    if word in numbers():
        return float(numbers()[word])
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", text):
        text = text.replace(".", "")
    return float(text.replace(",", "."))


def _unit(rest: str) -> str | None:
    end = _UNIT_END.search(rest)
    unit = rest[: end.start() if end else len(rest)].strip()
    return unit or None
