"""Reports that somebody already has as RDF: our own as they were, those of other SHACL tools in the same model."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, RDFS, SH, URIRef

from loaders.errors import UnreadableFile
from ontology.iris import Iris, slug
from ontology.terms import RAC
from shapes.bundle import Rule, Text
from shapes.plan_graph import PlanGraph
from shapes.report import Finding, Severity, ShapeCheck, ValidationReport, in_order, report_from_graph

_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES, ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML, ".jsonld": ox.RdfFormat.JSON_LD,
}  # fmt: skip
_SEVERITIES: Mapping[str, Severity] = {str(SH.Warning): "warning", str(SH.Info): "info"}
_REPORT = ox.NamedNode(str(SH.ValidationReport))
_NO_NAME = "urn:raccordo:node-without-a-name"
_PLACE = re.compile(r"(?P<base>.*)report/(?P<plan>[^/]+)")
Node = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Facts = Mapping[Node, Mapping[str, list[Term]]]


def read_reports(path: Path) -> tuple[ValidationReport, ...]:
    """The reports in an RDF file, by its ending Turtle, N-Triples, RDF/XML or JSON-LD. Raises `UnreadableFile`.

    A report of ours comes back whole. One of another tool has a rule for each shape, and for each finding the words of
    the tool and the last part of its node's name; nodes without findings are not known from it.
    """
    try:
        quads = ox.parse(path.read_bytes(), format=_form(path), base_iri=path.absolute().as_uri())
        triples = [quad.triple for quad in quads]
    except (OSError, SyntaxError, ValueError) as error:
        raise UnreadableFile(
            f"it is no RDF ({error}).", file=path, remedy="Give the report as Turtle, N-Triples, RDF/XML or JSON-LD."
        ) from error
    facts: dict[Node, dict[str, list[Term]]] = {}
    for triple in triples:
        facts.setdefault(triple.subject, {}).setdefault(triple.predicate.value, []).append(triple.object)
    roots = [node for node, values in facts.items() if _REPORT in values.get(str(RDF.type), ())]
    if not roots:
        remedy = "Give a file with a sh:ValidationReport."
        raise UnreadableFile("it holds no SHACL report.", file=path, remedy=remedy)
    ours = [root for root in roots if str(RAC.aboutPlan) in facts[root]]
    if len(ours) == len(roots):
        graph = PlanGraph(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")
        return tuple(_own(graph, root.value) for root in sorted(ours, key=lambda one: one.value))
    return tuple(_foreign(facts, root, slug(path.stem) or "report") for root in sorted(roots, key=str))


def _form(path: Path) -> ox.RdfFormat:
    return _FORMATS.get(path.suffix.lower(), ox.RdfFormat.TURTLE)


def _own(graph: PlanGraph, root: str) -> ValidationReport:
    match = _PLACE.fullmatch(root)
    if match is None:
        raise ValueError(f"a report of ours under another name: {root}")
    return report_from_graph(graph, match["plan"], Iris(match["base"]))


def _foreign(facts: Facts, root: Node, name: str) -> ValidationReport:
    results = [node for node in facts[root].get(str(SH.result), ()) if isinstance(node, Node)]
    findings = in_order(_numbered([_finding(facts, node, name) for node in results]))
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_rule[finding.rule].append(finding)
    checks = tuple(
        ShapeCheck(
            rule=rule,
            title=found[0].title,
            severity=found[0].severity,
            source="",
            focus_count=len({one.focus for one in found}),
            finding_count=len(found),
            outcome="findings",
        )
        for rule, found in sorted(by_rule.items())
    )
    conforms = _word(_first(facts[root], SH.conforms)) in ("true", "1")
    return ValidationReport(name, conforms, checks, findings, graph_hash="", shapes_hash="", context_hash="", engine="")


def _finding(facts: Facts, node: Node, name: str) -> Finding:
    values = facts[node]
    shape, component = _first(values, SH.sourceShape), _first(values, SH.sourceConstraintComponent)
    path, focus = _first(values, SH.resultPath), _first(values, SH.focusNode)
    severity = _SEVERITIES.get(_word(_first(values, SH.resultSeverity)), "violation")
    title = _title(facts, shape, component, path)
    said = _text([one for one in values.get(str(SH.resultMessage), ()) if isinstance(one, ox.Literal)], title)
    about = _local(focus)
    value = _first(values, SH.value)
    names = (_word(one) for one in (shape, component, path, focus))
    parts = (name, *names, "" if value is None else str(value), said.it)
    return Finding(
        id=hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16],
        rule=Rule.unknown(URIRef(_word(shape))).name or f"urn:shape:{_local(path)}-{_local(component)}",
        severity=severity,
        title=title,
        message=Text(*(f"{about}: {text}" if about else text for text in (said.it, said.en))),
        focus=_word(focus) or _NO_NAME,
        component=_word(component) or str(SH.ConstraintComponent),
        value=value.value if isinstance(value, ox.NamedNode) else None,
        quote=value.value if isinstance(value, ox.Literal) else None,
    )


def _numbered(findings: list[Finding]) -> Iterator[Finding]:
    """The findings with identifiers of their own: results that say the same are told apart by number."""
    seen: Counter[str] = Counter()
    for finding in findings:
        seen[finding.id] += 1
        number = seen[finding.id]
        yield finding if number == 1 else replace(finding, id=f"{finding.id}-{number}")


def _title(facts: Facts, shape: object, component: object, path: object) -> Text:
    """What the shape is called, where the file says it; else what is constrained, and how, in the words of its name."""
    labels = facts.get(shape, {}).get(str(RDFS.label), ()) if isinstance(shape, Node) else ()
    known = [one for one in labels if isinstance(one, ox.Literal)]
    kind = _local(component).removesuffix("ConstraintComponent")
    spare = _local(shape) or " ".join(part for part in (_local(path), kind) if part) or "SHACL"
    return _text(known, Text(spare, spare))


def _text(literals: list[ox.Literal], default: Text) -> Text:
    """The words in both languages; those of another language, or of none, where one is missing."""
    if not literals:
        return default
    by_language = {(one.language or "").partition("-")[0]: one.value for one in sorted(literals, key=str)}
    spare = by_language.get("", next(iter(by_language.values())))
    return Text(by_language.get("it", spare), by_language.get("en", spare))


def _first(values: Mapping[str, list[Term]], term: object) -> object:
    return min(values.get(str(term), ()), key=str, default=None)


def _word(node: object) -> str:
    """The IRI or the words of a node; nothing for a blank node, whose name changes with every reading."""
    return node.value if isinstance(node, ox.NamedNode | ox.Literal) else ""


def _local(node: object) -> str:
    """The last part of a name."""
    return re.split(r"[/#:]", _word(node).rstrip("/#:"))[-1] if isinstance(node, ox.NamedNode) else ""
