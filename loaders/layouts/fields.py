"""Objectives in forms and labelled prose: which fields make one form, and what it states."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from loaders.document import Cell, Document, Heading, Label, Line, Table
from loaders.headers import Column, named_bodies
from loaders.layouts.parts import DETAIL, ENOUGH, OBJECTIVE_LEVELS, Part, is_detail, labelled_parts
from loaders.layouts.rows import Field, build_row
from loaders.layouts.section import Section, objective, split_title
from loaders.lexicon import opens_as
from loaders.records import Form, Objective
from loaders.span import normalised

_ACTS = re.compile(r"^\s*(?:azion|attivit|intervent)", re.I)
_SHEET_NUMBER = re.compile(
    r"\b(?:azione|scheda|obiettivo|intervento|progetto)(?:\s+[a-zà-ú]{2,}){0,2}\s*(?:n\s*[.°]*\s*)?"
    r"((?:\b[A-Z]{1,2}\.?)?\d+(?:\.\d+)*)",
    re.I,
)
_LONGEST_AIM = 40  # words; a longer line among aims is prose
_MOST_REPEATS = 2  # of a label within one form
_RUN = 2  # labels without words before another one, in a text that lost its columns


def read_action_forms(document: Document) -> Section:
    """Forms whose fields have labels of their own (a section over several fields, or a table of label and value)."""
    return _section(document, "action_form")


def read_labelled_prose(document: Document) -> Section:
    """Running text whose paragraphs open with a label («Azioni: …»)."""
    return _section(document, "labelled_prose")


def _section(document: Document, form: Form) -> Section:
    objectives: list[Objective] = []
    claimed: set[int] = set()
    parts = list(labelled_parts(document))
    if not document.rendition.columns_reliable:
        parts = _without_runs(parts)
    for sheet in _numbered(_sheets(parts)):
        if _form_of(document, sheet) != form or (not document.rendition.columns_reliable and _repeats_labels(sheet)):
            continue
        objectives.extend(_objectives(document, sheet, form))
        claimed |= {index for part in sheet for index in part.blocks}
    return Section(tuple(objectives), frozenset(claimed))


def _without_runs(parts: Sequence[Part]) -> list[Part]:
    """The fields of a text that lost its columns: labels that follow one another without words are the heading of a
    table or a column of labels, and whose words come after them nothing tells."""
    found: list[Part] = []
    at = 0
    while at < len(parts):
        end = at
        while end < len(parts) and _is_bare(parts[end]):
            end += 1
        run = parts[at : end + 1]
        if end - at >= _RUN:
            found += [Part("outside", part.label or part.lines[0].text) for part in run]
        else:
            found += run
        at = end + 1
    return found


def _repeats_labels(sheet: Sequence[Part]) -> bool:
    """Whether fields of one form have the same label again and again: in a text that lost its columns they are the
    headings of its tables."""
    labels = Counter(normalised(part.label.text) for part in sheet if part.label and not part.inline)
    return max(labels.values(), default=0) > _MOST_REPEATS


def _is_bare(part: Part) -> bool:
    """Whether a field is a label alone."""
    return part.role != "outside" and not part.lines and not part.inline and bool(part.label)


def _numbered(sheets: Iterable[list[Part]]) -> list[list[Part]]:
    """The sheets, each with what stands before its title, and so at the end of the sheet before: all from the label
    that opens every sheet, or its number or label alone."""
    found = list(sheets)
    for sheet, after in pairwise(found):
        at = _opens_again(sheet)
        sheet[at:], after[:0] = [], sheet[at:]
        last = sheet[-1].role
        if len(sheet) > 1 and last in ("number", "label") and not any(p.role == last for p in after):
            after.insert(0, sheet.pop())
    return found


def _opens_again(sheet: Sequence[Part]) -> int:
    """Where the label that opens a sheet before its title comes again after it; its length when it does not."""
    first = next((p for p in sheet if p.label and p.role != "outside"), None)
    title = next((i for i, p in enumerate(sheet) if p.role == "objective" and p.lines), None)
    if first is None or title is None or any(p is first for p in sheet[title:]):
        return len(sheet)
    again = [
        i
        for i, p in enumerate(sheet)
        if i > title and p.label and normalised(p.label.text) == normalised(first.label.text)
    ]
    return again[-1] if again else len(sheet)


def _form_of(document: Document, sheet: Sequence[Part]) -> Form | None:
    if len({part.role for part in sheet if is_detail(part)}) < ENOUGH or not any(_opens(part) for part in sheet):
        return None
    blocks = [document.blocks[i] for part in sheet for i in part.blocks]
    sections = any(isinstance(b, Label) and b.level == 1 for b in blocks) or any(isinstance(b, Table) for b in blocks)
    return "action_form" if sections else "labelled_prose"


def _opens(part: Part) -> bool:
    return part.role.startswith("objective") and bool(part.lines)


def _sheets(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """The fields of one form each: a title, or a label that names an objective again, opens another form once the
    first has details."""
    sheet: list[Part] = []
    named: list[Part] = []
    detailed = False
    for part in parts:
        if part.role == "sheet" or (part.role == "objective" and detailed and _opens_sheet(part, named)):
            if sheet:
                yield sheet
            sheet, named, detailed = [], [], False
        sheet.append(part)
        detailed |= part.role in DETAIL and bool(part.lines)
        if part.role == "objective" and part.lines:
            named.append(part)
    if sheet:
        yield sheet


def _opens_sheet(part: Part, named: Sequence[Part]) -> bool:
    """Whether a label that names an objective belongs to the next form; `named` are those of this one, which has
    details."""
    if part.level == 1 or not named:
        return bool(part.lines) or part.level == 1
    return bool(part.lines) and any(_same_label(part, p) for p in named)


def _same_label(one: Part, other: Part) -> bool:
    """Whether two labels are one, their numbers apart («Obiettivo 1», «Obiettivo 2»)."""
    first, second = (re.sub(r"[\d\s]", "", normalised(p.label.text)) for p in (one, other))
    return first == second


def _objectives(document: Document, sheet: Sequence[Part], form: Form) -> Iterator[Objective]:
    merged = _without_repeats(sheet)
    _plan_actions(merged)
    names = [p for p in merged if p.role == "objective" and p.lines]
    title = _title_of(names)
    others = [p for p in names if p is not title and not p.aims]
    labels = [next((p for p in others if opens_as(p.label.text, "area") is area), None) for area in (True, False)]
    fields = [Field(_column(p), Cell(tuple(p.lines)), p.owner) for p in merged if _is_content(p)]
    for label in filter(None, labels):
        name = split_title(label.lines[0].text)[1]
        fields.append(Field(Column("label", label.label.text), Cell((Line(name), *label.lines[1:]))))
    row = build_row(document, [f for f in fields if f.cell], form=form, confidence="A")
    if title is not None:
        numbered = next((p.lines[0].text.text for p in merged if p.role == "number" and p.lines), None)
        yield objective(document, title.lines[0].text, [row], number=numbered or _sheet_number(document, title))
        yield from _aims(document, title, names)
    for part in merged:
        if part.role in OBJECTIVE_LEVELS:
            for line in part.lines:
                rows = [row] if title is None and line is part.lines[0] else []
                yield objective(document, line.text, rows, level=OBJECTIVE_LEVELS[part.role])


def _column(part: Part) -> Column:
    """The column that a field is; «Impegni ASST» names the owner of what it lists."""
    bodies = named_bodies(part.label.text) if part.role == "priority" else ()
    role = "note" if part.role == "territory" else part.role  # where it applies, not which line of a table it is
    return Column("named_owner" if bodies else role, part.label.text, bodies)


def _plan_actions(sheet: Sequence[Part]) -> None:
    """In a form that has no other place for actions, «Azioni da realizzare» are its actions."""
    if any(p.role == "action" and p.lines for p in sheet):
        return
    for part in sheet:
        if part.role == "priority" and _ACTS.match(part.label.text):
            part.role = "action"


def _title_of(names: Sequence[Part]) -> Part | None:
    """The part that names the form: the objective it states, else its name, else the first of the aims it lists."""
    single = [p for p in names if not p.aims] or list(names)
    single.sort(key=lambda p: opens_as(p.label.text, "area"))
    return next((p for p in single if "obiettiv" in normalised(p.label.text)), single[0] if single else None)


def _aims(document: Document, title: Part, names: Sequence[Part]) -> Iterator[Objective]:
    """The aims that a form lists beside its name, as objectives without rows of their own."""
    for part in names:
        if part.aims:
            lines = part.lines[1:] if part is title else part.lines
            short = (line for line in lines if len(line.text.text.split()) <= _LONGEST_AIM)
            yield from (objective(document, line.text, []) for line in short)


def _is_content(part: Part) -> bool:
    return bool(part.lines) and not part.role.startswith("objective")


def _without_repeats(sheet: Sequence[Part]) -> list[Part]:
    """An item that a «Continua» repeats is one item."""
    for before, part in pairwise(sheet):
        repeats = before.role == part.role and before.lines and part.lines
        if repeats and normalised(before.lines[-1].text.text) == normalised(part.lines[0].text.text):
            part.lines = part.lines[1:]
    return list(sheet)


def _sheet_number(document: Document, title: Part) -> str | None:
    """The number of the sheet, written in a label a few blocks before its title."""
    first = min(title.blocks)
    for block in reversed(document.blocks[max(0, first - 4) : first + 1]):
        if isinstance(block, Label | Heading) and (match := _SHEET_NUMBER.search(block.text.text)):
            return match.group(1)
    return None
