"""A plan's graph in memory, indexed once for everything that reads it: both engines, the places, the sentences."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from functools import cached_property
from typing import Any, NoReturn

from rdflib import XSD, BNode, Graph, Literal, URIRef
from rdflib.compat import decodeUnicodeEscape
from rdflib.query import Result as QueryResult
from rdflib.term import Node

from shapes.queries import Namespaces, PreparedQuery, QueryTable, prepared_query

Index = dict[Node, dict[Node, list[Node]]]

_TERM = r'(<[^>\n]*>|_:[^\s]+|"(?:[^"\\\n]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^<[^>\n]*>)?)'
_TRIPLE = re.compile(rf"^{_TERM} {_TERM} {_TERM} ?\.$", re.MULTILINE)
_LITERAL = re.compile(r'"(.*)"(?:@([A-Za-z0-9-]+)|\^\^<(.*)>)?', re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_ESCAPES = {"\t": r"\t", "\b": r"\b", "\f": r"\f", "\r": r"\r"}
_TYPED_STRING = f'"^^<{XSD.string}>'


def canonical_lines(*ntriples: bytes) -> list[str]:
    """The triples of all the N-Triples, each once, sorted, written as an Oxigraph store writes them.

    Two writers differ in the control characters they escape and in naming `xsd:string`, which is understood.
    """
    text = "\n".join(part.decode() for part in ntriples)
    if _CONTROL.search(text):
        text = _CONTROL.sub(lambda found: _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04X}", text)
    if _TYPED_STRING in text:
        text = text.replace(_TYPED_STRING, '"')
    lines = set(text.split("\n"))
    lines.discard("")
    return sorted(lines)


def term(token: str) -> Node:
    """The node that an N-Triples token writes."""
    if token[0] == "<":
        iri = token[1:-1]
        return URIRef(decodeUnicodeEscape(iri) if "\\" in iri else iri)
    if token[0] == "_":
        return BNode(token[2:])
    found = _LITERAL.fullmatch(token)
    words, language, datatype = found.groups() if found else (token, None, None)
    return Literal(decodeUnicodeEscape(words) if "\\" in words else words, lang=language, datatype=datatype or None)


class PlanGraph(Graph):
    """A graph that never changes, with its look-ups as plain dictionaries.

    rdflib's own store takes several times longer to fill and to ask. `xsd:string` literals are plain ones, as RDF 1.1
    has it and pyshacl does not.
    """

    def __init__(self, *ntriples: bytes) -> None:
        """The triples of one or more N-Triples documents; raises what rdflib's parser raises when they are none."""
        super().__init__(bind_namespaces="none")
        self._nodes: dict[str, Node] = {}
        self._outgoing: Index = {}
        self._incoming: Index = {}
        lines = canonical_lines(*ntriples)
        self._text = "\n".join(lines)
        triples = _TRIPLE.findall(self._text)
        if len(triples) != len(lines):
            # Comments and other freedoms of the syntax: rdflib knows them all.
            graph = Graph().parse(data=b"\n".join(ntriples), format="nt")
            self._text = "\n".join(canonical_lines(graph.serialize(format="nt", encoding="utf-8")))
            triples = _TRIPLE.findall(self._text)
        self._size = len(triples)
        self._fill(triples)

    @classmethod
    def of(cls, graph: Graph, *ntriples: bytes) -> PlanGraph:
        """A graph and some N-Triples as one, with the graph's prefixes."""
        made = cls(graph.serialize(format="nt", encoding="utf-8"), *ntriples)
        for prefix, namespace in graph.namespaces():
            made.bind(prefix, namespace)
        return made

    def _fill(self, triples: Iterable[tuple[str, str, str]]) -> None:
        nodes, outgoing, incoming = self._nodes, self._outgoing, self._incoming
        for tokens in triples:
            for token in tokens:
                if token not in nodes:
                    nodes[token] = term(token)
            s, p, o = nodes[tokens[0]], nodes[tokens[1]], nodes[tokens[2]]
            outgoing.setdefault(s, {}).setdefault(p, []).append(o)
            incoming.setdefault(p, {}).setdefault(o, []).append(s)

    @cached_property
    def answers(self) -> QueryTable:
        """The answers to whole queries, each asked once."""
        return QueryTable(self._text, self._nodes, term)

    def values(self, subject: Node, predicate: Node) -> list[Node]:
        """The objects of a subject and predicate; not to be changed."""
        return self._outgoing.get(subject, {}).get(predicate, [])

    def holders(self, predicate: Node, value: Node) -> list[Node]:
        """The subjects of a predicate and object; not to be changed."""
        return self._incoming.get(predicate, {}).get(value, [])

    def __len__(self) -> int:
        return self._size

    def __contains__(self, triple: Any) -> bool:
        return next(self.triples(triple), None) is not None

    def triples(self, triple: Any) -> Generator[Any, None, None]:
        """The triples of a pattern, as rdflib asks; a path in the predicate's place is followed."""
        s, p, o = triple
        if p is not None and not isinstance(p, URIRef):
            yield from super().triples(triple) if not isinstance(p, Node) else ()
        elif s is not None:
            found = self._outgoing.get(s, {})
            for predicate in (p,) if p is not None else tuple(found):
                for value in found.get(predicate, ()):
                    if o is None or value == o:
                        yield s, predicate, value
        else:
            for predicate in (p,) if p is not None else tuple(self._incoming):
                yield from self._leading_to(predicate, o)

    def _leading_to(self, predicate: Node, value: Node | None) -> Iterator[tuple[Node, Node, Node]]:
        found = self._incoming.get(predicate, {})
        for each in (value,) if value is not None else tuple(found):
            for subject in found.get(each, ()):
                yield subject, predicate, each

    def objects(self, subject: Any = None, predicate: Any = None, unique: bool = False) -> Generator[Any, None, None]:
        """The objects of a subject and predicate."""
        if subject is not None and isinstance(predicate, URIRef):
            yield from self.values(subject, predicate)
        else:
            yield from super().objects(subject, predicate, unique)

    def subjects(self, predicate: Any = None, object: Any = None, unique: bool = False) -> Generator[Any, None, None]:
        """The subjects of a predicate and object."""
        if object is not None and isinstance(predicate, URIRef):
            yield from self.holders(predicate, object)
        else:
            yield from super().subjects(predicate, object, unique)

    def query(
        self,
        query_object: Any,
        processor: Any = "sparql",
        result: Any = "sparql",
        initNs: Any = None,
        initBindings: Any = None,
        use_store_provided: bool = True,
        **kwargs: Any,
    ) -> QueryResult:
        """The answer from the table of whole queries, or where that would differ from rdflib's engine."""
        if isinstance(query_object, str):
            query_object = prepared_query(query_object, self._known_namespaces)
        if isinstance(query_object, PreparedQuery):
            answer = self.answers.answer(query_object, initBindings or {})
            if answer is not None:
                return answer
            query_object = query_object.parsed
        return super().query(query_object, processor, result, initNs, initBindings, use_store_provided, **kwargs)

    @cached_property
    def _known_namespaces(self) -> Namespaces:
        return tuple((prefix, str(namespace)) for prefix, namespace in self.namespaces())

    def add(self, triple: Any) -> PlanGraph:
        """Nothing for a triple that is there, as pyshacl adds some; TypeError for another."""
        if triple not in self:
            raise TypeError("a PlanGraph does not change")
        return self

    def addN(self, quads: Any) -> NoReturn:
        """A plan's graph is made whole."""
        raise TypeError("a PlanGraph does not change")

    def remove(self, triple: Any) -> NoReturn:
        """A plan's graph is made whole."""
        raise TypeError("a PlanGraph does not change")
