"""Alignments: no upstream term is invented, the Turtle is the table's, and nothing imports them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef

from ontology.alignment import (
    SSSOM,
    TableError,
    alignment_graph,
    alignment_names,
    build_alignment,
    main,
    read_table,
    upstream_terms,
)
from ontology.consistency import check_consistency
from ontology.graphs import modules_graph, ontology_graph
from ontology.terms import DCTERMS, OWL, RDF, RDFS, SKOS, concept
from ontology.turtle import to_turtle

FOLDER = Path(__file__).parents[2] / "ontology" / "alignments"
TABLES = {name: read_table(FOLDER / f"{name}.sssom.tsv") for name in alignment_names()}
MATCHES = {SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch}
OWN = {str(subject) for subject in ontology_graph().subjects()}
UPSTREAM = frozenset[str]().union(*upstream_terms().values())
# Each source that the alignments must reach, and a namespace of it.
REACHED = {
    "COV": "https://w3id.org/italia/onto/COV/",
    "CLV": "https://w3id.org/italia/onto/CLV/",
    "CPSV": "https://w3id.org/italia/onto/CPSV/",
    "TI": "https://w3id.org/italia/onto/TI/",
    "RO": "https://w3id.org/italia/onto/RO/",
    "Indicator": "https://w3id.org/italia/onto/Indicator/",
    "DCAT-AP_IT": "http://dati.gov.it/onto/dcatapit#",
    "ORG": "http://www.w3.org/ns/org#",
    "PROV-O": "http://www.w3.org/ns/prov#",
    "SKOS": "http://www.w3.org/2004/02/skos/core#",
    "Web Annotation": "http://www.w3.org/ns/oa#",
    "P-Plan": "http://purl.org/net/p-plan#",
    "TIME": "http://www.w3.org/2006/time#",
    "CPOV": "http://data.europa.eu/m8g/PublicOrganisation",
    "Core Public Service": "http://purl.org/vocab/cpsv#",
    "ELI": "http://data.europa.eu/eli/ontology#",
    "COFOG": "https://w3id.org/italia/controlled-vocabulary/classifications-for-organizations/cofog-2009/",
    "EU data themes": "http://publications.europa.eu/resource/authority/data-theme/",
    "EuroVoc": "http://eurovoc.europa.eu/",
}


@pytest.mark.parametrize("name", TABLES)
def test_no_term_is_invented(name: str) -> None:
    for mapped in TABLES[name].mappings:
        assert str(mapped.subject) in OWN, mapped.subject
        assert str(mapped.object) in UPSTREAM | OWN, mapped.object


@pytest.mark.parametrize(("source", "namespace"), REACHED.items())
def test_each_source_is_reached(source: str, namespace: str) -> None:
    objects = {str(mapped.object) for table in TABLES.values() for mapped in table.mappings}
    assert any(iri.startswith(namespace) for iri in objects), source


def test_the_lists_of_upstream_terms_say_where_they_come_from() -> None:
    for path in (FOLDER / "upstream").glob("*.txt"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert [line.split(": ")[0] for line in lines[:3]] == ["# source", "# version", "# files"], path
        assert lines[3:] == sorted(set(lines[3:])), path


def test_terms_that_do_not_exist_upstream_are_not_in_the_lists() -> None:
    # Known traps: the z of COV's own alignments, a property that RO dropped, the spelling that P-Plan does not have.
    for iri in (
        "http://data.europa.eu/m8g/PublicOrganization",
        "https://w3id.org/italia/onto/RO/forAgent",
        "http://purl.org/net/p-plan#isPrecededBy",
    ):
        assert iri not in UPSTREAM


@pytest.mark.parametrize("name", TABLES)
def test_the_turtle_is_that_of_the_table(name: str) -> None:
    built = build_alignment(TABLES[name])
    assert to_turtle(built) == (FOLDER / f"{name}.ttl").read_text(encoding="utf-8")
    assert set(built) == set(alignment_graph(name))


def test_the_command_writes_what_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    before = {name: (FOLDER / f"{name}.ttl").read_bytes() for name in TABLES}
    assert main() == 0
    assert before == {name: (FOLDER / f"{name}.ttl").read_bytes() for name in TABLES}
    assert capsys.readouterr().out.splitlines() == [f"{n}: {len(t.mappings)} mappings" for n, t in TABLES.items()]


@pytest.mark.parametrize("name", TABLES)
def test_each_mapping_is_a_triple_with_a_confidence(name: str) -> None:
    graph = alignment_graph(name)
    records = set(graph.subjects(RDF.type, SSSOM.Mapping))
    assert len(records) == len(set(TABLES[name].mappings)) == len(TABLES[name].mappings)
    for record in records:
        subject, predicate, target = (
            graph.value(record, slot) for slot in (SSSOM.subject_id, SSSOM.predicate_id, SSSOM.object_id)
        )
        assert (subject, predicate, target) in graph
        assert 0 < float(str(graph.value(record, SSSOM.confidence))) <= 1


def test_concepts_are_matched_and_terms_are_placed_or_matched() -> None:
    for name, table in TABLES.items():
        allowed = MATCHES if name == "vocabularies" else {RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch}
        assert {mapped.predicate for mapped in table.mappings} <= allowed, name


def test_a_class_is_placed_below_classes_and_a_property_below_properties() -> None:
    graph = modules_graph()
    for table in TABLES.values():
        for mapped in table.mappings:
            kind = graph.value(mapped.subject, RDF.type)
            assert (mapped.predicate == RDFS.subClassOf) <= (kind == OWL.Class), mapped.subject
            assert (mapped.predicate == RDFS.subPropertyOf) <= (kind == OWL.ObjectProperty), mapped.subject


def test_nothing_imports_an_alignment_and_no_alignment_imports() -> None:
    imported = set(modules_graph().objects(None, OWL.imports))
    for name in TABLES:
        graph = alignment_graph(name)
        (header,) = graph.subjects(RDF.type, OWL.Ontology)
        assert header not in imported
        assert (header, OWL.imports, None) not in graph
        assert {str(getattr(o, "language", "")) for o in graph.objects(header, DCTERMS.title)} == {"en", "it"}
    assert (None, RDF.type, SSSOM.Mapping) not in ontology_graph()


def test_each_theme_is_mapped_with_a_confidence() -> None:
    areas = {concept("policy-area", letter) for letter in "abcdefghijk"}
    reached = {m.object for m in TABLES["vocabularies"].mappings if "/theme/" in m.subject}
    assert areas <= reached
    themes = set(ontology_graph().subjects(SKOS.inScheme, URIRef("https://w3id.org/raccordo/vocab/theme")))
    assert themes == {m.subject for m in TABLES["vocabularies"].mappings if "/theme/" in m.subject}


@pytest.mark.skipif(shutil.which("java") is None, reason="HermiT runs on Java, and there is no java here")
def test_the_modules_hold_with_every_alignment_loaded() -> None:
    graph = Graph() + modules_graph()
    for name in TABLES:
        graph += alignment_graph(name)
    kinds = {RDFS.subClassOf: OWL.Class, RDFS.subPropertyOf: OWL.ObjectProperty}
    whole = Graph()
    for subject, predicate, value in graph:
        # Records and matches are annotations: the reasoner is given what can be wrong.
        if (subject, RDF.type, SSSOM.Mapping) in graph or predicate in MATCHES:
            continue
        whole.add((subject, predicate, value))
        if predicate in kinds:
            whole.add((value, RDF.type, kinds[URIRef(str(predicate))]))
    assert check_consistency(whole).holds


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("0.95", "sure"), "confidence is 'sure'"),
        (("0.95", "1.5"), "confidence is '1.5'"),
        (("m8g:PublicOrganisation", "m9g:PublicOrganisation"), "the prefix 'm9g' is not in curie_map"),
        (("object_id", "object"), "the columns must be subject_id"),
    ],
)
def test_a_wrong_table_is_refused(change: tuple[str, str], words: str, tmp_path: Path) -> None:
    table = tmp_path / "eu.sssom.tsv"
    table.write_text((FOLDER / "eu.sssom.tsv").read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    with pytest.raises(TableError) as error:
        read_table(table)
    assert words in str(error.value)
    assert str(table) in str(error.value)


def test_an_alignment_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        alignment_graph("nothing")
    assert Literal("0.1.0") == alignment_graph("eu").value(TABLES["eu"].iri, OWL.versionInfo)
