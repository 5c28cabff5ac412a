"""The fields of a DOCX: their code is not shown, their result is; form fields of before 2007 as what they show."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from loaders.formats.compose import Words
from loaders.formats.docx_styles import is_on, value
from loaders.formats.glyphs import CHECKED, UNCHECKED
from loaders.formats.numbers import number


@dataclass
class _Field:
    entry: str  # what a list shows when no result is written
    start: int  # how many stretches the paragraph had when it began
    in_code: bool = True


@dataclass
class Fields:
    """The fields of one paragraph that are open, the outermost first."""

    _open: list[_Field] = field(default_factory=list)

    @property
    def in_code(self) -> bool:
        """Whether what comes next belongs to the code of a field, which the page does not show."""
        return any(each.in_code for each in self._open)

    def meet(self, element: etree._Element, words: Words, space: str) -> str:
        """What the page shows at a `fldChar`; `words` are those of the paragraph so far."""
        kind, shown = element.get(f"{space}fldCharType"), _box(element, space)
        hidden = self.in_code
        if kind == "begin":
            self._open.append(_Field(_entry(element, space), len(words.shown)))
        elif kind == "separate" and self._open:
            self._open[-1].in_code = False
        elif kind == "end" and self._open:
            last = self._open.pop()
            shown, hidden = last.entry, self.in_code or bool("".join(words.shown[last.start :]).strip())
        return "" if hidden else shown


def _box(element: etree._Element, space: str) -> str:
    """The sign of a check box."""
    box = element.find(f"{space}ffData/{space}checkBox")
    if box is None:
        return ""
    checked = is_on(box, "checked", space)
    on = is_on(box, "default", space) if checked is None else checked
    return CHECKED if on else UNCHECKED


def _entry(element: etree._Element, space: str) -> str:
    """The chosen entry of a list, the first when none was chosen."""
    found = element.find(f"{space}ffData/{space}ddList")
    if found is None:
        return ""
    chosen = number(value(found, "result", space) or value(found, "default", space)) or 0
    entries = [entry.get(f"{space}val", "") for entry in found.findall(f"{space}listEntry")]
    return entries[chosen] if 0 <= chosen < len(entries) else ""
