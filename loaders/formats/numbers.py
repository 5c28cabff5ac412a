"""Numbers as a document shows them: those of a list, and the dates, percentages and amounts of a spreadsheet."""

from __future__ import annotations

import datetime
import math
import re

# formats that have a number and no text of their own (ECMA-376 part 1, 18.8.30)
BUILTIN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm", 37: "#,##0", 38: "#,##0",
    39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss",
}  # fmt: skip
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|[_*].')
_CONDITION = re.compile(r"\[(?!h+\]|m+\]|s+\]|\$)[^\]]*\]", re.I)  # «[Red]», «[>=100]», but not «[h]»
_DATE = re.compile(r"[ymdh]|ss", re.I)
_PLACES = re.compile(r"[0#?][0#?,.]*")
_EPOCH, _EPOCH_1904 = datetime.datetime(1899, 12, 30), datetime.datetime(1904, 1, 1)
_LAST_SERIAL = 2_950_000  # within the year 9999 from either epoch
_MOST_DECIMALS = 10
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
_ROMAN_UNITS = ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def number(text: str | None) -> int | None:
    """`text` as a whole number, None when it is none or absurdly long."""
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else None


def shown(value: float, code: str, *, from_1904: bool = False) -> str:
    """`value` as the number format `code` shows it; dates as dd/mm/yyyy, or only the parts that the format names."""
    first = _CONDITION.sub("", code.partition(";")[0])
    bare = _LITERAL.sub("", first)
    if _DATE.search(bare) and 0 <= value <= _LAST_SERIAL:
        return _date(value, bare.lower(), from_1904)
    number = _number(value * 100 if "%" in bare else value, bare)
    masked = _LITERAL.sub(lambda match: " " * len(match.group()), first)
    places = list(_PLACES.finditer(masked))
    before, after = (first[: places[0].start()], first[places[-1].end() :]) if places else ("", "")
    return f"{_plain(before)}{number}{_plain(after)}".strip()


def _plain(text: str) -> str:
    """The words that a format puts beside the number («€», «mesi», «%»)."""
    words = _LITERAL.sub(lambda m: next((part for part in m.groups() if part), " "), text)
    return re.sub(r"[()+@?/]|\bGeneral\b", "", words)


def _number(value: float, code: str) -> str:
    places = _PLACES.search(code)
    if not places or not math.isfinite(value) or "/" in code or "e+" in code.lower():
        return general(value)
    decimals = min(len(places.group().partition(".")[2].replace(",", "")), _MOST_DECIMALS)
    text = f"{value:,.{decimals}f}" if "," in places.group() else f"{value:.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,"))


def general(value: float) -> str:
    """`value` with no more decimals than it has."""
    if math.isfinite(value) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.10g}".replace(".", ",")


def _date(value: float, code: str, from_1904: bool) -> str:
    moment = (_EPOCH_1904 if from_1904 else _EPOCH) + datetime.timedelta(days=value)
    parts = [("d" in code, "%d"), (_names_month(code), "%m"), ("y" in code, "%Y")]
    day = "/".join(form for named, form in parts if named)
    form = f"{day} %H:%M" if "h" in code and day else day or "%H:%M"
    return moment.strftime(form)


def _names_month(code: str) -> bool:
    """In a time of day «m» means minutes."""
    return "m" in code and ("d" in code or "y" in code or not ("h" in code or "s" in code))


def figure(count: int, kind: str) -> str:
    """`count` in the figures that Word calls `kind`; in Arabic ones for a kind not known here."""
    if kind in ("lowerLetter", "upperLetter") and count > 0:
        letter = chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 9)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind in ("lowerRoman", "upperRoman") and 0 < count < 4000:
        return _roman(count) if kind == "lowerRoman" else _roman(count).upper()
    if kind == "ordinal":
        return f"{count}°"
    return f"{count:02d}" if kind == "decimalZero" else str(count)


def _roman(count: int) -> str:
    text = ""
    for size, sign in (*_ROMAN, *_ROMAN_UNITS):
        text += sign * (count // size)
        count %= size
    return text
