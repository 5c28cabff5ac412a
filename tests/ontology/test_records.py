"""Each class and field of the plan record has its class or property in the ontology, or a reason to have none."""

from __future__ import annotations

import csv
from pathlib import Path
from types import NoneType
from typing import get_args

import pytest
from pydantic import BaseModel
from rdflib import URIRef

from loaders import records
from ontology.graphs import modules_graph, ontology_graph
from ontology.terms import DCTERMS, OA, OWL, RAC, RDF, RDFS, SKOS

with (Path(__file__).parent / "record-pairs.csv").open(encoding="utf-8", newline="") as file:
    PAIRS = list(csv.DictReader(file))
RECORDS = {
    name: kind
    for name, kind in vars(records).items()
    if isinstance(kind, type) and issubclass(kind, records.Record) and kind is not records.Record
}
CLASSES = {pair["record"]: pair["term"] for pair in PAIRS if not pair["field"] and pair["term"]}
PREFIXES = {"rac": str(RAC), "dcterms": str(DCTERMS), "oa": str(OA)}
GRAPH = modules_graph()


def term(name: str) -> URIRef:
    prefix, local = name.split(":")
    return URIRef(PREFIXES[prefix] + local)


def record_of(annotation: object) -> type[BaseModel] | None:
    """The record class inside a field's annotation, such as `tuple[Row, ...]` or `Timeline | None`."""
    if isinstance(annotation, type) and issubclass(annotation, records.Record):
        return annotation
    inside = [part for part in get_args(annotation) if part not in (NoneType, Ellipsis)]
    return next((found for part in inside if (found := record_of(part))), None)


def test_every_class_and_field_of_the_record_is_paired() -> None:
    fields = {(name, field) for name, kind in RECORDS.items() for field in (*kind.model_fields, "")}
    assert {(pair["record"], pair["field"]) for pair in PAIRS} == fields
    assert len(PAIRS) == len(fields)


def test_what_has_no_term_says_why() -> None:
    for pair in PAIRS:
        assert pair["term"] or pair["why"], pair


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair["term"]], ids=lambda p: f"{p['record']}.{p['field']}")
def test_a_paired_term_exists_and_is_of_the_right_kind(pair: dict[str, str]) -> None:
    kinds = set(ontology_graph().objects(term(pair["term"]), RDF.type))
    assert kinds, pair["term"]
    if not pair["field"]:
        assert OWL.Class in kinds
    elif OWL.Class in kinds:
        assert pair["why"] or pair["record"] in {"Territory", "PlanRecord"}


def test_a_field_that_stands_on_its_record_has_a_property_of_that_class() -> None:
    for pair in PAIRS:
        domain = GRAPH.value(term(pair["term"]), RDFS.domain) if pair["term"] and pair["field"] else None
        if domain is None or pair["why"].startswith("on ") or pair["record"] not in CLASSES:
            continue
        own = term(CLASSES[pair["record"]])
        assert domain in set(GRAPH.transitive_objects(own, RDFS.subClassOf)), pair


def test_a_field_of_records_leads_to_their_class() -> None:
    for pair in PAIRS:
        if not (pair["field"] and pair["term"]):
            continue
        inside = record_of(RECORDS[pair["record"]].model_fields[pair["field"]].annotation)
        reached = GRAPH.value(term(pair["term"]), RDFS.range)
        if inside is None or inside.__name__ not in CLASSES or reached in (None, SKOS.Concept):
            continue
        above = set(GRAPH.transitive_objects(URIRef(str(reached)), RDFS.subClassOf))
        if pair["why"].startswith(("on ", "its fields")) or pair["term"] in {"rac:inPlan", "rac:citesLegalAct"}:
            continue
        assert term(CLASSES[inside.__name__]) in above, pair
