"""IRIs: the forms of docs/model.md, and what holds for any text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import URIRef

from ontology.iris import DEFAULT_BASE, Iris, slug

IRIS = Iris()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ambito di Lodi", "ambito-di-lodi"),
        ("ATS della Città Metropolitana di Milano", "ats-della-citta-metropolitana-di-milano"),
        ("  POVERTA' e marginalità ", "poverta-e-marginalita"),
        ("Sant’Oreste", "sant-oreste"),
        ("in_preparation", "in-preparation"),
        ("7 bis-", "7-bis"),
        ("«»", ""),
    ],
)
def test_slug_of(text: str, expected: str) -> None:
    assert slug(text) == expected


@given(st.text())
def test_a_slug_is_ascii_words_joined_by_hyphens(text: str) -> None:
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug(text))


@given(st.text())
def test_a_slug_is_its_own_slug(text: str) -> None:
    assert slug(slug(text)) == slug(text)


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        (IRIS.plan("lodi-2021-2023"), "plan/lodi-2021-2023"),
        (IRIS.plan_graph("lodi-2021-2023"), "graph/plan/lodi-2021-2023"),
        (IRIS.report("lodi-2021-2023"), "report/lodi-2021-2023"),
        (IRIS.report_graph("lodi-2021-2023"), "graph/report/lodi-2021-2023"),
        (IRIS.ontology_graph(), "graph/ontology"),
        (IRIS.territory_graph(), "graph/territory"),
        (IRIS.rendition("602cceb77f3321e2"), "rendition/602cceb77f3321e2"),
        (IRIS.fact("00ff"), "territory/fact/00ff"),
        (IRIS.legal_act("regional_law", "3", 2008), "legal-act/regional-law-3-2008"),
        (IRIS.legal_act("giunta_resolution", "XI/2609", None), "legal-act/giunta-resolution-xi-2609"),
        (IRIS.legal_act("regional_law", None, None), "legal-act/regional-law"),
        (IRIS.child(IRIS.plan("p"), "objective", 2, "row", 4), "plan/p/objective/2/row/4"),
        (IRIS.child(IRIS.plan("p"), "passage", "602cceb7-1203-1240"), "plan/p/passage/602cceb7-1203-1240"),
    ],
)
def test_forms(iri: URIRef, path: str) -> None:
    assert iri == URIRef(DEFAULT_BASE + path)


@pytest.mark.parametrize(
    ("kind", "name", "path"),
    [
        ("ambito", "Lodi", "ambito/lodi"),
        ("ambito", "Ambito di Lodi", "ambito/lodi"),
        ("Ambito", "AMBITO DISTRETTUALE DI LODI", "ambito/lodi"),
        ("ambito", "Ambito territoriale TA/2", "ambito/ta-2"),
        ("ambito", "Ambito dell'Alto Garda", "ambito/alto-garda"),
        ("ambito", "Alto Milanese", "ambito/alto-milanese"),
        ("ambito", "Dello", "ambito/dello"),
        ("distretto", "Distretto di Fidenza", "distretto/fidenza"),
        ("distretto", "Distretto Sociosanitario di Tivoli", "distretto/tivoli"),
        ("distretto", "Distretto RM/F4", "distretto/rm-f4"),
        ("distretto", "Distretto Socio Sanitario 42", "distretto/distretto-socio-sanitario-42"),
        ("asst", "ASST di Lodi", "asst/asst-di-lodi"),
        ("ats", "ATS dell'Insubria", "ats/ats-dell-insubria"),
        ("comune", "098031", "comune/098031"),
        ("region", "Lombardia", "region/lombardia"),
    ],
)
def test_territory(kind: str, name: str, path: str) -> None:
    assert IRIS.territory(kind, name) == URIRef(f"{DEFAULT_BASE}territory/{path}")


def test_another_base_moves_every_iri() -> None:
    elsewhere = Iris("http://localhost:8000/id/")
    assert elsewhere.plan("p") == URIRef("http://localhost:8000/id/plan/p")
    assert elsewhere.territory("ambito", "Lodi") == URIRef("http://localhost:8000/id/territory/ambito/lodi")


@pytest.mark.parametrize("name", ["", " ", "//", "«…»"])
def test_names_without_letters_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no letter or digit"):
        IRIS.plan(name)
    with pytest.raises(ValueError, match="no letter or digit"):
        IRIS.territory("ambito", name)
    with pytest.raises(ValueError, match="no letter or digit"):
        IRIS.child(IRIS.plan("p"), name)


@given(st.text(), st.text())
def test_no_text_escapes_its_segment(name: str, segment: str) -> None:
    try:
        iri = IRIS.child(IRIS.territory("ambito", name), segment)
    except ValueError:
        return
    assert re.fullmatch(re.escape(DEFAULT_BASE) + r"territory/ambito/[a-z0-9-]+/[a-z0-9-]+", str(iri))
