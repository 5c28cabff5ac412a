"""Indicators: what kind each is, and the target its words state (operator, value, unit, period)."""

from __future__ import annotations

import re
from typing import Literal

from loaders.document import Document
from loaders.records import Indicator, Target
from loaders.span import Span, normalised

Kind = Literal["count", "percentage", "milestone", "external_set"]
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_WORD_NUMBERS = {
    "un": 1, "uno": 1, "una": 1, "due": 2, "tre": 3, "quattro": 4, "cinque": 5, "sei": 6, "sette": 7, "otto": 8,
    "nove": 9, "dieci": 10,
}  # fmt: skip
_VALUE = rf"(?:{_NUMBER}|\b({'|'.join(_WORD_NUMBERS)})\b)"
_AT_LEAST = re.compile(
    rf"(?:\balmeno|\bnon meno di|\bnon inferiore a[l]?|\bminimo|>=|≥|>|(?<!non )\bpi[uù] di|\bcon almeno)\s*(?:il\s+|"
    rf"l['’])?{_VALUE}\s*(%)?",
    re.I,
)
_AT_MOST = re.compile(
    rf"(?:\bal massimo|\bmassimo|\bmax|\bnon oltre|"
    r"\bnon superior[ei] a(?:l|i|ll['’])?|(?<!non )\binferior[ei] a(?:l|i|ll['’])?|"
    r"\bnon pi[uù] di|\bentro(?= \d+ giorni)|<=|≤|<|"
    rf"\bmeno di)\s*(?:il\s+|l['’])?{_VALUE}\s*(%)?",
    re.I,
)
_EQUAL = re.compile(rf"(?:=|:\s*|^\s*){_NUMBER}\s*(%)?(?=\s|$|[,;)])")
_LEADING = re.compile(rf"^\s*{_NUMBER}\s+(?=[a-zà-ú]{{3,}})")
_PERCENT = re.compile(rf"{_NUMBER}\s*(%)")
_PERIOD = re.compile(
    r"(?:\bnel(?:l['’]arco del)?|/|\ball['’]|\bper|\bogni|\bal|\ba|\bnell['’])\s*(biennio|triennio|anno|mese|"
    r"semestre|trimestre|settimana|quadrimestre)\b|\b(annu[ao]l[ei]|annui|annue|mensil[ei]|semestral[ei]|"
    r"trimestral[ei])\b",
    re.I,
)
_UNIT_END = re.compile(r"[,;:.()/]|\b(?:nel|nella|nei|per|entro|all|ogni|al|annu\w+|mensil\w+|rispetto)\b", re.I)
_PERCENT_WORDS = re.compile(r"\b(?:percentuale|tasso|quota|%|incidenza|rapporto)\b|%", re.I)
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


def read_indicator(document: Document, span: Span, target: Span | None = None) -> Indicator:
    """The indicator that `span` states; `target` is the text of a column that holds its value."""
    found = read_target(span.text) or (read_target(target.text, alone=True) if target else None)
    return Indicator(text=span.text, kind=kind_of(span.text), target=found, passage=document.passage(span))


def kind_of(text: str) -> Kind:
    """What is measured: a number, a share, an event, or a set defined elsewhere."""
    if _EXTERNAL.search(text) and not _COUNT_WORDS.match(text):
        return "external_set"
    if _PERCENT_WORDS.search(text):
        return "percentage"
    if _COUNT_WORDS.match(text) or _LEADING.match(text) or _AT_LEAST.search(text) or _AT_MOST.search(text):
        return "count"
    return "count" if _COUNTABLE.match(text) else "milestone"


def read_target(text: str, *, alone: bool = False) -> Target | None:
    """The target in `text`; `alone` when the text is nothing but the value («80%», «≥ 4»)."""
    for pattern, op in ((_AT_LEAST, ">="), (_AT_MOST, "<=")):
        if match := pattern.search(text):
            return _target(text, match, op)
    if not alone and (match := _LEADING.match(text)):
        return _target(text, match, "=")
    match = _PERCENT.search(text) or (_EQUAL.search(text) if alone else re.search(rf"=\s*{_NUMBER}\s*(%)?", text))
    return _target(text, match, "=") if match else None


def _target(text: str, match: re.Match[str], op: str) -> Target:
    groups = [g for g in match.groups() if g]
    value = _value(groups[0])
    percent = match.group(match.lastindex or 1) == "%" if match.lastindex else False
    rest = text[match.end() :]
    period = _PERIOD.search(rest)
    return Target(
        op=">=" if op == ">=" else ("<=" if op == "<=" else "="),
        value=value,
        unit="%" if percent else _unit(rest),
        period=next((g.lower() for g in period.groups() if g), None) if period else None,
    )


def _value(text: str) -> float:
    word = normalised(text)
    return float(_WORD_NUMBERS[word]) if word in _WORD_NUMBERS else float(text.replace(",", "."))


def _unit(rest: str) -> str | None:
    end = _UNIT_END.search(rest)
    unit = rest[: end.start() if end else len(rest)].strip()
    return unit or None
