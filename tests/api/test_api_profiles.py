"""The data in the terms of others: no term of ours, none that does not exist, and questions by who knows only those."""

from __future__ import annotations

from functools import cache

import httpx
import pytest
from rdflib import DCTERMS, FOAF, RDF, RDFS, Graph, URIRef
from typer.testing import CliRunner

from api.cli import app as command
from api.errors import NotAcceptable
from api.operations.profiles import export_profile
from ontology.alignment import upstream_terms
from ontology.iris import Iris
from ontology.profiles import profile_names, profile_queries
from ontology.terms import RAC_NAMESPACE
from store import GraphStore

LODI = Iris().plan("lodi-2021-2023")
GENERAL = (str(DCTERMS), str(RDFS), str(RDF), str(FOAF), "http://www.w3.org/ns/dcat#")

WHO_AND_WHERE = """
PREFIX org: <http://www.w3.org/ns/org#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?name WHERE { ?comune org:memberOf ?area ; skos:prefLabel ?name .
  ?area a org:OrganizationalCollaboration ; skos:prefLabel "Lodi"@it }"""
FROM_WHICH_WORDS = """
PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?file ?words WHERE { ?plan a prov:Plan ; dcterms:identifier "lodi-2021-2023" ; prov:wasDerivedFrom ?document .
  ?copy prov:specializationOf ?document ; dcterms:title ?file . ?quote prov:wasQuotedFrom ?copy ; prov:value ?words }"""
WHO_TAKES_PART = """
PREFIX m8g: <http://data.europa.eu/m8g/> PREFIX cpsv: <http://purl.org/vocab/cpsv#>
PREFIX org: <http://www.w3.org/ns/org#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT DISTINCT ?actor ?role WHERE {
  ?service a cpsv:PublicService ; dcterms:identifier "UONPIA" ; m8g:hasParticipation ?part .
  ?part a m8g:Participation ; m8g:hasParticipant ?who ; m8g:role/skos:prefLabel ?role .
  ?who a org:FormalOrganization ; skos:prefLabel ?actor FILTER(lang(?role) = "en") }"""
ROLES_IN_TIME = """
PREFIX RO: <https://w3id.org/italia/onto/RO/> PREFIX TI: <https://w3id.org/italia/onto/TI/>
PREFIX COV: <https://w3id.org/italia/onto/COV/>
SELECT DISTINCT ?name ?start WHERE { ?role a RO:TimeIndexedRole ; RO:isRoleInTimeOf ?who ; TI:hasTemporalEntity ?time .
  ?who a COV:PublicOrganization ; COV:legalName ?name . ?time TI:startTime ?start }"""


@pytest.fixture(scope="module")
def exports(loaded: GraphStore) -> dict[str, Graph]:
    return {name: export_profile(loaded, name) for name in profile_names()}


@cache
def known() -> frozenset[str]:
    return frozenset(term for terms in upstream_terms().values() for term in terms)


@pytest.mark.parametrize("name", profile_names())
def test_no_term_of_ours_and_none_that_does_not_exist(exports: dict[str, Graph], name: str) -> None:
    graph = exports[name]
    classes = {str(one) for one in graph.objects(None, RDF.type)}
    terms = classes | {str(one) for one in graph.predicates()}
    assert len(classes) >= 5
    assert not any(RAC_NAMESPACE in str(one) for triple in graph for one in triple)
    assert {one for one in terms if not one.startswith(GENERAL)} <= known()


@pytest.mark.parametrize("name", profile_names())
def test_each_query_of_a_profile_adds_something(loaded: GraphStore, name: str) -> None:
    for topic, query in profile_queries(name).items():
        body, _ = loaded.query(query, accept="application/n-triples")
        assert body.count(b"\n") > 20, topic


def test_org_who_belongs_to_an_ambito(exports: dict[str, Graph]) -> None:
    names = {str(row[0]) for row in exports["eu"].query(WHO_AND_WHERE)}  # type: ignore[index]
    assert {"Lodi", "Codogno", "Casalpusterlengo"} <= names
    assert len(names) > 40


def test_prov_from_which_files_and_words(exports: dict[str, Graph]) -> None:
    found = [(str(row[0]), str(row[1])) for row in exports["eu"].query(FROM_WHICH_WORDS)]  # type: ignore[index]
    assert {file.partition("_")[0].removesuffix(".txt") for file, _ in found} == {"000", "001"}
    assert any("schede di triage" in " ".join(words.split()) for _, words in found)


def test_cpsv_ap_who_takes_part_in_a_service(exports: dict[str, Graph]) -> None:
    found = {(str(row[0]), str(row[1])) for row in exports["eu"].query(WHO_TAKES_PART)}  # type: ignore[index]
    assert any("ASST" in actor for actor, _ in found)
    assert len({role for _, role in found}) > 1


def test_ontopia_who_is_responsible_since_when(exports: dict[str, Graph]) -> None:
    found = {(str(row[0]), str(row[1])) for row in exports["ontopia"].query(ROLES_IN_TIME)}  # type: ignore[index]
    assert any(start.startswith("2021-01-01") for _, start in found)


def test_what_is_exported_resolves(client: httpx.Client, exports: dict[str, Graph]) -> None:
    subjects = {str(one) for one in exports["eu"].subjects() if str(one).startswith(str(LODI))}
    for iri in sorted(subjects)[::40]:
        assert client.get(iri.replace(Iris().base, "/id/")).status_code == 200, iri


def test_rest_and_command_write_the_same(
    client: httpx.Client, exports: dict[str, Graph], tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = client.get("/api/profiles/ontopia", headers={"Accept": "text/turtle"})
    assert served.headers["content-type"].startswith("text/turtle")
    assert set(Graph().parse(data=served.content, format="turtle")) == set(exports["ontopia"])
    tag = served.headers["etag"]
    again = client.get("/api/profiles/ontopia", headers={"Accept": "text/turtle", "If-None-Match": tag})
    assert again.status_code == 304
    assert client.get("/api/profiles/none").status_code == 406
    monkeypatch.setenv("RACCORDO_STORE", f"oxigraph:{tmp_path}/store")
    written = CliRunner().invoke(command, ["export", "--profile", "eu", "--format", "ntriples"])
    assert written.exit_code == 0 and written.stdout == ""
    assert CliRunner().invoke(command, ["export", "--profile", "eu", "--format", "trig"]).exit_code == 2


def test_a_profile_that_nobody_made(loaded: GraphStore) -> None:
    with pytest.raises(NotAcceptable, match="eu, ontopia"):
        export_profile(loaded, "none")
    with pytest.raises(KeyError):
        profile_queries("none")
    assert URIRef(LODI) in {*export_profile(loaded, "eu").subjects()}
