"""What is written where: the findings of a report by their place in the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from api.language import Language, Texts, texts
from api.render.reports import in_language
from loaders.records import Passage, PlanRecord
from shapes.report import Finding, Severity, ValidationReport
from shapes.rulebook import rule_pages

AUTHOR = "Raccordo"
_PASSAGE = re.compile(r"/passage/(?P<rendition>[0-9a-f]+)-(?P<start>\d+)-(?P<end>\d+)(?:-\d+-\d+)?$")


@dataclass(frozen=True)
class Note:
    """One comment: the passage it stands at (None for the whole document), its paragraphs, and how grave it is."""

    passage: Passage | None
    paragraphs: tuple[str, ...]
    severity: Severity


def notes_of(report: ValidationReport, record: PlanRecord, language: Language) -> tuple[Note, ...]:
    """The comments, the findings of one place in one, those of the whole plan first, then in the document's order."""
    known = {(one.rendition[:8], one.start, one.end): one for one in passages(record)}
    words, remedies = texts(language), {one.name: in_language(one.remedy, language) for one in rule_pages()}
    grouped: dict[tuple[object, ...], list[tuple[Finding, Passage | None]]] = {}
    for finding in report.findings:
        passage = known.get(_key(finding.passage))
        grouped.setdefault(_place(passage), []).append((finding, passage))
    notes = (
        Note(
            passage=found[0][1],
            paragraphs=tuple(_paragraph(one, remedies.get(one.rule, ""), words) for one, _ in found),
            severity=found[0][0].severity,
        )
        for found in grouped.values()
    )
    return tuple(sorted(notes, key=lambda note: note.passage.start if note.passage else -1))


def passages(part: object) -> Iterator[Passage]:
    """Every passage in a part of a record."""
    if isinstance(part, Passage):
        yield part
        yield from passages((part.more, part.also))
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from passages(getattr(part, name))
    elif isinstance(part, tuple):
        for one in part:
            yield from passages(one)


def _key(iri: str | None) -> tuple[str, int, int]:
    match = _PASSAGE.search(iri or "")
    return (match["rendition"], int(match["start"]), int(match["end"])) if match else ("", -1, -1)


def _place(passage: Passage | None) -> tuple[object, ...]:
    """What two passages share that stand in one cell, or in one paragraph."""
    if passage is None:
        return ()
    return passage.page, passage.sheet, passage.cell, passage.path, passage.box


def _paragraph(finding: Finding, remedy: str, words: Texts) -> str:
    said = f"{words(f'severity.{finding.severity}')}. {in_language(finding.message, words.language)}"
    return f"{said} {words('report.remedy')}: {remedy}" if remedy else said
