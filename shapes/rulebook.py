"""The page of each rule: what it asks, of what, how grave a finding is, what to do, where it comes from.

`python -m shapes.rulebook [it|en]` prints all pages as Markdown; `docs/rules.md` is the Italian print.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as Choice

from rdflib import RDFS, SH, SKOS, Literal, URIRef
from rdflib.term import Node

from ontology.graphs import ontology_graph
from shapes.bundle import RULES, Bundle, Rule, Text, shapes_bundle

Language = Choice["it", "en"]

GRAVITY = {
    "violation": Text(
        "È un errore: finché c'è, il piano non è conforme.", "An error: while it is there, the plan does not conform."
    ),
    "warning": Text(
        "È un avviso: il piano resta conforme, ma chi legge non ha ciò che gli serve.",
        "A warning: the plan still conforms, but readers lack what they need.",
    ),
    "info": Text(
        "È una nota: da guardare, non sempre da correggere.", "A note: to be looked at, not always to be mended."
    ),
}
# What a target without a query of its own selects, in words.
_BY_LINK = {
    "hasObjective": Text("i piani con obiettivi", "the plans with objectives"),
    "hasResponsibility": Text("le righe che nominano un ente", "the rows that name a body"),
    "hasResource": Text("le righe con risorse", "the rows with resources"),
    "hasSelector": Text("i passi del documento", "the passages of the document"),
    "inPlan": Text("il piano", "the plan"),
    "protocolColumn": Text("le righe", "the rows"),
    "end": Text("i tempi con una fine", "the times with an end"),
    "duration": Text("i tempi che sono una durata", "the times that are a duration"),
    "anchor": Text("i tempi che si contano da un momento", "the times that count from a moment"),
}
_HEADINGS = {
    "title": Text("Regole di verifica", "Rules of the check"),
    "applies": Text("Si applica a", "Applies to"),
    "says": Text("Che cosa segnala", "What it reports"),
    "remedy": Text("Che cosa fare", "What to do"),
    "source": Text("Da dove viene", "Where it comes from"),
}


@dataclass(frozen=True)
class RulePage:
    """What a reader of the report may want to know of one rule, in plain words of both languages."""

    name: str
    title: Text
    says: Text
    gravity: Text
    applies: tuple[Text, ...]
    remedy: Text
    source: str


def rule_pages(bundle: Bundle | None = None) -> tuple[RulePage, ...]:
    """The pages of all rules, by name."""
    bundle = bundle or shapes_bundle()
    return tuple(_page(bundle, rule) for rule in bundle.rules)


def _page(bundle: Bundle, rule: Rule) -> RulePage:
    return RulePage(
        name=rule.name,
        title=rule.title,
        says=rule.message,
        gravity=GRAVITY[rule.severity],
        applies=tuple(sorted(_applies(bundle, rule.iri), key=lambda text: text.it)),
        remedy=Text.read(bundle.graph, rule.iri, RULES.remedy),
        source=rule.source,
    )


def _applies(bundle: Bundle, rule: URIRef) -> Iterator[Text]:
    graph = bundle.graph
    for target in graph.objects(rule, SH.target):
        yield Text.read(graph, target, RDFS.label)
    for kind in graph.objects(rule, SH.targetClass):
        yield _label(kind)
    for term in (SH.targetSubjectsOf, SH.targetObjectsOf):
        for link in graph.objects(rule, term):
            yield _BY_LINK[str(link).rsplit("#", 1)[-1]]


def _label(kind: Node) -> Text:
    words = ontology_graph()
    labels = [*words.objects(kind, SKOS.prefLabel), *words.objects(kind, RDFS.label)]
    found = {each.language: str(each).lower() for each in labels if isinstance(each, Literal)}
    return Text(found["it"], found["en"])


def rules_in_markdown(language: Language, bundle: Bundle | None = None) -> str:
    """All pages as one Markdown document, in order of the rules' names."""
    heading = {name: getattr(text, language) for name, text in _HEADINGS.items()}
    parts = [f"# {heading['title']}\n"]
    for page in rule_pages(bundle):
        applies = "; ".join(getattr(text, language) for text in page.applies)
        says, remedy, gravity = (getattr(text, language) for text in (page.says, page.remedy, page.gravity))
        parts.append(
            f"## {getattr(page.title, language)}\n\n`{page.name}`. {gravity}\n\n"
            f"- {heading['says']}: {says}\n- {heading['applies']}: {applies}.\n"
            f"- {heading['remedy']}: {remedy}\n- {heading['source']}: {page.source}.\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(rules_in_markdown("en" if sys.argv[1:] == ["en"] else "it"))
