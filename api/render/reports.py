"""A validation report in groups, which all its forms are written from, and as text, Markdown, CSV and JSON."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from api.language import Language, Texts, texts
from api.render.places import finding_place
from api.render.table import harmless, marked_down
from shapes.bundle import Text
from shapes.report import SEVERITIES, Finding, Severity, ShapeCheck, ValidationReport
from shapes.rulebook import rule_pages

SHORTEST_QUOTE = 3
CSV_COLUMNS = (
    "severity", "rule", "message", "objective_number", "objective_title", "row_order", "row_label", "file", "line",
    "page", "table", "table_row", "table_column", "sheet", "cell", "quote", "status", "id", "plan_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one rule, which all have its severity; `ours` means that the rule has a page here."""

    rule: str
    title: str
    severity: Severity
    source: str
    remedy: str
    findings: tuple[Finding, ...]
    ours: bool


def finding_groups(report: ValidationReport, language: Language) -> tuple[Group, ...]:
    """The findings by rule, the gravest first, then the most frequent."""
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_rule[finding.rule].append(finding)
    sources = {check.rule: check.source for check in report.checks}
    remedies = {page.name: in_language(page.remedy, language) for page in rule_pages()}
    groups = (
        Group(
            rule=rule,
            title=in_language(found[0].title, language),
            severity=found[0].severity,
            source=sources.get(rule, ""),
            remedy=remedies.get(rule, ""),
            findings=tuple(found),
            ours=rule in remedies,
        )
        for rule, found in by_rule.items()
    )
    return tuple(sorted(groups, key=lambda one: (list(SEVERITIES).index(one.severity), -len(one.findings), one.rule)))


def unverified(report: ValidationReport) -> tuple[ShapeCheck, ...]:
    """The rules that looked at nothing, or could not be run: what the report says nothing about."""
    return tuple(one for one in report.checks if one.outcome in ("not-verified", "not-run"))


def unwatched(report: ValidationReport, words: Texts) -> str:
    """What no rule looked at, in one sentence; empty when there is nothing."""
    kinds = ", ".join(f"{in_language(one.label, words.language)} ({one.count})" for one in report.unwatched)
    return f"{words('report.unwatched')}: {kinds}" if kinds else ""


def verdict(report: ValidationReport, words: Texts) -> str:
    """The report in one sentence: whether the plan conforms, and how many findings of each severity it has."""
    counts = ", ".join(words.count(f"report.{one}", report.count(one)) for one in SEVERITIES)
    return f"{words('report.conforms' if report.conforms else 'report.not-conforms')}: {counts}"


def where(finding: Finding, words: Texts) -> str:
    """The place of a finding in the document: file, page, line and cell, as far as known."""
    return finding_place(words, finding)


def quote(finding: Finding) -> str:
    """The words of the document at a finding; none when they are a mark in a box beside which something is absent."""
    words = finding.quote or ""
    return "" if finding.absent and len(words.strip()) < SHORTEST_QUOTE else words


def made_with(report: ValidationReport, words: Texts) -> str:
    """Which plan, rules and engine the report was made from, empty for one that another tool made."""
    if not report.engine:
        return ""
    return words("report.made-with", plan=report.graph_hash[:12], rules=report.shapes_hash[:12], engine=report.engine)


def change(finding: Finding, words: Texts) -> str:
    """The status of a finding against the report before, empty when there was none."""
    return words(f"change.{finding.status}") if finding.status else ""


def in_language(text: Text, language: Language) -> str:
    """The words of a bilingual text of the shapes."""
    return text.it if language == "it" else text.en


def to_json(report: ValidationReport) -> bytes:
    """The report as it is, in both languages."""
    return (report.to_json() + "\n").encode()


def to_text(report: ValidationReport, language: Language) -> bytes:
    """The report for a terminal: one paragraph for each rule, one line for each finding and its place."""
    words = texts(language)
    lines = [f"{report.plan_id}: {verdict(report, words)}", ""]
    for group in finding_groups(report, language):
        lines.append(f"{words(f'severity.{group.severity}').upper()}  {group.title} ({len(group.findings)})")
        for one in group.findings:
            lines.append(f"  - {in_language(one.message, language)}")
            lines += [f"      {place}" for place in [_place_and_change(one, words)] if place]
        lines.append("")
    lines += _resolved(report, words, language, "", "  - ")
    lines += [outcome(check, words, language) for check in unverified(report)]
    lines += [unwatched(report, words)]
    return ("\n".join(lines).rstrip() + "\n").encode()


def to_markdown(report: ValidationReport, language: Language) -> bytes:
    """The report as Markdown, for an e-mail or a ticket."""
    words = texts(language)
    lines = [f"# {words('report.title')}: {report.plan_id}", "", f"**{verdict(report, words)}**", ""]
    for group in finding_groups(report, language):
        lines += [f"## {words(f'severity.{group.severity}')}: {group.title} ({len(group.findings)})", ""]
        for one in group.findings:
            place = _place_and_change(one, words)
            lines.append(f"- {marked_down(in_language(one.message, language))}" + f" ({place})" * bool(place))
        lines.append("")
    lines += _resolved(report, words, language, "## ", "- ")
    lines += [f"- {outcome(check, words, language)}" for check in unverified(report)]
    lines += ["", unwatched(report, words)]
    return ("\n".join(lines).rstrip() + "\n").encode()


def to_csv(report: ValidationReport, language: Language) -> bytes:
    """One line for each finding, the resolved last, as CSV by RFC 4180; formulas are neutralised."""
    words = texts(language)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([words(f"finding.{name}") for name in CSV_COLUMNS])
    found = (*report.findings, *report.resolved)
    writer.writerows([_harmless(one) for one in finding_row(finding, report, words)] for finding in found)
    return buffer.getvalue().encode()


def outcome(check: ShapeCheck, words: Texts, language: Language) -> str:
    """How a rule ended, in one line, with the kind of fault when it could not be run."""
    reason = f" ({check.reason})" if check.reason else ""
    return f"{words(f'outcome.{check.outcome}')}: {in_language(check.title, language)}{reason}"


def finding_row(finding: Finding, report: ValidationReport, words: Texts) -> tuple[str | int | None, ...]:
    """A finding as the values of `CSV_COLUMNS`."""
    shown: Mapping[str, str] = {
        "severity": words(f"severity.{finding.severity}"),
        "message": in_language(finding.message, words.language),
        "status": change(finding, words),
        "plan_id": report.plan_id,
    }
    return tuple(shown[name] if name in shown else getattr(finding, name) for name in CSV_COLUMNS)


def _place_and_change(finding: Finding, words: Texts) -> str:
    return "; ".join(part for part in (where(finding, words), change(finding, words)) if part)


def _resolved(report: ValidationReport, words: Texts, language: Language, head: str, item: str) -> list[str]:
    if not report.resolved:
        return []
    lines = [f"{item}{in_language(one.message, language)}" for one in report.resolved]
    return [f"{head}{words('report.resolved')} ({len(report.resolved)})", *lines, ""]


def _harmless(value: str | int | None) -> str | int:
    return value if isinstance(value, int) else harmless(value or "")
