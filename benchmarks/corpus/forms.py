"""Objectives laid out one by one: sheets of label and value, labels over their items, labelled prose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from benchmarks.corpus.desk import Desk
from benchmarks.corpus.drafts import Draft, draw_row
from benchmarks.corpus.facts import ObjectiveFacts
from benchmarks.corpus.pages import Block, Cell, Grid, Heading, Line, Prose, cell
from benchmarks.corpus.places import stock
from benchmarks.corpus.statuses import draw_without_column
from benchmarks.corpus.tables import Section, numbered_heading
from loaders.records import Form

_FIELDS = ("need", "action", "method", "expectation", "resource", "owner", "partner", "indicator", "time", "note")
_FEWEST = 5


def sheets(desk: Desk) -> Section:
    """A two-column table of label and value for each action."""
    fields = _chosen(desk)
    found, blocks = [], list[Block]()
    for _ in range(desk.rng.randint(2, 4)):
        objective, heading = _sheet(desk)
        draft = _drawn(desk, "action_form", fields)
        rows = [(cell(desk.heading("form_title")), cell(objective.title)), *_target_group(desk, draft)]
        rows += [(cell(desk.heading(name)), Cell(draft.cells[name])) for name in fields if name in draft.cells]
        blocks += [heading, Grid((), tuple(rows), (1.5, 4.0))]
        found.append(replace(objective, rows=(draft.facts(),)))
    return Section(tuple(blocks), tuple(found))


def forms(desk: Desk) -> Section:
    """Labels on lines of their own, each over the words that belong to it."""
    fields = _chosen(desk)
    found, blocks = [], list[Block]()
    for _ in range(desk.rng.randint(2, 4)):
        objective, heading = _sheet(desk)
        draft = _drawn(desk, "action_form", fields)
        blocks += [heading, Prose(desk.heading("form_title") + ":", label=True), Prose(objective.title)]
        for name in fields:
            if name in draft.cells:
                blocks += [Prose(desk.heading(name) + ":", label=True), *_paragraphs(draft.cells[name])]
        found.append(replace(objective, rows=(draft.facts(),)))
    return Section(tuple(blocks), tuple(found))


def labelled_prose(desk: Desk) -> Section:
    """A heading per objective, and paragraphs that open with a label («Azioni: …»)."""
    fields = _chosen(desk)
    found, blocks = [], list[Block]()
    for _ in range(desk.rng.randint(2, 5)):
        objective, heading = numbered_heading(desk)
        fields_here = ["progress", *fields] if desk.chance(0.3) else fields
        draft = _drawn(desk, "labelled_prose", fields_here)
        blocks.append(heading)
        for name in fields_here:
            if name in draft.cells:
                words = "; ".join(line.text.rstrip(";.") for line in draft.cells[name])
                blocks.append(Prose(f"{desk.heading(name)}: {words}."))
        found.append(replace(objective, rows=(draft.facts(),)))
    return Section(tuple(blocks), tuple(found))


FORMS: Mapping[str, Callable[[Desk], Section]] = {"sheets": sheets, "forms": forms, "labelled_prose": labelled_prose}


def _chosen(desk: Desk) -> list[str]:
    """Which fields the form has: its actions, who, how it is measured and when always."""
    always = ("action", "owner", "indicator", "time")
    rest = desk.some([name for name in _FIELDS if name not in always], _FEWEST - len(always), 5)
    return [name for name in _FIELDS if name in always or name in rest]


def _drawn(desk: Desk, form: Form, fields: Sequence[str]) -> Draft:
    draft = draw_row(desk, form, fields)
    draw_without_column(desk, draft, sentences=form == "labelled_prose")
    return draft


def _sheet(desk: Desk) -> tuple[ObjectiveFacts, Heading]:
    """A sheet whose heading has only a number; the title is its first field."""
    theme, title = next(desk.titles)
    number = str(next(desk.numbers))
    heading = desk.habit("sheet", ("Scheda azione n. {}", "Scheda progetto n. {}", "AZIONE N. {}", "Scheda {}"))
    return ObjectiveFacts(title, theme, number), Heading(heading.format(number), 3)


def _target_group(desk: Desk, draft: Draft) -> list[tuple[Cell | None, ...]]:
    if desk.chance(0.5):
        return []
    who = desk.pick(stock("items")["slots"]["who"])
    draft.cells["target_group"] = (Line(who.capitalize()),)
    return [(cell(desk.heading("target_group")), Cell(draft.cells["target_group"]))]


def _paragraphs(lines: Sequence[Line]) -> list[Prose]:
    return [Prose(line.text, item=line.item) for line in lines]
