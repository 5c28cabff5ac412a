"""Pitfalls of the ontology: one query each in `checks/`, where no row means that it holds.

A query opens with its problem and its remedy; `checks/severity.tsv` says whether a row is an error, a warning or only
worth knowing. The queries see each module as a named graph, and the modules and vocabularies together as default graph.
`python -m ontology.pitfalls` prints the table.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from rdflib import Graph

from ontology.graphs import MODULES, module, ontology_graph
from ontology.terms import OWL, RDF

FOLDER = Path(__file__).parent / "checks"
SEVERITIES = ("error", "warning", "info")
_SUFFIX = "-violation.rq"


@dataclass(frozen=True, slots=True)
class Pitfall:
    """One check and what it found: `rows` are the violations, each as the texts of its columns."""

    name: str
    severity: str
    problem: str
    remedy: str
    rows: tuple[tuple[str, ...], ...]

    @property
    def blocks(self) -> bool:
        """Whether the ontology must not be published like this."""
        return self.severity == "error" and bool(self.rows)


def find_pitfalls(ontology: Graph | None = None, modules: Sequence[Graph] | None = None) -> tuple[Pitfall, ...]:
    """What each check finds in the ontology, or in the graphs given; by severity, then name."""
    store = _store(ontology or ontology_graph(), modules or [module(name) for name in MODULES])
    found = [_run(path, severity, store) for path, severity in _checks()]
    return tuple(sorted(found, key=lambda pitfall: (SEVERITIES.index(pitfall.severity), pitfall.name)))


def summary(pitfalls: Sequence[Pitfall]) -> str:
    """How many checks hold, and the table of the errors and warnings that do not."""
    broken = [pitfall for pitfall in pitfalls if pitfall.rows and pitfall.severity != "info"]
    said = f"pitfalls: {len(pitfalls)} checks, {len(broken)} with errors or warnings"
    return f"{said}\n{table(broken)}" if broken else said


def table(pitfalls: Sequence[Pitfall]) -> str:
    """The checks with their severity and number of rows, and the rows of errors and warnings."""
    lines = [f"{'severity':<9}{'rows':>5}  check"]
    for pitfall in pitfalls:
        lines.append(f"{pitfall.severity:<9}{len(pitfall.rows):>5}  {pitfall.name}")
        if pitfall.rows and pitfall.severity != "info":
            lines += [f"{'':16}{pitfall.problem} {pitfall.remedy}"]
            lines += [f"{'':16}{' | '.join(row)}" for row in pitfall.rows]
    return "\n".join(lines)


def main() -> int:
    """Print the table; 0 when no error was found, else 1."""
    found = find_pitfalls()
    print(table(found))
    return int(any(pitfall.blocks for pitfall in found))


def _checks() -> list[tuple[Path, str]]:
    with (FOLDER / "severity.tsv").open(encoding="utf-8", newline="") as file:
        severities = {row["check"]: row["severity"] for row in csv.DictReader(file, delimiter="\t")}
    return [(path, severities[path.name.removesuffix(_SUFFIX)]) for path in sorted(FOLDER.glob(f"*{_SUFFIX}"))]


def _run(path: Path, severity: str, store: pyoxigraph.Store) -> Pitfall:
    query = path.read_text(encoding="utf-8")
    problem, remedy = (line.split(": ", 1)[1] for line in query.splitlines()[:2])
    solutions = store.query(query)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    rows = sorted(tuple("" if value is None else value.value for value in solution) for solution in solutions)
    return Pitfall(path.name.removesuffix(_SUFFIX), severity, problem, remedy, tuple(rows))


def _store(ontology: Graph, modules: Sequence[Graph]) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    _load(store, ontology, pyoxigraph.DefaultGraph())
    for graph in modules:
        (header,) = graph.subjects(RDF.type, OWL.Ontology)
        _load(store, graph, pyoxigraph.NamedNode(str(header)))
    return store


def _load(store: pyoxigraph.Store, graph: Graph, name: pyoxigraph.NamedNode | pyoxigraph.DefaultGraph) -> None:
    triples = io.BytesIO(graph.serialize(format="nt", encoding="utf-8"))
    store.load(triples, format=pyoxigraph.RdfFormat.N_TRIPLES, to_graph=name)


if __name__ == "__main__":
    sys.exit(main())
