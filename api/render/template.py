"""An empty plan as a workbook to fill in: the columns that the ontology knows and the rules ask for."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import xlsxwriter
from rdflib import SH, SKOS, URIRef
from rdflib import Literal as Words

from api.language import texts
from api.render.report_book import NO_TIME
from ontology.graphs import ontology_graph
from ontology.terms import RAC, concept
from shapes.bundle import Rule, shapes_bundle
from shapes.report import SEVERITIES
from shapes.rulebook import rule_pages

TemplateForm = Literal["programme-matrix", "status-table"]

_PROPERTIES: Mapping[str, URIRef] = {
    "objective": RAC.title, "label": RAC.label, "action": RAC.hasAction, "owner": RAC.hasResponsibility,
    "partner": RAC.actor, "resource": RAC.hasResource, "indicator": RAC.hasIndicator, "target-value": RAC.hasTarget,
    "time": RAC.hasTimeline, "protocol-status": RAC.hasProtocolStatus, "progress": RAC.hasProgress,
    "priority": RAC.hasCommitment,
}  # fmt: skip
_COMMON = ("owner", "partner", "resource", "indicator", "target-value", "time")
TEMPLATE_FORMS: Mapping[TemplateForm, tuple[str, ...]] = {
    "programme-matrix": ("objective", "action", *_COMMON),
    "status-table": ("objective", "label", "protocol-status", "progress", "priority", *_COMMON),
}
"""The column roles of each form that there is a template of."""
TITLE = "Piano di integrazione socio-sanitaria 20__-20__ – Ambito di ______"
"""The first line, whose gaps are filled in; a plan of another kind writes its own title here."""
HEADING_ROW = 2  # from 0
_STATUSES = ("present", "absent", "in-preparation")
_ROWS = 500  # rows that offer the statuses to choose from
_WIDTHS = {"owner": 24, "partner": 24, "target-value": 16, "time": 20, "protocol-status": 16}
_WIDTH = 34
_LONGEST_COMMENT = 1500


@dataclass(frozen=True)
class TemplateColumn:
    """A column: its role, its heading, what it holds, what the rules ask of it, and whether a plan errs without it."""

    role: str
    heading: str
    help: str
    remedies: tuple[str, ...]
    needed: bool


def template_columns(form: TemplateForm) -> tuple[TemplateColumn, ...]:
    """The columns of a form, their headings and help in Italian, as the vocabulary and the rules have them."""
    return tuple(_column(role) for role in TEMPLATE_FORMS[form])


def plan_template(form: TemplateForm) -> bytes:
    """The workbook; its help stands in comments of the headings, so that every filled cell is content of the plan."""
    columns = template_columns(form)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": TITLE, "created": NO_TIME})
        sheet = book.add_worksheet(texts("it")("plan.objectives")[:31])
        title = book.add_format({"bold": True, "font_size": 14})
        head = {"bold": True, "bottom": 2, "text_wrap": True, "valign": "top", "bg_color": "#e3eefb"}
        heading, needed = book.add_format(head), book.add_format({**head, "font_color": "#8f1322"})
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.write_string(0, 0, TITLE, title)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, _WIDTHS.get(column.role, _WIDTH), cell)
            sheet.write_string(HEADING_ROW, index, column.heading, needed if column.needed else heading)
            words = "\n\n".join((column.help, *column.remedies))[:_LONGEST_COMMENT]
            sheet.write_comment(HEADING_ROW, index, words, {"author": "Raccordo", "x_scale": 2.5, "y_scale": 3})
            if column.role == "protocol-status":
                choice = {"validate": "list", "source": statuses(), "ignore_blank": True}
                sheet.data_validation(HEADING_ROW + 1, index, HEADING_ROW + _ROWS, index, choice)
        sheet.freeze_panes(HEADING_ROW + 1, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADING_ROW)
    return buffer.getvalue()


def statuses() -> list[str]:
    """What a cell for the protocol may say."""
    return [_italian(concept("status", one), SKOS.prefLabel) for one in _STATUSES]


def _column(role: str) -> TemplateColumn:
    about = concept("column-role", role)
    rules = sorted(_rules_about(_PROPERTIES[role]), key=lambda rule: (list(SEVERITIES).index(rule.severity), rule.name))
    remedies = {page.name: page.remedy.it for page in rule_pages()}
    return TemplateColumn(
        role=role,
        heading=_italian(about, SKOS.prefLabel),
        help=_italian(about, SKOS.definition),
        remedies=tuple(dict.fromkeys(remedies[rule.name] for rule in rules if remedies[rule.name])),
        needed=any(rule.severity == "violation" for rule in rules),
    )


def _rules_about(term: URIRef) -> Iterator[Rule]:
    """The rules that look at a property."""
    bundle = shapes_bundle()
    return (rule for rule in bundle.rules if (rule.iri, SH.path, term) in bundle.graph)


def _italian(node: URIRef, term: URIRef) -> str:
    found = (one for one in ontology_graph().objects(node, term) if isinstance(one, Words) and one.language == "it")
    return next((str(one) for one in found), "")
