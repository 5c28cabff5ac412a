"""Where a finding is: from the node at fault up to its row and objective, and down to the words of the document."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.term import Node

from ontology.terms import OA, RAC

# Links that lead out of a row: to what contains it or to what other rows share.
_OUTWARD = frozenset(
    {RDF.type, RAC.rowOf, RAC.inPlan, RAC.aboutRow, RAC.hasRow, RAC.actor, RAC.candidateActor, OA.hasSource}
)
_ITEMS = (RAC.hasNeed, RAC.hasAction, RAC.hasProgress, RAC.hasCommitment)


@dataclass(frozen=True)
class Place:
    """The objective and row a finding belongs to, and the passage it points at; each None when there is none.

    `row_label` is the row's own label or, without one, the first words of its content. `objective_number` is as written
    or, in a plan that numbers no objective, its order.
    """

    objective: URIRef | None
    objective_number: str | None
    objective_title: str | None
    row: URIRef | None
    row_order: int | None
    row_label: str | None
    passage: URIRef | None
    file: str | None
    page: int | None
    line: int | None
    table: int | None
    table_row: int | None
    table_column: int | None
    sheet: str | None
    cell: str | None
    quote: str | None


class Places:
    """The places of one plan's graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._holders: dict[Node, URIRef | None] = {}
        self._rows = frozenset(graph.subjects(RDF.type, RAC.Row))
        objectives = frozenset(graph.subjects(RDF.type, RAC.Objective))
        # Orders beside numbers of the author's own would read as numbers of his.
        numbered = any((objective, RAC.number, None) in graph for objective in objectives)
        self._number_of_objective = RAC.number if numbered else RAC.order
        for holder in (*self._rows, *objectives):
            self._claim(_as_iri(holder))

    def of(self, *nodes: Node) -> Place:
        """The place of the nodes at fault, the most telling one first."""
        holder = next((found for node in nodes if (found := self._holders.get(node))), None)
        row = holder if holder in self._rows else None
        objective = self._link(row, RAC.rowOf) if row else holder
        passage = next((found for node in (*nodes, row, objective) if node and (found := self._passage(node))), None)
        return Place(
            objective=objective,
            objective_number=self._text(objective, self._number_of_objective),
            objective_title=self._text(objective, RAC.title),
            row=row,
            row_order=self._number(row, RAC.order),
            row_label=self._text(row, RAC.label) or self._first_words(row),
            passage=passage,
            file=self._file(passage),
            page=self._number(passage, RAC.page),
            line=self._number(passage, RAC.line),
            table=self._number(passage, RAC.table),
            table_row=self._number(passage, RAC.tableRow),
            table_column=self._number(passage, RAC.tableColumn),
            sheet=self._text(passage, RAC.sheet),
            cell=self._text(passage, RAC.cellName),
            quote=self._text(self._link(passage, OA.hasSelector), OA.exact),
        )

    def _claim(self, holder: URIRef) -> None:
        """Note that all that hangs from the holder is in it; what hangs from two is in neither."""
        reached = {holder}
        waiting: list[Node] = [holder]
        while waiting:
            for link, node in self._graph.predicate_objects(waiting.pop()):
                if isinstance(node, URIRef) and link not in _OUTWARD and node not in reached:
                    reached.add(node)
                    waiting.append(node)
        for node in reached:
            self._holders[node] = None if node in self._holders else holder

    def _passage(self, node: Node) -> URIRef | None:
        if (node, RDF.type, RAC.Passage) in self._graph:
            return URIRef(str(node))
        found = [*self._graph.objects(node, RAC.hasPassage), *self._graph.subjects(OA.hasSelector, node)]
        return min(map(_as_iri, found), key=self._start, default=None)

    def _start(self, passage: URIRef | None) -> tuple[int, str]:
        return self._number(self._link(passage, OA.hasSelector), OA.start) or 0, str(passage)

    def _first_words(self, row: URIRef | None) -> str | None:
        """The text of the row's first item in the document, by which an author knows a row without a label."""
        if row is None:
            return None
        items = [item for link in _ITEMS for item in self._graph.objects(row, link)]
        first = min(items, key=lambda item: (self._start(self._passage(item)), str(item)), default=None)
        return self._text(first, RAC.text)

    def _file(self, passage: URIRef | None) -> str | None:
        if passage is not None:
            return self._text(self._link(passage, OA.hasSource), RAC.fileName)
        names = sorted(map(str, self._graph.objects(None, RAC.fileName)))
        return names[0] if len(names) == 1 else None

    def _link(self, node: Node | None, term: URIRef) -> URIRef | None:
        links = map(_as_iri, self._graph.objects(node, term)) if node else ()
        return min(links, default=None)

    def _text(self, node: Node | None, term: URIRef) -> str | None:
        values = sorted(map(str, self._graph.objects(node, term))) if node else []
        return values[0] if values else None

    def _number(self, node: Node | None, term: URIRef) -> int | None:
        value = self._graph.value(node, term) if node else None
        number = value.toPython() if isinstance(value, Literal) else None
        return number if isinstance(number, int) else None


def _as_iri(node: Node) -> URIRef:
    return URIRef(str(node))
