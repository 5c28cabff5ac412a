"""The OWL modules: each term in both languages and in one place, and nothing that OWL 2 DL or HermiT refuses."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from rdflib import BNode, Graph, URIRef

from ontology.graphs import MODULES, modules_graph, ontology_graph
from ontology.terms import DCTERMS, OWL, RAC, RAC_NAMESPACE, RDF, RDFS, SKOS, XSD, concept

ROOT = Path(__file__).parents[2]
KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
# The OWL 2 datatypes that the modules use; xsd:date and xsd:gYear are not OWL 2 datatypes.
DATATYPES = {XSD.string, XSD.integer, XSD.decimal, XSD.boolean}
TERMS = sorted({URIRef(str(s)) for s in modules_graph().subjects(RDF.type) if s in RAC})


def module(name: str) -> Graph:
    return Graph().parse(ROOT / "ontology" / f"{name}.ttl")


def languages(term: URIRef, predicate: URIRef) -> Counter[str]:
    return Counter(str(getattr(o, "language", "")) for o in modules_graph().objects(term, predicate))


def test_each_term_has_one_label_and_one_definition_in_each_language() -> None:
    once = {"it": 1, "en": 1}
    for term in TERMS:
        assert languages(term, RDFS.label) == once, term
        assert languages(term, SKOS.definition) == once, term


def test_labels_are_not_shared_by_two_terms_of_one_kind() -> None:
    graph = modules_graph()
    shared = Counter(
        (graph.value(term, RDF.type), label) for term in TERMS for label in graph.objects(term, RDFS.label)
    )
    assert [entry for entry, count in shared.items() if count > 1] == []


def test_each_term_is_defined_in_one_module() -> None:
    homes = Counter(term for name in MODULES for term in set(module(name).subjects(RDFS.label)))
    assert [term for term, count in homes.items() if count > 1] == []
    assert set(homes) == set(TERMS)


def test_modules_are_the_files_of_the_folder() -> None:
    assert set(MODULES) == {path.stem for path in (ROOT / "ontology").glob("*.ttl")}


@pytest.mark.parametrize("name", MODULES)
def test_each_module_has_a_full_header(name: str) -> None:
    graph = module(name)
    (header,) = graph.subjects(RDF.type, OWL.Ontology)
    assert str(graph.value(header, OWL.versionIRI)).startswith(f"{header}/")
    assert str(graph.value(header, DCTERMS.license)) == "https://creativecommons.org/licenses/by/4.0/"
    for predicate in (DCTERMS.title, DCTERMS.description):
        assert sorted(str(getattr(o, "language", "")) for o in graph.objects(header, predicate)) == ["en", "it"]


def test_no_term_is_of_two_kinds() -> None:
    graph = modules_graph()
    kinds = {term: set(graph.objects(term, RDF.type)) & KINDS for term in set(graph.subjects(RDF.type))}
    assert [term for term, found in kinds.items() if len(found) > 1] == []
    assert [term for term in TERMS if len(kinds[term]) != 1] == []


def test_axioms_name_only_declared_terms_and_owl_2_datatypes() -> None:
    graph = modules_graph()
    declared = set(graph.subjects(RDF.type)) | DATATYPES
    axioms = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.inverseOf, OWL.disjointWith)
    named = {node for axiom in axioms for pair in graph.subject_objects(axiom) for node in pair}
    assert named - declared == set()


def test_every_predicate_of_the_modules_is_declared() -> None:
    graph = modules_graph()
    builtin = (str(RDF), str(RDFS), str(OWL))
    used = {p for p in graph.predicates() if not str(p).startswith(builtin)}
    assert used - set(graph.subjects(RDF.type)) == set()


def test_properties_keep_to_their_kind() -> None:
    graph = modules_graph()
    for kind, is_data in ((OWL.ObjectProperty, False), (OWL.DatatypeProperty, True)):
        ranges = {r for p in graph.subjects(RDF.type, kind) for r in graph.objects(p, RDFS.range)}
        assert ranges
        assert all((r in DATATYPES) is is_data for r in ranges)


def test_hierarchies_have_no_cycle() -> None:
    graph = modules_graph()
    for axiom in (RDFS.subClassOf, RDFS.subPropertyOf):
        for term in TERMS:
            above = {a for parent in graph.objects(term, axiom) for a in graph.transitive_objects(parent, axiom)}
            assert term not in above


def test_the_ontology_has_no_blank_nodes() -> None:
    assert [node for triple in ontology_graph() for node in triple if isinstance(node, BNode)] == []


@pytest.mark.parametrize("path", ["docs/model.md", *(f"ontology/{name}.ttl" for name in MODULES)])
def test_names_written_in_a_file_are_terms(path: str) -> None:
    names = set(re.findall(r"\brac:([A-Za-z]\w*)", (ROOT / path).read_text(encoding="utf-8")))
    # «rac:has…» in the model's prose stands for all of them.
    assert {name for name in names - {"has"} if RAC_NAMESPACE + name not in map(str, TERMS)} == set()


def test_row_content_properties_share_a_parent() -> None:
    graph = modules_graph()
    from_row = set(graph.transitive_subjects(RDFS.subPropertyOf, RAC.hasContent))
    assert {RAC.hasAction, RAC.hasIndicator, RAC.hasResponsibility, RAC.hasTimeline, RAC.namesInstrument} < from_row


def test_an_ambito_is_not_a_body() -> None:
    graph = modules_graph()
    assert RAC.Organization not in set(graph.transitive_objects(RAC.Ambito, RDFS.subClassOf))
    assert (RAC.Ambito, OWL.disjointWith, RAC.Distretto) in graph


def test_unknown_terms_raise() -> None:
    with pytest.raises(AttributeError, match="rac:Obiettivo"):
        _ = RAC.Obiettivo
    with pytest.raises(KeyError):
        _ = RAC["Obiettivo"]
    assert URIRef(RAC_NAMESPACE + "Obiettivo") not in RAC
    assert URIRef("https://example.org/Plan") not in RAC


def test_known_terms_are_iris_even_where_strings_have_methods() -> None:
    assert RAC.title == RAC["title"] == URIRef(RAC_NAMESPACE + "title")
    assert RAC.title in RAC
    assert str(RAC) == RAC_NAMESPACE


def test_concepts_are_closed_too() -> None:
    assert concept("theme", "abitare") == URIRef("https://w3id.org/raccordo/vocab/theme/abitare")
    with pytest.raises(KeyError, match="theme/abitarre"):
        concept("theme", "abitarre")
    with pytest.raises(KeyError):
        concept("themes", "abitare")
