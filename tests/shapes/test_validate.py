"""Isolation of broken rules, empty plans, hostile words, and reports that are the same in every run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from rdflib import RDF, XSD, Graph, Literal, URIRef

from ontology.iris import Iris
from ontology.terms import DCTERMS, RAC
from shapes.bundle import SHAPES, Bundle, load_bundle, shapes_bundle
from shapes.engine import ENGINES, EngineName
from shapes.report import Finding, ShapeCheck, ValidationReport, report_graph
from shapes.unwatched import DQV
from shapes.validate import Unit, validate_graph, validate_unit

HERE = Path(__file__).parent
IRIS = Iris()
ROW = IRIS.child(IRIS.plan("p"), "objective", 1, "row", 1)

BROKEN_RULES = {
    "syntax of its query": """
        shapes:broken a sh:NodeShape ; sh:targetClass rac:Row ; sh:sparql shapes:broken-query .
        shapes:broken-query sh:select "SELECT DISTINCT $this WHERE { this is no query }" .""",
    "keyword that pyshacl refuses": """
        shapes:broken a sh:NodeShape ; sh:targetClass rac:Row ; sh:sparql shapes:broken-query .
        shapes:broken-query sh:select "SELECT $this WHERE { $this ?p ?o MINUS { $this ?p 1 } }" .""",
    "pattern": """
        shapes:broken a sh:PropertyShape ; sh:targetClass rac:Row ; sh:path rac:label ; sh:pattern "(" .""",
    "number that is no number": """
        shapes:broken a sh:PropertyShape ; sh:targetClass rac:Row ; sh:path rac:label ; sh:minCount "uno" .""",
    "two paths": """
        shapes:broken a sh:PropertyShape ; sh:targetClass rac:Row ; sh:path rac:label , rac:title ; sh:minCount 1 .""",
    "prefix that nobody declares": """
        shapes:broken a sh:NodeShape ; sh:targetClass rac:Row ; sh:sparql shapes:broken-query .
        shapes:broken-query sh:select "SELECT DISTINCT $this WHERE { $this nobody:declares ?value }" .""",
    "rule that derives": """
        shapes:broken a sh:NodeShape ; sh:targetClass rac:Row ; sh:rule shapes:broken-query .""",
    "query of its target": """
        shapes:broken a sh:PropertyShape ; sh:target shapes:broken-target ; sh:path rac:label ; sh:minCount 1 .
        shapes:broken-target a sh:SPARQLTarget ; sh:select "SELECT ?this WHERE {" .""",
}
PREFIXES = """
@prefix rac: <https://w3id.org/raccordo/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shapes: <https://w3id.org/raccordo/shapes#> .
"""


def small_plan(*examples: str) -> Graph:
    graph = Graph().parse(HERE / "base.ttl")
    for example in examples:
        graph.parse(HERE / example / "fail.ttl")
    return graph


def bundle_with(folder: Path, name: str, text: str) -> Bundle:
    for path in SHAPES.glob("*.ttl"):
        shutil.copy(path, folder)
    (folder / name).write_text(text, encoding="utf-8")
    return load_bundle(folder)


def check_of(report: ValidationReport, rule: str) -> ShapeCheck:
    return next(check for check in report.checks if check.rule == rule)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("fault", BROKEN_RULES)
def test_broken_rule_is_not_run_and_the_others_are(tmp_path: Path, fault: str, engine: EngineName) -> None:
    bundle = bundle_with(tmp_path, "broken.ttl", PREFIXES + BROKEN_RULES[fault])
    graph = small_plan("row-indicator", "status-agrees")
    unit = Unit("p", graph.serialize(format="nt", encoding="utf-8"))
    report = validate_unit(unit, IRIS, bundle, engine)
    whole = validate_unit(unit, IRIS, engine=engine)
    assert check_of(report, "broken").outcome == "not-run"
    assert check_of(report, "broken").reason
    assert report.findings == whole.findings
    assert [check for check in report.checks if check.rule != "broken"] == list(whole.checks)


def test_broken_rule_never_conforms(tmp_path: Path) -> None:
    bundle = bundle_with(tmp_path, "broken.ttl", PREFIXES + BROKEN_RULES["pattern"])
    assert not validate_graph(small_plan(), "p", IRIS, bundle).conforms


def test_broken_file_is_not_run_and_the_others_are(tmp_path: Path) -> None:
    bundle = bundle_with(tmp_path, "owners.ttl", "shapes:row-owner a sh:PropertyShape")
    report = validate_graph(small_plan("row-indicator"), "p", IRIS, bundle)
    assert check_of(report, "owners.ttl").outcome == "not-run"
    assert not report.conforms
    assert [finding.rule for finding in report.findings] == ["row-indicator"]


@pytest.mark.parametrize("graph", [Graph(), Graph().parse(HERE / "base.ttl")], ids=["nothing", "another plan"])
def test_empty_plan_never_conforms(graph: Graph) -> None:
    report = validate_graph(graph, "empty", IRIS)
    assert not report.conforms
    assert {"plan-objective", "plan-territory", "plan-period"} <= {finding.rule for finding in report.findings}


def test_what_finds_no_node_is_not_verified() -> None:
    report = validate_graph(Graph(), "empty", IRIS)
    verified = {check.rule for check in report.checks if check.outcome != "not-verified"}
    assert verified == {"plan-title", "plan-territory", "plan-period", "plan-objective"}
    assert all((check.focus_count == 0) == (check.rule not in verified) for check in report.checks)


def test_every_rule_is_accounted_for() -> None:
    report = validate_graph(small_plan("row-indicator"), "p", IRIS)
    assert [check.rule for check in report.checks] == sorted(rule.name for rule in shapes_bundle().rules)
    assert sum(check.finding_count for check in report.checks) == len(report.findings)
    assert check_of(report, "row-indicator").focus_count == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_what_no_rule_looks_at_is_told(engine: EngineName) -> None:
    graph = small_plan()
    known = {one.kind: one.count for one in validate_graph(graph, "p", IRIS).unwatched}
    assert str(RAC.Ambito) in known
    assert str(RAC.Row) not in known
    for number in range(3):
        graph.add((URIRef(f"{IRIS.plan('p')}/ufficio/{number}"), RDF.type, RAC.UfficioDiPiano))
    unit = Unit("p", graph.serialize(format="nt", encoding="utf-8"))
    report = validate_unit(unit, IRIS, engine=engine)
    assert {one.kind: one.count for one in report.unwatched} == {**known, str(RAC.UfficioDiPiano): 3}
    (offices,) = (one for one in report.unwatched if one.kind == str(RAC.UfficioDiPiano))
    assert "Ufficio di Piano" in offices.label.it
    assert DQV.hasQualityMeasurement in set(report_graph(report, IRIS).predicates())


def test_a_word_with_two_spellings_is_told_once() -> None:
    graph = small_plan()
    texts = ("Percorsi socio-sanitari", "Rete socio-sanitaria", "Rete sociosanitaria", "Incontri sovra zonali")
    for number, text in enumerate(texts):
        item = URIRef(f"{ROW}/action/{number}")
        for link, value in (
            (RDF.type, RAC.Action),
            (RAC.text, Literal(text)),
            (RAC.hasPassage, IRIS.child(IRIS.plan("p"), "passage", 1)),
        ):
            graph.add((item, link, value))
        graph.add((ROW, RAC.hasAction, item))
    (finding,) = validate_graph(graph, "p", IRIS).findings
    assert finding.rule == "word-one-spelling"
    assert "«socio-sanitar…»" in finding.message.it


def test_graph_is_not_changed() -> None:
    graph = small_plan("row-indicator")
    before = set(graph)
    validate_graph(graph, "p", IRIS)
    assert set(graph) == before


def test_two_runs_are_byte_identical() -> None:
    examples = sorted(path.parent.name for path in HERE.glob("*/fail.ttl"))
    graph = small_plan(*examples)
    shuffled = Graph()
    for triple in sorted(graph, reverse=True):
        shuffled.add(triple)
    first, second = (validate_graph(each, "p", IRIS) for each in (graph, shuffled))
    assert len(first.findings) >= 10
    assert first.to_json().encode() == second.to_json().encode()


def test_findings_are_in_order() -> None:
    report = validate_graph(small_plan("row-indicator", "nothing-unread", "row-timeline-advised"), "p", IRIS)
    severities = [finding.severity for finding in report.findings]
    assert severities == sorted(severities, key=["violation", "warning", "info"].index)


def test_ids_stay_when_other_findings_come() -> None:
    alone = validate_graph(small_plan("row-indicator"), "p", IRIS).findings
    together = validate_graph(small_plan("row-indicator", "nothing-unread"), "p", IRIS).findings
    assert {finding.id for finding in alone} < {finding.id for finding in together}


def test_ids_tell_plans_apart() -> None:
    ids = {validate_graph(Graph(), plan, IRIS).findings[0].id for plan in ("a", "b")}
    assert len(ids) == 2


def test_typed_strings_are_strings() -> None:
    """A store may give `"x"^^xsd:string` for `"x"`; pyshacl would tell them apart."""
    graph = Graph()
    for s, p, o in small_plan("row-items-distinct"):
        typed = isinstance(o, Literal) and o.datatype is None and o.language is None
        graph.add((s, p, Literal(str(o), datatype=XSD.string) if typed else o))
    assert [finding.rule for finding in validate_graph(graph, "p", IRIS).findings] == ["row-items-distinct"]


HOSTILE = [
    r"C:\piani\nuovo\g<0>\1",
    "{value} {?value} {$this} {} {0}",
    "<script>alert(1)</script> & <b>",
    "virgolette \"doppie\", 'semplici' e ```",
    "http://www.w3.org/ns/shacl#minCount sh:minCount",
    "\\",
    "{",
    "senza fine: \u202e \u0000 \ud7ff \U0001f600",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_appear_verbatim(words: str) -> None:
    finding = unread(words)
    assert words in finding.message.it
    assert words in finding.message.en


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_title_appears_verbatim(words: str) -> None:
    graph = small_plan("row-indicator")
    objective = IRIS.child(IRIS.plan("p"), "objective", 1)
    graph.set((objective, RAC.title, Literal(words)))
    graph.set((IRIS.plan("p"), DCTERMS.title, Literal(words)))
    (finding,) = validate_graph(graph, "p", IRIS).findings
    assert finding.objective_title == words
    assert words in finding.message.it


def unread(words: str) -> Finding:
    graph = small_plan()
    block = IRIS.child(IRIS.plan("p"), "unread", 1)
    for term, value in ((RDF.type, RAC.UnreadBlock), (RAC.inPlan, IRIS.plan("p")), (RAC.text, Literal(words))):
        graph.add((block, term, value))
    graph.add((block, RAC.hasPassage, IRIS.child(IRIS.plan("p"), "passage", 2)))
    (finding,) = validate_graph(graph, "p", IRIS).findings
    return finding


def test_long_words_are_cut_in_the_sentence_and_whole_in_the_quote() -> None:
    words = "parola " * 100
    graph = small_plan("row-indicator")
    graph.set((IRIS.child(IRIS.plan("p"), "objective", 1), RAC.title, Literal(words)))
    (finding,) = validate_graph(graph, "p", IRIS).findings
    assert finding.objective_title == words
    assert "parola…»" in finding.message.it
    assert len(finding.message.it) < 200


def test_place_is_row_objective_and_words() -> None:
    graph = small_plan()
    graph.remove((ROW, RAC.hasIndicator, None))
    (finding,) = validate_graph(graph, "p", IRIS).findings
    assert (finding.objective_number, finding.objective_title) == ("1", "Valutazione integrata")
    assert (finding.row_order, finding.row_label) == (1, "Dimissioni protette")
    assert (finding.file, finding.page, finding.line) == ("piano.txt", 1, 5)
    assert (finding.quote, finding.absent) == ("Dimissioni protette", True)
    assert finding.message.it == (
        "Obiettivo 1 «Valutazione integrata», riga 1 «Dimissioni protette»: "
        "manca l'indicatore: non si vedrà se l'obiettivo è raggiunto."
    )


def test_place_climbs_from_what_hangs_deep() -> None:
    graph = small_plan()
    selector = URIRef(f"{IRIS.plan('p')}/passage/2/selector")
    graph.remove((selector, None, Literal(59)))
    (finding,) = validate_graph(graph, "p", IRIS).findings
    assert (finding.rule, finding.row_order, finding.line) == ("selector-end", 1, 5)


def test_missing_on_the_plan_has_the_file_as_place() -> None:
    graph = small_plan()
    graph.remove((None, RAC.coversTerritory, None))
    (finding,) = validate_graph(graph, "p", IRIS).findings
    assert (finding.file, finding.line, finding.absent) == ("piano.txt", None, True)


def test_two_plans_give_the_same_together_as_apart() -> None:
    """A plan is checked alone, so a body shared with another plan cannot mix their values."""
    first, second = small_plan("row-owner"), small_plan("owner-single")
    apart = [validate_graph(graph, "p", IRIS) for graph in (first, second)]
    again = [validate_graph(graph, "p", IRIS) for graph in (second, first)]
    assert apart == again[::-1]
