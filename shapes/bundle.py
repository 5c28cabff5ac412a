"""The rules: every shape of `shapes/*.ttl`, read once for each process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal as Choice

from rdflib import DCTERMS, RDFS, SH, Graph, Literal, Namespace, URIRef
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node

from shapes.strict import strict_booleans

SHAPES = Path(__file__).parent
RULES = Namespace("https://w3id.org/raccordo/shapes#")
TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)


@dataclass(frozen=True)
class Text:
    """The same text in Italian and in English."""

    it: str
    en: str

    @classmethod
    def read(cls, graph: Graph, node: Node, term: URIRef, default: Text | None = None) -> Text:
        """The node's values of `term` by language tag, else the default, else empty texts."""
        found = {value.language: str(value) for value in graph.objects(node, term) if isinstance(value, Literal)}
        spare = default or cls("", "")
        return cls(found.get("it", spare.it), found.get("en", spare.en))


@dataclass(frozen=True)
class Rule:
    """A shape that has targets of its own, with what the report says about it.

    `template` is the sentence of a finding, with placeholders in braces; `message` the plain sentence of SHACL. `once`
    means that a report has one finding for each value, the first in the document.
    """

    iri: URIRef
    name: str
    title: Text
    message: Text
    template: Text
    severity: Choice["violation", "warning", "info"]
    source: str
    once: bool = False

    @classmethod
    def unknown(cls, iri: URIRef) -> Rule:
        """A stand-in for a rule that is not among ours: one of an older report, or a file that cannot be read."""
        name = str(iri).removeprefix(str(RULES))
        return cls(iri, name, Text(name, name), Text("", ""), Text("", ""), "violation", "")


@dataclass(frozen=True, eq=False)
class Bundle:
    """The shapes graph, its rules by name, the files that could not be read, and a digest of all files."""

    graph: Graph
    rules: tuple[Rule, ...]
    broken_files: tuple[str, ...]
    digest: str

    def alone(self, rule: Rule) -> Graph:
        """The part of the shapes graph that this rule reaches, so that a fault in another one cannot touch it."""
        part = Graph()
        waiting: list[Node] = [rule.iri]
        while waiting:
            node = waiting.pop()
            for triple in self.graph.triples((node, None, None)):
                if triple not in part:
                    part.add(triple)
                    waiting.append(triple[2])
        return part


def load_bundle(directory: Path = SHAPES) -> Bundle:
    """The bundle of a folder of Turtle files; a file that is not Turtle is named in `broken_files`."""
    graph = Graph()
    broken: list[str] = []
    digest = hashlib.sha256()
    for path in sorted(directory.glob("*.ttl")):
        content = path.read_bytes()
        digest.update(path.name.encode() + b"\0" + content + b"\0")
        try:
            graph += read_shapes(content)
        except (BadSyntax, UnicodeDecodeError):
            broken.append(path.name)
    return Bundle(graph, tuple(_rules(graph)), tuple(broken), digest.hexdigest())


def read_shapes(source: bytes, base: str | None = None) -> Graph:
    """Shapes in Turtle, strictly; raises what rdflib's parser raises."""
    with strict_booleans():
        return Graph().parse(data=source, format="turtle", publicID=base)


@cache
def shapes_bundle() -> Bundle:
    """Our own rules."""
    return load_bundle()


def _rules(graph: Graph) -> Iterator[Rule]:
    targeted = {node for target in TARGETS for node in graph.subjects(target) if isinstance(node, URIRef)}
    for iri in sorted(targeted):
        message = Text.read(graph, iri, SH.message)
        name = str(iri).removeprefix(str(RULES))
        yield Rule(
            iri=iri,
            name=name,
            title=Text.read(graph, iri, RDFS.label, Text(name, name)),
            message=message,
            template=Text.read(graph, iri, RULES.template, message),
            severity=severity_of(graph, iri),
            source=str(graph.value(iri, DCTERMS.source) or ""),
            once=(iri, RULES.once, None) in graph,
        )


def severity_of(graph: Graph, iri: Node) -> Choice["violation", "warning", "info"]:
    """The severity of a rule, violation when it says none."""
    match graph.value(iri, SH.severity):
        case SH.Warning:
            return "warning"
        case SH.Info:
            return "info"
        case _:
            return "violation"
