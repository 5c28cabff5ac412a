"""The notebooks run on the sample plans, and their files hold what a run gives."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from benchmarks.notebooks import notebooks, run, written


def test_there_are_three() -> None:
    assert len(notebooks()) >= 3


@pytest.mark.parametrize("path", notebooks(), ids=lambda one: one.stem)
def test_the_outputs_are_those_of_a_run(path: Path, client: httpx.Client) -> None:
    kept = path.read_text(encoding="utf-8")
    again = run(path, str(client.base_url))
    assert written(again) == kept, "run `make notebooks`"
    assert any(cell.get("outputs") for cell in json.loads(kept)["cells"])
