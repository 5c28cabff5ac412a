"""A report against the one before it: which findings are new, which are the same, which are no more."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from shapes.report import Finding, ValidationReport, in_order

Signature = tuple[object, ...]


def with_statuses(report: ValidationReport, previous: ValidationReport | None) -> ValidationReport:
    """The report with the status of each finding, and the findings of the previous report that are resolved.

    A finding is the same by its id or, where the plan was renumbered or its text moved, by what it says and of which
    words. What a rule found that could not run this time is neither resolved nor found again.
    """
    if previous is None:
        return report
    same = _matched(report.findings, previous.findings)
    findings = tuple(replace(each, status="unchanged" if each.id in same else "new") for each in report.findings)
    silent = {check.rule for check in report.checks if check.outcome == "not-run"}
    known = set(same.values())
    gone = [each for each in previous.findings if each.id not in known and each.rule not in silent]
    return replace(report, findings=findings, resolved=in_order(replace(each, status="resolved") for each in gone))


def _matched(now: tuple[Finding, ...], before: tuple[Finding, ...]) -> dict[str, str]:
    """Ids of now to ids of before, each at most once."""
    earlier = {each.id for each in before}
    same = {each.id: each.id for each in now if each.id in earlier}
    moved: dict[Signature, list[Finding]] = defaultdict(list)
    for each in before:
        if each.id not in same:
            moved[_signature(each)].append(each)
    for each in now:
        if each.id not in same and (candidates := moved[_signature(each)]):
            same[each.id] = candidates.pop(0).id
    return same


def _signature(finding: Finding) -> Signature:
    """What an author knows a finding by: not its numbers, which change when something is put before it."""
    return finding.rule, finding.component, finding.objective_title, finding.row_label, finding.quote, finding.absent
