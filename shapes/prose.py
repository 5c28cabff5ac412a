"""The sentences of the report: templates of the shapes filled with labels and words of the plan, never with IRIs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal as Choice

from rdflib import DCTERMS, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from ontology.graphs import ontology_graph
from ontology.terms import RAC, concept
from shapes.bundle import Rule, Text
from shapes.place import Place

Language = Choice["it", "en"]

TITLE_LENGTH = 60
QUOTE_LENGTH = 120


@dataclass(frozen=True)
class Fault:
    """What a template speaks of: the node at fault, the value found there if any, and their place in the graph."""

    graph: Graph
    place: Place
    focus: Node
    value: Node | None


def sentences(rule: Rule, fault: Fault) -> Text:
    """The finding in both languages: its place in the plan, then the rule's sentence filled in."""
    return Text(*(_sentence(template, fault, language) for language, template in _by_language(rule.template)))


def _by_language(text: Text) -> tuple[tuple[Language, str], tuple[Language, str]]:
    return ("it", text.it), ("en", text.en)


def _sentence(template: str, fault: Fault, language: Language) -> str:
    place = _place(fault.place, language)
    filled = re.sub(r"\{(\w+)\}", lambda found: FILLERS[found[1]](fault, language), template)
    return f"{place}: {filled[:1].lower()}{filled[1:]}" if place else filled


def _place(place: Place, language: Language) -> str:
    objective, row = {"it": ("Obiettivo", "riga"), "en": ("Objective", "row")}[language]
    parts = []
    if place.objective:
        parts.append(_named(objective, place.objective_number, place.objective_title))
    if place.row:
        parts.append(_named(row, place.row_order, place.row_label))
    return ", ".join(parts)


def _named(kind: str, number: str | int | None, name: str | None) -> str:
    words = [kind, "" if number is None else str(number), f"«{_short(name, TITLE_LENGTH)}»" if name else ""]
    return " ".join(word for word in words if word)


def _short(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    return text[: length + 1].rpartition(" ")[0].rstrip(" ,;:.-") + "…" if " " in text[:length] else text[:length] + "…"


def _value(fault: Fault, language: Language) -> str:
    return _words(fault.graph, fault.focus if fault.value is None else fault.value, language)


def _fact(fault: Fault, language: Language) -> str:
    return _words(fault.graph, fault.focus, language)


def _words(graph: Graph, node: Node, language: Language) -> str:
    """What the plan says at a node: its text, title or label, else the name of its kind."""
    if isinstance(node, Literal):
        return _literal(node, language)
    for term in (RAC.text, RAC.title, RAC.label, RDFS.label, DCTERMS.title):
        if texts := sorted(map(str, graph.objects(node, term))):
            # A body may have been given its name in several spellings: one of them tells who is meant.
            return _short(texts[0] if term == RDFS.label else " / ".join(texts), QUOTE_LENGTH)
    return _listed((_label(kind, language) for kind in graph.objects(node, RDF.type)), language)


def _literal(value: Literal, language: Language) -> str:
    moment = value.toPython()
    if isinstance(moment, date) and language == "it":
        return f"{moment:%d/%m/%Y}"
    return _short(str(value), QUOTE_LENGTH)


def _label(node: Node, language: Language) -> str:
    words = ontology_graph()
    labels = [*words.objects(node, SKOS.prefLabel), *words.objects(node, RDFS.label)]
    found = (str(label) for label in labels if isinstance(label, Literal) and label.language == language)
    return next(found, "?").lower()


def _listed(words: Iterable[str], language: Language) -> str:
    *first, last = sorted(set(words)) or ["?"]
    joint = {"it": " e ", "en": " and "}[language]
    return ", ".join(first) + joint + last if first else last


def _actor(fault: Fault, language: Language) -> str:
    holder = fault.focus if fault.value is None or isinstance(fault.value, Literal) else fault.value
    return _listed(_actors(fault, [holder], language), language)


def _row_actors(fault: Fault, language: Language) -> str:
    return _listed(_actors(fault, fault.graph.objects(fault.place.row, RAC.hasResponsibility), language), language)


def _actors(fault: Fault, responsibilities: Iterable[Node], language: Language) -> list[str]:
    actors = [actor for node in responsibilities for actor in fault.graph.objects(node, RAC.actor)]
    return [_words(fault.graph, actor, language) for actor in actors]


def _status(basis: str) -> Callable[[Fault, Language], str]:
    def said(fault: Fault, language: Language) -> str:
        statuses = fault.graph.objects(fault.place.row, RAC.hasProtocolStatus)
        found = [node for node in statuses if (node, RAC.basis, concept("basis", basis)) in fault.graph]
        values = (value for node in found for value in fault.graph.objects(node, RAC.statusValue))
        return _listed((_label(value, language) for value in values), language)

    return said


def _instruments(fault: Fault, language: Language) -> str:
    named = fault.graph.objects(fault.place.row, RAC.namesInstrument)
    return _listed((_words(fault.graph, node, language) for node in named), language)


def _resources(fault: Fault, language: Language) -> str:
    texts = {text for node in _resources_of(fault) for text in map(str, fault.graph.objects(node, RAC.text))}
    return ", ".join(f"«{_short(text, TITLE_LENGTH)}»" for text in sorted(texts))


def _resources_of(fault: Fault) -> Iterable[Node]:
    return fault.graph.objects(fault.place.row, RAC.hasResource)


def _anchor(fault: Fault, language: Language) -> str:
    return _listed((str(anchor) for anchor in fault.graph.objects(fault.focus, RAC.anchor)), language)


def _elsewhere(fault: Fault, language: Language) -> str:
    """The other rows that have an item with the words of the value."""
    items = [node for node in fault.graph.subjects(RAC.text, fault.value) if node != fault.focus]
    rows = {row for item in items for row in fault.graph.subjects(None, item) if row != fault.place.row}
    found = {_row_name(fault.graph, row, language) for row in rows if (row, RDF.type, RAC.Row) in fault.graph}
    return "; ".join(sorted(found))


def _row_name(graph: Graph, row: Node, language: Language) -> str:
    kinds = {"it": ("obiettivo", "riga"), "en": ("objective", "row")}[language]
    objective = graph.value(row, RAC.rowOf)
    return ", ".join(
        _named(kind, _first(graph, node, number), _first(graph, node, name))
        for kind, node, number, name in zip(
            kinds, (objective, row), (RAC.number, RAC.order), (RAC.title, RAC.label), strict=True
        )
    )


def _first(graph: Graph, node: Node | None, term: URIRef) -> str | None:
    return min(map(str, graph.objects(node, term)), default=None)


def _period(fault: Fault, language: Language) -> str:
    first, joint = {"it": ("dal ", " al "), "en": ("from ", " to ")}[language]
    period = min(fault.graph.objects(None, RAC.hasPeriod), key=str, default=None)
    ends = [fault.graph.value(period, term) for term in (RAC.start, RAC.end)]
    return first + joint.join("?" if end is None else _words(fault.graph, end, language) for end in ends)


FILLERS: dict[str, Callable[[Fault, Language], str]] = {
    "value": _value,
    "fact": _fact,
    "actor": _actor,
    "actors": _row_actors,
    "marked": _status("column-mark"),
    "stated": _status("cell-text"),
    "instruments": _instruments,
    "resources": _resources,
    "anchor": _anchor,
    "elsewhere": _elsewhere,
    "period": _period,
}
