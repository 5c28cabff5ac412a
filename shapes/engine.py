"""The port to the engines: the rules of a bundle on one plan's graph, by either, each apart from the others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Literal, Protocol

from rdflib import Graph
from rdflib.term import Node

from shapes.bundle import Bundle, Rule
from shapes.compiled import Compiled
from shapes.plan_graph import PlanGraph
from shapes.reference import Reference
from shapes.results import EngineError, RuleRun

EngineName = Literal["fast", "reference"]
LIBRARIES = ("pyoxigraph", "pyshacl", "rdflib")


class Engine(Protocol):
    """The shapes of one graph, ready to run."""

    def run(self, data: PlanGraph, shape: Node) -> RuleRun:
        """What one shape says of the data; a fault of the shape is in the answer, never raised."""
        ...


ENGINES: Mapping[EngineName, Callable[[Graph], Engine]] = {"fast": Compiled, "reference": Reference}
"""Each engine, made from a shapes graph; raises `EngineError` when that as a whole is no shapes graph."""

# The fast engine is the first choice as long as tests/shapes/test_engines_agree.py finds no difference.
DEFAULT_ENGINE: EngineName = "fast"


def run_rules(data: PlanGraph, bundle: Bundle, engine: EngineName = DEFAULT_ENGINE) -> dict[str, RuleRun]:
    """What every rule of the bundle says, by its name; a broken rule has a fault and the others run all the same."""
    engines = _engines(bundle, engine)
    return {rule.name: _run(engines[rule.name], data, rule) for rule in bundle.rules}


def _run(engine: Engine | EngineError, data: PlanGraph, rule: Rule) -> RuleRun:
    return RuleRun(fault=str(engine)) if isinstance(engine, EngineError) else engine.run(data, rule.iri)


@lru_cache(maxsize=8)
def _engines(bundle: Bundle, name: EngineName) -> Mapping[str, Engine | EngineError]:
    """The engine of each rule: one for all, or where the shapes cannot be read together one for each."""
    make = ENGINES[name]
    try:
        engine = make(bundle.graph)
    except EngineError:
        return {rule.name: _alone(make, bundle, rule) for rule in bundle.rules}
    return dict.fromkeys((rule.name for rule in bundle.rules), engine)


def _alone(make: Callable[[Graph], Engine], bundle: Bundle, rule: Rule) -> Engine | EngineError:
    try:
        return make(bundle.alone(rule))
    except EngineError as fault:
        return fault


@cache
def engine_version(name: EngineName) -> str:
    """The engine, the libraries it stands on, and a digest of the code that runs the rules and words the findings."""
    code = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        code.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    libraries = " ".join(f"{library}-{version(library)}" for library in LIBRARIES)
    return f"{name} {libraries} {code.hexdigest()[:16]}"
