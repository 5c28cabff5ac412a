"""Where the plans of a folder are, and which of them the store already holds as they are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import loaders
import ontology
import shapes
from api.errors import NothingToLoad
from loaders.errors import LoadError
from loaders.formats import FORMATS
from loaders.manifest import MANIFEST_NAME, plan_folder
from ontology.terms import RAC
from queries.solutions import ask_values
from store import GraphStore

_ROOMS = (loaders, ontology, shapes)
_MATTER = (".py", ".ttl")


@dataclass(frozen=True, slots=True)
class Sources:
    """What a path holds: plans, each a plan folder or a document that stands alone, and files that are neither."""

    plans: tuple[Path, ...]
    others: tuple[Path, ...]


def plan_sources(path: Path) -> Sources:
    """The plans at `path`: itself, or all those in a folder and its folders, by name.

    Raises `NothingToLoad`.
    """
    if path.is_file() or (path / MANIFEST_NAME).is_file():
        return Sources((path,), ())
    folders = {one.parent for one in path.rglob(MANIFEST_NAME)}
    files = [one for one in _files(path) if folders.isdisjoint(one.parents)]
    documents = [one for one in files if one.suffix.lower() in FORMATS]
    if not folders and not documents:
        raise NothingToLoad(str(path))
    return Sources(tuple(sorted([*folders, *documents])), tuple(sorted(set(files).difference(documents))))


def _files(folder: Path) -> Iterator[Path]:
    for one in folder.rglob("*"):
        hidden = any(part.startswith((".", "~$")) for part in one.relative_to(folder).parts)
        if one.is_file() and not hidden:
            yield one


def reading_key(source: Path) -> str:
    """A hash of all that a plan's graph and report come from: its files, its manifest, readers, words and rules.

    Raises `LoadError` when the plan folder is not whole, `OSError` when a file cannot be read.
    """
    whole = hashlib.sha256(_version().encode())
    for path in _matter_of(source):
        whole.update(f"\n{path.name}\n".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _matter_of(source: Path) -> list[Path]:
    if source.is_dir():
        return [source / MANIFEST_NAME, *plan_folder(source).sources]
    beside = source.parent / MANIFEST_NAME
    return [beside, source] if beside.is_file() else [source]


@cache
def _version() -> str:
    """A hash of the code and the words that read and judge plans."""
    whole = hashlib.sha256()
    for room in _ROOMS:
        root = Path(str(room.__file__)).parent
        for path in sorted(one for one in root.rglob("*") if one.suffix in _MATTER):
            whole.update(f"\n{path.relative_to(root)}\n".encode())
            whole.update(path.read_bytes())
    return whole.hexdigest()


def unchanged(source: Path, keys: Mapping[str, str]) -> str | None:
    """The id of the stored plan that `source` would yield again, or None when it must be read."""
    try:
        return keys.get(reading_key(source))
    except (LoadError, OSError):
        return None


def stored_keys(store: GraphStore) -> dict[str, str]:
    """The id of each stored plan, by the hash of what it came from."""
    query = f"SELECT ?key ?plan {{ GRAPH ?graph {{ ?report <{RAC.readingKey}> ?key ; <{RAC.aboutPlan}> ?plan }} }}"
    return {row["key"]: row["plan"].rpartition("/")[2] for row in ask_values(store, query)}
