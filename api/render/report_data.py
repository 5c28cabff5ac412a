"""A report for programs: SARIF for code review tools, Turtle for triple stores."""

from __future__ import annotations

from urllib.parse import quote

from rdflib import PROV, RDF, RDFS, SH, Graph, Literal, URIRef

from api.language import Language, texts
from api.render.documents import json_document
from api.render.linked import write_graph
from api.render.places import finding_place
from api.render.reports import in_language
from ontology.iris import Iris
from ontology.terms import RAC_NAMESPACE
from shapes.bundle import RULES
from shapes.report import Finding, ShapeCheck, ValidationReport, report_graph
from shapes.rulebook import rule_pages

SARIF_VERSION = "2.1.0"
SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_PREFIXES = {"rac": RAC_NAMESPACE, "sh": str(SH), "prov": str(PROV), "rdfs": str(RDFS)}
_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
_STATES = {"new": "new", "unchanged": "unchanged", "resolved": "absent"}


def to_sarif(report: ValidationReport, language: Language) -> bytes:
    """The report as a SARIF log of one run: https://docs.oasis-open.org/sarif/sarif/v2.1.0/.

    Levels are those of SARIF, fingerprints are the identifiers of the findings, and what is resolved is `absent`.
    """
    found = (*report.findings, *report.resolved)
    rules = {check.rule: number for number, check in enumerate(report.checks)}
    run = {
        "tool": {
            "driver": {
                "name": "Raccordo",
                "semanticVersion": "0.1.0",
                "rules": [_rule(check, language) for check in report.checks],
            }
        },
        "language": language,
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": f"{report.plan_id}/"},
        "invocations": [
            {
                "executionSuccessful": not any(check.outcome == "not-run" for check in report.checks),
                "toolExecutionNotifications": [
                    _notification(check, language) for check in report.checks if check.outcome == "not-run"
                ],
            }
        ],
        "results": [_result(finding, rules, language) for finding in found],
        "properties": {
            "conforms": report.conforms, "planGraphHash": report.graph_hash, "shapesHash": report.shapes_hash,
            "contextHash": report.context_hash, "engine": report.engine,
            "unwatched": {one.kind: one.count for one in report.unwatched},
        },
    }  # fmt: skip
    log = {"$schema": SARIF_SCHEMA, "version": SARIF_VERSION, "runs": [run]}
    return json_document(log)


def _rule(check: ShapeCheck, language: Language) -> dict[str, object]:
    page = next((one for one in rule_pages() if one.name == check.rule), None)
    rule: dict[str, object] = {
        "id": check.rule,
        "shortDescription": {"text": in_language(check.title, language) or check.rule},
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
        "properties": {"source": check.source, "checked": check.focus_count, "outcome": check.outcome},
    }
    if page:
        rule["fullDescription"] = {"text": in_language(page.says, language)}
        rule["help"] = {"text": in_language(page.remedy, language)}
    return rule


def _notification(check: ShapeCheck, language: Language) -> dict[str, object]:
    text = f"{in_language(check.title, language)}: {texts(language)('outcome.not-run')} ({check.reason})"
    return {"level": "error", "message": {"text": text}, "associatedRule": {"id": check.rule}}


def _result(finding: Finding, rules: dict[str, int], language: Language) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": rules.get(finding.rule, -1),
        "level": _LEVELS[finding.severity],
        "message": {"text": in_language(finding.message, language)},
        "partialFingerprints": {"raccordo/v1": finding.id},
        "locations": [_location(finding, language)],
    }
    if finding.status:
        result["baselineState"] = _STATES[finding.status]
    return result


def _location(finding: Finding, language: Language) -> dict[str, object]:
    location: dict[str, object] = {}
    if finding.file:
        physical: dict[str, object] = {"artifactLocation": {"uri": quote(finding.file)}}
        if finding.line:
            snippet = {"snippet": {"text": finding.quote}} if finding.quote else {}
            physical["region"] = {"startLine": finding.line, **snippet}
        location["physicalLocation"] = physical
    words = texts(language)
    if place := finding_place(words, finding):
        location["message"] = {"text": place}
    number = None if finding.row_order is None else str(finding.row_order)
    logical = [
        {"name": " ".join(one for one in named if one), "fullyQualifiedName": iri, "kind": kind}
        for kind, named, iri in (
            ("objective", (finding.objective_number, finding.objective_title), finding.objective),
            ("row", (number, finding.row_label), finding.row),
        )
        if iri
    ]
    return {**location, "logicalLocations": logical} if logical else location


def to_turtle(report: ValidationReport, iris: Iris) -> bytes:
    """The report as the SHACL report that the store holds, with what it was made from and by what (PROV)."""
    graph = report_graph(report, iris)
    add_origin(graph, report, iris)
    return write_graph(graph, "turtle", _PREFIXES)


def add_origin(graph: Graph, report: ValidationReport, iris: Iris) -> None:
    """Say of the report in its graph which plan and rules it comes from, and which engine made it; no times."""
    root, plan, rules = iris.report(report.plan_id), iris.plan(report.plan_id), URIRef(str(RULES).rstrip("#"))
    run, engine = iris.child(root, "run"), iris.child(root, "engine")
    for triple in (
        (root, RDF.type, PROV.Entity), (root, PROV.wasDerivedFrom, plan), (root, PROV.wasGeneratedBy, run),
        (run, RDF.type, PROV.Activity), (run, PROV.used, plan), (run, PROV.used, rules),
        (run, PROV.wasAssociatedWith, engine), (engine, RDF.type, PROV.SoftwareAgent),
        (engine, RDFS.label, Literal(report.engine)),
    ):  # fmt: skip
        graph.add(triple)
