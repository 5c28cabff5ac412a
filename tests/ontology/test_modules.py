"""Modules stand alone with what they import: nothing is missing, nothing is fetched, and OWL 2 DL holds."""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rdflib import Graph, Literal, URIRef

from ontology import check
from ontology.consistency import ReasonerMissing
from ontology.counts import count_modules, count_vocabularies, table
from ontology.graphs import MODULES, module, modules_graph
from ontology.profile import CATALOG, JARS, check_profile, main
from ontology.terms import DCTERMS, OWL, RAC, RAC_NAMESPACE, RDF, RDFS, XSD
from ontology.usage import check_usage

ROOT = Path(__file__).parents[2]
BASE = RAC_NAMESPACE.removesuffix("#") + "/"
needs_owlapi = pytest.mark.skipif(
    shutil.which("javac") is None or not any(JARS.glob("*.jar")),
    reason="the OWL API needs a JDK and its jars (`make owlapi`), and one of them is not here",
)
PLANTED = {
    "Use of undeclared datatype: xsd:date": "rac:day a owl:DatatypeProperty ; rdfs:range xsd:date .",
    "Use of undeclared class": "rac:from a owl:ObjectProperty ; rdfs:domain rac:Nowhere .",
    "Use of undeclared annotation property": "rac:Row rac:nowhere rac:Plan .",
    "Use of non-simple property": "rac:far a owl:ObjectProperty , owl:TransitiveProperty . rac:Row rdfs:subClassOf "
    '[ a owl:Restriction ; owl:onProperty rac:far ; owl:maxCardinality "1"^^xsd:nonNegativeInteger ] .',
}


def catalog() -> dict[str, str]:
    entries = ET.parse(CATALOG).iter("{urn:oasis:names:tc:entity:xmlns:xml:catalog}uri")
    return {entry.attrib["name"]: entry.attrib["uri"] for entry in entries}


def closure(name: str) -> Graph:
    """The module with all that it imports, found by the catalog."""
    graph, seen, waiting = Graph(), set[str](), [BASE + name]
    while waiting:
        iri = waiting.pop()
        if iri not in seen:
            seen.add(iri)
            found = Graph().parse(CATALOG.parent / catalog()[iri])
            graph += found
            waiting += [str(imported) for imported in found.objects(URIRef(iri), OWL.imports)]
    return graph


def test_the_catalog_lists_the_modules() -> None:
    assert catalog() == {BASE + name: f"{name}.ttl" for name in MODULES}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_and_what_it_imports_declare_all_that_they_name(name: str) -> None:
    graph = closure(name)
    builtin = (str(RDF), str(RDFS), str(OWL), str(XSD))
    declared = set(graph.subjects(RDF.type))
    used = {p for p in graph.predicates()}
    for axiom in (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.inverseOf, OWL.disjointWith):
        used |= {node for pair in graph.subject_objects(axiom) for node in pair}
    assert {node for node in used if not str(node).startswith(builtin)} <= declared


def test_modules_import_only_modules() -> None:
    imported = {str(target) for name in MODULES for target in module(name).objects(None, OWL.imports)}
    assert imported
    assert imported <= set(catalog())


@pytest.mark.parametrize("name", MODULES)
def test_each_header_names_its_sources_and_the_project(name: str) -> None:
    (header,) = module(name).subjects(RDF.type, OWL.Ontology)
    assert module(name).value(header, DCTERMS.source)
    creators = {str(o) for o in module(name).objects(header, DCTERMS.creator)}
    assert creators == {"Progetto Raccordo", "The Raccordo project"}


@needs_owlapi
def test_the_modules_are_in_owl_2_dl(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    assert capsys.readouterr().out == "in OWL 2 DL\n"


@needs_owlapi
def test_what_owl_2_dl_refuses_is_found_and_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    for path in (CATALOG, *CATALOG.parent.glob("*.ttl")):
        shutil.copy(path, tmp_path)
    with (tmp_path / "plan.ttl").open("a", encoding="utf-8") as file:
        file.write("\n" + "\n".join(PLANTED.values()))
    found = check_profile(tmp_path / CATALOG.name)
    assert [words for words in PLANTED if not any(words in line for line in found)] == []
    (tmp_path / "organisation.ttl").write_text("not Turtle", encoding="utf-8")
    with pytest.raises(RuntimeError, match="cannot read the modules"):
        check_profile(tmp_path / CATALOG.name)


def test_without_java_the_profile_is_not_judged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ReasonerMissing):
        check_profile()
    assert main() == 2
    assert "Java" in capsys.readouterr().err
    assert check.main([]) == 0
    assert "not run" in capsys.readouterr().out
    assert check.main(["--java"]) == 2


def test_names_and_terms_agree() -> None:
    usage = check_usage()
    assert usage.holds, check.describe_usage(usage)


def test_a_name_without_a_term_and_a_term_without_a_use_are_found(tmp_path: Path) -> None:
    for room in ("loaders", "queries"):
        (tmp_path / room).mkdir()
    (tmp_path / "loaders" / "graph.py").write_text('x = RAC.Plann\ny = RAC[kind]\nz = "Fund"\n', encoding="utf-8")
    (tmp_path / "queries" / "a.rq").write_text("SELECT * { ?x a rac:Row }", encoding="utf-8")
    graph = Graph() + modules_graph()
    for name in ("Row", "refersTo"):
        graph.add((RAC[name], RAC.extension, Literal(True)))
    usage = check_usage(graph, tmp_path)
    assert usage.unknown == {"Plann": ("loaders/graph.py",)}
    assert "Plan" in usage.unused
    assert usage.extensions == ("Row", "refersTo")
    assert usage.idle_marks == ("Row",)
    # «Resource» is above «Fund».
    assert not {"Row", "Fund", "Resource"} & set(usage.unused)
    assert "unknown: rac:Plann in loaders/graph.py" in check.describe_usage(usage)


def test_every_term_and_concept_is_labelled_and_defined() -> None:
    for count in (*count_modules(), *count_vocabularies()):
        assert count.labelled == count.defined == count.terms, count
    assert sum(count.terms for count in count_modules()) == len({s for s in modules_graph().subjects() if s in RAC})
    assert table(count_modules()).splitlines()[0].split() == [
        "terms",
        "label",
        "defin.",
        "example",
        "source",
        "aligned",
    ]
