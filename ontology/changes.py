"""Which terms of the ontology and the vocabularies are new, gone or changed since the last tag of the repository."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph, URIRef
from rdflib.compare import isomorphic

from ontology.terms import RAC_NAMESPACE, RDF, VOCABULARY_BASE

_ROOM = "ontology"


@dataclass(frozen=True, slots=True)
class Changes:
    """The IRIs of terms that differ between two states of the ontology, sorted."""

    since: str | None
    """The tag compared with; `None` when there is none, so that every term is new."""
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


def changes_since_tag(now: Graph, root: Path) -> Changes:
    """The terms of `now` beside those at the last tag of the git repository at `root`."""
    tag = last_tag(root)
    return compare(tagged_graph(root, tag) if tag else Graph(), now, tag)


def compare(before: Graph, now: Graph, since: str | None) -> Changes:
    """The terms that only one of the graphs has, and those it says other things of, blank nodes included."""
    old, new = _terms(before), _terms(now)
    changed = (one for one in old & new if not isomorphic(before.cbd(URIRef(one)), now.cbd(URIRef(one))))
    return Changes(since, tuple(sorted(new - old)), tuple(sorted(old - new)), tuple(sorted(changed)))


def last_tag(root: Path) -> str | None:
    """The tag nearest to the checked-out commit; `None` without tags, or outside a repository."""
    return _git(root, "describe", "--tags", "--abbrev=0")


def tagged_graph(root: Path, tag: str) -> Graph:
    """The modules and vocabularies as they were at a tag."""
    graph = Graph()
    listed = _git(root, "ls-tree", "-r", "--name-only", tag, f"{_ROOM}/") or ""
    for path in listed.splitlines():
        if path.endswith(".ttl"):
            graph.parse(data=_git(root, "show", f"{tag}:{path}") or "", format="turtle")
    return graph


def to_markdown(changes: Changes) -> str:
    """The changes as a page of three lists."""
    head = f"since {changes.since}" if changes.since else "no earlier tag: every term is new"
    lines = [f"# Terms: {head}"]
    for title in ("added", "removed", "changed"):
        terms = getattr(changes, title)
        lines += ["", f"## {title.capitalize()} ({len(terms)})", "", *(f"- `{one}`" for one in terms)]
    return "\n".join(lines) + "\n"


def _terms(graph: Graph) -> set[str]:
    subjects: Iterable[str] = {str(one) for one in graph.subjects(RDF.type, None)}
    return {one for one in subjects if one.startswith((RAC_NAMESPACE, VOCABULARY_BASE))}


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
