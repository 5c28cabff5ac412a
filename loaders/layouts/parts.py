"""The fields of forms and labelled prose: a label, and the words that belong to it until the next label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from loaders import owners
from loaders.actors import Actor, actors
from loaders.document import Block, Cell, Document, Heading, Label, Line, Paragraph, Table
from loaders.headers import STATUS_ROLES, answered, guessed_role, is_known, named_bodies, role_of
from loaders.layouts.section import Level, split_title
from loaders.lexicon import opens_as, reads_as
from loaders.metadata import is_annex_mark
from loaders.span import EMPTY, Span, normalised
from loaders.turned import is_turned

_CONTINUED = re.compile(r"^\s*(?:continua|segue)\s+", re.I)
_LEADER = r"(?:\.{4,}|…{2,}|_{4,}|(?:\s\.){4,})"  # dots or a line that lead from a label to its words
_INLINE = re.compile(rf"^\s*([^:…_]{{3,80}}?)\s*(?::\s*{_LEADER}?|{_LEADER})\s+(?=\S)")
_RUNNING = re.compile(r"^\s*(?:\d{1,2}(?:\.\d{1,2})*|[A-Za-z])\s*[.)]?\s*$")
_ENUMERATED = re.compile(r"^\s*(?!n\s*\.)(\d{1,2}|[a-z])\s*[.)]\s+(?=\S)")  # «n. utenti» counts
_BOXES = re.compile(r":.*[☐☑☒□■✓✔✗]")  # a label with its answer («Protocollo presente: ☐ SI ☒ NO»)
_FIRST = frozenset(("1", "a"))
_AIMS = re.compile(r"^\s*(?:(?:gli|quali)\s+)?(?:obiettivi|finalit[àa])\b", re.I)  # aims, not the name of a form
_SEMICOLON = re.compile(r";\s+(?![^()]*\))")  # outside brackets
_MONEY = re.compile(r"(?:€|\beuro\b)\s*\d|\d\s*(?:€|euro\b)", re.I)
_ITEM_NUMBER = re.compile(r"^\s*\d{1,2}\s*[.)]\s")  # a numbered line inside a field is one of its items
DETAIL = frozenset(
    (
        "time",
        "indicator",
        "resource",
        "owner",
        "lead",
        "partner",
        "target_group",
        "need",
        "method",
        "action",
        "expectation",
    )
)
_WHO = ("owner", "lead", "partner")  # fields in which a body in capitals («ASST») is a value and no heading
_STATUS_DETAIL = frozenset(("progress", "priority", "evidence", *STATUS_ROLES))  # on the line of their label
OBJECTIVE_LEVELS: dict[str, Level] = {"objective_general": "general", "objective_operational": "operational"}
_ANSWERLESS = frozenset(("objective", *OBJECTIVE_LEVELS, "progress", "priority", "need", "method", "expectation"))
_LONGEST_GUESS = 5  # words of a label
_SHORTEST_LABEL = 3  # letters of a line that may be one
_LONGEST_LISTED_LABEL = 2  # words
_LABEL_AND_VALUE = 2  # cells
_WIDEST_FORM = 4  # cells in a row of a form: two labels with their values
ENOUGH = 3  # distinct kinds of detail that make labels a form


@dataclass
class Part:
    """A field being read: its meaning, its label, the owner named by a label inside it, and its lines."""

    role: str
    label: Span
    lines: list[Line] = field(default_factory=list)
    owner: Actor | None = None
    blocks: set[int] = field(default_factory=set)
    level: int = 2
    numbered: bool = False  # its label has a number, as all the labels of its form have
    inline: bool = False  # its words stand on the line of its label

    @property
    def aims(self) -> bool:
        """Whether it lists aims («Obiettivi», «Finalità») rather than names an objective."""
        return bool(_AIMS.match(self.label.text))


def is_detail(part: Part) -> bool:
    """Whether a field says how an objective is pursued: such fields make a form."""
    tasks = part.role == "priority" and bool(named_bodies(part.label.text))
    return part.role in DETAIL or tasks or (part.inline and part.role in _STATUS_DETAIL)


def labelled_parts(document: Document) -> Iterator[Part]:
    """The labelled fields of the document in order; unlabelled text before the first label belongs to none."""
    current: Part | None = None
    for index, (block, after) in enumerate(zip_longest(document.blocks, document.blocks[1:])):
        for part in _opened(index, block, after, current):
            if current is not None and part is not current:
                yield current
            current = part
    if current is not None:
        yield current


def _opened(index: int, block: Block, after: Block | None, current: Part | None) -> Iterator[Part]:
    """The fields that `block` opens; when it opens none, its words go to the current one."""
    if isinstance(block, Table):
        yield from _of_table(index, block)
        return
    if isinstance(block, Paragraph) and block.apart:
        yield from (Part("outside", block.text),) if current is not None else ()
        return
    if current is not None and current.role in _WHO and isinstance(block, Heading) and named_bodies(block.text.text):
        _add_line(index, current, block)
        return
    if current is not None and isinstance(block, Heading) and _is_sum(block, current):
        _add_line(index, current, block)
        return
    tasked = _tasked(block, after, current)
    opened = None if _lists_on(block, current) else _named_by(block, after, current) or _labelled(block, current)
    opened = opened or tasked
    if opened is not None:
        opened.blocks.add(index)
        yield opened
    elif isinstance(block, Heading) and current is not None and not _ITEM_NUMBER.match(block.text.text):
        yield Part("outside", block.text)
    elif current is not None and current.role != "outside" and not isinstance(block, Label):
        _add_line(index, current, block)


def _is_sum(heading: Heading, current: Part) -> bool:
    """Whether a line in capitals goes on with the resources above it («FAMI - € 8.000»)."""
    money = current.role == "resource" and _MONEY.search(heading.text.text)
    return bool(money) and _labelled(heading, current) is None


def _tasked(block: Block, after: Block | None, current: Part | None) -> Part | None:
    """The field that a short line over a list opens when it says what one body does («Cosa fa la ASL»)."""
    if current is None or current.role in ("outside", *_WHO) or not isinstance(block, Paragraph) or block.bullet:
        return None
    text = block.text.text
    listed = isinstance(after, Paragraph) and after.bullet
    if not listed or len(text.split()) > _LONGEST_GUESS or text.endswith((".", ";")) or not named_bodies(text):
        return None
    alone = len(actors(text)) == 1 and actors(text)[0].name == text.strip()
    return None if alone else Part("priority", block.text)


def _lists_on(block: Block, current: Part | None) -> bool:
    """Whether a numbered line is an item of the field above it: the first after its label, or one after another."""
    if not isinstance(block, Heading) or not _ITEM_NUMBER.match(block.text.text) or current is None:
        return False
    if current.numbered or current.role not in DETAIL or _INLINE.match(block.text.text):
        return False
    return not current.lines or bool(_ITEM_NUMBER.match(current.lines[-1].text.text))


def _named_by(block: Heading | Label | Paragraph, after: Block | None, current: Part | None) -> Part | None:
    """A heading without a meaning of its own, right above a labelled detail, is the title of an objective; so is any
    line under the number of a sheet («Obiettivo 2.1»)."""
    untitled = current is not None and current.role == "sheet" and not current.lines and isinstance(block, Paragraph)
    if not (isinstance(block, Heading) or untitled) or role_of(block.text.text) or _CONTINUED.match(block.text.text):
        return None
    if is_annex_mark(block.text.text):
        return None
    detail = _labelled(after, None) if isinstance(after, Label | Paragraph) else None
    return Part("objective", EMPTY, [Line(block.text)], level=1) if detail and is_detail(detail) else None


def _of_table(index: int, table: Table) -> Iterator[Part]:
    """A table whose rows are labels with their values beside or under them is a form."""
    rows = [own for row in table.rows if (own := [c.filled() for c in row if c and c.origin != "spanned"])]
    rows = _without_numbers(rows)
    labelled = sum(role_of(row[0].text.text) is not None for row in rows)
    if (
        labelled < ENOUGH
        or labelled * 2 < len(rows)
        or is_turned(table)
        or any(len(row) > _WIDEST_FORM for row in rows)
    ):
        return
    pending: Part | None = None
    found: list[Part] = []
    for row in rows:
        for part in _of_form_row(row, pending):
            part.blocks.add(index)
            pending = part
            if part not in found:
                found.append(part)
    yield from _with_name(found)


def _with_name(parts: list[Part]) -> list[Part]:
    """The fields of a form, the one that opens it («Intervento», «Progetto») as its name where no other names it."""
    named = any(p.role.startswith("objective") and not p.aims and not opens_as(p.label.text, "area") for p in parts)
    others = any(p.role == "action" and p.lines for p in parts[1:])
    names = any(reads_as(p.label.text, code) for p in parts[:1] for code in ("name", "thing"))
    if names and not named and others and len(parts[0].lines) == 1:
        parts[0].role = "objective"
    return parts


def _without_numbers(rows: Sequence[list[Cell]]) -> list[list[Cell]]:
    """The rows of a form without the running numbers that stand before its labels («1», «Titolo», …)."""
    long = [row for row in rows if len(row) > _LABEL_AND_VALUE]
    counted = [bool(_RUNNING.match(row[0].text.text)) and role_of(row[1].text.text) is not None for row in long]
    if len(long) * 2 < len(rows) or sum(counted) < max(ENOUGH, len(long) / 2):
        return list(rows)
    return [row[1:] if len(row) > 1 and _RUNNING.match(row[0].text.text) else row for row in rows]


def _of_form_row(row: Sequence[Cell], pending: Part | None) -> Iterator[Part]:
    """The fields of one row: pairs of label and value; a cell alone is a label, a title or a value."""
    if len(row) > 1:
        for label, value in zip(row[::2], row[1::2], strict=False):
            yield Part(_role_beside(label.text.text, value), label.text.strip(" :"), list(value.lines))
        return
    text = row[0].text
    if titled := _sheet_title(text):
        yield titled
    elif role := role_of(text.text.rstrip(" :")):
        yield Part(role, text.strip(" :"), level=1)
    elif inline := _inline(text, False):
        yield inline
    elif pending is not None:
        pending.lines.extend(row[0].lines)


def _role_beside(label: str, value: Cell) -> str:
    """What the label of a value in a table means: beside a mere answer («Obiettivo di servizio: ☒ SI ☐ NO») no
    objective and nothing that is done, and what ends a plan elsewhere («Riferimenti normativi») is a note."""
    role = guessed_role(label) or "unknown"
    answers = role in _ANSWERLESS and answered(value.text.text)
    return "note" if answers or role == "outside" else role


def _labelled(block: Heading | Label | Paragraph, current: Part | None) -> Part | None:
    text = block.text
    if part := _enumerated(block, current):
        return part
    if isinstance(block, Paragraph):
        if current is not None and len(text.text) <= _SHORTEST_LABEL and not block.bullet and is_known(text.text):
            return Part(role_of(text.text) or "", text) if role_of(text.text) in DETAIL else None  # «Chi»
        ends = Part("outside", text) if _ends_plan(text) else None
        return ends or _sheet_line(text) or _inline(text, block.bullet, known=current is None)
    return _named(block, current)


def _named(block: Heading | Label, current: Part | None) -> Part | None:
    """The field that a heading or a label opens: by its meaning, or as the owner of what follows it."""
    text = block.text
    answered = _inline(text, False) if isinstance(block, Heading) or _BOXES.search(text.text) else None
    if answered and not answered.role.startswith("objective"):
        return answered
    continued = _CONTINUED.match(text.text)
    name = text.slice(continued.end(), len(text)) if continued else text
    level = block.level if isinstance(block, Label) else 2
    role = role_of(name.text)
    if role == "territory" and isinstance(block, Heading):
        role = "outside"
    if continued and current is not None:
        return Part(current.role if role in (None, current.role) else role, text, owner=current.owner, level=level)
    if isinstance(block, Heading) and (sheet := _sheet_line(text) or _sheet_title(text)):
        return sheet
    if role is not None:
        return (_titled(name) if role.startswith("objective") else None) or Part(role, name, level=level)
    actor = owners.prefix_actor(f"{_trimmed(text.text)}:")
    if actor is not None and current is not None:
        return Part(current.role, current.label, owner=Actor(_trimmed(text.text), actor.kind, 0, len(text)), level=2)
    return _unexplained(name, level, current) if isinstance(block, Label) else None


def _unexplained(name: Span, level: int, current: Part | None) -> Part | None:
    """A short label among labels that no vocabulary holds: its stems may say what it means, else its words are notes.

    They are never words of the field before it.
    """
    if current is None or current.role == "outside" or current.inline or not current.label or level != current.level:
        return None
    if len(name.text.split()) > _LONGEST_GUESS:
        return None
    return Part(guessed_role(name.text) or "unknown", name, level=level)


def _enumerated(block: Heading | Label | Paragraph, current: Part | None) -> Part | None:
    """The field that «7. Enti associati: …» opens, in a form whose labels are numbered from the first on."""
    match = _ENUMERATED.match(block.text.text)
    if match is None or not (match.group(1) in _FIRST or (current is not None and current.numbered)):
        return None
    name = block.text.slice(match.end(), len(block.text))
    part = _inline(name, False)
    if part is None and not isinstance(block, Paragraph) and (role := role_of(name.text)):
        part = Part(role, name)
    if part is not None:
        part.numbered = True
    return part


_SHEET_TITLE = re.compile(
    r"^\s*(?:obiettivo|azione|scheda|intervento|progetto|priorit[àa]|"
    r"linea)(?:\s+[a-zà-ú]+){0,2}\s+(?:n\s*[.°]*\s*)?(?:[A-Z]{1,2}\.?)?\d+(?:\.\d+)*\s*[-–.:)]*\s*",
    re.I,
)


_SHEET_LINE = re.compile(
    r"^\s*scheda\s+(?:di\s+|dell['’]\s*)?(?:intervento|progetto|progettuale|azione|attivit[àa]|obiettivo|servizio)\s*"
    r"(?:n\s*[.°]*\s*)?[\d.]*\s*[:–-]\s*(?=\S)",
    re.I,
)


def _sheet_line(text: Span) -> Part | None:
    """«Scheda intervento: 3.2 Prossimità …» opens a sheet with its title, also outside a heading."""
    match = _SHEET_LINE.match(text.text)
    if match is None or text.text.rstrip().endswith((".", ";")):
        return None
    words = text.slice(match.end(), len(text)) if split_title(text)[0] is None else text
    return Part("objective", EMPTY, [Line(words)], level=1)


def _sheet_title(text: Span) -> Part | None:
    """«Obiettivo 2 – Contrasto …» opens a sheet with its title, «Scheda progetto n. 12» one whose title follows."""
    match = _SHEET_TITLE.match(text.text)
    if match is None:
        return None
    titled = bool(normalised(text.text[match.end() :]))
    return Part("objective" if titled else "sheet", EMPTY, [Line(text)] if titled else [], level=1)


def _ends_plan(text: Span) -> bool:
    return len(text.text.split()) <= 4 and role_of(text.text) == "outside"


def _trimmed(text: str) -> str:
    return text.strip(" :;")


def _titled(name: Span) -> Part | None:
    """«OBIETTIVO GENERALE: …» is a label with its words."""
    colon = name.text.find(":")
    if colon < 0 or not normalised(name.text[colon + 1 :]):
        return None
    role = role_of(name.text[:colon]) or "objective"
    return Part(role, name.slice(0, colon), [Line(name)])


def _inline(text: Span, bullet: bool, *, known: bool = True) -> Part | None:
    """The field that «Azioni: …» opens; inside a sheet (`known` false) also one whose label only its stems explain."""
    match = _INLINE.match(text.text)
    role = _inline_role(match.group(1), bullet) if match else None
    if match and role is None and not known and not bullet and len(match.group(1).split()) <= _LONGEST_GUESS:
        role = guessed_role(match.group(1))
    if match and role == "number" and not is_known(match.group(1)):
        role = None  # «Numero di alunni: 150» measures
    if match is None or role is None:
        return None
    words = text if role == "objective" and split_title(text)[0] else text.slice(match.end(), len(text))
    part = Part(role, text.slice(match.start(1), match.end(1)), inline=True)
    whole = role.startswith("objective") and not part.aims
    items = [words] if whole else [item.strip() for item in words.pieces(_SEMICOLON)]
    part.lines = [Line(item, bullet) for item in items if item]
    return part


def _inline_role(label: str, bullet: bool) -> str | None:
    """In a list item only a whole known label opens a field («Tempo medio di attesa: …» is an item)."""
    whole = not bullet or len(label.split()) <= _LONGEST_LISTED_LABEL or is_known(label)
    return role_of(label) if whole else None


def _add_line(index: int, part: Part, block: Heading | Paragraph) -> None:
    part.blocks.add(index)
    bullet = isinstance(block, Paragraph) and block.bullet
    repeats = bool(part.lines) and normalised(part.lines[-1].text.text) == normalised(block.text.text)
    if not repeats:
        part.lines.append(Line(block.text, bullet))
