"""One thing of the data: what is said of it, the words behind it, and what points to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import VOID
from rdflib.term import Node

from api.errors import UnknownEntity
from api.operations.facts import Facts, Term
from api.operations.objectives import Quote, read_quotes
from ontology.iris import Iris
from ontology.published import find_document
from ontology.terms import DCTERMS, OA, RAC, RDF, RDFS, SKOS, VOCABULARY_BASE, XSD
from queries.solutions import ask_solutions
from store import GraphStore

INCOMING_PAGE = 50
"""How many of the links that lead to a thing one page, and one RDF document, shows."""
INCOMING_MOST = 1000
"""How many are looked for; beyond them SPARQL answers."""
PASSAGES_MOST = 50

_LABELLED_MOST = 300
_NAMING = (SKOS.prefLabel, RDFS.label, DCTERMS.title, RAC.title, RAC.label, RAC.fileName, OA.exact, RAC.text)
_SAFE = re.compile(r"[A-Za-z0-9._~/-]+")

_OUTGOING = "SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?s {{ {iri} }} GRAPH ?g {{ ?s ?p ?o }} }}"
_INCOMING = "SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?o {{ {iri} }} GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {most}"
_EVIDENCE = f"""
SELECT DISTINCT ?s ?p ?o WHERE {{{{
  {{{{ SELECT DISTINCT ?passage WHERE {{{{
    VALUES ?about {{{{ {{iri}} }}}}
    GRAPH ?g {{{{ ?about <{RAC.hasPassage}>?/<{RAC.continuedBy}>* ?passage . ?passage <{OA.hasSelector}> ?any }}}}
  }}}} ORDER BY ?passage LIMIT {PASSAGES_MOST} }}}}
  GRAPH ?g {{{{ ?passage <{OA.hasSelector}>? ?s . ?s ?p ?o }}}}
}}}}"""
_GRAPHS = "SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ {iri} ?p ?o }} }} ORDER BY ?g"
_NAMES = f"""
SELECT DISTINCT ?s ?p ?o WHERE {{{{
  VALUES ?s {{{{ {{iris}} }}}} VALUES ?p {{{{ {" ".join(f"<{one}>" for one in _NAMING)} }}}} GRAPH ?g {{{{ ?s ?p ?o }}}}
}}}}"""


@dataclass(frozen=True, slots=True)
class Value:
    """The object of a statement: an IRI, a blank node or a literal with its language or datatype."""

    text: str
    kind: str
    """`uri`, `bnode` or `literal`, as in SPARQL's JSON results."""
    language: str | None = None
    datatype: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One triple."""

    subject: str
    predicate: str
    value: Value


@dataclass(frozen=True, slots=True)
class Entity:
    """What the store says of one IRI; `statements` is all of it, and the same in every representation."""

    iri: str
    outgoing: tuple[Statement, ...]
    incoming: tuple[Statement, ...]
    """One page of what points to it, by predicate and subject."""
    incoming_total: int
    """At most `INCOMING_MOST`, which then means: that many or more."""
    page: int
    evidence: tuple[Statement, ...]
    """The triples of its passages and their selectors."""
    quotes: tuple[Quote, ...]
    graphs: tuple[str, ...]
    """The named graphs that say something of it."""
    names: Mapping[str, tuple[tuple[str, str | None], ...]]
    """Labels with their languages of the IRIs in the statements, the best kind of label first."""

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All its triples, each once."""
        return tuple(dict.fromkeys((*self.outgoing, *self.evidence, *self.incoming)))

    @property
    def last_page(self) -> int:
        """The number of pages that `incoming` has; 1 when nothing points here."""
        return max(1, -(-self.incoming_total // INCOMING_PAGE))


def find_entity(store: GraphStore, iri: str, iris: Iris, page: int = 1) -> Entity:
    """What is said of an IRI of the data or of a concept, with one page of the links that lead to it.

    Raises `UnknownEntity` when nothing is said of it and nothing points to it, or there is no such page.
    """
    if not _SAFE.fullmatch(iri.removeprefix(iris.base).removeprefix(VOCABULARY_BASE)):
        raise UnknownEntity(iri, None)
    name = f"<{URIRef(iri)}>"
    outgoing = _ordered(_statements(store, _OUTGOING.format(iri=name))) or _of_document(iri) or _of_graph(store, iri)
    incoming = _ordered(_statements(store, _INCOMING.format(iri=name, most=INCOMING_MOST)))
    shown = incoming[(page - 1) * INCOMING_PAGE : page * INCOMING_PAGE]
    if not (outgoing or incoming) or (page > 1 and not shown):
        raise UnknownEntity(iri, _nearest(store, iri, iris))
    evidence = _ordered(_statements(store, _EVIDENCE.format(iri=name)))
    names = _names(store, _mentioned((*outgoing, *shown, *evidence)))
    return Entity(
        iri=iri,
        outgoing=outgoing,
        incoming=shown,
        incoming_total=len(incoming),
        page=page,
        evidence=evidence,
        quotes=_quotes(iri, (*outgoing, *evidence), names),
        graphs=tuple(row["g"]["value"] for row in ask_solutions(store, _GRAPHS.format(iri=name))),
        names=names,
    )


def entity_graph(entity: Entity) -> Graph:
    """The statements of an entity as RDF."""
    graph = Graph()
    for one in entity.statements:
        graph.add((_node(one.subject), URIRef(one.predicate), _object(one.value)))
    return graph


def _statements(store: GraphStore, query: str) -> Iterator[Statement]:
    for row in ask_solutions(store, query):
        value = row["o"]
        term = Value(value["value"], value["type"], value.get("xml:lang"), value.get("datatype"))
        subject = row["s"]["value"] if row["s"]["type"] == "uri" else f"_:{row['s']['value']}"
        yield Statement(subject, row["p"]["value"], term)


def _ordered(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    def key(one: Statement) -> tuple[str, ...]:
        value = one.value
        return (one.predicate, one.subject, value.text, value.language or "", value.datatype or "")

    return tuple(sorted(statements, key=key))


def _of_document(iri: str) -> tuple[Statement, ...]:
    """What the vocabularies say of a concept when the store does not hold them."""
    document = find_document(iri)
    triples = document.graph.triples((URIRef(iri), None, None)) if document else ()
    return _ordered(Statement(iri, str(predicate), _value(value)) for _, predicate, value in triples)


def _of_graph(store: GraphStore, iri: str) -> tuple[Statement, ...]:
    """What there is to say of an IRI that is the name of a graph: how many triples stand in it."""
    (row,) = ask_solutions(store, f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{URIRef(iri)}> {{ ?s ?p ?o }} }}")
    if row["n"]["value"] == "0":
        return ()
    size = Value(row["n"]["value"], "literal", datatype=str(XSD.integer))
    return (
        Statement(iri, str(RDF.type), Value(str(VOID.Dataset), "uri")),
        Statement(iri, str(VOID.triples), size),
    )


def _value(node: Node) -> Value:
    if isinstance(node, Literal):
        return Value(str(node), "literal", node.language, None if node.datatype is None else str(node.datatype))
    return Value(str(node), "uri")


def _nearest(store: GraphStore, iri: str, iris: Iris) -> str | None:
    """The nearest IRI above one in the data that something is said of."""
    while (iri := iri.rpartition("/")[0]).startswith(iris.base):
        if any(_statements(store, _OUTGOING.format(iri=f"<{URIRef(iri)}>") + " LIMIT 1")):
            return iri
    return None


def _mentioned(statements: Iterable[Statement]) -> list[str]:
    found: dict[str, None] = {}
    for one in statements:
        found[one.subject] = None
        if one.value.kind == "uri":
            found[one.value.text] = None
    return [iri for iri in found if iri.startswith("http")][:_LABELLED_MOST]


def _names(store: GraphStore, mentioned: Iterable[str]) -> Mapping[str, tuple[tuple[str, str | None], ...]]:
    values = " ".join(f"<{URIRef(iri)}>" for iri in mentioned if not re.search(r'[<>"{}|\\^`\s]', iri))
    best: dict[str, tuple[int, list[tuple[str, str | None]]]] = {}
    ranks = {str(predicate): rank for rank, predicate in enumerate(_NAMING)}
    for one in _ordered(_statements(store, _NAMES.format(iris=values))):
        rank = ranks[one.predicate]
        if one.subject not in best or rank < best[one.subject][0]:
            best[one.subject] = (rank, [])
        if rank == best[one.subject][0]:
            best[one.subject][1].append((one.value.text, one.value.language))
    return {iri: tuple(labels) for iri, (_, labels) in best.items()}


def _quotes(
    iri: str, statements: Sequence[Statement], names: Mapping[str, tuple[tuple[str, str | None], ...]]
) -> tuple[Quote, ...]:
    """The words of the passages, each with the name of its file; a passage quotes itself."""
    triples = [(one.subject, one.predicate, _term(one.value)) for one in statements]
    if any(one.subject == iri and one.predicate == str(OA.hasSelector) for one in statements):
        triples.append((iri, str(RAC.hasPassage), Term(iri, True)))
    for rendition, labels in names.items():
        if "/rendition/" in rendition:
            triples.append((rendition, str(RAC.fileName), Term(labels[0][0], False)))
            triples.append((rendition, str(RAC.sha256), Term(rendition.rpartition("/")[2], False)))
    facts = Facts(iter(dict.fromkeys(triples)))
    return tuple(one for one in read_quotes(facts, iri) if one.exact)


def _term(value: Value) -> Term:
    return Term(value.text, value.kind == "uri", value.language)


def _node(subject: str) -> Node:
    return BNode(subject[2:]) if subject.startswith("_:") else URIRef(subject)


def _object(value: Value) -> Node:
    if value.kind == "uri":
        return URIRef(value.text)
    if value.kind == "bnode":
        return BNode(value.text)
    return Literal(value.text, lang=value.language, datatype=value.datatype and URIRef(value.datatype), normalize=False)
