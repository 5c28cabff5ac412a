"""What two plans say together: each rule finds its pair and no other, of all plans or of one."""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox
import pytest

from ontology.iris import Iris
from ontology.terms import RAC_NAMESPACE, concept
from shapes.across_plans import check_pairs, our_rules

IRIS = Iris()
PLACE = IRIS.territory("ambito", "lodi")
WORDS = "Avvio di un tavolo tecnico permanente con la ASST"


def plan(name: str, start: int, words: str, label: str = "Ambito di Lodi") -> str:
    iri = IRIS.plan(name)
    return f"""GRAPH <{IRIS.plan_graph(name)}> {{
      <{iri}> a rac:Plan ; rac:coversTerritory <{PLACE}> ; rac:hasPeriod <{iri}/period> ; dcterms:title "Piano {name}" ;
        rac:setOutIn <{iri}/document> .
      <{iri}/document> a rac:SocioHealthIntegrationPlan .
      <{iri}/period> rac:start "{start}-01-01"^^xsd:date ; rac:end "{start + 2}-12-31"^^xsd:date .
      <{PLACE}> rdfs:label "{label}"@it .
      <{iri}/row> a rac:Row ; rac:hasAction <{iri}/action> . <{iri}/action> rac:text "{words}" .
    }}"""


def store(*plans: str) -> ox.Store:
    prefixes = f"""PREFIX rac: <{RAC_NAMESPACE}> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
      PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"""
    made = ox.Store()
    made.update(f"{prefixes} INSERT DATA {{ {' '.join(plans)} }}")
    return made


def found(made: ox.Store, graph: str | None = None) -> list[tuple[str, str, str]]:
    report = check_pairs(asking(made), SyntaxError, graph)
    assert not any(check.fault for check in report.checks)
    assert sum(check.finding_count for check in report.checks) == len(report.findings)
    return [(one.rule, one.graph.rsplit("/", 1)[1], one.other_graph.rsplit("/", 1)[1]) for one in report.findings]


def asking(made: ox.Store):
    return lambda query: made.query(query).serialize(format=ox.QueryResultsFormat.JSON)


def on_violence(name: str, start: int, status: str, planned: str = "") -> str:
    """A plan with one row on gender violence, its protocol in this status, perhaps with an instrument to be written."""
    iri = IRIS.plan(name)
    row = f"<{iri}/objective/1/row/1>"
    instrument = f"{row} rac:plansInstrument <{iri}/planned> ." if planned else ""
    more = f"""GRAPH <{IRIS.plan_graph(name)}> {{
      <{iri}> rac:hasObjective <{iri}/objective/1> .
      <{iri}/objective/1> rac:theme <{concept("theme", "violenza-di-genere")}> ; rac:title "Violenza" ;
        rac:hasRow {row} .
      {row} rac:rowOf <{iri}/objective/1> ; rac:hasProtocolStatus <{iri}/status> . {instrument}
      <{iri}/status> rac:basis <{concept("basis", "derived")}> ; rac:statusValue <{concept("status", status)}> .
    }}"""
    return plan(name, start, "x") + more


CASES = {
    "a protocol lost": (
        (on_violence("a", 2018, "present"), on_violence("b", 2021, "absent")),
        [("protocol-stays", "b", "a")],
    ),
    "a protocol kept": ((on_violence("a", 2018, "present"), on_violence("b", 2021, "present")), []),
    "a protocol promised twice": (
        (on_violence("a", 2018, "absent", "protocollo"), on_violence("b", 2021, "in-preparation", "protocollo")),
        [("protocol-gets-done", "b", "a")],
    ),
    "a protocol promised and made": (
        (on_violence("a", 2018, "absent", "protocollo"), on_violence("b", 2021, "present", "aggiornamento")),
        [],
    ),
    "nothing in common": ((plan("a", 2018, "x"), plan("b", 2021, "y")), []),
    "the same years": ((plan("a", 2021, "x"), plan("b", 2021, "y")), [("same-place-same-time", "a", "b")]),
    "two names": ((plan("a", 2018, "x"), plan("b", 2021, "y", "Ambito lodigiano")), [("body-one-name", "a", "b")]),
    "the same words": ((plan("a", 2018, WORDS), plan("b", 2021, WORDS)), [("period-moves", "b", "a")]),
}


@pytest.mark.parametrize("case", CASES)
def test_each_rule_finds_its_pair(case: str) -> None:
    plans, expected = CASES[case]
    assert found(store(*plans)) == expected
    assert found(store(*plans), str(IRIS.plan_graph("a"))) == expected
    assert found(store(*plans), str(IRIS.plan_graph("b"))) == expected


def test_every_rule_has_a_case() -> None:
    assert {rule for _, expected in CASES.values() for rule, *_ in expected} == {rule.name for rule in our_rules()}


def test_pairs_of_one_plan_are_its_part_of_all_pairs() -> None:
    made = store(plan("a", 2021, WORDS), plan("b", 2021, "y"), plan("c", 2024, WORDS), plan("d", 2024, "z", "Lodi"))
    everything = found(made)
    assert len(everything) == 6
    for name in "abcd":
        assert found(made, str(IRIS.plan_graph(name))) == [one for one in everything if name in one[1:]]


def test_sentences_hold_words_and_no_iris() -> None:
    protocols = on_violence("p", 2015, "present", "x"), on_violence("q", 2018, "absent", "x")
    made = store(plan("a", 2021, WORDS), plan("b", 2021, "y"), plan("c", 2024, WORDS, "Lodi"), *protocols)
    report = check_pairs(asking(made), SyntaxError)
    assert {one.rule for one in report.findings} == {rule.name for rule in our_rules()}
    for one in report.findings:
        for sentence in (one.message.it, one.message.en):
            assert "http" not in sentence
            assert "?" not in sentence
            assert "{" not in sentence


def test_hostile_words_appear_verbatim() -> None:
    words = f"{WORDS} {{title}} <b> {chr(92)}g<0>"
    escaped = words.replace(chr(92), chr(92) * 2)
    report = check_pairs(asking(store(plan("a", 2018, escaped), plan("b", 2021, escaped))), SyntaxError)
    assert [one.rule for one in report.findings] == ["period-moves"]
    assert words in report.findings[0].message.it


def test_a_broken_rule_is_not_run_and_the_others_are() -> None:
    made = store(*CASES["the same words"][0])
    broken = replace(our_rules()[0], name="broken", query="SELECT")
    report = check_pairs(asking(made), SyntaxError, rules=(broken, *our_rules()))
    assert [check.rule for check in report.checks if check.fault] == ["broken"]
    assert report.findings == check_pairs(asking(made), SyntaxError).findings


def test_two_runs_are_byte_identical() -> None:
    plans = (plan("a", 2021, WORDS), plan("b", 2021, "y"), plan("c", 2024, WORDS))
    one, two = (check_pairs(asking(store(*order)), SyntaxError).to_json() for order in (plans, plans[::-1]))
    assert one == two
