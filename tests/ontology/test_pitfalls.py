"""Pitfall checks: the ontology has no error, and each check finds the fault that it is for."""

from __future__ import annotations

import csv

import pytest
from rdflib import Graph

from ontology.graphs import MODULES, module, modules_graph
from ontology.pitfalls import FOLDER, SEVERITIES, find_pitfalls, main, summary, table

PREFIXES = """
@prefix : <https://w3id.org/raccordo/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix m: <https://w3id.org/raccordo/ontology/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix v: <https://w3id.org/raccordo/vocab/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FAULTS = {
    "concept-label": 'v:new a skos:Concept ; skos:prefLabel "Nuovo"@it .',
    "dangling-replacement": 'v:old a skos:Concept ; :replacedBy v:new ; :validTo "poi" . v:new a skos:Concept .',
    "date-in-axiom": ":day a owl:DatatypeProperty ; rdfs:range xsd:gYear .",
    "disjoint-ancestors": ":Both a owl:Class ; rdfs:subClassOf :ATS , :ASST .",
    "empty-definition": ':New rdfs:label "Nuovo ente"@it ; skos:definition "Nuovo ente."@it .',
    "hierarchy-cycle": "v:a skos:broader v:b . v:b skos:broader v:a .",
    "inverse-mismatch": ":of a owl:ObjectProperty ; owl:inverseOf :hasTarget ; rdfs:domain :Plan .",
    "name-form": ":lower a owl:Class .",
    "one-language-example": ':New skos:example "Un esempio."@it .',
    "ontology-header": "m:new a owl:Ontology ; owl:versionIRI <https://w3id.org/raccordo/ontology/new/1> .",
    "scheme-header": 'v:new a skos:ConceptScheme ; dcterms:title "Nuovo"@it , "New"@en .',
    "several-domains": ":row a owl:ObjectProperty ; rdfs:domain :Row , :Plan .",
    "shared-label": ':New a owl:Class ; rdfs:label "Ambito territoriale sociale"@it .',
    "stray-concept": "v:new a skos:Concept ; skos:inScheme v:theme .",
    "term-definition": ':New a owl:Class ; skos:definition "Qualcosa."@it .',
    "term-label": ':New a owl:Class ; rdfs:label "Nuovo"@it .',
    "two-kinds": ":hasRow a owl:DatatypeProperty .",
    "unconnected-class": ':New a owl:Class ; rdfs:label "Nuovo"@it .',
    "undeclared-term": ":New a owl:Class ; rdfs:subClassOf :Nothing .",
    "institution-source": ":New a owl:Class ; rdfs:subClassOf :PublicBody .",
    "open-property": ':loose a owl:ObjectProperty ; rdfs:label "libero"@it .',
    "siblings-not-disjoint": ":One a owl:Class ; rdfs:subClassOf :Rendition . :Two rdfs:subClassOf :Rendition .",
}
# Faults of one module, which the whole does not show: the module, and what it then says.
MODULE_FAULTS = {
    "missing-import": ("organisation", ":Row a owl:NamedIndividual ."),
    "idle-import": ("organisation", "m:organisation owl:imports m:vocabulary ."),
}


# What the faults are planted in: the modules and one concept, small enough to be judged many times.
GROUND = modules_graph() + Graph().parse(data=PREFIXES + "v:top skos:topConceptOf v:theme ; skos:inScheme v:theme .")


def found_in(fault: str, modules: list[Graph] | None = None) -> dict[str, set[tuple[str, ...]]]:
    faulty = GROUND + Graph().parse(data=PREFIXES + fault)
    return {pitfall.name: set(pitfall.rows) for pitfall in find_pitfalls(faulty, modules)}


@pytest.fixture(scope="module")
def sound() -> dict[str, set[tuple[str, ...]]]:
    return found_in("")


def test_the_ontology_has_no_error_and_no_warning(capsys: pytest.CaptureFixture[str]) -> None:
    broken = [pitfall for pitfall in find_pitfalls() if pitfall.rows and pitfall.severity != "info"]
    assert broken == []
    assert main() == 0
    assert "error        0  term-label" in capsys.readouterr().out


def test_every_query_has_its_header_its_severity_and_a_planted_fault() -> None:
    names = {path.name.removesuffix("-violation.rq") for path in FOLDER.glob("*.rq")}
    with (FOLDER / "severity.tsv").open(encoding="utf-8", newline="") as file:
        severities = {row["check"]: row["severity"] for row in csv.DictReader(file, delimiter="\t")}
    assert set(severities) == names == set(FAULTS) | set(MODULE_FAULTS)
    assert set(severities.values()) == set(SEVERITIES)
    for path in FOLDER.glob("*.rq"):
        problem, remedy = path.read_text(encoding="utf-8").splitlines()[:2]
        assert problem.startswith("# Problem: "), path
        assert remedy.startswith("# Remedy: "), path


@pytest.mark.parametrize(("name", "fault"), FAULTS.items())
def test_a_planted_fault_is_found(name: str, fault: str, sound: dict[str, set[tuple[str, ...]]]) -> None:
    assert found_in(fault)[name] - sound[name]


@pytest.mark.parametrize(("name", "where", "fault"), [(n, *fault) for n, fault in MODULE_FAULTS.items()])
def test_a_fault_planted_in_a_module_is_found(
    name: str, where: str, fault: str, sound: dict[str, set[tuple[str, ...]]]
) -> None:
    planted = Graph().parse(data=PREFIXES + fault)
    modules = [module(other) + planted if other == where else module(other) for other in MODULES]
    assert found_in(fault, modules)[name] - sound[name]


def test_an_error_is_told_with_its_remedy_and_fails() -> None:
    found = find_pitfalls(GROUND + Graph().parse(data=PREFIXES + FAULTS["date-in-axiom"]))
    assert [pitfall.name for pitfall in found if pitfall.blocks] == ["date-in-axiom", "term-definition", "term-label"]
    for text in (table(found), summary(found)):
        assert "Leave the datatype of dates to the SHACL shapes." in text
        assert "https://w3id.org/raccordo/ontology#day" in text
