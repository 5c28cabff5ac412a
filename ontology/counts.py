"""How many terms and concepts have a label, a definition, an example and a source (`python -m ontology.counts`)."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rdflib import Graph, URIRef
from rdflib.term import Node

from ontology.alignment import alignment_graph, alignment_names
from ontology.graphs import MODULES, module, ontology_graph, vocabulary, vocabulary_names
from ontology.terms import DCTERMS, RAC_NAMESPACE, RDF, RDFS, SKOS

_LANGUAGES = frozenset({"it", "en"})
_MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)


@dataclass(frozen=True, slots=True)
class Count:
    """The terms of a module or the concepts of a vocabulary, and how many of them say what."""

    name: str
    terms: int
    labelled: int
    """With a label in Italian and in English."""
    defined: int
    """With a definition in Italian and in English."""
    exemplified: int
    """With an example in Italian and in English."""
    sourced: int
    """With the act or standard that they come from."""
    aligned: int
    """With a mapping in the alignments."""


def count_modules() -> tuple[Count, ...]:
    """One count a module, in the order of the modules."""
    return tuple(_count(name, module(name), _own_terms(module(name))) for name in MODULES)


def count_vocabularies() -> tuple[Count, ...]:
    """One count a vocabulary, by name."""
    return tuple(_count(n, vocabulary(n), set(vocabulary(n).subjects(SKOS.inScheme))) for n in vocabulary_names())


def table(counts: Sequence[Count]) -> str:
    """The counts as lines, with their sum."""
    head = f"{'':<18}{'terms':>7}{'label':>7}{'defin.':>8}{'example':>9}{'source':>8}{'aligned':>9}"
    return "\n".join([head, *map(_line, counts), _line(_total(counts))])


def main() -> int:
    """Print the counts of the modules and of the vocabularies."""
    print(table(count_modules()))
    print()
    print(table(count_vocabularies()))
    return 0


def _own_terms(graph: Graph) -> set[Node]:
    return {term for term in graph.subjects(RDFS.label) if str(term).startswith(RAC_NAMESPACE)}


def _count(name: str, graph: Graph, terms: Iterable[Node]) -> Count:
    nodes = [URIRef(str(term)) for term in terms]
    return Count(
        name,
        terms=len(nodes),
        labelled=sum(_in_both(graph, node, RDFS.label) or _in_both(graph, node, SKOS.prefLabel) for node in nodes),
        defined=sum(_in_both(graph, node, SKOS.definition) for node in nodes),
        exemplified=sum(_in_both(graph, node, SKOS.example) for node in nodes),
        sourced=sum((node, DCTERMS.source, None) in graph for node in nodes),
        aligned=len(set(nodes) & _aligned()),
    )


def _in_both(graph: Graph, node: URIRef, predicate: URIRef) -> bool:
    return {getattr(text, "language", None) for text in graph.objects(node, predicate)} >= _LANGUAGES


def _aligned() -> set[URIRef]:
    own = set(ontology_graph().subjects(RDF.type))
    found: set[URIRef] = set()
    for name in alignment_names():
        for predicate in (RDFS.subClassOf, RDFS.subPropertyOf, *_MATCHES):
            found |= {URIRef(str(s)) for s in alignment_graph(name).subjects(predicate) if s in own}
    return found


def _line(count: Count) -> str:
    return (
        f"{count.name:<18}{count.terms:>7}{count.labelled:>7}{count.defined:>8}"
        f"{count.exemplified:>9}{count.sourced:>8}{count.aligned:>9}"
    )


def _total(counts: Sequence[Count]) -> Count:
    sums = {
        field: sum(getattr(count, field) for count in counts)
        for field in ("terms", "labelled", "defined", "exemplified", "sourced", "aligned")
    }
    return Count("all", **sums)


if __name__ == "__main__":
    sys.exit(main())
