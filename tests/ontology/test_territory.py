"""The territory register: what each kind of row states, what it refuses, and that the file kept is the one built."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef

from ontology.graphs import territory_graph
from ontology.iris import Iris
from ontology.terms import RAC, RDF, RDFS, SKOS, XSD
from ontology.territory import FactRow, RegisterError, build_register, main, read_rows
from ontology.turtle import to_turtle

ROOT = Path(__file__).parents[2]
CSV = ROOT / "data" / "territory" / "territory.csv"
TTL = ROOT / "data" / "territory" / "territory.ttl"
IRIS = Iris()
LODI = IRIS.territory("ambito", "Lodi")
ROW = FactRow("Ambito", "Lodi", "refers_to", "ASST", "ASST di Lodi", "Lombardia", "", "2021", "", "high", "an act", "")
COMUNE = FactRow("Comune", "Lodi", "member_of", "Ambito", "Lodi", "Lombardia", "098031", "", "", "high", "an act", "")


def register(*rows: FactRow) -> Graph:
    return build_register(rows, IRIS)


@pytest.fixture(scope="module")
def kept() -> Graph:
    return territory_graph(TTL)


def test_the_file_kept_is_the_file_built(tmp_path: Path) -> None:
    assert main([str(CSV), str(tmp_path / "built.ttl")]) == 0
    assert (tmp_path / "built.ttl").read_bytes() == TTL.read_bytes()


def test_every_row_of_the_table_is_a_fact(kept: Graph) -> None:
    assert len(set(kept.subjects(RDF.type, RAC.TerritoryFact))) == len(set(read_rows(CSV)))


def test_every_fact_has_confidence_and_source(kept: Graph) -> None:
    for fact in kept.subjects(RDF.type, RAC.TerritoryFact):
        assert str(kept.value(fact, RAC.confidence)) in {"high", "medium", "low"}
        assert kept.value(fact, RAC.source)


def test_every_direct_relation_has_a_fact_behind_it(kept: Graph) -> None:
    facts = {
        tuple(kept.value(f, p) for p in (RDF.subject, RDF.predicate, RDF.object)) for f in kept.subjects(RDF.subject)
    }
    for predicate in (RAC.inTerritoryOf, RAC.refersToASST, RAC.memberOf, RAC.coversProvince, RAC.hasLead):
        stated = {(s, predicate, o) for s, o in kept.subject_objects(predicate)}
        assert stated
        assert stated <= facts


def test_every_entity_has_one_type_and_one_label(kept: Graph) -> None:
    for entity in {s for s in kept.subjects() if (s, RDF.type, RAC.TerritoryFact) not in kept}:
        assert len(set(kept.objects(entity, RDF.type))) == 1
        assert len(set(kept.objects(entity, RDFS.label))) == 1


def test_the_sample_plans_territories_are_known(kept: Graph) -> None:
    assert (LODI, RAC.refersToASST, IRIS.territory("asst", "ASST di Lodi")) in kept
    assert (LODI, RAC.inRegion, IRIS.territory("region", "Lombardia")) in kept
    assert (IRIS.territory("comune", "098031"), RAC.memberOf, LODI) in kept
    assert (IRIS.territory("ambito", "Cernusco sul Naviglio"), RDF.type, RAC.Ambito) in kept
    assert (IRIS.territory("asst", "ASST Melegnano e della Martesana"), RDF.type, RAC.ASST) in kept


def test_an_ambito_may_refer_to_several_asst(kept: Graph) -> None:
    trusts = set(kept.objects(IRIS.territory("ambito", "Oglio Po"), RAC.refersToASST))
    assert trusts == {IRIS.territory("asst", "ASST di Cremona"), IRIS.territory("asst", "ASST di Mantova")}


@pytest.mark.parametrize("confidence", ["high", "medium"])
def test_a_trusted_row_states_its_relation(confidence: str) -> None:
    graph = register(replace(ROW, confidence=confidence))
    assert (LODI, RAC.refersToASST, IRIS.territory("asst", "ASST di Lodi")) in graph
    assert (LODI, RDFS.label, Literal("Lodi", lang="it")) in graph


def test_a_row_of_low_confidence_is_only_a_fact_node() -> None:
    graph = register(replace(ROW, confidence="low"))
    assert {subject for subject in graph.subjects()} == set(graph.subjects(RDF.type, RAC.TerritoryFact))
    assert (None, RAC.confidence, Literal("low")) in graph


def test_a_count_is_only_a_fact_node_about_the_region() -> None:
    graph = register(
        replace(
            ROW, subject_type="Region", subject="Lombardia", relation="has_count_of", object_type="Ambito", object="91"
        )
    )
    region = IRIS.territory("region", "Lombardia")
    (fact,) = graph.subjects(RDF.type, RAC.TerritoryFact)
    assert graph.value(fact, RDF.predicate) == RAC.countOfAmbiti
    assert graph.value(fact, RDF.object) == Literal("91", datatype=XSD.integer)
    assert (region, RAC.countOfAmbiti, None) not in graph


def test_a_comune_goes_by_its_istat_code_in_every_row_of_its_region() -> None:
    lead = replace(ROW, relation="has_lead", object_type="Comune", object="Lodi")
    graph = register(lead, COMUNE)
    assert (LODI, RAC.hasLead, IRIS.territory("comune", "098031")) in graph
    assert (IRIS.territory("comune", "098031"), RAC.istatCode, Literal("098031")) in graph
    assert (LODI, RAC.hasLead, IRIS.territory("comune", "lodi")) in register(lead)


def test_a_code_is_a_literal() -> None:
    graph = register(replace(ROW, relation="istat_ats_code", object_type="Code", object="T03041"))
    assert (LODI, RAC.istatCode, Literal("T03041")) in graph


def test_aliases_in_a_note_are_other_names_and_the_note_is_kept() -> None:
    note = "alias: Lodigiano; Basso Lodigiano. ente gestore"
    graph = register(replace(ROW, note=note))
    assert set(graph.objects(LODI, SKOS.altLabel)) == {
        Literal("Lodigiano", lang="it"),
        Literal("Basso Lodigiano", lang="it"),
    }
    assert (None, RAC.note, Literal(note)) in graph


def test_validity_is_kept_as_written() -> None:
    graph = register(replace(ROW, valid_from="2005", valid_to="2007"))
    assert (None, RAC.validFrom, Literal("2005")) in graph
    assert (None, RAC.validTo, Literal("2007")) in graph


def test_another_base_gives_the_same_register_elsewhere() -> None:
    graph = build_register([ROW], Iris("http://localhost/id/"))
    assert all(str(subject).startswith("http://localhost/id/territory/") for subject in graph.subjects())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"relation": "is_near"}, "relation is 'is_near'"),
        ({"confidence": "sure"}, "confidence is 'sure'"),
        ({"subject_type": "Town"}, "subject_type is 'Town'"),
        ({"object_type": "Town"}, "object_type is 'Town'"),
        ({"relation": "has_count_of", "object_type": "Comune"}, "object_type is 'Comune'"),
        ({"source": ""}, "subject, object and source must be filled"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(
    change: dict[str, str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "wrong.csv"
    columns = list(FactRow.__dataclass_fields__)
    rows = [ROW, replace(ROW, **change)]
    table.write_text(
        "\n".join([",".join(columns), *(",".join(getattr(r, c) for c in columns) for r in rows)]), encoding="utf-8"
    )
    with pytest.raises(RegisterError, match="line 3") as error:
        read_rows(table)
    assert words in str(error.value)
    assert main([str(table), str(tmp_path / "wrong.ttl")]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "wrong.ttl").exists()


def test_other_columns_are_refused(tmp_path: Path) -> None:
    table = tmp_path / "other.csv"
    table.write_text("subject,object\nLodi,ASST di Lodi\n", encoding="utf-8")
    with pytest.raises(RegisterError, match="the columns must be subject_type"):
        read_rows(table)


def test_turtle_does_not_depend_on_the_order_of_rows_and_keeps_every_triple() -> None:
    rows = read_rows(CSV)[:60]
    forwards, backwards = to_turtle(register(*rows)), to_turtle(register(*reversed(rows)))
    assert forwards == backwards
    assert set(Graph().parse(data=forwards)) == set(register(*rows))


def test_turtle_escapes_text_and_refuses_blank_nodes() -> None:
    said = Graph().add((URIRef("https://example.org/a"), RAC.note, Literal('l\'"ambito"\n di \\ Lodi', lang="it")))
    assert set(Graph().parse(data=to_turtle(said))) == set(said)
    unnamed = Graph().parse(data="[] <https://example.org/p> 1 .")
    with pytest.raises(ValueError, match="blank"):
        to_turtle(unnamed)


def test_every_comune_has_its_istat_code_and_its_dated_entry_in_the_national_vocabulary(kept: Graph) -> None:
    comuni = set(kept.subjects(RDF.type, RAC.Comune))
    assert len(comuni) > 200
    for comune in comuni:
        code, entry = kept.value(comune, RAC.istatCode), kept.value(comune, RAC.clvEntry)
        assert re.fullmatch(r"\d{6}", str(code)), comune
        assert comune == IRIS.territory("comune", str(code))
        assert re.fullmatch(rf".*/territorial-classifications/cities/{code}-\(\d{{4}}-\d\d-\d\d\)", str(entry)), comune


def test_regions_and_provinces_have_their_national_entries(kept: Graph) -> None:
    for kind in (RAC.Region, RAC.Province):
        places = set(kept.subjects(RDF.type, kind))
        assert places == {place for place in places if (place, RAC.clvEntry, None) in kept}


def test_an_ambito_and_a_distretto_of_one_name_are_two_things(kept: Graph) -> None:
    ambito, distretto = IRIS.territory("ambito", "Sud Est Milano"), IRIS.territory("distretto", "Sud Est Milano")
    assert ambito != distretto
    assert (ambito, RDF.type, RAC.Ambito) in kept
    assert (distretto, RDF.type, RAC.Distretto) in kept


def test_who_acts_for_an_ambito_is_apart_from_it(kept: Graph) -> None:
    for predicate, kind in ((RAC.hasPlanOffice, RAC.UfficioDiPiano), (RAC.managedBy, None), (RAC.hasLead, RAC.Comune)):
        pairs = list(kept.subject_objects(predicate))
        assert pairs
        for area, body in pairs:
            assert kept.value(area, RDF.type) in {RAC.Ambito, RAC.Distretto}
            assert kind is None or (body, RDF.type, kind) in kept
            assert (body, RDF.type, RAC.Ambito) not in kept


def test_dates_of_a_fact_run_forwards(kept: Graph) -> None:
    for fact, ended in kept.subject_objects(RAC.validTo):
        started = str(kept.value(fact, RAC.validFrom))
        assert re.fullmatch(r"\d{4}(-\d\d-\d\d)?", started)
        assert started <= str(ended)


def test_what_held_at_a_date_is_asked_of_the_facts(kept: Graph) -> None:
    question = """
        SELECT ?comune WHERE {
          ?fact rdf:predicate rac:memberOf ; rdf:object ?area ; rdf:subject ?comune ; rac:validFrom ?from .
          OPTIONAL { ?fact rac:validTo ?to }
          FILTER(STR(?from) <= ?at && (!BOUND(?to) || ?at <= STR(?to)))
        }"""
    area = IRIS.territory("distretto", "Distretto Sociosanitario di Tivoli")
    at = {
        year: set(kept.query(question, initBindings={"area": area, "at": Literal(year)})) for year in ("2009", "2015")
    }
    assert at["2009"]
    assert not at["2015"]
