"""Characters of picture fonts: what a glyph of Wingdings, Webdings or Symbol shows, in plain Unicode."""

from __future__ import annotations

import re

CHECKED, UNCHECKED = "☒", "☐"
_BULLET = "•"
_PRIVATE = re.compile("[\uf020-\uf0ff]")
_WINGDINGS = {
    0x6C: "•", 0x6E: "•", 0x6F: "☐", 0x70: "☐", 0x71: "☐", 0x72: "☐", 0x73: "•", 0x74: "•", 0x75: "•", 0x76: "•",
    0x77: "•", 0x78: "☒", 0x9E: "•", 0x9F: "•", 0xA0: "•", 0xA1: "○", 0xA7: "•", 0xA8: "☐", 0xD8: "•", 0xDC: "•",
    0xE0: "→", 0xF0: "→", 0xFB: "✘", 0xFC: "✔", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✘", 0x50: "✔", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "•", 0x98: "•", 0xA3: "☐"}
_WEBDINGS = {0x61: "✔", 0x63: "☐", 0x72: "✘", 0x67: "•", 0x3D: "•"}
_SYMBOL = {0xB7: "•", 0xD6: "√", 0xB3: "≥", 0xA3: "≤", 0xB1: "±", 0xAE: "→", 0x2D: "-", 0xA0: "€", 0xA7: "•", 0xA8: "•"}
_ZAPF = {
    0x33: "✓", 0x34: "✔", 0x35: "✗", 0x36: "✘", 0x37: "✗", 0x38: "✘", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "☐",
    0x70: "☐", 0x71: "☐", 0x72: "☐", 0x75: "◆", 0x76: "❖", 0xD4: "→", 0xD5: "→", 0xDC: "→", 0xE8: "→",
}  # fmt: skip
_TABLES = {
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "webdings": _WEBDINGS,
    "symbol": _SYMBOL,
    "zapfdingbats": _ZAPF,
}
# without a known font: the bullets and ticks that converters leave behind are those of Symbol and Wingdings
_ANY = {**_WINGDINGS, 0xB7: "•", 0x2D: "-", 0x50: "✔", 0x52: "☑", 0x51: "☒", 0xA3: "☐"}


def is_picture_font(font: str | None) -> bool:
    """Whether letters in `font` show pictures."""
    return (font or "").strip().lower() in _TABLES


def glyph(code: int, font: str | None) -> str:
    """What the character `code` of `font` shows; an unknown picture is a bullet.

    A code may be the plain one (0xFE) or lie in the private use area (0xF0FE), as in Word's `w:sym`.
    """
    table = _TABLES.get((font or "").strip().lower(), _ANY)
    low = code & 0xFF if 0xF000 <= code <= 0xF0FF else code
    if low in table:
        return table[low]
    return " " if low == 0x20 else _BULLET


def readable(text: str, font: str | None = None) -> str:
    """`text` with the characters of a picture font, or of the private use area, as what they show."""
    if is_picture_font(font):
        return "".join(c if c.isspace() else glyph(ord(c), font) for c in text)
    return _PRIVATE.sub(lambda match: glyph(ord(match.group()), font), text)
