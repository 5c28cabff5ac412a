"""The tools are switched on: each reports a fault planted under the project's own configuration."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent

RUFF_FAULTS = {
    "D100": "x = 1\n",
    "D103": '"""A."""\n\n\ndef public() -> None:\n    pass\n',
    "D101": '"""A."""\n\n\nclass Public:\n    pass\n',
    "D102": '"""A."""\n\n\nclass Public:\n    """A."""\n\n    def method(self) -> None:\n        pass\n',
    "F401": '"""A."""\n\nimport os\n',
    "I001": '"""A."""\n\nimport sys\nimport os\n\nprint(os, sys)\n',
    "E501": f'"""A."""\n\nLINE = "{"x" * 121}"\n',
    "UP006": '"""A."""\n\nfrom typing import List\n\nNAMES: List[str] = []\n',
    "B006": '"""A."""\n\n\ndef public(names: list[str] = []) -> None:\n    """A."""\n',
    "BLE001": '"""A."""\n\ntry:\n    print()\nexcept Exception:\n    print()\n',
    "SIM102": '"""A."""\n\nif len("a"):\n    if len("b"):\n        print()\n',
    "PLR0913": f'"""A."""\n\n\ndef public({", ".join(f"a{n}: int" for n in range(9))}) -> None:\n    """A."""\n',
    "C901": '"""A."""\n\n\ndef public(n: int) -> None:\n    """A."""\n' + "    if n:\n        print()\n" * 10,
}
MYPY_FAULTS = {
    "no-untyped-def": "def f(x):\n    return x\n",
    "type-arg": "def f(x: list) -> None:\n    pass\n",
    "no-any-return": "import json\n\n\ndef f() -> int:\n    return json.loads('1')\n",
    "attr-defined": "from ontology.terms import NoSuchName\n",
    "arg-type": "from store import open_store\n\nopen_store(1)\n",
    "ignore-without-code": "x: int = 'a'  # type: ignore\n",
    "unused-ignore": "x: int = 1  # type: ignore[assignment]\n",
}


def output(command: list[str | Path], folder: Path) -> tuple[int, str]:
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the project's configuration, and a room for a faulty file."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "store").mkdir()
    return tmp_path


@pytest.mark.parametrize("rule", RUFF_FAULTS)
def test_ruff_reports(desk: Path, rule: str) -> None:
    (desk / "store" / "fault.py").write_text(RUFF_FAULTS[rule], encoding="utf-8")
    status, printed = output([BIN / "ruff", "check", "--no-cache", "."], desk)
    assert (status, rule in printed) == (1, True), printed


def test_ruff_reports_a_file_out_of_form(desk: Path) -> None:
    (desk / "store" / "fault.py").write_text('"""A."""\nx = {"a":1}\n', encoding="utf-8")
    assert output([BIN / "ruff", "format", "--no-cache", "--check", "."], desk)[0] == 1


def test_mypy_reports(tmp_path: Path) -> None:
    for code, text in MYPY_FAULTS.items():
        (tmp_path / f"{code.replace('-', '_')}.py").write_text(text, encoding="utf-8")
    configuration = ["--config-file", ROOT / "pyproject.toml", "--cache-dir", tmp_path / "cache"]
    status, printed = output([BIN / "mypy", *configuration, *sorted(tmp_path.glob("*.py"))], ROOT)
    assert status == 1
    assert [code for code in MYPY_FAULTS if f"[{code}]" not in printed] == [], printed


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("import warnings\n\n\ndef test_a():\n    warnings.warn('odd')\n", "UserWarning: odd"),
        ("import pytest\n\n\n@pytest.mark.nosuch\ndef test_a():\n    pass\n", "nosuch"),
        ("import pytest\n\n\n@pytest.mark.xfail\ndef test_a():\n    pass\n", "XPASS(strict)"),
    ],
)
def test_pytest_reports(desk: Path, fault: str, word: str) -> None:
    (desk / "tests").mkdir()
    (desk / "tests" / "test_fault.py").write_text(fault, encoding="utf-8")
    status, printed = output([BIN / "pytest", "-p", "no:cacheprovider", "."], desk)
    assert status != 0
    assert word in printed
