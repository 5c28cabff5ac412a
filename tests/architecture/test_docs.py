"""What the documentation derives from the code is what the code says now, and its commands exist."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from loaders.records import PlanRecord

ROOT = Path(__file__).parents[2]


def test_the_schema_of_the_plan_record_is_current() -> None:
    written = json.loads((ROOT / "docs" / "plan-record.schema.json").read_text(encoding="utf-8"))
    assert written == PlanRecord.model_json_schema(), "run `make docs`"


def test_the_command_reference_is_current(tmp_path: Path) -> None:
    fresh = tmp_path / "cli.md"
    typer = [Path(sys.executable).with_name("typer"), "api.cli", "utils", "docs", "--name", "raccordo"]
    subprocess.run(
        [*typer, "--title", "The command line", "--output", fresh], cwd=ROOT, check=True, capture_output=True
    )
    written = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert written == fresh.read_text(encoding="utf-8"), "run `make docs`"


def test_every_make_target_that_the_readme_names_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^ {4}|`)make ([a-z-]+)", readme, re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"run", "test"} <= named <= targets


def test_every_target_of_the_makefile_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == set(re.findall(r"^([a-z-]+):[^#\n]*## \S", makefile, re.MULTILINE))
