"""Layouts: the kinds of structure that hold a plan's objectives; a new one is a module and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from loaders.document import Document
from loaders.layouts.agreements import read_agreements
from loaders.layouts.fields import read_action_forms, read_labelled_prose
from loaders.layouts.headings import read_stated_objectives
from loaders.layouts.section import Section
from loaders.layouts.tables import read_needs_tables, read_programme_matrices, read_status_tables
from loaders.layouts.topics import read_topic_matrices

LAYOUTS: Mapping[str, Callable[[Document], Section]] = {
    "status_table": read_status_tables,
    "programme_matrix": read_programme_matrices,
    "needs_table": read_needs_tables,
    "topics_matrix": read_topic_matrices,
    "action_form": read_action_forms,
    "labelled_prose": read_labelled_prose,
    "agreements": read_agreements,
    "stated_objectives": read_stated_objectives,
}
