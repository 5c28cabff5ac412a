"""Comments in a Word document, at the cell or paragraph where each finding stands."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.text.run import CT_R
from docx.text.run import Run
from lxml import etree

from api.annotated.notes import AUTHOR, Note
from api.annotated.zipped import rewritten
from loaders.errors import UnreadableFile

_STEP = re.compile(r"(?P<name>[^\[\]]+)\[(?P<number>\d+)\]")


def annotate(data: bytes, notes: Sequence[Note], path: Path) -> bytes:
    """The document with a comment for each note. Raises `UnreadableFile` when it has macros or is of ISO's strict kind.

    Nothing else in it changes. A note on what takes no comments (a footnote) stands at the beginning.
    """
    try:
        document = docx.Document(io.BytesIO(data))
    except (OpcError, ValueError, KeyError) as error:
        remedy = "Save it as a Word document (DOCX) without macros."
        raise UnreadableFile(
            "no comments can be written into this kind of Word file.", file=path, remedy=remedy
        ) from error
    main = document.part.partname.lstrip("/")
    body = document.element.body
    for note in notes:
        part, _, steps = (note.passage.path or "" if note.passage else "").partition("#")
        place = _element(document.element, steps) if part == main else None
        first, last = _ends(body if place is None else place, whole=place is not None)
        comment = document.add_comment(
            [Run(first, document), Run(last, document)], note.paragraphs[0], author=AUTHOR, initials=AUTHOR[:1]
        )
        for text in note.paragraphs[1:]:
            comment.add_paragraph(text)
        # Without a date of today, the same document gives the same bytes every day.
        comment._comment_elm.attrib.pop(qn("w:date"), "")
    buffer = io.BytesIO()
    document.save(buffer)
    return rewritten(buffer.getvalue())


def _element(root: etree._Element, steps: str) -> etree._Element | None:
    """The element at a path of the reader (`/w:document/w:body[1]/w:p[3]`), None when there is none."""
    current = root
    for step in steps.strip("/").split("/")[1:]:
        match = _STEP.fullmatch(step)
        alike = [one for one in current if match and _name(one) == match["name"]]
        if match is None or len(alike) < int(match["number"]):
            return None
        current = alike[int(match["number"]) - 1]
    return current


def _name(element: etree._Element) -> str:
    if not isinstance(element.tag, str):
        return ""
    local = str(etree.QName(element).localname)
    return f"{element.prefix}:{local}" if element.prefix else local


def _ends(place: etree._Element, *, whole: bool) -> tuple[CT_R, CT_R]:
    """The first and the last run of a place, or of its first paragraph; an empty one gets a run without words."""
    paragraphs = [place] if place.tag == qn("w:p") else list(place.iter(qn("w:p")))
    runs = [run for one in paragraphs for run in one.iterchildren(qn("w:r")) if isinstance(run, CT_R)]
    if not runs:
        paragraph = paragraphs[0] if paragraphs else etree.SubElement(place, qn("w:p"))
        runs = [cast("CT_R", etree.SubElement(paragraph, qn("w:r")))]
    return runs[0], runs[-1] if whole else runs[0]
