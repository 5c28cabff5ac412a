"""Is the ontology consistent? HermiT answers for the OWL modules (`python -m ontology.consistency`).

The vocabularies and plans stay out: HermiT refuses xsd:date, and a TBox says all that the modules can get wrong.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
from dataclasses import dataclass

import owlready2
from rdflib import Graph

from ontology.graphs import modules_graph
from ontology.terms import OWL


class ReasonerMissing(RuntimeError):
    """HermiT runs on Java, and no `java` is on the path."""


@dataclass(frozen=True)
class Consistency:
    """What the reasoner found; `unsatisfiable` lists the IRIs of classes that can have no member, sorted."""

    consistent: bool
    unsatisfiable: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the ontology is consistent and each of its classes can have a member."""
        return self.consistent and not self.unsatisfiable


def check_consistency(graph: Graph) -> Consistency:
    """Run HermiT on `graph`. Raises `ReasonerMissing` where there is no Java."""
    if shutil.which("java") is None:
        raise ReasonerMissing("HermiT needs Java: install a Java runtime and run again")
    world = owlready2.World()
    # The modules are all here: what they import must not be looked for elsewhere.
    whole = Graph()
    for triple in graph:
        if triple[1] != OWL.imports:
            whole.add(triple)
    triples = io.BytesIO(whole.serialize(format="nt", encoding="utf-8"))
    world.get_ontology("https://w3id.org/raccordo/ontology").load(fileobj=triples, format="ntriples")
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            owlready2.sync_reasoner_hermit(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return Consistency(consistent=False, unsatisfiable=())
    empty = sorted(str(found.iri) for found in world.inconsistent_classes() if found is not owlready2.Nothing)
    return Consistency(consistent=True, unsatisfiable=tuple(empty))


def main() -> int:
    """Print what the reasoner found; 0 when the ontology holds, 1 when not, 2 when there is no Java."""
    try:
        found = check_consistency(modules_graph())
    except ReasonerMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    print("consistent" if found.consistent else "inconsistent")
    for iri in found.unsatisfiable:
        print(f"unsatisfiable: {iri}")
    return 0 if found.holds else 1


if __name__ == "__main__":
    sys.exit(main())
