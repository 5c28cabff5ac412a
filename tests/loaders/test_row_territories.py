"""A mark under the name of an Ambito concerns that Ambito, in the graph as on the page."""

from __future__ import annotations

from pathlib import Path

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
