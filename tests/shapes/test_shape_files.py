"""The shapes are kept like code: named, labelled, sourced, and made of terms that exist."""

from __future__ import annotations

import re
from itertools import chain

import pytest
from pyshacl.entrypoints import meta_validate
from rdflib import DCTERMS, RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import Node

from ontology.graphs import ontology_graph
from ontology.terms import OA, RAC, RAC_NAMESPACE, VOCABULARY_BASE
from shapes.bundle import RULES, SHAPES, Rule, load_bundle, shapes_bundle
from shapes.prose import FILLERS
from shapes.results import path_text

BUNDLE = shapes_bundle()
GRAPH = BUNDLE.graph
KINDS = (SH.NodeShape, SH.PropertyShape, SH.SPARQLTarget, SH.SPARQLConstraint)
NODES = sorted({node for kind in KINDS for node in GRAPH.subjects(RDF.type, kind)}, key=str)
QUERIES = sorted(GRAPH.subjects(SH.select), key=str)
# What pyshacl takes for a forbidden keyword even inside a name, and what it takes for one before a value.
FORBIDDEN = re.compile(r"(minus|service)[\s{<]|\bvalues\b", re.IGNORECASE)
KNOWN_SH = {
    "NodeShape", "PropertyShape", "SPARQLTarget", "SPARQLConstraint", "Violation", "Warning", "Info",
    "targetClass", "targetSubjectsOf", "targetObjectsOf", "target", "path", "alternativePath", "property", "sparql",
    "select", "prefixes", "declare", "prefix", "namespace", "severity", "message", "minCount", "maxCount", "in", "or",
    "not", "class",
    "pattern", "flags", "qualifiedValueShape", "qualifiedMinCount", "lessThan", "lessThanOrEquals",
}  # fmt: skip


def test_no_file_is_broken() -> None:
    assert BUNDLE.broken_files == ()
    assert len(list(SHAPES.glob("*.ttl"))) == 11


def test_shapes_are_named() -> None:
    shape_links = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape, SH.sparql, SH.target)
    lists = chain.from_iterable(GRAPH.items(node) for node in GRAPH.objects(None, SH["or"]))
    used = {node for link in shape_links for node in GRAPH.objects(None, link)} | set(lists)
    assert not [node for node in (*NODES, *used) if isinstance(node, BNode)]
    assert used <= set(NODES)
    assert all(str(node).startswith(str(RULES)) for node in NODES)


def test_every_shape_serves_a_rule() -> None:
    reached = set().union(*(set(BUNDLE.alone(rule).subjects()) for rule in BUNDLE.rules))
    assert set(NODES) <= reached


@pytest.mark.parametrize("node", NODES, ids=lambda node: str(node).removeprefix(str(RULES)))
def test_labels_in_both_languages(node: Node) -> None:
    if (node, RDF.type, SH.SPARQLConstraint) not in GRAPH:
        assert languages(node, RDFS.label) == ["en", "it"]


@pytest.mark.parametrize("rule", BUNDLE.rules, ids=lambda rule: rule.name)
def test_rule_says_what_it_is(rule: Rule) -> None:
    assert languages(rule.iri, SH.message) == ["en", "it"]
    assert languages(rule.iri, RULES.template) in ([], ["en", "it"])
    assert languages(rule.iri, RULES.remedy) == ["en", "it"]
    assert len(list(GRAPH.objects(rule.iri, SH.severity))) == 1
    assert len(list(GRAPH.objects(rule.iri, DCTERMS.source))) == 1
    # A shape inside a rule would give results in its own name.
    assert (rule.iri, SH.property, None) not in GRAPH
    assert "{" not in rule.message.it + rule.message.en
    for template in (rule.template.it, rule.template.en):
        assert set(re.findall(r"\{(\w+)\}", template)) <= set(FILLERS)
        assert not re.search(r"\{[?$]", template)


def languages(node: Node, term: URIRef) -> list[str | None]:
    return sorted(value.language or "" for value in GRAPH.objects(node, term) if isinstance(value, Literal))


@pytest.mark.parametrize("query", QUERIES, ids=lambda node: str(node).removeprefix(str(RULES)))
def test_query(query: Node) -> None:
    text = str(GRAPH.value(query, SH.select))
    assert (query, SH.prefixes, URIRef("https://w3id.org/raccordo/shapes")) in GRAPH
    assert (query, SH.severity, None) not in GRAPH
    assert (query, SH.message, None) not in GRAPH
    assert "SELECT DISTINCT" in text
    assert not FORBIDDEN.search(text)
    prepareQuery(prologue(query) + text)
    for prefix, name in re.findall(r"\b([a-z]+):([\w-]+)", text):
        assert exists(namespace(prefix) + name), f"{prefix}:{name}"


def prologue(query: Node) -> str:
    declarations = [
        each for ontology in GRAPH.objects(query, SH.prefixes) for each in GRAPH.objects(ontology, SH.declare)
    ]
    pairs = ((GRAPH.value(each, SH.prefix), GRAPH.value(each, SH.namespace)) for each in declarations)
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in pairs)


def namespace(prefix: str) -> str:
    declaration = GRAPH.value(predicate=SH.prefix, object=Literal(prefix))
    return str(GRAPH.value(declaration, SH.namespace))


def exists(iri: str) -> bool:
    if iri.startswith(RAC_NAMESPACE):
        return URIRef(iri) in RAC
    if URIRef(iri) in (OA.hasSource, RDFS.label):
        return True
    return (URIRef(iri), None, None) in ontology_graph()


def test_terms_exist() -> None:
    ours = {str(node) for triple in GRAPH for node in triple if isinstance(node, URIRef)}
    assert [iri for iri in ours if iri.startswith((RAC_NAMESPACE, VOCABULARY_BASE)) and not exists(iri)] == []


def test_shacl_terms_are_known() -> None:
    terms = {str(node) for triple in GRAPH for node in triple if isinstance(node, URIRef) and node.startswith(str(SH))}
    assert {term.removeprefix(str(SH)) for term in terms} <= KNOWN_SH


def test_paths_read_as_paths() -> None:
    for path in GRAPH.objects(None, SH.path):
        assert path_text(GRAPH, path)


def test_patterns_compile_in_both_dialects() -> None:
    for pattern in GRAPH.objects(None, SH.pattern):
        re.compile(str(pattern))
        # What Rust's regular expressions lack.
        assert not re.search(r"\(\?[=!<]|\\[1-9]", str(pattern))


def test_no_literal_that_pyshacl_reads_otherwise() -> None:
    """pyshacl reads `"1"^^xsd:boolean` in its own way only where it parses the shapes itself."""
    text = "".join(path.read_text(encoding="utf-8") for path in SHAPES.glob("*.ttl"))
    assert "XMLSchema#boolean" not in text
    assert "xsd:boolean" not in text


def test_shapes_conform_to_shacl() -> None:
    """W3C's own shapes for shapes, which pyshacl carries, accept ours."""
    conforms, _, text = meta_validate(Graph() + GRAPH, inference="none", max_validation_depth=30)
    assert conforms, text


def test_same_files_same_digest() -> None:
    assert load_bundle().digest == load_bundle().digest == BUNDLE.digest
