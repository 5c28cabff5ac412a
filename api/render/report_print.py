"""A report as PDF on A4: the same groups as the page, with an outline by rule."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from functools import cache
from html import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

from api.language import Language, Texts, texts
from api.render.reports import (
    Group,
    change,
    finding_groups,
    in_language,
    made_with,
    outcome,
    quote,
    unverified,
    unwatched,
    verdict,
    where,
)
from shapes.report import Finding, ValidationReport

MOST_OF_A_RULE = 500
"""Findings of one rule that are printed; how many more there are is said, and where they are."""
_FONTS = {"Report": "Vera.ttf", "Report-Bold": "VeraBd.ttf", "Report-Italic": "VeraIt.ttf"}
_COLOURS = {"violation": "#8f1322", "warning": "#6b4200", "info": "#00478f"}
_STYLES = {
    "title": ParagraphStyle("title", fontName="Report-Bold", fontSize=15, leading=19, spaceAfter=3 * mm),
    "verdict": ParagraphStyle("verdict", fontName="Report-Bold", fontSize=10, leading=14, spaceAfter=3 * mm),
    "rule": ParagraphStyle(
        "rule", fontName="Report-Bold", fontSize=11, leading=14, spaceBefore=5 * mm, spaceAfter=1 * mm, keepWithNext=1
    ),
    "remedy": ParagraphStyle("remedy", fontName="Report", fontSize=8, leading=11, spaceAfter=1.5 * mm, keepWithNext=1),
    "finding": ParagraphStyle("finding", fontName="Report", fontSize=9, leading=12, leftIndent=4 * mm),
    "place": ParagraphStyle("place", fontName="Report", fontSize=7.5, leading=10, leftIndent=4 * mm),
    "quote": ParagraphStyle("quote", fontName="Report-Italic", fontSize=8.5, leading=11, leftIndent=8 * mm),
}


def to_pdf(report: ValidationReport, language: Language) -> bytes:
    """The PDF; the same bytes for the same report."""
    words = texts(language)
    _register()
    buffer = io.BytesIO()
    title = f"{words('report.title')}: {report.plan_id}"
    margins = {"leftMargin": 16 * mm, "rightMargin": 16 * mm, "topMargin": 16 * mm, "bottomMargin": 18 * mm}
    pages = SimpleDocTemplate(
        buffer, pagesize=A4, title=title, author="Raccordo", lang=language, invariant=1, **margins
    )
    number = _Numbered(words)
    pages.build(list(_story(report, title, words, language)), onFirstPage=number, onLaterPages=number)
    return buffer.getvalue()


class _Heading(Paragraph):  # type: ignore[misc]
    """A rule's heading, which the outline of the document leads to."""

    def __init__(self, text: str, plain: str, key: str) -> None:
        super().__init__(text, _STYLES["rule"])
        self._plain, self._key = plain, key

    def draw(self) -> None:
        self.canv.bookmarkPage(self._key)
        self.canv.addOutlineEntry(self._plain, self._key, 0)
        super().draw()


class _Numbered:
    """Writes the number at the foot of each page."""

    def __init__(self, words: Texts) -> None:
        self._words = words

    def __call__(self, canvas: Canvas, document: object) -> None:
        canvas.setFont("Report", 7.5)
        canvas.drawRightString(A4[0] - 16 * mm, 10 * mm, self._words("report.page", n=canvas.getPageNumber()))


def _story(report: ValidationReport, title: str, words: Texts, language: Language) -> Iterator[object]:
    yield _paragraph(title, "title")
    yield _paragraph(verdict(report, words), "verdict")
    groups = finding_groups(report, language)
    for group in groups:
        yield from _group(group, words, language)
    if not groups:
        yield _paragraph(words("report.empty"), "finding")
    if report.resolved:
        heading = f"{words('report.resolved')} ({len(report.resolved)})"
        yield _Heading(_shown(heading), heading, "resolved")
        for one in report.resolved[:MOST_OF_A_RULE]:
            yield from _finding(one, words, language)
    if skipped := unverified(report):
        yield _Heading(_shown(words("report.unverified")), words("report.unverified"), "unverified")
        yield from (_paragraph(outcome(check, words, language), "place") for check in skipped)
    if report.unwatched:
        yield _paragraph(unwatched(report, words), "place")
    yield Spacer(0, 5 * mm)
    yield _paragraph(made_with(report, words), "place")


def _group(group: Group, words: Texts, language: Language) -> Iterator[object]:
    severity, plain = words(f"severity.{group.severity}"), f"{group.title} ({len(group.findings)})"
    coloured = f'<font color="{_COLOURS[group.severity]}">{escape(severity)}</font> {_shown(plain)}'
    yield _Heading(coloured, f"{severity}: {plain}", group.rule)
    if group.remedy:
        yield _paragraph(f"{words('report.remedy')}: {group.remedy}", "remedy")
    for one in group.findings[:MOST_OF_A_RULE]:
        yield from _finding(one, words, language)
    if left := len(group.findings[MOST_OF_A_RULE:]):
        yield _paragraph(words("report.more", n=left), "remedy")


def _finding(finding: Finding, words: Texts, language: Language) -> Iterator[object]:
    yield _paragraph(in_language(finding.message, language), "finding")
    beside = "; ".join(part for part in (where(finding, words), change(finding, words)) if part)
    if beside:
        yield _paragraph(beside, "place")
    if quoted := quote(finding):
        yield _paragraph(quoted, "quote")
    yield Spacer(0, 2 * mm)


def _paragraph(text: str, style: str) -> Paragraph:
    return Paragraph(_shown(text), _STYLES[style])


def _shown(text: str) -> str:
    """The text as markup of the PDF library, each character that its fonts lack by its parts or its number."""
    known = _known()
    return escape("".join(one if ord(one) in known or one == "\n" else _spelt(one) for one in text))


@cache
def _spelt(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character)
    return plain if all(ord(one) in _known() for one in plain) else f"[U+{ord(character):04X}]"


@cache
def _known() -> frozenset[int]:
    _register()
    return frozenset.intersection(*(frozenset(pdfmetrics.getFont(name).face.charToGlyph) for name in _FONTS))


@cache
def _register() -> None:
    for name, file in _FONTS.items():
        pdfmetrics.registerFont(TTFont(name, file))
    pdfmetrics.registerFontFamily("Report", normal="Report", bold="Report-Bold", italic="Report-Italic")
