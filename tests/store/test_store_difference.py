"""Replacing a graph by what differs leaves what replacing it whole would leave, and writes no more than that."""

from __future__ import annotations

import random

import pyoxigraph as ox
import pytest

import store.difference
from store.apply import apply_replacement
from store.difference import replacing
from store.texts import replacement

GRAPH, OTHER = "http://ex/g", "http://ex/h"
XSD = "http://www.w3.org/2001/XMLSchema#"
# Spellings of one value, tags in both cases, and what looks alike.
OBJECTS = (
    "<http://ex/o>", '"a"', f'"a"^^<{XSD}string>', '"a"@it', '"a"@IT', '"a\\n\\"b"',
    f'"1"^^<{XSD}integer>', f'"01"^^<{XSD}integer>', f'"1.0"^^<{XSD}decimal>', f'"1.00"^^<{XSD}decimal>',
    f'"true"^^<{XSD}boolean>', f'"1"^^<{XSD}boolean>', f'"1e0"^^<{XSD}double>', f'"1.0e0"^^<{XSD}double>',
    f'"2020-01-01"^^<{XSD}date>', '"x"^^<http://ex/t>',
)  # fmt: skip
BLANK = ("_:a", "_:b")


def graph(seed: int, blank: bool = False) -> str:
    dice = random.Random(seed)
    objects = OBJECTS + BLANK * blank
    lines = {
        f"<http://ex/s{dice.randrange(3)}> <http://ex/p> {dice.choice(objects)} .\n" for _ in range(dice.randrange(12))
    }
    return "".join(sorted(lines))


def contents(engine: ox.Store) -> list[str]:
    """Every quad, blank nodes by their canonical names, and every graph there is."""
    data = ox.Dataset(engine)
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted([*map(str, data), *map(str, engine.named_graphs())])


@pytest.mark.parametrize("blank", [False, True], ids=["names", "blank nodes"])
@pytest.mark.parametrize("most", [200_000, 3], ids=["compared", "large"])
def test_what_is_left_is_what_was_given(blank: bool, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store.difference, "MOST_TRIPLES", most)
    engine, beside = ox.Store(), ox.Store()
    for seed in range(150):
        graphs = {GRAPH: graph(seed, blank), OTHER: graph(seed // 7, blank)}
        apply_replacement(engine, graphs)
        beside.update(replacement({name: text.encode() for name, text in graphs.items()}))
        assert contents(engine) == contents(beside), seed


def test_only_what_differs_is_written() -> None:
    engine = ox.Store()
    lines = [f'<http://ex/s{n}> <http://ex/p> "{n}" .\n' for n in range(100)]
    apply_replacement(engine, {GRAPH: "".join(lines)})
    lines[7] = '<http://ex/s7> <http://ex/p> "seven" .\n'
    text = replacing(engine, {GRAPH: "".join(lines)})
    assert text.count("http://ex/p") == 2
    assert '"7"' in text
    assert '"seven"' in text


def test_nothing_is_written_where_nothing_differs() -> None:
    engine = ox.Store()
    text = '<http://ex/s> <http://ex/p> "a"@it .\n<http://ex/s> <http://ex/p> <http://ex/o> .\n'
    apply_replacement(engine, {GRAPH: text})
    assert replacing(engine, {GRAPH: text}) == ""
    assert replacing(engine, {GRAPH: ""}) == f"DROP SILENT GRAPH <{GRAPH}>"
