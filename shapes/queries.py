"""The queries of shapes: each parsed once for the process, and where that is sound asked once for the whole plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Any

import pyoxigraph as ox
from rdflib import BNode, Literal, Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.processor import SPARQLResult
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result as QueryResult
from rdflib.term import Node

from shapes.results import EngineError

Namespaces = tuple[tuple[str, str], ...]
Row = dict[Variable, Node]

THIS = Variable("this")
# Parts in which a variable that is bound from outside means something else than one that is joined.
_SCOPES = frozenset({
    "Minus", "MinusGraphPattern", "ToMultiSet", "SubSelect", "InlineData", "values", "Group", "AggregateJoin", "Slice",
    "ServiceGraphPattern", "Graph", "GraphGraphPattern",
})  # fmt: skip


@dataclass(frozen=True, eq=False)
class PreparedQuery:
    """A query as text with its prefixes and as rdflib's algebra; `whole`: it may be asked for all focus nodes at once.

    Parsing takes a hundred times longer than asking.
    """

    text: str
    parsed: Query
    whole: bool


def prepared_query(text: str, namespaces: Namespaces = ()) -> PreparedQuery:
    """The query, from memory when it was asked before; raises `EngineError`."""
    # pyshacl and we write the same prefixes in front, each in its own order.
    lines = text.split("\n")
    prefixes = list(takewhile(lambda line: line.startswith("PREFIX "), lines))
    return _prepared("\n".join((*sorted(prefixes), *lines[len(prefixes) :])), namespaces)


@lru_cache(maxsize=1024)
def _prepared(text: str, namespaces: Namespaces) -> PreparedQuery:
    try:
        parsed = prepareQuery(text, initNs=dict(namespaces))
    except Exception as fault:  # rdflib raises a bare Exception for a prefix it does not know
        raise EngineError(type(fault).__name__) from fault
    return PreparedQuery(text, parsed, parsed.algebra.name == "SelectQuery" and _sound(parsed.algebra))


def _sound(part: Any) -> bool:
    """Whether `$this` is joined everywhere it is named, so that binding it before or after gives the same rows."""
    if not isinstance(part, CompValue):
        return True
    if part.name in _SCOPES or (part.name == "Extend" and part.var == THIS):
        return False
    if part.name in ("Filter", "Extend") and _names_this(part.expr) and not _binds_this(part.p):
        return False
    if part.name == "LeftJoin" and _names_this(part.expr) and not _binds_this(part.p1):
        return False
    if part.name in ("Filter", "Extend", "LeftJoin") and any(each.name in _SCOPES for each in _parts(part.expr)):
        return False
    return all(_sound(child) for child in _children(part)) and (part.name != "SelectQuery" or _binds_this(part.p))


def _binds_this(part: CompValue) -> bool:
    match part.name:
        case "BGP":
            return any(THIS in triple for triple in part.triples)
        case "Join":
            return _binds_this(part.p1) or _binds_this(part.p2)
        case "Union":
            return _binds_this(part.p1) and _binds_this(part.p2)
        case "LeftJoin":
            return _binds_this(part.p1)
        case "Filter" | "Extend" | "Project" | "Distinct" | "Reduced" | "OrderBy":
            return _binds_this(part.p)
        case _:
            return False


def _children(part: CompValue) -> Iterator[Any]:
    return (part[name] for name in ("p", "p1", "p2") if name in part)


def _parts(value: Any) -> Iterator[CompValue]:
    """All the parts of an expression, those of the patterns in EXISTS among them."""
    if isinstance(value, CompValue):
        yield value
        for name in value:
            yield from _parts(value[name])
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _parts(each)


def _names_this(value: Any) -> bool:
    if isinstance(value, CompValue):
        return any(name != "_vars" and _names_this(value[name]) for name in value)
    if isinstance(value, list | tuple):
        return any(_names_this(each) for each in value)
    return bool(value == THIS)


class QueryTable:
    """The answers of one graph: a query is asked once, on Oxigraph, and its rows are kept by focus node."""

    def __init__(self, ntriples: str, nodes: Mapping[str, Node], term: Callable[[str], Node]) -> None:
        """The graph's N-Triples, its nodes by their N-Triples tokens, and what makes a node of another token."""
        self._ntriples = ntriples
        self._nodes = nodes
        self._term = term
        self._store: ox.Store | None = None
        self._tables: dict[PreparedQuery, dict[Node | None, list[Row]] | None] = {}

    def answer(self, query: PreparedQuery, bindings: Mapping[Any, Node]) -> QueryResult | None:
        """The rows of a focus node, or all of them; None when only rdflib's own engine answers as SHACL means it."""
        rows = self.rows(query, bindings)
        if rows is None:
            return None
        return SPARQLResult({"type_": "SELECT", "vars_": query.parsed.algebra.PV, "bindings": rows})

    def rows(self, query: PreparedQuery, bindings: Mapping[Any, Node]) -> list[Row] | None:
        """The rows of `answer`."""
        if not query.whole or not {str(name) for name in bindings} <= {"this"}:
            return None
        if query not in self._tables:
            self._tables[query] = self._table(query)
        table = self._tables[query]
        if table is None:
            return None
        if bindings:
            return table.get(next(iter(bindings.values())), [])
        return [row for rows in table.values() for row in rows]

    def _table(self, query: PreparedQuery) -> dict[Node | None, list[Row]] | None:
        try:
            solutions = self._oxigraph().query(query.text)
            names = [Variable(each.value) for each in solutions.variables]  # type: ignore[union-attr]
            table: dict[Node | None, list[Row]] = defaultdict(list)
            for solution in solutions:  # type: ignore[union-attr]
                row = {
                    name: self._node(str(value))
                    for name, value in zip(names, solution, strict=True)
                    if value is not None
                }
                table[row.get(THIS)].append(row)
        except (SyntaxError, _Foreign):
            return None
        return dict(table)

    def _oxigraph(self) -> ox.Store:
        if self._store is None:
            self._store = ox.Store()
            self._store.bulk_load(self._ntriples.encode(), format=ox.RdfFormat.N_TRIPLES)
        return self._store

    def _node(self, token: str) -> Node:
        known = self._nodes.get(token)
        if known is not None:
            return known
        made = self._term(token)
        if isinstance(made, BNode) or (isinstance(made, Literal) and made.datatype is not None):
            # Oxigraph rewrites numbers and dates and renames blank nodes: which of the plan's they are, rdflib can say.
            raise _Foreign(token)
        return made


class _Foreign(Exception):
    """A blank node or typed literal that the graph does not hold in these words."""
