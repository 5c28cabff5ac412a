"""A made-up country as a store: plans of `benchmarks.corpus`, the header of each report, and the register."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Iterable
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox
from rdflib import RDF, RDFS, Graph, Literal, URIRef

from benchmarks.corpus.plans import generate_one
from benchmarks.corpus.record import true_graph
from ontology.graphs import ontology_graph, territory_graph
from ontology.iris import Iris
from ontology.terms import RAC
from store.directory import data_folder

SEED = 7
MORE_PARTS = 1
"""Parts that a plan has beside those it is drawn with: with one, 3,000 plans are more than five million triples."""
AREAS_OF_A_TRUST = 8
_REGISTER = Path(__file__).parents[2] / "data" / "territory" / "territory.ttl"
_CHUNK = 50
_IRIS = Iris()


def make_country(directory: Path, plans: int) -> int:
    """Make a store of `plans` plans in `directory`, unless it is there already; its triples."""
    data = data_folder(directory)
    if not data.exists():
        parts = directory / "parts"
        parts.mkdir(parents=True)
        with multiprocessing.Pool() as pool:
            starts = range(0, plans, _CHUNK)
            covered = set(chain.from_iterable(pool.imap(partial(_write_part, parts, plans), starts)))
        _write(parts / "ontology.nq", str(_IRIS.ontology_graph()), ontology_graph())
        _write(parts / "register.nq", str(_IRIS.territory_graph()), register(covered))
        _load(data, parts.glob("*.nq"))
    return len(ox.Store.read_only(str(data)))


def share(directory: Path, plans: int) -> Iterable[tuple[str, bytes]]:
    """The graphs of the first plans of a country, with its register and ontology: name and N-Triples."""
    store = ox.Store.read_only(str(data_folder(directory)))
    names = [_IRIS.plan_graph(generate_one(SEED, index).facts.plan_id) for index in range(plans)]
    for name in (*names, _IRIS.ontology_graph(), _IRIS.territory_graph()):
        body = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(str(name)))
        yield str(name), body or b""


def register(covered: Iterable[tuple[str, str]]) -> Graph:
    """The real register, and for each area (IRI and name) that it does not have a line under a made-up trust."""
    graph = territory_graph(_REGISTER)
    unknown = [one for one in sorted(covered) if (URIRef(one[0]), RDFS.label, None) not in graph]
    for number, (area, name) in enumerate(unknown):
        trust, agency = number // AREAS_OF_A_TRUST + 1, number // AREAS_OF_A_TRUST // 4 + 1
        asst = _IRIS.territory("asst", f"ASST {trust}")
        ats = _IRIS.territory("ats", f"ATS {agency}")
        for node, kind, label in ((asst, RAC.ASST, f"ASST {trust}"), (ats, RAC.ATS, f"ATS {agency}")):
            graph.add((node, RDF.type, kind))
            graph.add((node, RDFS.label, Literal(label, lang="it")))
        graph.add((URIRef(area), RDF.type, RAC.Ambito))
        graph.add((URIRef(area), RDFS.label, Literal(name, lang="it")))
        graph.add((URIRef(area), RAC.refersToASST, asst))
        graph.add((URIRef(area), RAC.inTerritoryOf, ats))
    return graph


def _write_part(parts: Path, plans: int, start: int) -> set[tuple[str, str]]:
    """Write the plans from number `start` on; the areas that they cover, with their names."""
    covered = set()
    with (parts / f"{start:05}.nq").open("wb") as file:
        for index in range(start, min(start + _CHUNK, plans)):
            made = generate_one(SEED, index, MORE_PARTS)
            graph = true_graph(made, _IRIS)
            covered |= {
                (str(area), str(graph.value(area, RDFS.label))) for area in graph.objects(None, RAC.coversTerritory)
            }
            body = _quads(str(_IRIS.plan_graph(made.facts.plan_id)), graph)
            file.write(body)
            digest = hashlib.sha256(body).hexdigest()
            file.write(_quads(f"{_IRIS.base}graph/report/{made.facts.plan_id}", _report(made.facts.plan_id, digest)))
    return covered


def _report(plan_id: str, digest: str) -> Graph:
    """What the pages and the search read of a report: which plan it is about, and its hashes."""
    graph, report = Graph(), URIRef(f"{_IRIS.base}report/{plan_id}")
    graph.add((report, RAC.aboutPlan, _IRIS.plan(plan_id)))
    graph.add((report, RAC.planGraphHash, Literal(digest)))
    graph.add((report, RAC.shapesHash, Literal("0" * 64)))
    return graph


def _write(path: Path, name: str, graph: Graph) -> None:
    path.write_bytes(_quads(name, graph))


def _quads(name: str, graph: Graph) -> bytes:
    lines = graph.serialize(format="nt", encoding="utf-8").splitlines()
    return b"".join(line.removesuffix(b" .") + f" <{name}> .\n".encode() for line in lines if line)


def _load(data: Path, files: Iterable[Path]) -> None:
    fresh = data.with_name("data.making")
    store = ox.Store(str(fresh))
    for path in sorted(files):
        with path.open("rb") as file:
            store.bulk_load(cast(IO[bytes], file), format=ox.RdfFormat.N_QUADS)
    store.flush()
    store.optimize()
    del store
    fresh.rename(data)
