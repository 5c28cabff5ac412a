"""The areas that made-up plans are for: real Ambiti and districts first, invented ones when they run out."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, Literal

from ontology.iris import slug

_WORDS = Path(__file__).parent / "words"
_TERRITORY = Path(__file__).parents[2] / "data" / "territory" / "territory.csv"
PERIODS = ((2012, 2014), (2015, 2017), (2018, 2020), (2021, 2023), (2022, 2024), (2025, 2027))


@dataclass(frozen=True)
class Place:
    """An area, its health trust, and the names that plans call them by."""

    region: str
    kind: Literal["ambito", "distretto"]
    name: str
    area: str
    trust: str
    short: str
    ats: str | None = None
    towns: tuple[str, ...] = ()

    @property
    def trust_kind(self) -> Literal["asst", "ausl"]:
        """Which field of a plan's territory names the health trust."""
        return "asst" if self.short == "ASST" else "ausl"


@cache
def stock(name: str) -> Mapping[str, Any]:
    """The words of `words/<name>.toml`."""
    return tomllib.loads((_WORDS / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def places() -> tuple[Place, ...]:
    """The real areas: the Ambiti of Lombardy that data/territory places under an ATS and an ASST, some of elsewhere."""
    return (*_lombard(), *_elsewhere())


def place_and_period(seed: int, index: int) -> tuple[Place, tuple[int, int]]:
    """The area and period of plan `index`; no two plans of one seed share both."""
    known = list(places())
    Random(f"{seed}/places").shuffle(known)
    turn, at = divmod(index, len(known))
    if turn < len(PERIODS):
        return known[at], PERIODS[(at + turn) % len(PERIODS)]
    number, turn = divmod(index - len(known) * len(PERIODS), len(PERIODS))
    return _invented(number), PERIODS[turn]


def _lombard() -> list[Place]:
    with _TERRITORY.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ats = {
        r["subject"]: r["object"] for r in rows if (r["subject_type"], r["relation"]) == ("Ambito", "in_territory_of")
    }
    asst = {r["subject"]: r["object"] for r in rows if (r["subject_type"], r["relation"]) == ("Ambito", "refers_to")}
    towns: dict[str, list[str]] = {}
    for row in rows:
        if (row["subject_type"], row["relation"]) == ("Comune", "member_of"):
            towns.setdefault(row["object"], []).append(row["subject"])
    return [
        Place("Lombardia", "ambito", name, f"Ambito di {name}", asst[name], "ASST", ats[name], _towns(name, towns))
        for name in sorted(asst)
        if name in ats
    ]


def _towns(name: str, towns: Mapping[str, list[str]]) -> tuple[str, ...]:
    found = towns.get(name, []) or towns.get(f"Ambito di {name}", [])
    return tuple(found[:6]) or (name,)


def _elsewhere() -> list[Place]:
    return [
        Place(e["region"], e["kind"], name, e["prefix"] + name, e["trust"], e["short"], None, (name,))
        for e in stock("places")["elsewhere"]
        for name in e["names"]
    ]


def _invented(number: int) -> Place:
    """A made-up area; the pieces give 720 names, later ones carry a number."""
    pieces = stock("places")["invented"]
    names = [a + b + c for c, b, a in product(pieces["third"], pieces["second"], pieces["first"])]
    turn, at = divmod(number, len(names))
    name = names[at] if turn == 0 else f"{names[at]} {turn + 1}"
    return Place(
        "Lombardia", "ambito", name, f"Ambito di {name}", "ASST Alta Valle", "ASST", "ATS della Montagna", (name,)
    )


def plan_id(place: Place, years: tuple[int, int]) -> str:
    """The identifier of the plan of an area and a period."""
    return slug(f"{place.region[:3]} {place.name} {years[0]} {years[1]}")
