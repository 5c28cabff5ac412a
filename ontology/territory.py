"""The territory register: a table of facts becomes Turtle (`python -m ontology.territory CSV TTL`).

Each row becomes a `rac:TerritoryFact` with its confidence and source. Rows of high and medium confidence also state the
bodies and areas they name and the relation between them; a row of low confidence states nothing beyond the fact node.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from ontology.graphs import vocabulary
from ontology.iris import Iris
from ontology.terms import RAC, RDF, RDFS, SKOS, XSD
from ontology.turtle import to_turtle

_CONFIDENCES = ("high", "medium", "low")
_KINDS = (
    *("ATS", "ASST", "AUSL", "ASL", "AST", "IRCCS", "Ambito", "Distretto", "Comune", "UnionOfComuni"),
    *("Province", "Region", "SocialServicesAgency", "UfficioDiPiano"),
)
_LITERAL_KINDS = ("Code",)
# Entries of the national vocabularies of places: `cities/098031-(1995-01-01)`, `provinces/098`, `regions/03`.
_CLV_KIND = "CLV"
_CLV_BASE = "https://w3id.org/italia/controlled-vocabulary/territorial-classifications/"
_COUNTS = {"Ambito": "countOfAmbiti", "ASST": "countOfASST", "Distretto": "countOfDistretti"}
# A note may open with other names of the subject: «alias: Crema; Cremasco. …»
_ALIASES = re.compile(r"^alias: ([^.]+)\.")


class RegisterError(ValueError):
    """A row of the register that cannot be read; the message names the line and what it may hold."""


@dataclass(frozen=True)
class FactRow:
    """One row of the register, field by column; empty where the table says nothing."""

    subject_type: str
    subject: str
    relation: str
    object_type: str
    object: str
    region: str
    istat_code: str
    valid_from: str
    valid_to: str
    confidence: str
    source: str
    note: str


def read_rows(path: Path) -> list[FactRow]:
    """The rows of the CSV file at `path` (UTF-8, with header). Raises `RegisterError`."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        expected = [field.name for field in fields(FactRow)]
        if reader.fieldnames != expected:
            raise RegisterError(f"{path}: the columns must be {', '.join(expected)}")
        return [_checked(FactRow(**row), f"{path}, line {reader.line_num}") for row in reader]


def build_register(rows: Iterable[FactRow], iris: Iris) -> Graph:
    """The register as a graph: entities, relations and one fact node per row."""
    return _Register(list(rows), iris).graph()


def main(arguments: list[str] | None = None) -> int:
    """Build the register from a CSV file; 0 when written, 2 when the table cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m ontology.territory", description="Build the territory register.")
    parser.add_argument("csv", type=Path, help="the table of facts")
    parser.add_argument("ttl", type=Path, help="the Turtle file to write")
    options = parser.parse_args(arguments)
    try:
        graph = build_register(read_rows(options.csv), Iris())
    except RegisterError as error:
        print(error, file=sys.stderr)
        return 2
    options.ttl.write_text(to_turtle(graph), encoding="utf-8")
    print(f"{options.ttl}: {len(graph)} triples")
    return 0


class _Register:
    def __init__(self, rows: list[FactRow], iris: Iris) -> None:
        self._rows = rows
        self._iris = iris
        self._codes = {(row.subject, row.region): row.istat_code for row in rows if row.istat_code}
        self._graph = Graph()

    def graph(self) -> Graph:
        for row in self._rows:
            subject = self._entity(row.subject_type, row.subject, row)
            predicate, value = _predicate(row), self._value(row)
            self._add_fact(row, subject, predicate, value)
            if row.confidence != "low":
                self._state(row, subject, predicate, value)
        return self._graph

    def _entity(self, kind: str, name: str, row: FactRow) -> URIRef:
        code = self._codes.get((name, row.region)) if kind == "Comune" else None
        return self._iris.territory(kind, code or name)

    def _value(self, row: FactRow) -> URIRef | Literal:
        if row.relation == "has_count_of":
            return Literal(row.object, datatype=XSD.integer)
        if row.object_type in _LITERAL_KINDS:
            return Literal(row.object)
        if row.object_type == _CLV_KIND:
            return URIRef(_CLV_BASE + row.object)
        return self._entity(row.object_type, row.object, row)

    def _add_fact(self, row: FactRow, subject: URIRef, predicate: URIRef, value: URIRef | Literal) -> None:
        node = self._iris.fact(_digest(row))
        qualifiers = {
            RAC.confidence: row.confidence,
            RAC.source: row.source,
            RAC.validFrom: row.valid_from,
            RAC.validTo: row.valid_to,
            RAC.note: row.note,
        }
        self._add(node, RDF.type, RAC.TerritoryFact)
        self._add(node, RDF.subject, subject)
        self._add(node, RDF.predicate, predicate)
        self._add(node, RDF.object, value)
        for term, text in qualifiers.items():
            if text:
                self._add(node, term, Literal(text))

    def _state(self, row: FactRow, subject: URIRef, predicate: URIRef, value: URIRef | Literal) -> None:
        self._describe(subject, row.subject_type, row.subject, row.region)
        if row.istat_code:
            self._add(subject, RAC.istatCode, Literal(row.istat_code))
        if aliases := _ALIASES.match(row.note):
            for alias in aliases[1].split(";"):
                self._add(subject, SKOS.altLabel, Literal(alias.strip(), lang="it"))
        if row.object_type in _KINDS and isinstance(value, URIRef):
            self._describe(value, row.object_type, row.object, row.region)
        # A count is what one source says of a region, not what the region is.
        if row.relation != "has_count_of":
            self._add(subject, predicate, value)

    def _describe(self, node: URIRef, kind: str, name: str, region: str) -> None:
        self._add(node, RDF.type, RAC[kind])
        self._add(node, RDFS.label, Literal(name, lang="it"))
        if kind != "Region" and region:
            area = self._iris.territory("Region", region)
            self._describe(area, "Region", region, "")
            self._add(node, RAC.inRegion, area)

    def _add(self, subject: URIRef, predicate: URIRef, value: Node) -> None:
        self._graph.add((subject, predicate, value))


def _checked(row: FactRow, place: str) -> FactRow:
    kinds = (*_KINDS, *_LITERAL_KINDS, _CLV_KIND)
    allowed: dict[str, Mapping[str, object] | tuple[str, ...]] = {
        "subject_type": _KINDS,
        "object_type": _COUNTS if row.relation == "has_count_of" else kinds,
        "relation": _properties(),
        "confidence": _CONFIDENCES,
    }
    for column, values in allowed.items():
        if getattr(row, column) not in values:
            raise RegisterError(f"{place}: {column} is {getattr(row, column)!r}, not one of {', '.join(values)}")
    if not row.subject or not row.object or not row.source:
        raise RegisterError(f"{place}: subject, object and source must be filled")
    return row


def _predicate(row: FactRow) -> URIRef:
    if row.relation == "has_count_of":
        return RAC[_COUNTS[row.object_type]]
    return _properties()[row.relation]


@cache
def _properties() -> Mapping[str, URIRef]:
    """The property of each relation code; `has_count_of` has one per kind of thing counted."""
    graph = vocabulary("relations")
    codes = {str(code): concept for concept, code in graph.subject_objects(SKOS.notation)}
    return {code: URIRef(str(graph.value(concept, RAC.expressedBy))) for code, concept in sorted(codes.items())}


def _digest(row: FactRow) -> str:
    values = "\x1f".join(str(getattr(row, field.name)) for field in fields(FactRow))
    return hashlib.sha256(values.encode()).hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
