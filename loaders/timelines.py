"""When: years, deadlines, spans, frequencies and durations, as the words of a time cell give them (ISO 8601)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from loaders.document import Document
from loaders.lexicon import any_of, months, numbers, phrases
from loaders.records import Recurrence, RelativeTime, Timeline
from loaders.span import Span, normalised

_YEAR = r"(20\d\d)"
_SPAN = re.compile(rf"\b{_YEAR}\s*(?:[-/–]|al|a)\s*(20\d\d|\d\d)\b(?!\s*/)")
_DATE = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](20\d\d|\d\d)\b")
_PART = re.compile(
    rf"\b(?:(i{{1,3}}|iv|prim[oa]|second[oa]|terz[oa]|quart[oa]|ultim[oa]|[1-4])\s*[°º^]?)\s*(semestre|sem\.|trimestre|trim\.|"
    rf"quadrimestre|quadrim\.|metà)\s*(?:del(?:l['’]anno)?\s+)?{_YEAR}",
    re.I,
)
_SEASON = re.compile(rf"\b(primavera|estate|autunno)\s+(?:del(?:l['’]anno)?\s+)?{_YEAR}", re.I)
_SEASONS = {"primavera": 3, "estate": 6, "autunno": 9}  # the first of its three months
_QUARTER = re.compile(rf"\b[QT]([1-4])\s*[-/]?\s*{_YEAR}")
_SCHOOL_YEAR = re.compile(
    rf"\b(?:a\.?\s?s\.?|a\.?\s?e\.?|anno (?:scolastico|educativo)|anni scolastici)\s*{_YEAR}\s*[-/–]\s*(20\d\d|\d\d)\b",
    re.I,
)
_FROM = re.compile(
    r"(?:\b(?:a (?:partire|decorrere|far data) |con decorrenza )?d(?:a|al|alla|all['’])|\bdal mese di|"
    r"\bavvi[oa]\w*(?: previsto)?:?(?: (?:a|ad|nel|in|da|dal))?|\binizio:?(?: (?:a|ad|nel|in))?)\s*$",
    re.I,
)
_FROM_HEADING = re.compile(
    r"\b(?:data (?:di )?(?:avvio|inizio)|inizio|avvio)\b(?!.*\b(?:fine|conclusione|termine)\b)", re.I
)
_PLAIN_YEAR = re.compile(r"(?<![\d/.])(20\d\d)(?![\d]|/\d{3})")
_DEADLINE_WORDS = re.compile(
    r"\b(?:entro|scadenz[ae]|non oltre|termin[ei](?! di)|conclusione|completamento|ultimazione|fine|finale)\b", re.I
)
_BEGINS = re.compile(r"^(?!.*\bentro\b).*\b(?:inizio|avvio|durata)\b", re.I)
_UNIT = r"(or[ae]|giorn[io]|gg\b\.?|settiman[ae]|mes[ei]|semestr[ei]|ann[io])"
_ANCHOR_END = r"(?=\s+(?:si\s|entro\b|e\s+si\b|con\s)|[,.;()]|$)"
_ANCHOR = re.compile(
    rf"\b(?:dall['’a]|successiv[io] (?:all['’]|alla)|dopo (?:l['’]|la))\s*([^,.;()]+?){_ANCHOR_END}|"
    rf"\b(?:dal(?:la|lo)?|successiv[io] al|dopo il)\s+([^,.;()]+?){_ANCHOR_END}",
    re.I,
)
_UNITS = {"o": "H", "g": "D", "sett": "W", "m": "M", "seme": "M", "a": "Y"}
_PARTS = {"sem": 6, "tri": 3, "qua": 4, "met": 6}
_ORDINALS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "prim": 1, "second": 2, "terz": 3, "quart": 4}
_EACH = {"anno": 1, "mese": 12, "settimana": 52, "trimestre": 4, "semestre": 2, "bimestre": 6, "quadrimestre": 3}


@cache
def _duration() -> re.Pattern[str]:
    return re.compile(rf"(?<!ogni )\b(\d{{1,3}}|{_spelt()})\s*(?:\(\w+\)\s*)?{_UNIT}(?!\w)", re.I)


@cache
def _each() -> re.Pattern[str]:
    """A count and the stretch of time in which it is reached: «almeno due incontri l'anno», «3 incontri annui»."""
    return re.compile(
        rf"\b(almeno|minimo|max\.?|massimo|non meno di|non più di|n\.?|n°)?\s*(?<![\d/])(\d{{1,2}}|{_spelt()})(?![\d/])"
        rf"\s+(?:[^\W\d]+\s*){{0,3}}?(?:(?:/\s*|a(?:ll['’]|l|lla)?\s*|l['’]\s*|per\s+|ogni\s+)({'|'.join(_EACH)})\b|/\s*a\s*nno|"
        rf"(annu|mensil|settimanal|trimestral|semestral)\w+)",
        re.I,
    )


@cache
def _spelt() -> str:
    return "|".join(sorted(numbers(), key=len, reverse=True))


def _number(text: str) -> int:
    return int(text) if text.isdigit() else numbers()[normalised(text)]


@dataclass(frozen=True)
class Interval:
    """From the first to the last day, ISO dates."""

    start: str
    end: str


def read_timeline(
    document: Document, spans: Sequence[Span], heading: str = "", ticked: Sequence[Interval] = ()
) -> Timeline | None:
    """The timeline that the time cell or field states; None when it says nothing.

    Under a `heading` such as «Scadenza», and for a single day, the last day is a deadline. `ticked` are the days of
    the columns of a calendar that have a tick.
    """
    texts = [span for span in spans if normalised(span.text)]
    if not texts:
        return None
    whole = " ; ".join(span.text for span in texts)
    interval = _whole_of(ticked) if ticked else read_interval(whole)
    relative = read_relative(whole)
    opens = not ticked and interval is not None and _only_opens(whole, heading)
    deadline = interval is not None and not ticked and not opens and _is_deadline(whole, heading, interval)
    return Timeline(
        texts=tuple(span.text for span in texts),
        start=interval.start if interval and not deadline else None,
        end=interval.end if interval and not deadline and not opens else None,
        deadline=interval.end if interval and deadline else None,
        recurrence=read_recurrence(whole),
        relative=relative,
        passages=tuple(document.passage(span) for span in texts),
    )


def _is_deadline(text: str, heading: str, interval: Interval) -> bool:
    """Whether the last day is a deadline: said so, under such a heading, or a single day."""
    if interval.start == interval.end:
        return True
    return any(_DEADLINE_WORDS.search(words) and not _BEGINS.search(words) for words in (text, heading))


def _only_opens(text: str, heading: str) -> bool:
    """Whether the text gives one date, from which something starts («da settembre 2022»)."""
    found = _found(text)
    if len(found) != 1 or _DEADLINE_WORDS.search(text):
        return False
    interval, start = found[0]
    starts = bool(_FROM.search(text[:start])) or bool(_FROM_HEADING.search(heading))
    until = re.search(rf"\bal\b|\bfino\b|\ba\s+(?:{any_of(months())})\b", text[start:], re.I)
    return starts and interval.end[:4] == interval.start[:4] and not until


def read_interval(text: str) -> Interval | None:
    """The days that dates, months, parts of years and years in `text` span."""
    return _whole_of([interval for interval, _ in _found(text)])


def _whole_of(found: Sequence[Interval]) -> Interval | None:
    """From the first day of all to the last."""
    return Interval(min(i.start for i in found), max(i.end for i in found)) if found else None


def _found(text: str) -> list[tuple[Interval, int]]:
    """Each stretch of days that the text names, and where its words start."""
    found: list[tuple[Interval, int]] = []
    rest = text
    for pattern, reader in _readers():
        for match in pattern.finditer(rest):
            interval = reader(match)
            if interval:
                found.append((interval, match.start()))
        rest = pattern.sub(lambda m: " " * len(m.group()), rest)
    return found


def _day(year: int, month: int, day: int) -> str | None:
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


def _months(year: int, first: int, last: int) -> Interval:
    return Interval(f"{year}-{first:02d}-01", f"{year}-{last:02d}-{calendar.monthrange(year, last)[1]:02d}")


def _month(text: str) -> int:
    return months()[text.lower().rstrip(".")]


def _of_date(match: re.Match[str]) -> Interval | None:
    day = _day(_full_year(match.group(3)), int(match.group(2)), int(match.group(1)))
    return Interval(day, day) if day else None


def _of_long_date(match: re.Match[str]) -> Interval | None:
    day = _day(int(match.group(3)), _month(match.group(2)), int(match.group(1)))
    return Interval(day, day) if day else None


def _of_days(match: re.Match[str]) -> Interval | None:
    year = int(match.group(5))
    first = _day(year, _month(match.group(2)), int(match.group(1)))
    last = _day(year, _month(match.group(4)), int(match.group(3)))
    return Interval(first, last) if first and last and first <= last else None


def _of_months(match: re.Match[str]) -> Interval:
    return _months(int(match.group(3)), _month(match.group(1)), _month(match.group(2)))


def _of_month(match: re.Match[str]) -> Interval:
    month = _month(match.group(1))
    return _months(int(match.group(2)), month, month)


def _of_part(match: re.Match[str]) -> Interval | None:
    ordinal = match.group(1).lower()
    length = _PARTS[match.group(2).lower()[:3]]
    last = ordinal.startswith("ultim")
    number = 12 // length if last else _ORDINALS.get(ordinal) or _ORDINALS.get(ordinal[:-1]) or int(ordinal)
    if number * length > 12:
        return None
    return _months(int(match.group(3)), (number - 1) * length + 1, number * length)


def _of_quarter(match: re.Match[str]) -> Interval:
    quarter = int(match.group(1))
    return _months(int(match.group(2)), 3 * quarter - 2, 3 * quarter)


def _of_season(match: re.Match[str]) -> Interval:
    first = _SEASONS[match.group(1).lower()]
    return _months(int(match.group(2)), first, first + 2)


def _of_school_year(match: re.Match[str]) -> Interval | None:
    """From 1 September to 31 August (D.Lgs. 297/1994, art. 74)."""
    start, end = int(match.group(1)), _full_year(match.group(2))
    return Interval(f"{start}-09-01", f"{end}-08-31") if start < end <= start + 5 else None


def _of_years(match: re.Match[str]) -> Interval | None:
    start, end = int(match.group(1)), _full_year(match.group(2))
    return Interval(f"{start}-01-01", f"{end}-12-31") if start <= end <= start + 10 else None


def _of_year(match: re.Match[str]) -> Interval:
    return Interval(f"{match.group(1)}-01-01", f"{match.group(1)}-12-31")


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


@cache
def _readers() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Interval | None]], ...]:
    """What names a stretch of days, the longest wordings first, and how each is read."""
    month = rf"(?:{any_of(months())})(?![a-z])\.?"
    day = r"\b(\d{1,2})°?\s+"
    long_date = re.compile(rf"{day}({month})\s+{_YEAR}", re.I)
    days_span = re.compile(rf"{day}({month})\s*(?:[-–]|al(?:l['’])?)\s*(\d{{1,2}})°?\s+({month})\s+{_YEAR}", re.I)
    month_year = re.compile(rf"\b({month})\s*[-/]?\s*(?:del(?:l['’]anno)?\s+)?{_YEAR}", re.I)
    months_span = re.compile(rf"\b({month})\s*(?:[-–/]|a)\s*({month})\s+{_YEAR}", re.I)
    return (
        (_SCHOOL_YEAR, _of_school_year),
        (_DATE, _of_date),
        (days_span, _of_days),
        (long_date, _of_long_date),
        (months_span, _of_months),
        (month_year, _of_month),
        (_PART, _of_part),
        (_SEASON, _of_season),
        (_QUARTER, _of_quarter),
        (_SPAN, _of_years),
        (_PLAIN_YEAR, _of_year),
    )


def read_recurrence(text: str) -> Recurrence | None:
    """How often a year: a count per stretch of time, or one or more frequency words (two different ones are
    ambiguous)."""
    if match := _each().search(text):
        word, count = (match.group(1) or "").lower(), _number(match.group(2))
        count *= _EACH[(match.group(3) or "anno").lower()] if not match.group(4) else _times(match.group(4))
        upper = word.startswith(("max", "massimo", "non più"))
        exact = not word or (word.startswith("n") and not word.startswith("non"))
        return Recurrence(
            min_per_year=None if upper else count, max_per_year=count if upper or exact else None, ambiguous=False
        )
    values = sorted({int(m.entry.code) for m in phrases("frequencies", "frequency").find(text)})
    if not values:
        return None
    return Recurrence(min_per_year=values[0], max_per_year=values[-1], ambiguous=len(values) > 1)


def _times(stem: str) -> int:
    """How many times a year what is «annual…», «mensil…» comes round."""
    labels = phrases("frequencies", "frequency").labels()
    return next(int(entry.code) for label, entry in sorted(labels.items()) if label.startswith(stem.lower()))


def read_relative(text: str) -> RelativeTime | None:
    """A duration and the event it counts from («entro 6 mesi dall'approvazione del PdZ»)."""
    match = _duration().search(text)
    if not match:
        return None
    unit = match.group(2).lower()
    code = next(code for stem, code in _UNITS.items() if unit.startswith(stem))
    number = _number(match.group(1)) * (6 if unit.startswith("semestr") else 1)
    anchor = _ANCHOR.search(text)
    name = next((g for g in anchor.groups() if g), None) if anchor else None
    return RelativeTime(duration=f"P{'T' if code == 'H' else ''}{number}{code}", anchor=name.strip() if name else None)
