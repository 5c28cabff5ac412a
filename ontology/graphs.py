"""The ontology, the vocabularies and the territory register, read as RDF graphs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rdflib import Graph

MODULES = (
    "plan",
    "organisation",
    "service",
    "protocol",
    "responsibility",
    "time-indicator",
    "provenance",
    "territory",
    "vocabulary",
)
_HERE = Path(__file__).parent
_VOCABULARIES = _HERE / "vocabularies"


@cache
def modules_graph() -> Graph:
    """The OWL modules as one graph, without the vocabularies; shared, so not to be changed."""
    return _read(*(_HERE / f"{name}.ttl" for name in MODULES))


@cache
def module(name: str) -> Graph:
    """The OWL module of `ontology/<name>.ttl`; shared, so not to be changed. Raises `KeyError` for another name."""
    if name not in MODULES:
        raise KeyError(name)
    return _read(_HERE / f"{name}.ttl")


@cache
def ontology_graph() -> Graph:
    """The OWL modules and all the vocabularies as one graph; shared, so not to be changed."""
    return modules_graph() + _read(*(_VOCABULARIES / f"{name}.ttl" for name in vocabulary_names()))


@cache
def vocabulary(name: str) -> Graph:
    """The vocabulary of `ontology/vocabularies/<name>.ttl`; shared, so not to be changed.

    Raises `KeyError` when there is no such file.
    """
    if name not in vocabulary_names():
        raise KeyError(name)
    return _read(_VOCABULARIES / f"{name}.ttl")


@cache
def vocabulary_names() -> tuple[str, ...]:
    """The names of the vocabulary files, sorted."""
    return tuple(sorted(path.stem for path in _VOCABULARIES.glob("*.ttl")))


def territory_graph(path: Path) -> Graph:
    """The territory register in the Turtle file at `path`."""
    return _read(path)


def _read(*paths: Path) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path, format="turtle")
    return graph
