"""How the cells of a workbook look: number format, bold, struck through, and the colour behind them."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from loaders.formats.numbers import BUILTIN, number

_LONGEST_CODE = 255  # characters of a number format
_WHITE_THEME = "0"
_WHITE_INDEXES = ("1", "9", "65")  # of the palette; 65 is the background of the system


@dataclass(frozen=True)
class Look:
    """What a cell's style says; `colour` tells one fill from another, None for none and for white."""

    code: str = "General"
    bold: bool = False
    struck: bool = False
    colour: str | None = None


def read_looks(root: etree._Element, space: str) -> list[Look]:
    """The looks of a workbook's style part, in the order in which its cells number them."""
    codes = {e.get("numFmtId"): e.get("formatCode", "")[:_LONGEST_CODE] for e in root.iter(f"{space}numFmt")}
    listed = root.findall(f"{space}fonts/{space}font")
    fonts = [(_is_set(font.find(f"{space}b")), _is_set(font.find(f"{space}strike"))) for font in listed]
    fills = [_colour(fill.find(f"{space}patternFill"), space) for fill in root.findall(f"{space}fills/{space}fill")]
    looks = []
    for form in root.findall(f"{space}cellXfs/{space}xf"):
        key = form.get("numFmtId", "0")
        code = codes.get(key) or BUILTIN.get(number(key) or 0, "General")
        font, fill = number(form.get("fontId")) or 0, number(form.get("fillId")) or 0
        bold, struck = fonts[font] if 0 <= font < len(fonts) else (False, False)
        looks.append(Look(code, bold, struck, fills[fill] if 0 <= fill < len(fills) else None))
    return looks


def _is_set(element: etree._Element | None) -> bool:
    return element is not None and element.get("val") not in ("0", "false")


def _colour(pattern: etree._Element | None, space: str) -> str | None:
    """The colour of a fill: six digits, or its place in the theme or palette; hatchings keep their name."""
    kind = "none" if pattern is None else pattern.get("patternType", "none")
    if pattern is None or kind == "none":
        return None
    front = _written(pattern.find(f"{space}fgColor"))
    return front if kind == "solid" else f"{kind} {front or ''}".strip()


def _written(colour: etree._Element | None) -> str | None:
    if colour is None:
        return None
    theme, tint, indexed = colour.get("theme"), colour.get("tint", ""), colour.get("indexed")
    if theme is not None:
        return None if (theme, tint.strip("0.")) == (_WHITE_THEME, "") else f"theme {theme} {tint}".strip()
    if indexed is not None:
        return None if indexed in _WHITE_INDEXES else f"indexed {indexed}"
    return colour.get("rgb", "")[-6:] or None
