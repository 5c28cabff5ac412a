"""Two renditions of one plan: where they differ, the record keeps both words with both places."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.pipeline import extract_plan
from loaders.records import Decision

HEADING = "Obiettivo\tProtocollo presente\tProtocollo non presente\tStato avanzamento lavori\tProssimi impegni\n"
ABSENT = "Dimissioni protette\t\tNon è presente un protocollo\tTavolo avviato\tStesura del protocollo\n"
PRESENT = "Dimissioni protette\tÈ presente un protocollo operativo\t\tTavolo avviato\tStesura del protocollo\n"
MORE = "Violenza di genere\t\tX\tRete attiva\tRinnovo del protocollo\n"


def differences(folder: Path, first: str, second: str) -> list[Decision]:
    paths = [folder / "a.txt", folder / "b.txt"]
    for path, rows in zip(paths, (first, second), strict=True):
        path.write_text(f"Piano di Zona 2021-2023 Ambito di Prova {path.stem}\n\n{HEADING}{rows}", encoding="utf-8")
    return [d for d in extract_plan(paths).decisions if d.rule.startswith("rendition_")]


def test_renditions_that_agree_leave_nothing(tmp_path: Path) -> None:
    assert differences(tmp_path, ABSENT + MORE, ABSENT + MORE) == []


def test_statuses_that_differ_keep_both_quotes(tmp_path: Path) -> None:
    (found,) = differences(tmp_path, ABSENT + MORE, PRESENT + MORE)
    assert (found.rule, found.text, found.rejected) == ("rendition_status", "row 1: words say absent", "present")
    assert "Non è presente un protocollo" in found.passage.exact
    (other,) = found.passage.also
    assert "È presente un protocollo operativo" in other.exact
    assert other.rendition != found.passage.rendition


@pytest.mark.parametrize(
    ("first", "second", "whose"), [(ABSENT + MORE, ABSENT, "this"), (ABSENT, ABSENT + MORE, "the other")]
)
def test_an_objective_of_one_rendition_alone_is_told(tmp_path: Path, first: str, second: str, whose: str) -> None:
    (found,) = differences(tmp_path, first, second)
    assert (found.rule, found.text) == ("rendition_missing", f"objective of {whose} rendition only")
    assert "Violenza di genere" in found.passage.exact
