"""Objectives laid out in tables: status tables, programme matrices, needs tables, title lines, topics × territories."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.corpus.desk import Desk
from benchmarks.corpus.drafts import Draft, draw_row
from benchmarks.corpus.facts import ObjectiveFacts, Part, RowFacts
from benchmarks.corpus.pages import Block, Cell, Grid, GridRow, Heading, Line, Prose, cell
from benchmarks.corpus.places import places, stock
from benchmarks.corpus.statuses import (
    Signs,
    draw_pair,
    draw_single,
    draw_without_column,
    mark_of,
    matrix_signs,
    pair_signs,
    single_signs,
)
from loaders.records import Form

_WIDTHS = {"number": 0.8, "protocol_present": 1.7, "protocol_absent": 1.7, "protocol_status": 1.6, "target_value": 1.3}
_TEXT_WIDTH = 2.2


@dataclass(frozen=True)
class Column:
    """A column of a table being laid out; `owner` is the body that the heading of a commitments column names."""

    role: str
    heading: str
    owner: str | None = None


@dataclass(frozen=True)
class Section:
    """A part of a plan: its blocks, the objectives they state, and whether it needs a wide page."""

    blocks: tuple[Block, ...]
    objectives: tuple[ObjectiveFacts, ...]
    wide: bool = False


@dataclass(frozen=True)
class Group:
    """The rows of one objective, as drawn; `shown` is its title as the key column writes it."""

    objective: ObjectiveFacts
    drafts: tuple[Draft, ...]
    shown: str = ""


def status_pairs(desk: Desk) -> Section:
    """A table per objective, or one for all, with a column for «present» and one for «absent»."""
    signs = pair_signs(desk)
    roles = ["protocol_present", "protocol_absent", "progress", "priority"]
    roles += [role for role in ("owner", "indicator", "deadline") if desk.chance(0.25)]
    if desk.chance(0.55):
        return _headed(desk, signs, _columns(desk, roles))
    columns = _columns(desk, ["objective", *roles])
    groups = [_group(desk, lambda: _paired(desk, roles, signs), most=2) for _ in range(desk.rng.randint(2, 5))]
    grid = _grid(desk, columns, groups)
    return Section((_split_heading(desk, grid, columns),), _facts(groups), wide=len(columns) > 5)


def status_single(desk: Desk) -> Section:
    """One column whose value says whether a protocol exists, mostly with a legend."""
    signs, evidence = single_signs(desk), desk.chance(0.6)
    rest = ["evidence"] * evidence + ["progress", "priority"]
    rest += [role for role in ("owner", "deadline") if desk.chance(0.6)]
    roles = ["objective", "protocol_status", *rest]

    def draw() -> Draft:
        draft = draw_row(desk, "status_table", rest)
        draw_single(desk, draft, signs, evidence=evidence)
        return draft

    groups = [_group(desk, draw, most=1) for _ in range(desk.rng.randint(3, 7))]
    columns = _columns(desk, ["number", *roles] if desk.chance(0.4) else roles)
    legend = (Prose(signs.legend),) if signs.legend else ()
    return Section((*legend, _grid(desk, columns, groups)), _facts(groups), wide=True)


def programme(desk: Desk) -> Section:
    """A matrix of objectives and actions with means, owners, indicators and times."""
    roles = ["action", "resource", "owner", "indicator"]
    roles[2:3] = ["owner", "partner"] if desk.chance(0.4) else ["owner"]
    roles += ["target_value"] * desk.chance(0.3) + [desk.pick(("time", "deadline"))] + ["note"] * desk.chance(0.2)
    groups = [
        _group(desk, lambda: _plain(desk, "programme_matrix", roles), most=3) for _ in range(desk.rng.randint(2, 4))
    ]
    columns = _columns(desk, ["objective", *roles])
    return Section((_grid(desk, columns, groups),), _facts(groups), wide=True)


def needs(desk: Desk) -> Section:
    """Needs beside expectations, tools and resources; operational objectives under a general one."""
    roles = ["need", "expectation", "method", "resource"]
    roles += ["indicator"] * desk.chance(0.6) + ["time"] * desk.chance(0.5)
    draws = desk.rng.randint(2, 4)
    groups = [
        _group(desk, lambda: _plain(desk, "needs_table", roles), most=2, level="operational") for _ in range(draws)
    ]
    general = ObjectiveFacts(desk.pick(stock("objectives")["general"]["titles"]), None, level="general")
    label = desk.pick(("OBIETTIVO GENERALE: ", "Obiettivo generale: "))
    grid = _grid(desk, _columns(desk, ["objective", *roles]), groups)
    return Section((Prose(label + general.title), grid), (general, *_facts(groups)), wide=True)


def title_lines(desk: Desk) -> Section:
    """A matrix whose objectives are lines that run over the whole table."""
    roles = ["action", "owner", "resource", "indicator", desk.pick(("time", "deadline"))]
    areas = desk.some(list(stock("objectives")["areas"].items()), 2, 4)
    groups = [
        Group(
            ObjectiveFacts(desk.pick(titles), theme), _drafts(desk, lambda: _plain(desk, "programme_matrix", roles), 3)
        )
        for theme, titles in areas
    ]
    return Section((_grid(desk, _columns(desk, roles), groups),), _facts(groups), wide=True)


def named_owners(desk: Desk) -> Section:
    """A matrix with a column of commitments for each of two bodies, named by the headings."""
    bodies = desk.rng.sample(stock("bodies")["columns"], 2)
    owners = [Column("named_owner", desk.worded(body), desk.fill(body["actor"])) for body in bodies]
    roles = ["action", "indicator", desk.pick(("time", "deadline"))]

    def draw() -> Draft:
        draft = draw_row(desk, "programme_matrix", roles)
        for column in owners:
            _commit(desk, draft, column)
        draw_without_column(desk, draft, sentences=False)
        return draft

    groups = [_group(desk, draw, most=3) for _ in range(desk.rng.randint(2, 4))]
    first, *rest = _columns(desk, ["objective", *roles])
    columns = [first, rest[0], *owners, *rest[1:]]
    return Section((_grid(desk, columns, groups),), _facts(groups), wide=True)


def topics(desk: Desk) -> Section:
    """A matrix of topics and territories whose marks a legend explains."""
    signs = matrix_signs(desk)
    areas = [place.area for place in desk.some([p for p in places() if p.region == desk.place.region], 3, 5)]
    head = (cell(desk.heading("topic")), *(cell(area) for area in areas))
    rows: list[GridRow] = []
    found = []
    for _ in range(desk.rng.randint(3, 6)):
        theme, title = next(desk.titles)
        drafts = [Draft("topics_matrix", label=area) for area in areas]
        rows.append((cell(title), *(cell(mark_of(desk, draft, signs)) for draft in drafts)))
        found.append(ObjectiveFacts(title, theme, rows=tuple(draft.facts() for draft in drafts)))
    grid = Grid((head,), tuple(rows), (_TEXT_WIDTH, *[1.2] * len(areas)))
    return Section((Prose(signs.legend or ""), grid), tuple(found), wide=len(areas) > 3)


TABLES: Mapping[str, Callable[[Desk], Section]] = {
    "status_pairs": status_pairs,
    "status_single": status_single,
    "programme": programme,
    "needs": needs,
    "title_lines": title_lines,
    "named_owners": named_owners,
    "topics": topics,
}


def _headed(desk: Desk, signs: Signs, columns: Sequence[Column]) -> Section:
    """One table under the heading of each objective."""
    roles = [column.role for column in columns]
    blocks: list[Block] = []
    found = []
    ways = desk.pick((numbered_heading, plain_heading))
    for _ in range(desk.rng.randint(2, 5)):
        objective, heading = ways(desk)
        group = Group(objective, _drafts(desk, lambda: _paired(desk, roles, signs), 3))
        grid = _grid(desk, columns, [group])
        blocks += [heading, _split_heading(desk, grid, columns)]
        found.append(group)
    return Section(tuple(blocks), _facts(found), wide=len(columns) > 5)


def numbered_heading(desk: Desk) -> tuple[ObjectiveFacts, Heading]:
    """An objective named and numbered by a heading («Obiettivo 3 – …»)."""
    theme, title = next(desk.titles)
    number = str(next(desk.numbers))
    forms = ("Obiettivo {} - {}", "Obiettivo n. {}: {}", "{}. {}", "OBIETTIVO {} – {}", "{}) {}")
    form = desk.habit("numbered heading", forms)
    return ObjectiveFacts(title, theme, number), Heading(form.format(number, title), 3)


def plain_heading(desk: Desk) -> tuple[ObjectiveFacts, Heading]:
    """An objective named by a heading without a number, at times in capitals."""
    theme, title = next(desk.titles)
    shown = title.upper() if desk.look.capitals else title
    return ObjectiveFacts(shown, theme), Heading(shown, 3)


def _columns(desk: Desk, roles: Sequence[str]) -> list[Column]:
    return [Column(role, desk.heading(role)) for role in roles]


def _paired(desk: Desk, roles: Sequence[str], signs: Signs) -> Draft:
    draft = draw_row(desk, "status_table", roles)
    draw_pair(desk, draft, signs)
    return draft


def _plain(desk: Desk, form: Form, roles: Sequence[str]) -> Draft:
    draft = draw_row(desk, form, roles)
    draw_without_column(desk, draft, sentences=False)
    return draft


def _commit(desk: Desk, draft: Draft, column: Column) -> None:
    """What the body of a column commits to; its heading makes the body the owner of each item."""
    if desk.chance(0.1):
        return
    items = [desk.fill(text) for text in desk.some(stock("items")["items"]["priority"], 1, 2)]
    owner = column.owner or column.heading
    draft.lists["commitments"] = (*draft.lists.get("commitments", ()), *items)
    draft.parts += [Part("owner", owner, "column", item) for item in items]
    draft.cells[column.heading] = desk.lines(items)


def _drafts(desk: Desk, draw: Callable[[], Draft], most: int) -> tuple[Draft, ...]:
    return tuple(draw() for _ in range(desk.rng.randint(1, most)))


def _group(desk: Desk, draw: Callable[[], Draft], *, most: int, level: str = "specific") -> Group:
    theme, title = next(desk.titles)
    objective = ObjectiveFacts(title, theme, level="operational" if level == "operational" else "specific")
    return Group(objective, _drafts(desk, draw, most))


def _facts(groups: Sequence[Group]) -> tuple[ObjectiveFacts, ...]:
    return tuple(replace(group.objective, rows=_rows(group)) for group in groups)


def _rows(group: Group) -> tuple[RowFacts, ...]:
    return tuple(draft.facts() for draft in group.drafts)


def _grid(desk: Desk, columns: Sequence[Column], groups: list[Group]) -> Grid:
    """The table of some groups; numbers, where objectives have them, go into the facts too."""
    keyed = any(column.role == "objective" for column in columns)
    if keyed:
        _number(desk, columns, groups)
    rows: list[GridRow] = []
    for group in groups:
        if not keyed and len(groups) > 1:
            title = Cell((Line(group.objective.title),), colspan=len(columns))
            rows.append((title, *[None] * (len(columns) - 1)))
        for order, draft in enumerate(group.drafts):
            rows.append(tuple(_cell(desk, column, group, draft, order) for column in columns))
    widths = tuple(_WIDTHS.get(column.role, _TEXT_WIDTH) for column in columns)
    return Grid((tuple(cell(column.heading) for column in columns),), tuple(rows), widths)


def _number(desk: Desk, columns: Sequence[Column], groups: list[Group]) -> None:
    own_column = any(column.role == "number" for column in columns)
    numbered = own_column or desk.chance(0.4)
    for at, group in enumerate(groups):
        number = str(next(desk.numbers)) if numbered else None
        title = group.objective.title
        shown = f"{number}. {title}" if number and not own_column else title
        groups[at] = replace(group, objective=replace(group.objective, number=number), shown=shown)


def _cell(desk: Desk, column: Column, group: Group, draft: Draft, order: int) -> Cell | None:
    if column.role not in ("objective", "number"):
        name = column.heading if column.role == "named_owner" else column.role
        return Cell(draft.cells.get(name, ()))
    if order and desk.look.merges == "merge":
        return None
    if order and (desk.look.merges == "blank" or column.role == "number"):
        return Cell()
    key = cell(group.shown if column.role == "objective" else group.objective.number or "")
    return replace(key, rowspan=len(group.drafts)) if desk.look.merges == "merge" else key


def _split_heading(desk: Desk, grid: Grid, columns: Sequence[Column]) -> Grid:
    """Now and then a heading of two rows: «Protocollo» over «Presente» and «Non presente»."""
    at = next(i for i, column in enumerate(columns) if column.role == "protocol_present")
    if desk.habit("split heading", ("yes", "no", "no", "no", "no")) == "no":
        return grid
    top: list[Cell | None] = [replace(each, rowspan=2) if each else None for each in grid.head[0]]
    low: list[Cell | None] = [None] * len(columns)
    top[at : at + 2] = [Cell((Line("Protocollo"),), colspan=2), None]
    low[at : at + 2] = [cell("Presente"), cell("Non presente")]
    return replace(grid, head=(tuple(top), tuple(low)))
