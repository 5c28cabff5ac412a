"""One named graph as plain lookups, read from the store in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import RDF, URIRef

from queries.solutions import ask_solutions
from store import GraphStore


@dataclass(frozen=True, slots=True)
class Term:
    """An IRI or a literal as the store gave it."""

    value: str
    is_iri: bool
    language: str | None = None


class Facts:
    """The triples of one graph by subject and predicate, each list in the order of its values."""

    def __init__(self, triples: Iterator[tuple[str, str, Term]]) -> None:
        """Index the triples both ways."""
        self._forth: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self._back: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, term in triples:
            self._forth[subject][predicate].append(term)
            if term.is_iri:
                self._back[term.value][predicate].append(subject)

    def __bool__(self) -> bool:
        return bool(self._forth)

    def __len__(self) -> int:
        return sum(len(terms) for predicates in self._forth.values() for terms in predicates.values())

    def terms(self, node: str, *predicates: URIRef) -> list[Term]:
        """The objects of `node` by any of the predicates."""
        of_node = self._forth.get(str(node), {})
        return [term for predicate in predicates for term in of_node.get(str(predicate), [])]

    def iris(self, node: str, *predicates: URIRef) -> list[str]:
        """The objects of `node` that are IRIs."""
        return [term.value for term in self.terms(node, *predicates) if term.is_iri]

    def text(self, node: str, *predicates: URIRef) -> str | None:
        """The first object of `node` by the first predicate that has one."""
        return next((term.value for term in self.terms(node, *predicates)), None)

    def number(self, node: str, predicate: URIRef) -> int | None:
        """The integer object of `node`."""
        value = self.text(node, predicate)
        return None if value is None else int(value)

    def truth(self, node: str, predicate: URIRef) -> bool | None:
        """The boolean object of `node`."""
        value = self.text(node, predicate)
        return None if value is None else value in ("true", "1")

    def instances(self, kind: URIRef) -> list[str]:
        """The subjects of that class, by IRI."""
        return sorted(self._back.get(str(kind), {}).get(str(RDF.type), []))

    def kinds(self, node: str) -> list[str]:
        """The classes of `node`."""
        return self.iris(node, RDF.type)

    def ordered(self, node: str, predicate: URIRef, order: URIRef) -> list[str]:
        """The objects of `node` by their own `order` number, then by IRI."""
        return sorted(self.iris(node, predicate), key=lambda one: (self.number(one, order) or 0, one))


def read_facts(store: GraphStore, graph: str) -> Facts:
    """All triples of one named graph; empty when there is no such graph."""
    rows = ask_solutions(store, f"SELECT ?s ?p ?o WHERE {{ GRAPH <{URIRef(graph)}> {{ ?s ?p ?o }} }}")
    return Facts((row["s"]["value"], row["p"]["value"], read_term(row["o"])) for row in rows)


def parse_facts(body: bytes) -> Facts:
    """The triples of a graph as the store dumps it, N-Triples."""
    triples = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
    return Facts((_node(one.subject), one.predicate.value, _term(one.object)) for one in triples)


def _node(node: ox.NamedNode | ox.BlankNode | ox.Triple) -> str:
    return str(node) if isinstance(node, ox.Triple) else node.value


def _term(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Term:
    if isinstance(node, ox.Literal):
        return Term(node.value, is_iri=False, language=node.language)
    return Term(_node(node), isinstance(node, ox.NamedNode))


def read_term(binding: dict[str, str]) -> Term:
    """One term of a SPARQL 1.1 JSON result."""
    return Term(binding["value"], binding["type"] == "uri", binding.get("xml:lang"))
