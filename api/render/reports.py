"""A validation report as text, Markdown, CSV, JSON and a page to print."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from api.language import Language, Texts, texts
from api.render.places import place_words
from api.render.table import harmless
from shapes.report import SEVERITIES, Finding, Severity, ShapeCheck, ValidationReport

CSV_COLUMNS = (
    "severity", "rule", "message", "objective_number", "objective_title", "row_order", "row_label", "file", "line",
    "page", "quote", "id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one rule, which all have its severity."""

    rule: str
    title: str
    severity: Severity
    source: str
    findings: tuple[Finding, ...]


def finding_groups(report: ValidationReport, language: Language) -> tuple[Group, ...]:
    """The findings by rule, the gravest first, then the most frequent."""
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_rule[finding.rule].append(finding)
    sources = {check.rule: check.source for check in report.checks}
    groups = (
        Group(rule, in_language(found[0].title, language), found[0].severity, sources.get(rule, ""), tuple(found))
        for rule, found in by_rule.items()
    )
    return tuple(sorted(groups, key=lambda one: (list(SEVERITIES).index(one.severity), -len(one.findings), one.rule)))


def unverified(report: ValidationReport) -> tuple[ShapeCheck, ...]:
    """The rules that looked at nothing, or could not be run: what the report says nothing about."""
    return tuple(one for one in report.checks if one.outcome in ("not-verified", "not-run"))


def verdict(report: ValidationReport, words: Texts) -> str:
    """The report in one sentence: whether the plan conforms, and how many findings of each severity it has."""
    counts = ", ".join(words.count(f"report.{one}", report.count(one)) for one in SEVERITIES)
    return f"{words('report.conforms' if report.conforms else 'report.not-conforms')}: {counts}"


def where(finding: Finding, words: Texts) -> str:
    """The place of a finding in the document: file, page and line, as far as known."""
    return place_words(words, finding.file, finding.page, finding.line)


def in_language(text: object, language: Language) -> str:
    """The words of a bilingual text of the shapes."""
    return str(getattr(text, language))


def to_json(report: ValidationReport, language: Language) -> bytes:
    """The report as it is, in both languages whatever `language` says."""
    return (report.to_json() + "\n").encode()


def to_text(report: ValidationReport, language: Language) -> bytes:
    """The report for a terminal: one paragraph for each rule, one line for each finding and its place."""
    words = texts(language)
    lines = [f"{report.plan_id}: {verdict(report, words)}", ""]
    for group in finding_groups(report, language):
        lines.append(f"{words(f'severity.{group.severity}').upper()}  {group.title} ({len(group.findings)})")
        for one in group.findings:
            lines.append(f"  - {in_language(one.message, language)}")
            lines += [f"      {place}" for place in [where(one, words)] if place]
        lines.append("")
    lines += [_outcome(check, words, language) for check in unverified(report)]
    return ("\n".join(lines).rstrip() + "\n").encode()


def to_markdown(report: ValidationReport, language: Language) -> bytes:
    """The report as Markdown, for an e-mail or a ticket."""
    words = texts(language)
    lines = [f"# {words('report.title')}: {report.plan_id}", "", f"**{verdict(report, words)}**", ""]
    for group in finding_groups(report, language):
        lines += [f"## {words(f'severity.{group.severity}')}: {group.title} ({len(group.findings)})", ""]
        for one in group.findings:
            place = where(one, words)
            lines.append(f"- {in_language(one.message, language)}" + (f" ({place})" if place else ""))
        lines.append("")
    lines += [f"- {_outcome(check, words, language)}" for check in unverified(report)]
    return ("\n".join(lines).rstrip() + "\n").encode()


def to_csv(report: ValidationReport, language: Language) -> bytes:
    """One line for each finding, as CSV by RFC 4180; formulas are neutralised."""
    words = texts(language)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([words(f"finding.{name}") for name in CSV_COLUMNS])
    writer.writerows(_csv_row(finding, words, language) for finding in report.findings)
    return buffer.getvalue().encode()


def to_html(report: ValidationReport, language: Language) -> bytes:
    """A page that stands alone, to print or to send; it has no style of its own."""
    words = texts(language)
    return ("\n".join(_html(report, words, language)) + "\n").encode()


def _html(report: ValidationReport, words: Texts, language: Language) -> Iterator[str]:
    title = escape(f"{words('report.title')}: {report.plan_id}")
    yield f'<!DOCTYPE html>\n<html lang="{language}">\n<meta charset="utf-8">\n<title>{title}</title>\n<h1>{title}</h1>'
    yield f"<p><strong>{escape(verdict(report, words))}</strong></p>"
    for group in finding_groups(report, language):
        heading = f"{words(f'severity.{group.severity}')}: {group.title} ({len(group.findings)})"
        yield f"<h2>{escape(heading)}</h2>\n<ul>"
        for one in group.findings:
            place, quote = where(one, words), one.quote or ""
            yield f"<li>{escape(in_language(one.message, language))}"
            yield f"<br><small>{escape(place)}</small>" if place else ""
            yield f"<blockquote>{escape(quote)}</blockquote></li>" if quote else "</li>"
        yield "</ul>"
    for check in unverified(report):
        yield f"<p>{escape(_outcome(check, words, language))}</p>"
    yield "</html>"


def _outcome(check: ShapeCheck, words: Texts, language: Language) -> str:
    reason = f" ({check.reason})" if check.reason else ""
    return f"{words(f'outcome.{check.outcome}')}: {in_language(check.title, language)}{reason}"


def _csv_row(finding: Finding, words: Texts, language: Language) -> list[str | int]:
    shown: Mapping[str, object] = {
        "severity": words(f"severity.{finding.severity}"),
        "message": in_language(finding.message, language),
    }
    values = (shown.get(name, getattr(finding, name)) for name in CSV_COLUMNS)
    return [value if isinstance(value, int) else harmless(str(value or "")) for value in values]
