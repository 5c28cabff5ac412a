"""Kill -9 once in each kind of work; `make kill-rounds` does it a hundred times."""

from __future__ import annotations

from pathlib import Path

from benchmarks.kill import Rounds
from benchmarks.kill_work import WORKS


def test_what_a_kill_leaves_is_whole(tmp_path: Path) -> None:
    outcome = Rounds(tmp_path).run(len(WORKS), seed=7)
    assert outcome.faults == []
    assert outcome.kills == dict.fromkeys(WORKS, 1)
