"""Alignments to other ontologies and vocabularies: SSSOM tables, and the Turtle that this command makes of them.

They stand apart from the modules, which never import them: load one where it is wanted. Each mapping is one triple, and
one `sssom:Mapping` that carries its confidence. After a change of a table: `python -m ontology.alignment`.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rdflib import Graph, Literal, Namespace, URIRef

from ontology.terms import DCTERMS, OWL, RDF, RDFS, XSD
from ontology.turtle import to_turtle

SSSOM = Namespace("https://w3id.org/sssom/")
_FOLDER = Path(__file__).parent / "alignments"
_UPSTREAM = _FOLDER / "upstream"
_COLUMNS = ["subject_id", "predicate_id", "object_id", "mapping_justification", "confidence", "comment"]


class TableError(ValueError):
    """An alignment table that cannot be read; the message names the file, the line and what it may hold."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """One mapping, with full IRIs; `confidence` is from 0 to 1, `comment` empty when there is nothing to add."""

    subject: URIRef
    predicate: URIRef
    object: URIRef
    justification: URIRef
    confidence: str
    comment: str


@dataclass(frozen=True, slots=True)
class MappingSet:
    """An alignment table: its IRI, version and title in both languages, and its mappings."""

    iri: URIRef
    version: str
    title: Mapping[str, str]
    mappings: tuple[Mapped, ...]


def alignment_names() -> tuple[str, ...]:
    """The names of the alignments, sorted."""
    return tuple(sorted(path.name.removesuffix(".sssom.tsv") for path in _FOLDER.glob("*.sssom.tsv")))


@cache
def alignment_graph(name: str) -> Graph:
    """The alignment of that name; shared, so not to be changed. Raises `KeyError` when there is none."""
    if name not in alignment_names():
        raise KeyError(name)
    return Graph().parse(_FOLDER / f"{name}.ttl")


def read_table(path: Path) -> MappingSet:
    """The mapping set of an SSSOM file (TSV with its metadata in `#` lines). Raises `TableError`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    header = [line.removeprefix("#") for line in lines if line.startswith("#")]
    said = dict(line.split(": ", 1) for line in header if not line.startswith(" ") and ": " in line)
    prefixes = dict(line.strip().split(": ", 1) for line in header if line.startswith("  "))
    rows = csv.DictReader(lines[len(header) :], delimiter="\t")
    if rows.fieldnames != _COLUMNS:
        raise TableError(f"{path}: the columns must be {', '.join(_COLUMNS)}")
    return MappingSet(
        URIRef(said["mapping_set_id"]),
        said["mapping_set_version"].strip('"'),
        {"en": said["mapping_set_title"], "it": said["mapping_set_description"]},
        tuple(_mapped(row, prefixes, f"{path}, line {len(header) + rows.line_num}") for row in rows),
    )


def build_alignment(table: MappingSet) -> Graph:
    """The mapping set as a graph, without imports and without blank nodes."""
    graph = Graph()
    graph.add((table.iri, RDF.type, OWL.Ontology))
    graph.add((table.iri, OWL.versionIRI, table.iri + "/" + table.version))
    graph.add((table.iri, OWL.versionInfo, Literal(table.version)))
    graph.add((table.iri, DCTERMS.license, URIRef("https://creativecommons.org/licenses/by/4.0/")))
    for language, title in table.title.items():
        graph.add((table.iri, DCTERMS.title, Literal(title, lang=language)))
    for mapped in table.mappings:
        graph.add((mapped.subject, mapped.predicate, mapped.object))
        for triple in _record(table.iri, mapped):
            graph.add(triple)
    return graph


@cache
def upstream_terms() -> Mapping[str, frozenset[str]]:
    """The IRIs that each pinned upstream source defines, by the name of its list in `alignments/upstream/`."""
    return {
        path.stem: frozenset(line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#"))
        for path in sorted(_UPSTREAM.glob("*.txt"))
    }


def main() -> int:
    """Write the Turtle of each table beside it; 0 when written, 2 when a table cannot be read."""
    for name in alignment_names():
        try:
            table = read_table(_FOLDER / f"{name}.sssom.tsv")
        except TableError as error:
            print(error, file=sys.stderr)
            return 2
        (_FOLDER / f"{name}.ttl").write_text(to_turtle(build_alignment(table)), encoding="utf-8")
        print(f"{name}: {len(table.mappings)} mappings")
    return 0


def _mapped(row: Mapping[str, str], prefixes: Mapping[str, str], place: str) -> Mapped:
    try:
        subject, predicate, target, justification = (_expanded(row[column], prefixes) for column in _COLUMNS[:4])
    except KeyError as unknown:
        raise TableError(f"{place}: the prefix {unknown} is not in curie_map") from unknown
    confidence = row["confidence"]
    if not confidence.replace(".", "", 1).isdigit() or not 0 < float(confidence) <= 1:
        raise TableError(f"{place}: confidence is {confidence!r}, not a number above 0 and up to 1")
    return Mapped(subject, predicate, target, justification, confidence, row["comment"])


def _expanded(curie: str, prefixes: Mapping[str, str]) -> URIRef:
    prefix, _, local = curie.partition(":")
    return URIRef(prefixes[prefix] + local)


def _record(mapping_set: URIRef, mapped: Mapped) -> Iterator[tuple[URIRef, URIRef, URIRef | Literal]]:
    triple = " ".join((mapped.subject, mapped.predicate, mapped.object))
    node = URIRef(f"{mapping_set}/{hashlib.sha256(triple.encode()).hexdigest()[:16]}")
    yield node, RDF.type, SSSOM.Mapping
    yield node, SSSOM.subject_id, mapped.subject
    yield node, SSSOM.predicate_id, mapped.predicate
    yield node, SSSOM.object_id, mapped.object
    yield node, SSSOM.mapping_justification, mapped.justification
    yield node, SSSOM.confidence, Literal(mapped.confidence, datatype=XSD.decimal)
    if mapped.comment:
        yield node, RDFS.comment, Literal(mapped.comment, lang="en")


if __name__ == "__main__":
    sys.exit(main())
