"""The SKOS vocabularies: in both languages, unambiguous, agreeing with the plan record, good at finding words."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import get_args

import pytest
from rdflib import Graph, Literal, URIRef

from loaders import records
from loaders.lexicon import phrases
from loaders.mentions import theme_of
from loaders.span import normalised
from ontology.graphs import ontology_graph, vocabulary, vocabulary_names
from ontology.terms import DCTERMS, OWL, RAC, RDF, RDFS, SKOS, VOCABULARY_BASE, concept

HERE = Path(__file__).parent
GRAPH = ontology_graph()
CONCEPTS = sorted({URIRef(str(subject)) for subject in GRAPH.subjects(SKOS.inScheme)})
LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
FILES = {
    "assertion": "assertions",
    "basis": "bases",
    "body": "bodies",
    "form": "forms",
    "fund": "funds",
    "indicator-kind": "indicator-kinds",
    "instrument-type": "instrument-types",
    "legal-act-type": "legal-act-types",
    "leps": "leps",
    "level": "levels",
    "measure": "measures",
    "policy-area": "policy-areas",
    "protocol-column": "protocol-columns",
    "relation": "relations",
    "resource-kind": "resource-kinds",
    "role": "roles",
    "service": "services",
    "status": "statuses",
    "target-area": "target-areas",
    "target-group": "target-groups",
    "theme": "themes",
}
# The same words before and after a name: which concept is meant depends on the side.
SHARED_LABELS = {("owner-cue", "capofila"), ("owner-cue", "ente capofila")}
# Schemes that readers search together, and the words that are rightly in two of them.
SEARCHED_TOGETHER = ("body", "service", "measure", "fund")
SHARED_BETWEEN_SCHEMES = {
    "f n a",
    "fondo nazionale non autosufficienza",
    "fondo nazionale per la non autosufficienza",
    "fondo nazionale per le non autosufficienze",
    "fondo non autosufficienza",
    "por fse",
    "pr fse",
}


def scheme_of(node: URIRef) -> str:
    return str(node).removeprefix(VOCABULARY_BASE).split("/")[0]


def italian_labels(node: URIRef) -> set[str]:
    return {str(o) for p in LABELS for o in GRAPH.objects(node, p) if getattr(o, "language", "") == "it"}


def notations(scheme: str) -> set[str]:
    graph = vocabulary(FILES[scheme])
    return {str(code) for node in graph.subjects(SKOS.inScheme) for code in graph.objects(node, SKOS.notation)}


def concepts_by_label(nodes: Iterable[URIRef], key: Callable[[str], object]) -> dict[object, set[URIRef]]:
    found: dict[object, set[URIRef]] = defaultdict(set)
    for node in nodes:
        for label in italian_labels(node):
            found[key(normalised(label) or label)].add(node)
    return found


@pytest.mark.parametrize("name", vocabulary_names())
def test_each_concept_is_complete_in_both_languages(name: str) -> None:
    graph = vocabulary(name)
    for node in graph.subjects(SKOS.inScheme):
        for predicate in (SKOS.prefLabel, SKOS.definition):
            assert sorted(str(getattr(o, "language", "")) for o in graph.objects(node, predicate)) == ["en", "it"], node
        assert len(set(graph.objects(node, SKOS.notation))) == 1, node


@pytest.mark.parametrize("name", vocabulary_names())
def test_each_file_is_one_scheme_with_a_header(name: str) -> None:
    graph = vocabulary(name)
    (scheme,) = graph.subjects(RDF.type, SKOS.ConceptScheme)
    assert {str(o) for o in graph.objects(None, SKOS.inScheme)} == {str(scheme)}
    assert set(graph.subjects(RDF.type, SKOS.Concept)) == set(graph.subjects(SKOS.inScheme))
    assert str(graph.value(scheme, DCTERMS.license)) == "https://creativecommons.org/licenses/by/4.0/"
    for predicate in (DCTERMS.title, DCTERMS.description):
        assert sorted(str(getattr(o, "language", "")) for o in graph.objects(scheme, predicate)) == ["en", "it"]


@pytest.mark.parametrize(("scheme", "name"), FILES.items())
def test_each_scheme_has_the_name_of_the_model_and_reaches_its_concepts(scheme: str, name: str) -> None:
    graph = vocabulary(name)
    iri = URIRef(VOCABULARY_BASE + scheme)
    tops = set(graph.subjects(SKOS.topConceptOf, iri))
    reached = {node for top in tops for node in graph.transitive_subjects(SKOS.broader, top)}
    assert set(graph.subjects(SKOS.inScheme, iri)) == reached
    assert all(concept(scheme, str(node).rsplit("/", 1)[-1]) == node for node in reached)


def test_no_label_is_shared_by_two_concepts_of_a_scheme() -> None:
    for scheme in {scheme_of(node) for node in CONCEPTS}:
        members = [node for node in CONCEPTS if scheme_of(node) == scheme]
        found = concepts_by_label(members, lambda label: label)
        shared = {label for label, nodes in found.items() if len(nodes) > 1}
        assert shared == {label for name, label in SHARED_LABELS if name == scheme}, scheme


def test_no_code_is_shared_by_two_concepts_of_a_scheme() -> None:
    codes = [(scheme_of(node), str(GRAPH.value(node, SKOS.notation))) for node in CONCEPTS]
    assert len(codes) == len(set(codes))


def test_labels_shared_between_schemes_searched_together_are_the_listed_ones() -> None:
    members = [node for node in CONCEPTS if scheme_of(node) in SEARCHED_TOGETHER]
    found = concepts_by_label(members, lambda label: label)
    shared = {label for label, nodes in found.items() if len({scheme_of(n) for n in nodes}) > 1}
    # The code itself is a label too: «FNA» names the fund and the measures it pays.
    assert shared == SHARED_BETWEEN_SCHEMES


@pytest.mark.parametrize("scheme", ["body", "service", "measure", "fund", "resource-kind"])
def test_what_names_an_entity_says_its_class(scheme: str) -> None:
    graph = vocabulary(FILES[scheme])
    for node in graph.subjects(SKOS.inScheme):
        (of_class,) = graph.objects(node, RAC.entityClass)
        assert (of_class, RDF.type, OWL.Class) in GRAPH


def test_links_between_concepts_lead_to_concepts() -> None:
    for predicate in (RAC.mayMean, RAC.replacedBy, SKOS.broader, SKOS.closeMatch):
        pairs = list(GRAPH.subject_objects(predicate))
        assert pairs
        assert {node for pair in pairs for node in pair} <= set(CONCEPTS)


def test_close_matches_are_mutual() -> None:
    pairs = set(GRAPH.subject_objects(SKOS.closeMatch))
    assert pairs == {(b, a) for a, b in pairs}


def test_what_is_replaced_ends() -> None:
    assert (concept("body", "ausl-8"), RAC.replacedBy, concept("body", "asp-8")) in GRAPH
    assert (concept("body", "cssa"), RAC.replacedBy, concept("body", "uepe")) in GRAPH
    assert (concept("service", "sert"), RAC.replacedBy, concept("service", "serd")) in GRAPH
    for node in GRAPH.subjects(RAC.replacedBy):
        assert re.fullmatch(r"\d{4}(-\d\d-\d\d)?", str(GRAPH.value(node, RAC.validTo))), node


def test_cav_is_never_expanded() -> None:
    cav = concept("service", "cav")
    senses = {concept("service", "centro-antiviolenza"), concept("service", "centro-aiuto-vita")}
    assert set(GRAPH.objects(cav, RAC.mayMean)) == senses
    assert all("CAV" not in italian_labels(sense) for sense in senses)
    assert GRAPH.value(cav, RAC.entityClass) == RAC.CAV
    assert {GRAPH.value(sense, RAC.entityClass) for sense in senses} == set(GRAPH.subjects(RDFS.subClassOf, RAC.CAV))


def test_case_sensitive_concepts_have_an_acronym_to_be_sensitive_about() -> None:
    for node in GRAPH.subjects(RAC.caseSensitive, Literal(True)):
        assert any(label.replace(".", "").isupper() for label in italian_labels(URIRef(str(node)))), node


def literal_values(annotation: object) -> set[str]:
    return set(get_args(annotation))


RECORD_CODES = {
    "role": literal_values(records.Role),
    "form": literal_values(records.Form),
    "status": literal_values(records.Resolved) - {"not_stated"},
    "level": literal_values(records.Objective.model_fields["level"].annotation),
    "indicator-kind": literal_values(records.Indicator.model_fields["kind"].annotation),
    "resource-kind": literal_values(records.Resource.model_fields["kind"].annotation),
    "assertion": literal_values(records.Period.model_fields["asserted_by"].annotation),
    "basis": literal_values(records.Basis) | {"column_mark", "cell_text", "derived"},
}


@pytest.mark.parametrize(("scheme", "codes"), RECORD_CODES.items())
def test_codes_are_those_of_the_plan_record(scheme: str, codes: set[str]) -> None:
    assert codes
    assert notations(scheme) == codes


@pytest.mark.parametrize("scheme", ["theme", "target-group"])
def test_themes_and_target_groups_go_by_their_slug(scheme: str) -> None:
    graph = vocabulary(FILES[scheme])
    for node in graph.subjects(SKOS.inScheme):
        assert str(node).rsplit("/", 1)[-1] == str(graph.value(node, SKOS.notation))


@pytest.mark.parametrize("scheme", ["role", "form", "status", "basis", "level", "indicator-kind", "legal-act-type"])
def test_other_closed_codes_are_their_slug_with_underscores(scheme: str) -> None:
    graph = vocabulary(FILES[scheme])
    for node in graph.subjects(SKOS.inScheme):
        assert str(node).rsplit("/", 1)[-1].replace("-", "_") == str(graph.value(node, SKOS.notation))


def test_relations_are_expressed_by_properties() -> None:
    graph: Graph = vocabulary("relations")
    concepts = {code: concept("relation", code.replace("_", "-")) for code in notations("relation")}
    without = {code for code, node in concepts.items() if graph.value(node, RAC.expressedBy) is None}
    assert without == {"has_count_of"}
    assert {o for o in graph.objects(None, RAC.expressedBy) if o not in RAC} == set()


def table(name: str) -> list[list[str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


@pytest.mark.parametrize(("title", "theme"), table("themes.csv"))
def test_theme_of_a_title(title: str, theme: str) -> None:
    assert theme_of(title) == (theme or None)


@pytest.mark.parametrize("theme", sorted(notations("theme")))
def test_every_theme_is_in_the_table_of_titles(theme: str) -> None:
    assert sum(expected == theme for _, expected in table("themes.csv")) >= 2


@pytest.mark.parametrize(("scheme", "text", "code"), table("spellings.csv"))
def test_spelling(scheme: str, text: str, code: str) -> None:
    found = phrases(FILES[scheme], scheme).find(f"presso: {text}; e altri")
    assert [match.entry.code for match in found] == ([code] if code else [])
