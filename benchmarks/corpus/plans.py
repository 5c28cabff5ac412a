"""Made-up plans: facts and document drawn together from a seed."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from benchmarks.corpus.desk import Desk
from benchmarks.corpus.facts import Act, DefectKind, PlanFacts
from benchmarks.corpus.forms import FORMS
from benchmarks.corpus.pages import Block, Heading, Look, Pages, Prose
from benchmarks.corpus.places import Place, place_and_period, plan_id, stock
from benchmarks.corpus.tables import TABLES, Section
from loaders.records import PlanKind, Territory

LAYOUTS: Mapping[str, Callable[[Desk], Section]] = {**TABLES, **FORMS}
_NOVELTIES = (0.0, 0.0, 0.3, 1.0)
_FONTS = ("Helvetica", "Times-Roman", "Vera")


@dataclass(frozen=True)
class Planted:
    """A mistake of the plan's author: its kind, and the objective and row (from 0) it stands in."""

    kind: DefectKind
    objective: int
    row: int


@dataclass(frozen=True)
class GeneratedPlan:
    """A made-up plan: what it states, the document that states it, and the layouts it was written in."""

    facts: PlanFacts
    pages: Pages
    layouts: tuple[str, ...]

    @property
    def defects(self) -> tuple[Planted, ...]:
        """The mistakes planted in the plan, in order."""
        return tuple(
            Planted(kind, o, r)
            for o, objective in enumerate(self.facts.objectives)
            for r, row in enumerate(objective.rows)
            for kind in row.defects
        )


def generate(seed: int, count: int) -> Iterator[GeneratedPlan]:
    """`count` plans; plan number i is the same for a seed, whatever `count` is, and no two share area and period."""
    return (generate_one(seed, index) for index in range(count))


def generate_one(seed: int, index: int, more: int = 0) -> GeneratedPlan:
    """Plan number `index` (from 0) of a seed, with up to `more` parts beside those it is drawn with."""
    rng = Random(f"{seed}/{index}")
    place, years = place_and_period(seed, index)
    aside = Random(f"{seed}/{index}/named")
    desk = Desk(rng, aside, place, years, _look(rng), _titles(rng), itertools.count(1))
    names = list(LAYOUTS)
    layouts = [names[index % len(names)], *([desk.pick(names)] if desk.chance(0.3) else [])]
    layouts += [names[(index + turn) % len(names)] for turn in range(1, more + 1)]
    layouts = list(dict.fromkeys(layouts))
    sections = [_headed(desk, name) for name in layouts]
    facts, opening = _opening(desk)
    objectives = tuple(o for section in sections for o in section.objectives)
    blocks = (*opening, *(b for section in sections for b in section.blocks), *_closing(desk))
    pages = Pages(blocks, desk.look, _furniture(desk), any(section.wide for section in sections))
    return GeneratedPlan(replace(facts, objectives=objectives), pages, tuple(layouts))


def _headed(desk: Desk, name: str) -> Section:
    """A part of the plan under its heading."""
    section = LAYOUTS[name](desk)
    return replace(section, blocks=(Heading(desk.pick(stock("noise")["sections"][name]), 2), *section.blocks))


def _look(rng: Random) -> Look:
    return Look(
        lists=rng.choice(("bullets", "bullets", "dashes", "lines", "semicolons")),
        merges=rng.choice(("merge", "merge", "blank", "repeat")),
        novelty=rng.choice(_NOVELTIES),
        capitals=rng.random() < 0.2,
        stops=rng.random() < 0.25,
        glued=rng.random() < 0.5,
        repeats=rng.random() < 0.5,
        font=rng.choice(_FONTS),
        size=rng.choice((7.5, 8.5, 9.5, 10.5)),
    )


def _titles(rng: Random) -> Iterator[tuple[str, str]]:
    """Every title of the stock once, shuffled, then again with another ending: no two are the same."""
    known = [(theme, title) for theme, titles in stock("objectives")["titles"].items() for title in titles]
    rng.shuffle(known)
    yield from known
    for number in itertools.count(2):
        yield from ((theme, f"{title}, fase {number}") for theme, title in known)


def _opening(desk: Desk) -> tuple[PlanFacts, list[Block]]:
    """Title, bodies and introduction, and the facts about the plan as a whole that they state."""
    kind, title = _title(desk)
    blocks: list[Block] = [Heading(title, 1)]
    bodies = _bodies(desk) if desk.chance(0.5) else {}
    if bodies:
        blocks.append(Prose(" – ".join(bodies.values())))
    prose, acts = _introduction(desk)
    blocks += [Heading("Premessa", 2), *prose]
    named: dict[str, Any] = {desk.place.kind: desk.place.area, **bodies}
    territory = Territory(**named)
    return PlanFacts(plan_id(desk.place, desk.years), title, kind, territory, desk.years, acts), blocks


def _title(desk: Desk) -> tuple[PlanKind, str]:
    kinds: tuple[PlanKind, ...] = ("socio_health_integration_plan", "piano_di_zona", "annex")
    kind = desk.rng.choices(kinds, (5, 3, 1))[0]
    first, last = desk.years
    years = desk.pick((f"{first}-{last}", f"{first}/{last}", f"{first}-{last % 100}", f"{first} - {last}"))
    return kind, desk.fill(desk.pick(stock("places")["titles"][kind]), years=years)


def _bodies(desk: Desk) -> dict[str, str]:
    place: Place = desk.place
    named = {"ats": place.ats} if place.ats else {}
    return {**named, place.trust_kind: place.trust}


def _introduction(desk: Desk) -> tuple[list[Prose], tuple[Act, ...]]:
    intro = stock("noise")["intro"]
    texts = desk.some(intro["plain"], 1, 3)
    if desk.chance(0.6):
        texts.append(desk.fill(desk.pick(intro["earlier"])))
    acts: list[Act] = []
    for sentence in stock("noise")["acts"]:
        if desk.chance(0.4):
            cited = [_act(desk, entry) for entry in sentence["cited"]]
            texts.append(sentence["text"].format(*(act.text for act in cited)))
            acts += cited
    return [Prose(text) for text in texts], tuple(acts)


def _act(desk: Desk, entry: Mapping[str, str]) -> Act:
    number = entry.get("number") or str(desk.rng.randint(2, 2900))
    year = int(entry.get("year") or desk.rng.randint(2003, 2020))
    return Act(entry["text"].format(number=number, year=year), entry["type"], number, year)


def _closing(desk: Desk) -> list[Block]:
    """Glossary and signatures, which plan nothing."""
    blocks: list[Block] = []
    if desk.chance(0.4):
        glossary = stock("noise")["glossary"]
        blocks.append(Heading(desk.pick(glossary["headings"]), 2))
        blocks += [Prose(line) for line in desk.some(glossary["lines"], 2, 5)]
    if desk.chance(0.3):
        blocks += [Prose(line) for line in stock("noise")["signatures"]["lines"][:3]]
    return blocks


def _furniture(desk: Desk) -> str | None:
    return desk.fill(desk.pick(stock("noise")["furniture"]["lines"])) if desk.chance(0.5) else None
