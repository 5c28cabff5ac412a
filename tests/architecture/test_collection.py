"""No test is parked: whatever looks like one is collected, and nothing is skipped for good."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
MODULES = sorted(path for path in TESTS.rglob("*.py"))


def functions(module: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def collected(module: Path) -> list[str]:
    """The names that pytest collects from a module by its rules: test functions at its top, or in a Test class."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    scopes = [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name.startswith("Test"))]
    return [
        node.name
        for scope in scopes
        for node in scope.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test")
    ]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(TESTS)))
def test_every_test_function_is_collected(module: Path) -> None:
    looks_like_one = [node.name for node in functions(module) if re.match(r"_*test", node.name, re.IGNORECASE)]
    found = collected(module) if module.name.startswith("test_") else []
    assert Counter(looks_like_one) == Counter(found)
    assert [name for name, times in Counter(found).items() if times > 1] == []


def test_test_files_have_names_of_their_own() -> None:
    names = Counter(path.name for path in MODULES if path.name != "conftest.py")
    assert [name for name, times in names.items() if times > 1] == []
    assert [path for path in MODULES if not re.fullmatch(r"conftest\.py|test_\w+\.py", path.name)] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(TESTS)))
def test_nothing_is_skipped_for_good(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    forever = re.findall(r"@pytest\.mark\.skip\b(?!if)", text) if module != Path(__file__) else []
    assert forever == []
    assert all("reason=" in mark for mark in re.findall(r"@pytest\.mark\.(?:xfail|skipif)\(.*?\)\n", text, re.DOTALL))
