"""The published form of the ontology: `python -m ontology.publish dist/ontology` (the target `make ontology`).

Turtle, JSON-LD and RDF/XML of the whole, of each module, vocabulary and alignment; the HTML reference in Italian and
English with diagrams; and the terms that changed since the last tag.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from rdflib import Graph

from ontology.alignment import alignment_graph, alignment_names
from ontology.changes import changes_since_tag, to_markdown
from ontology.diagrams import RendererMissing, core_dot, hierarchy_dot, to_svg
from ontology.graphs import MODULES, module, ontology_graph, vocabulary, vocabulary_names
from ontology.published import DUMP_FORMATS, bound, whole_graph
from ontology.reference import LANGUAGES, WriterMissing, reference_html
from ontology.terms import RAC

_ROOT = Path(__file__).parent.parent
_TITLES = {
    "core": {"it": "Il piano e ciò che dichiara", "en": "The plan and what it states"},
    "actors": {"it": "Chi agisce", "en": "Who acts"},
    "instruments": {"it": "Gli strumenti", "en": "The instruments"},
}


def publish(folder: Path, root: Path = _ROOT) -> tuple[Path, ...]:
    """Write the published form into `folder` and return its files; `root` is the checkout, with its tools and tags.

    Raises `RendererMissing`, `WriterMissing`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = [*_write_graphs(folder), *_write_reference(folder, root)]
    changes = folder / "changes.md"
    changes.write_text(to_markdown(changes_since_tag(ontology_graph(), root)), encoding="utf-8")
    return (*written, changes)


def _write_graphs(folder: Path) -> Iterator[Path]:
    yield from _write_graph(folder / "raccordo", whole_graph())
    for name in MODULES:
        yield from _write_graph(folder / "modules" / name, bound(module(name)))
    for name in vocabulary_names():
        yield from _write_graph(folder / "vocabularies" / name, bound(vocabulary(name)))
    for name in alignment_names():
        yield from _write_graph(folder / "alignments" / name, bound(alignment_graph(name)))


def _write_graph(stem: Path, graph: Graph) -> Iterator[Path]:
    stem.parent.mkdir(exist_ok=True)
    for suffix, form in DUMP_FORMATS.items():
        path = stem.with_name(f"{stem.name}.{suffix}")
        graph.serialize(path, format=form, encoding="utf-8")
        yield path


def _write_reference(folder: Path, root: Path) -> Iterator[Path]:
    graph = whole_graph()
    for language in LANGUAGES:
        drawings = {
            "core": core_dot(graph, language),
            "actors": hierarchy_dot(graph, RAC.Actor, language),
            "instruments": hierarchy_dot(graph, RAC.Instrument, language),
        }
        svgs = {name: to_svg(dot, root) for name, dot in drawings.items()}
        for name, svg in svgs.items():
            path = folder / f"{name}.{language}.svg"
            path.write_text(svg, encoding="utf-8")
            yield path
        path = folder / f"reference.{language}.html"
        titled = {_TITLES[name][language]: svg for name, svg in svgs.items()}
        path.write_text(reference_html(graph, language, titled), encoding="utf-8")
        yield path


def main(arguments: list[str]) -> int:
    """Write the published form into the folder named; 2 when a tool is missing."""
    if len(arguments) != 1:
        print("usage: python -m ontology.publish FOLDER", file=sys.stderr)
        return 2
    try:
        written = publish(Path(arguments[0]))
    except (RendererMissing, WriterMissing) as missing:
        print(missing, file=sys.stderr)
        return 2
    print(f"{len(written)} files in {arguments[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
