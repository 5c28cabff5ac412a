"""Objectives that a heading states and no table or form details («OBIETTIVO GENERALE: …»)."""

from __future__ import annotations

import re

from loaders.document import Document, Table
from loaders.layouts.section import Section, objective
from loaders.span import normalised

_GENERAL = re.compile(r"^\s*obiettivo\s+generale\s*[:–-]\s*(?=\w)", re.I)


def read_stated_objectives(document: Document) -> Section:
    """The general objectives that a line names after their label."""
    found = {}
    for index, block in enumerate(document.blocks):
        if (
            not isinstance(block, Table)
            and _GENERAL.match(block.text.text)
            and len(normalised(block.text.text)) > len("obiettivo generale")
        ):
            found[index] = objective(document, block.text, [], level="general")
    return Section(tuple(found.values()), frozenset(found))
