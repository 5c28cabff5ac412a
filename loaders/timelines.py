"""When: years, deadlines, spans, frequencies and durations, as the words of a time cell give them (ISO 8601)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass

from loaders.document import Document
from loaders.records import Recurrence, RelativeTime, Timeline
from loaders.span import Span, normalised

_MONTHS = {
    name: number
    for number, name in enumerate(
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(), start=1
    )
}
_MONTH = "|".join(_MONTHS)
_YEAR = r"(20\d\d)"
_SPAN = re.compile(rf"\b{_YEAR}\s*(?:[-/–]|al|a)\s*(20\d\d|\d\d)\b(?!\s*/)")
_DATE = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](20\d\d|\d\d)\b")
_LONG_DATE = re.compile(rf"\b(\d{{1,2}})°?\s+({_MONTH})\s+{_YEAR}", re.I)
_MONTH_YEAR = re.compile(rf"\b({_MONTH})\s*(?:del\s+)?{_YEAR}", re.I)
_MONTHS_SPAN = re.compile(rf"\b({_MONTH})\s*(?:[-–/]|a)\s*({_MONTH})\s+{_YEAR}", re.I)
_PART = re.compile(
    rf"\b(?:(i{{1,3}}|iv|primo|secondo|terzo|quarto|ultimo|[1-4])\s*°?\^?)\s*(semestre|trimestre|"
    rf"quadrimestre)\s*(?:del(?:l['’]anno)?\s+)?{_YEAR}",
    re.I,
)
_PLAIN_YEAR = re.compile(r"(?<![\d/.])(20\d\d)(?![\d]|/\d{3})")
_DEADLINE_WORDS = re.compile(r"\b(?:entro|scadenz[ae]|non oltre|termin[ei](?! di)|conclusione)\b", re.I)
_DURATION = re.compile(
    r"\b(?:entro\s+)?(\d+|un|due|tre|quattro|sei|nove|dodici)\s+(giorn[io]|gg\.?|settiman[ae]|mes[ei]|ann[io])\b", re.I
)
_ANCHOR = re.compile(
    r"\bdall['’a]\s*([^,.;]+?)(?=\s+(?:si\s|entro\b|e\s+si\b)|[,.;]|$)|\bdal(?:la|lo)?\s+([^,.;]+?)(?=\s+(?:si\s|"
    r"entro\b)|[,.;]|$)",
    re.I,
)
_NUMBERS = {"un": 1, "due": 2, "tre": 3, "quattro": 4, "sei": 6, "nove": 9, "dodici": 12}
_EACH_YEAR = re.compile(
    r"\b(almeno|minimo|max|massimo|non meno di|n\.?)?\s*(?<!\d)(\d{1,3})\s+(?:[^\W\d]+\s*){0,3}?(?:/\s*a\s*nno|"
    r"/\s*anno|all['’]anno|l['’]anno|annu\w+|per anno|ogni anno)",
    re.I,
)
_FREQUENCIES = {
    "settimanal": 52, "quindicinal": 26, "bisettimanal": 104, "mensil": 12, "bimensil": 24, "bimestral": 6,
    "trimestral": 4,
    "quadrimestral": 3, "semestral": 2, "annual": 1, "annu": 1,
}  # fmt: skip
_FREQUENCY = re.compile(rf"\b({'|'.join(sorted(_FREQUENCIES, key=len, reverse=True))})(?:e|i|mente|a|o)\b", re.I)
_UNITS = {"g": "D", "s": "W", "m": "M", "a": "Y"}
_PARTS = {"semestre": 6, "trimestre": 3, "quadrimestre": 4}
_ORDINALS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "primo": 1, "secondo": 2, "terzo": 3, "quarto": 4}


@dataclass(frozen=True)
class Interval:
    """From the first to the last day, ISO dates."""

    start: str
    end: str


def read_timeline(document: Document, spans: Sequence[Span], heading: str = "") -> Timeline | None:
    """The timeline that the time cell or field states; None when it says nothing.

    Under a `heading` such as «Scadenza», and for a single day, the last day is a deadline.
    """
    texts = [span for span in spans if normalised(span.text)]
    if not texts:
        return None
    whole = " ; ".join(span.text for span in texts)
    interval = read_interval(whole)
    relative = read_relative(whole)
    deadline = interval is not None and (
        bool(_DEADLINE_WORDS.search(f"{heading} ; {whole}")) or interval.start == interval.end
    )
    return Timeline(
        texts=tuple(span.text for span in texts),
        start=interval.start if interval and not deadline else None,
        end=interval.end if interval and not deadline else None,
        deadline=interval.end if interval and deadline else None,
        recurrence=read_recurrence(whole),
        relative=relative,
        passages=tuple(document.passage(span) for span in texts),
    )


def read_interval(text: str) -> Interval | None:
    """The days that dates, months, parts of years and years in `text` span."""
    found: list[Interval] = []
    rest = text
    for pattern, reader in _READERS:
        for match in pattern.finditer(rest):
            interval = reader(match)
            if interval:
                found.append(interval)
        rest = pattern.sub(lambda m: " " * len(m.group()), rest)
    if not found:
        return None
    return Interval(min(i.start for i in found), max(i.end for i in found))


def _day(year: int, month: int, day: int) -> str | None:
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


def _months(year: int, first: int, last: int) -> Interval:
    return Interval(f"{year}-{first:02d}-01", f"{year}-{last:02d}-{calendar.monthrange(year, last)[1]:02d}")


def _of_date(match: re.Match[str]) -> Interval | None:
    day = _day(_full_year(match.group(3)), int(match.group(2)), int(match.group(1)))
    return Interval(day, day) if day else None


def _of_long_date(match: re.Match[str]) -> Interval | None:
    day = _day(int(match.group(3)), _MONTHS[match.group(2).lower()], int(match.group(1)))
    return Interval(day, day) if day else None


def _of_months(match: re.Match[str]) -> Interval:
    return _months(int(match.group(3)), _MONTHS[match.group(1).lower()], _MONTHS[match.group(2).lower()])


def _of_month(match: re.Match[str]) -> Interval:
    month = _MONTHS[match.group(1).lower()]
    return _months(int(match.group(2)), month, month)


def _of_part(match: re.Match[str]) -> Interval | None:
    ordinal = match.group(1).lower()
    length = _PARTS[match.group(2).lower()]
    number = 12 // length if ordinal == "ultimo" else _ORDINALS.get(ordinal) or int(ordinal)
    if number * length > 12:
        return None
    return _months(int(match.group(3)), (number - 1) * length + 1, number * length)


def _of_years(match: re.Match[str]) -> Interval | None:
    start, end = int(match.group(1)), _full_year(match.group(2))
    return Interval(f"{start}-01-01", f"{end}-12-31") if start <= end <= start + 10 else None


def _of_year(match: re.Match[str]) -> Interval:
    return Interval(f"{match.group(1)}-01-01", f"{match.group(1)}-12-31")


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


_READERS = (
    (_DATE, _of_date),
    (_LONG_DATE, _of_long_date),
    (_MONTHS_SPAN, _of_months),
    (_MONTH_YEAR, _of_month),
    (_PART, _of_part),
    (_SPAN, _of_years),
    (_PLAIN_YEAR, _of_year),
)


def read_recurrence(text: str) -> Recurrence | None:
    """How often a year: a count per year, or one or more frequency words (two different ones are ambiguous)."""
    if match := _EACH_YEAR.search(text):
        word, count = (match.group(1) or "").lower(), int(match.group(2))
        upper = word in ("max", "massimo")
        exact = not word or (word.startswith("n") and not word.startswith("non"))
        return Recurrence(
            min_per_year=None if upper else count, max_per_year=count if upper or exact else None, ambiguous=False
        )
    values = sorted({_FREQUENCIES[m.group(1).lower()] for m in _FREQUENCY.finditer(text)})
    if not values:
        return None
    return Recurrence(min_per_year=values[0], max_per_year=values[-1], ambiguous=len(values) > 1)


def read_relative(text: str) -> RelativeTime | None:
    """A duration and the event it counts from («entro 6 mesi dall'approvazione del PdZ»)."""
    match = _DURATION.search(text)
    if not match:
        return None
    number = _NUMBERS.get(match.group(1).lower()) or int(match.group(1))
    anchor = _ANCHOR.search(text)
    name = next((g for g in anchor.groups() if g), None) if anchor else None
    return RelativeTime(duration=f"P{number}{_UNITS[match.group(2)[0].lower()]}", anchor=name.strip() if name else None)
