"""Territories in the graph as on the page: the Ambito of a mark, all the Ambiti of a protocol, the kind of trust."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import RDF, Graph

from loaders.graph import build_graph
from loaders.pipeline import read_plan
from ontology.iris import Iris
from ontology.terms import RAC

MATRIX = """Stato dei protocolli negli Ambiti dell'ATS di Prova - anno 2023

Argomento\tAmbito di Alfa\tDistretto Beta\tComune di Gamma
Dimissioni protette\tSI\tNO\tSI
Violenza di genere\tNO\tSI\tNO

Legenda: SI = protocollo presente; NO = protocollo assente
"""


def graph_of(text: str, folder: Path) -> Graph:
    path = folder / "piano.txt"
    path.write_text(text, encoding="utf-8")
    return build_graph(read_plan(path), Iris())


def test_a_protocol_covers_every_ambito_that_it_names(tmp_path: Path) -> None:
    graph = graph_of(
        "Protocollo tra gli Ambiti di Alfa, Beta e Gamma e l'ASST di Delta\nTriennio 2022-2024\n", tmp_path
    )
    names = ("alfa", "beta", "gamma")
    assert set(graph.objects(None, RAC.coversTerritory)) == {Iris().territory("ambito", name) for name in names}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ASL Taranto", "ASL"),
        ("Azienda USL di Parma", "AUSL"),
        ("ASP di Ragusa", "ASP"),
        ("Azienda ULSS 8 Berica", "ULSS"),
        ("AST Fermo", "AST"),
        ("ASUGI", "HealthAuthority"),
    ],
)
def test_a_trust_is_of_the_kind_that_its_name_says(tmp_path: Path, name: str, kind: str) -> None:
    graph = graph_of(f"{name}\nPiano attuativo territoriale\nTriennio 2022-2024\n", tmp_path)
    (covered,) = graph.objects(None, RAC.coversTerritory)
    assert covered == Iris().territory(kind.lower(), name)
    assert (covered, RDF.type, RAC[kind]) in graph


def test_each_row_concerns_the_territory_of_its_heading(tmp_path: Path) -> None:
    path = tmp_path / "matrice.txt"
    path.write_text(MATRIX, encoding="utf-8")
    iris = Iris()
    graph = build_graph(read_plan(path), iris)
    found = {
        (str(graph.value(row, RAC.label)), territory) for row, territory in graph.subject_objects(RAC.concernsTerritory)
    }
    assert found == {
        ("Ambito di Alfa", iris.territory("ambito", "Alfa")),
        ("Distretto Beta", iris.territory("distretto", "Beta")),
    }
    assert len(list(graph.subject_objects(RAC.concernsTerritory))) == 4
