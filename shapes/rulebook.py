"""The page of each rule: what it asks, of what, how grave a finding is, what to do, where it comes from, examples.

`python -m shapes.rulebook [it|en]` prints all pages as Markdown; `docs/rules.md` is the Italian print.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal as Choice

from rdflib import RDFS, SH, SKOS, Literal, URIRef
from rdflib.term import Node

from ontology.graphs import ontology_graph
from shapes.across_plans import RULES_ACROSS_PLANS, RuleAcrossPlans, our_rules
from shapes.bundle import RULES, SHAPES, Bundle, Rule, Text, shapes_bundle
from shapes.report import Severity

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
    "passes": Text("Va bene", "Passes"),
    "fails": Text("Viene segnalato", "Is reported"),
}
_PAIRS = Text("le coppie di piani nell'archivio", "the pairs of plans in the store")


@dataclass(frozen=True)
class RulePage:
    """What a reader of the report may want to know of one rule, in plain words of both languages.

    `passes` and `fails` are words of a plan, in Italian as plans are. `across` means a rule on two plans at a time.
    """

    name: str
    title: Text
    severity: Severity
    says: Text
    applies: tuple[Text, ...]
    remedy: Text
    source: str
    passes: str
    fails: str
    across: bool

    @property
    def gravity(self) -> Text:
        """What its severity means, in a sentence."""
        return GRAVITY[self.severity]


@cache
def rule_pages() -> tuple[RulePage, ...]:
    """The pages of all our rules, by name, those on two plans at a time last."""
    bundle = shapes_bundle()
    one = (_page(bundle, rule, across=False) for rule in bundle.rules)
    return (*one, *(_page(bundle, rule, across=True) for rule in our_rules()))


def _page(bundle: Bundle, rule: Rule | RuleAcrossPlans, *, across: bool) -> RulePage:
    applies = [_PAIRS] if isinstance(rule, RuleAcrossPlans) else _applies(bundle, rule.iri)
    remedy = rule.remedy if isinstance(rule, RuleAcrossPlans) else Text.read(bundle.graph, rule.iri, RULES.remedy)
    return RulePage(
        name=rule.name,
        title=rule.title,
        severity=rule.severity,
        says=rule.message,
        applies=tuple(sorted(applies, key=lambda text: text.it)),
        remedy=remedy,
        source=rule.source,
        **_examples().get(rule.name, {"passes": "", "fails": ""}),
        across=across,
    )


@cache
def _examples() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = tomllib.loads((SHAPES / "examples.toml").read_text(encoding="utf-8"))
    return found


def rule_shapes(name: str) -> str:
    """A rule as it is written: its shape in Turtle with the queries and patterns it uses, comments and all."""
    bundle = shapes_bundle()
    rule = next((rule for rule in bundle.rules if rule.name == name), None)
    parts = {RULES[name], *(bundle.alone(rule).subjects() if rule else ())}
    blocks = (
        block.strip()
        for path in (*sorted(SHAPES.glob("*.ttl")), RULES_ACROSS_PLANS)
        for block in path.read_text(encoding="utf-8").split("\n\n")
        if any(f"\nshapes:{str(part).removeprefix(str(RULES))} a " in f"\n{block}" for part in parts)
    )
    return "\n\n".join(blocks) + "\n"


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


def rules_in_markdown(language: Language) -> str:
    """All pages as one Markdown document, in order of the rules' names."""
    heading = {name: getattr(text, language) for name, text in _HEADINGS.items()}
    parts = [f"# {heading['title']}\n"]
    for page in rule_pages():
        applies = "; ".join(getattr(text, language) for text in page.applies)
        says, remedy, gravity = (getattr(text, language) for text in (page.says, page.remedy, page.gravity))
        parts.append(
            f"## {getattr(page.title, language)}\n\n`{page.name}`. {gravity}\n\n"
            f"- {heading['says']}: {says}\n- {heading['applies']}: {applies}.\n"
            f"- {heading['passes']}: {page.passes}\n- {heading['fails']}: {page.fails}\n"
            f"- {heading['remedy']}: {remedy}\n- {heading['source']}: {page.source}.\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(rules_in_markdown("en" if sys.argv[1:] == ["en"] else "it"))
