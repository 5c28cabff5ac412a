"""Do the ontology and the code agree? Every name that is used exists, and every term is used or an extension.

Used is what the loaders, shapes, queries, service or vocabularies name, and what stands above it. A term that nobody
uses yet, but a consumer of the ontology may, is marked with `rac:extension true`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph, Literal, URIRef

from ontology.graphs import modules_graph
from ontology.terms import RAC, RAC_NAMESPACE, RDF, RDFS

ROOT = Path(__file__).parents[1]
_ROOMS = ("loaders", "shapes", "queries", "store", "api", "ontology")
_SUFFIXES = frozenset({".py", ".rq", ".ttl", ".html"})
# `rac:Plan` in queries and shapes, `RAC.Plan` and `RAC["Plan"]` in code.
_NAMED = re.compile(r"\brac:([A-Za-z]\w*)|\bRAC\.([A-Za-z]\w*)|\bRAC\[\"(\w+)\"\]")
# Code that builds a term from a name, as `RAC[kind]`, keeps the names as texts.
_BUILT = re.compile(r"\bRAC\[(?!\")")
_TEXT = re.compile(r"\"([A-Za-z]\w*)\"")


@dataclass(frozen=True, slots=True)
class Usage:
    """How names and terms agree; all by local name, sorted."""

    unknown: Mapping[str, tuple[str, ...]]
    """Names that files use and no module defines, with the files."""
    unused: tuple[str, ...]
    """Terms that nothing uses and that are not marked as extension."""
    extensions: tuple[str, ...]
    """Terms that are marked as extension."""
    idle_marks: tuple[str, ...]
    """Terms that are marked as extension though something uses them."""

    @property
    def holds(self) -> bool:
        """Whether names and terms agree."""
        return not (self.unknown or self.unused or self.idle_marks)


def check_usage(ontology: Graph | None = None, root: Path = ROOT) -> Usage:
    """Compare the terms of the modules, or of the graph given, with the names in the files of a checkout."""
    graph = ontology or modules_graph()
    terms = {_local(s) for s in graph.subjects(RDF.type) if str(s).startswith(RAC_NAMESPACE)}
    named, texts = _names(root)
    direct = {name for name in terms if name in named or name in texts}
    used = direct | {_local(above) for name in direct for above in _above(graph, name)}
    extensions = {_local(s) for s in graph.subjects(RAC.extension, Literal(True))}
    return Usage(
        unknown={name: tuple(sorted(places)) for name, places in sorted(named.items()) if name not in terms},
        unused=tuple(sorted(terms - used - extensions)),
        extensions=tuple(sorted(extensions)),
        idle_marks=tuple(sorted(extensions & direct)),
    )


def _names(root: Path) -> tuple[Mapping[str, set[str]], set[str]]:
    named: dict[str, set[str]] = defaultdict(set)
    texts: set[str] = set()
    for path in _files(root):
        content = path.read_text(encoding="utf-8")
        for match in _NAMED.finditer(content):
            named[match[1] or match[2] or match[3]].add(str(path.relative_to(root)))
        if path.suffix == ".py" and _BUILT.search(content):
            texts |= set(_TEXT.findall(content))
    return named, texts


def _files(root: Path) -> Iterator[Path]:
    for room in _ROOMS:
        for path in sorted((root / room).rglob("*")):
            is_module = path.parent == root / "ontology" and path.suffix == ".ttl"
            if path.suffix in _SUFFIXES and not is_module and not {"vendor", "checks", "alignments"} & set(path.parts):
                yield path


def _above(graph: Graph, name: str) -> Iterator[URIRef]:
    term = URIRef(RAC_NAMESPACE + name)
    for axiom in (RDFS.subClassOf, RDFS.subPropertyOf):
        for above in graph.transitive_objects(term, axiom):
            yield URIRef(str(above))


def _local(term: object) -> str:
    return str(term).removeprefix(RAC_NAMESPACE)
