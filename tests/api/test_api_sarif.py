"""SARIF is what OASIS says: the members that section 3 allows for each object we write, and no others.

The published schema of SARIF 2.1.0 is not in this repository; `RACCORDO_SARIF_SCHEMA` names a copy of it, and then the
report is held against that too.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from api.language import Language
from api.operations import list_plans, plan_report
from api.render.report_data import to_sarif
from ontology.iris import Iris
from shapes.report import ValidationReport
from store import GraphStore

IRIS = Iris()
TEXT = {"type": "string", "minLength": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}


def closed(required: list[str], /, **members: object) -> dict[str, Any]:
    """An object with these members and no others."""
    return {"type": "object", "required": required, "properties": members, "additionalProperties": False}


def many(item: object) -> dict[str, Any]:
    return {"type": "array", "items": item}


WORDS = closed(["text"], text=TEXT)
REGION = closed(["startLine"], startLine={"type": "integer", "minimum": 1}, snippet=WORDS)
PHYSICAL = closed(
    ["artifactLocation"], artifactLocation=closed(["uri"], uri={"type": "string", "pattern": "^[^ ]+$"}), region=REGION
)
LOGICAL = closed([], name=TEXT, fullyQualifiedName=TEXT, kind=TEXT)
LOCATION = closed([], physicalLocation=PHYSICAL, logicalLocations=many(LOGICAL), message=WORDS)
RESULT = closed(
    ["message", "ruleId"],
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": -1},
    level=LEVEL,
    message=WORDS,
    locations=many(LOCATION),
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    baselineState={"enum": ["new", "unchanged", "updated", "absent"]},
)
RULE = closed(
    ["id"],
    id=TEXT,
    shortDescription=WORDS,
    fullDescription=WORDS,
    help=WORDS,
    defaultConfiguration=closed([], level=LEVEL),
    properties={"type": "object"},
)
DRIVER = closed(["name"], name=TEXT, semanticVersion={"pattern": r"^\d+\.\d+\.\d+"}, rules=many(RULE))
NOTIFICATION = closed(["message"], level=LEVEL, message=WORDS, associatedRule=closed(["id"], id=TEXT))
INVOCATION = closed(
    ["executionSuccessful"], executionSuccessful={"type": "boolean"}, toolExecutionNotifications=many(NOTIFICATION)
)
RUN = closed(
    ["tool", "results"],
    tool=closed(["driver"], driver=DRIVER),
    language={"pattern": "^[a-z]{2}(-[A-Z]{2})?$"},
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    automationDetails=closed([], id=TEXT),
    invocations=many(INVOCATION),
    results=many(RESULT),
    properties={"type": "object"},
)
LOG = closed(["version", "runs"], **{"$schema": TEXT, "version": {"const": "2.1.0"}, "runs": many(RUN)})
SCHEMA = os.environ.get("RACCORDO_SARIF_SCHEMA", "")


def second_run(report: ValidationReport) -> ValidationReport:
    """The report with findings of every status, and a rule that could not run."""
    *kept, gone = report.findings
    return replace(
        report,
        findings=tuple(replace(one, status="new" if number else "unchanged") for number, one in enumerate(kept)),
        resolved=(replace(gone, status="resolved"),),
        checks=(replace(report.checks[0], outcome="not-run", reason="BadSyntax"), *report.checks[1:]),
    )


def logs(loaded: GraphStore, language: Language) -> list[Any]:
    reports = [plan_report(loaded, plan.id, IRIS) for plan in list_plans(loaded)]
    return [json.loads(to_sarif(one, language)) for report in reports for one in (report, second_run(report))]


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_member_is_one_of_sarif(loaded: GraphStore, language: Language) -> None:
    judge = jsonschema.Draft202012Validator(LOG)
    found = logs(loaded, language)
    assert found
    for log in found:
        assert [f"{one.json_path}: {one.message}" for one in judge.iter_errors(log)] == []


@pytest.mark.skipif(not SCHEMA, reason="RACCORDO_SARIF_SCHEMA names no copy of the published schema")
@pytest.mark.parametrize("language", ["it", "en"])
def test_the_published_schema_takes_it(loaded: GraphStore, language: Language) -> None:
    schema = json.loads(Path(SCHEMA).read_text(encoding="utf-8-sig"))
    judge = jsonschema.validators.validator_for(schema)(schema)
    for log in logs(loaded, language):
        assert [f"{one.json_path}: {one.message}" for one in judge.iter_errors(log)] == []
