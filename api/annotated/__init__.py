"""The author's own document with a comment wherever a finding stands: DOCX, XLSX and PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from api.annotated import pages, sheets, words
from api.annotated.notes import Note, notes_of
from api.language import Language
from api.operations import CheckedPlan
from api.operations.ingest import check_plan
from api.operations.reading import run_apart
from loaders.errors import UnknownFormat
from loaders.formats import docx, pdf, xlsx
from loaders.pipeline import read_plan
from ontology.iris import Iris

Writer = Callable[[bytes, Sequence[Note], Path], bytes]

WRITERS: Mapping[str, Writer] = {
    docx.MEDIA_TYPE: words.annotate,
    xlsx.MEDIA_TYPE: sheets.annotate,
    pdf.MEDIA_TYPE: pages.annotate,
}
"""Who writes the comments, by the media type of the document."""


@dataclass(frozen=True, slots=True)
class AnnotatedCopy:
    """A copy of a document with comments, its media type, how many comments it has, and the report they come from."""

    body: bytes
    media_type: str
    notes: int
    checked: CheckedPlan


def annotate_document(path: Path, manifest: Path | None, iris: Iris, language: Language) -> AnnotatedCopy:
    """Read and check one document and write its findings into a copy of it; the document itself is not touched.

    A finding on the whole plan stands at the beginning. The same document gives the same bytes. Raises `LoadError`:
    `UnknownFormat` for a document that takes no comments.
    """
    if not path.is_file():
        raise _takes_no_comments(path)
    return run_apart(partial(_annotated, path, manifest, iris, language), path)


def _annotated(path: Path, manifest: Path | None, iris: Iris, language: Language) -> AnnotatedCopy:
    record = read_plan(path, manifest)
    media_type = record.plan.renditions[0].media_type
    if media_type not in WRITERS:
        raise _takes_no_comments(path)
    checked, _ = check_plan(record, iris)
    notes = notes_of(checked.report, record, language)
    return AnnotatedCopy(WRITERS[media_type](path.read_bytes(), notes, path), media_type, len(notes), checked)


def _takes_no_comments(path: Path) -> UnknownFormat:
    return UnknownFormat("no comments can be written into it.", file=path, remedy="Give one DOCX, XLSX or PDF file.")
