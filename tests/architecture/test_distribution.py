"""What is installed is what is meant: locks, packages, the files packed with them, the licence."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from setuptools.glob import glob

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PYPROJECT["tool"]["setuptools"]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def pins(lock: str) -> dict[str, str]:
    """Each pinned name with the lines that belong to it."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    parts = re.split(r"^(?=\S)", text, flags=re.MULTILINE)
    return {re.split(r"==", part, maxsplit=1)[0].lower(): part for part in parts if part.strip()}


def versions(lock: str) -> dict[str, str]:
    """Each pinned name with its version, whatever the systems it is for."""
    return {name: re.split(r"[ ;]", lines.partition("==")[2], maxsplit=1)[0] for name, lines in pins(lock).items()}


def name_of(requirement: str) -> str:
    return re.split(r"[<>=~! ]", requirement, maxsplit=1)[0].lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_exact_and_hashed(lock: str) -> None:
    assert pins(lock)
    for name, lines in pins(lock).items():
        assert re.match(r"[\w.-]+==[\w.!+-]+( ; .+)? \\\n", lines), name
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", lines), name


@pytest.mark.parametrize("lock", [*LOCKS, "package.json", ".npmrc"])
def test_no_lock_names_a_host(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_no_file_names_a_registry() -> None:
    hosts = re.compile("|".join(["pypi" + r"\.org", "pythonhosted" + r"\.org", "npmjs" + r"\.(org|com)"]))
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in tracked.split("\0") if name and not name.startswith("data/")]
    assert files
    assert [path for path in files if path.exists() and hosts.search(path.read_bytes().decode(errors="ignore"))] == []


def test_the_locks_hold_what_the_project_asks_for() -> None:
    runtime = {name_of(requirement) for requirement in PYPROJECT["project"]["dependencies"]}
    dev = {name_of(requirement) for requirement in PYPROJECT["project"]["optional-dependencies"]["dev"]}
    assert runtime <= set(pins("requirements.lock"))
    assert runtime | dev <= set(pins("requirements-dev.lock"))
    assert versions("requirements.lock").items() <= versions("requirements-dev.lock").items()


def test_front_end_packages_are_exact_hashed_and_name_no_host() -> None:
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    root = packages.pop("")
    assert root["dependencies"] == wanted
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert [name for name, package in packages.items() if not package.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_the_package_list_is_the_tree() -> None:
    rooms = {package.split(".")[0] for package in SETUPTOOLS["packages"]}
    tree = {str(path.parent.relative_to(ROOT)) for room in rooms for path in (ROOT / room).rglob("*.py")}
    assert {folder.replace("/", ".") for folder in tree} == set(SETUPTOOLS["packages"])
    assert all((ROOT / package.replace(".", "/") / "__init__.py").exists() for package in SETUPTOOLS["packages"])


def test_every_file_of_a_room_is_packed() -> None:
    rooms = {package.split(".")[0] for package in SETUPTOOLS["packages"]}
    packed = {
        Path(found)
        for package, patterns in SETUPTOOLS["package-data"].items()
        for pattern in patterns
        for found in glob(str(ROOT / package / pattern), recursive=True)
    }
    left_out = [
        path
        for room in rooms
        for path in (ROOT / room).rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc", ".md") and not path.name.startswith(".")
    ]
    assert sorted(set(left_out) - packed) == []


def test_every_packing_pattern_finds_something() -> None:
    for package, patterns in SETUPTOOLS["package-data"].items():
        for pattern in patterns:
            assert glob(str(ROOT / package / pattern), recursive=True), f"{package}: {pattern}"


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.lstrip().startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert re.findall(r"^(\d+)\. [A-Z]", text, re.MULTILINE) == [str(article) for article in range(1, 16)]
    assert re.search(r"^Appendix$", text, re.MULTILINE)
    assert text.rstrip().endswith("EUPL version.")


def test_the_changelog_speaks_of_this_version() -> None:
    assert f"## [{PYPROJECT['project']['version']}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
