"""The published form of the ontology: the same graph in every format, a reference in each language, the term diff."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import lxml.html
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic

from ontology.alignment import alignment_names
from ontology.changes import changes_since_tag, compare, to_markdown
from ontology.graphs import MODULES, module, modules_graph, ontology_graph, vocabulary_names
from ontology.publish import main
from ontology.published import DUMP_FORMATS, ONTOLOGY, find_document, schemes, version, whole_graph
from ontology.reference import LANGUAGES
from ontology.terms import OWL, RAC, RAC_NAMESPACE, RDF, RDFS, SKOS

ROOT = Path(__file__).parents[2]
HOUSE = {str(one) for one in modules_graph().subjects(RDF.type, None) if str(one).startswith(RAC_NAMESPACE)}
VISIBLE = {*modules_graph().subjects(RDF.type, OWL.Class), *modules_graph().subjects(RDF.type, OWL.ObjectProperty)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("published")
    # A process of its own: pyLODE leaves a file open, which is a warning here.
    subprocess.run([sys.executable, "-m", "ontology.publish", str(made)], cwd=ROOT, check=True)
    return made


@pytest.mark.parametrize("stem", ["raccordo", *(f"modules/{name}" for name in MODULES), "vocabularies/themes"])
def test_every_format_says_the_same(folder: Path, stem: str) -> None:
    graphs = [Graph().parse(folder / f"{stem}.{suffix}") for suffix in DUMP_FORMATS]
    assert len(graphs[0]) > 5
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])


def test_every_part_has_its_files(folder: Path) -> None:
    for room, names in (
        ("modules", MODULES),
        ("vocabularies", vocabulary_names()),
        ("alignments", alignment_names()),
    ):
        assert {path.stem for path in (folder / room).iterdir()} == set(names)


def test_the_whole_is_its_modules_under_one_header() -> None:
    whole = whole_graph()
    assert set(modules_graph().subjects(RDFS.label)) <= set(whole.subjects(RDFS.label))
    assert (ONTOLOGY, OWL.versionIRI, ONTOLOGY + "/" + version()) in whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_names_each_term_in_its_language_alone(folder: Path, language: str) -> None:
    text = (folder / f"reference.{language}.html").read_text(encoding="utf-8")
    page = lxml.html.document_fromstring(text)
    assert page.get("lang") == language
    anchors = {element.get("id") for element in page.iter() if element.get("id")}
    house = [one for one in VISIBLE if str(one).startswith(RAC_NAMESPACE)]
    assert {str(one).removeprefix(RAC_NAMESPACE) for one in house} <= anchors
    words = " ".join(page.text_content().split())
    for one in house:
        for label in modules_graph().objects(one, SKOS.definition):
            assert isinstance(label, Literal)
            assert (" ".join(label.split()) in words) == (label.language == language), label


def test_the_italian_reference_has_no_english_heading(folder: Path) -> None:
    page = lxml.html.parse(folder / "reference.it.html").getroot()
    headings = {" ".join((one.text_content()).split()) for one in page.iter("h2", "th", "dt")}
    english = {"Metadata", "Classes", "Description", "Domain", "Range", "License", "Legend"}
    assert "Descrizione" in headings and "Classi" in headings
    assert not {one for one in headings if one in english or re.search(r" Of$| Properties$", one)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_loads_nothing_and_has_its_diagrams(folder: Path, language: str) -> None:
    page = lxml.html.parse(folder / f"reference.{language}.html").getroot()
    for name, attribute in (("script", "src"), ("img", "src"), ("iframe", "src")):
        assert not [one for one in page.iter(name) if one.get(attribute)]
    assert all(one.get("href", "").startswith("data:") for one in page.iter("link"))
    assert len(page.findall(".//svg")) == 3
    drawn = " ".join(text for svg in page.iter("svg") for text in svg.itertext())
    labels = {one.language: str(one) for one in modules_graph().objects(RAC.hasObjective, RDFS.label)}
    assert labels[language] in drawn


def test_a_link_of_the_reference_leads_somewhere(folder: Path) -> None:
    page = lxml.html.parse(folder / "reference.en.html").getroot()
    anchors = {one.get("id") for one in page.iter() if one.get("id")}
    inside = {one.get("href")[1:] for one in page.iter("a") if one.get("href", "").startswith("#")}
    lost = {one for one in inside - anchors if f"{RAC_NAMESPACE}{one}" in HOUSE}
    assert not lost


def test_a_term_is_added_removed_or_changed() -> None:
    old, new = Graph(), Graph()
    for name, before, after in (("A", "a", "a"), ("B", "b", "other"), ("C", "c", None), ("D", None, "d")):
        for graph, label in ((old, before), (new, after)):
            if label:
                graph.add((URIRef(RAC_NAMESPACE + name), RDF.type, OWL.Class))
                graph.add((URIRef(RAC_NAMESPACE + name), RDFS.label, Literal(label)))
    found = compare(old, new, "v1")
    short = [[iri.removeprefix(RAC_NAMESPACE) for iri in one] for one in (found.added, found.removed, found.changed)]
    assert short == [["D"], ["C"], ["B"]]
    assert "since v1" in to_markdown(found) and "Changed (1)" in to_markdown(found)


def test_without_a_tag_every_term_is_new(tmp_path: Path) -> None:
    found = changes_since_tag(ontology_graph(), tmp_path)
    assert found.since is None and set(found.added) >= HOUSE and not found.removed


def test_the_tag_is_read_from_git(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@t", *arguments], cwd=tmp_path, check=True)

    (tmp_path / "ontology").mkdir()
    for name in MODULES:
        module(name).serialize(tmp_path / "ontology" / f"{name}.ttl", format="turtle")
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "x")
    git("tag", "v9")
    now = modules_graph() + Graph()
    now.remove((RAC.Row, RDFS.label, None))
    now.remove((RAC.Mention, None, None))
    found = changes_since_tag(now, tmp_path)
    assert (found.since, found.added) == ("v9", ())
    assert found.removed == (str(RAC.Mention),) and found.changed == (str(RAC.Row),)


def test_each_iri_of_the_ontology_has_its_document() -> None:
    for iri, kind in (
        (str(ONTOLOGY), "ontology"),
        (f"{ONTOLOGY}/{version()}", "ontology"),
        (f"{ONTOLOGY}/plan", "module"),
        (f"{ONTOLOGY}/plan/{version()}", "module"),
        *((str(one.iri), "scheme") for one in schemes()),
        ("https://w3id.org/raccordo/vocab/theme/abitare", "concept"),
    ):
        found = find_document(iri)
        assert found is not None and found.kind == kind and len(found.graph) > 1, iri
    for iri in (f"{ONTOLOGY}/none", f"{ONTOLOGY}/plan/0.0.0", "https://w3id.org/raccordo/vocab/theme/none"):
        assert find_document(iri) is None


def test_the_command_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "FOLDER" in capsys.readouterr().err
