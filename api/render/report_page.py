"""A report as a page that stands alone: to read on a screen, to print on A4, to send."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from api.language import Language, Texts, texts
from api.render.reports import (
    Group,
    change,
    finding_groups,
    in_language,
    made_with,
    outcome,
    quote,
    unverified,
    unwatched,
    verdict,
    where,
)
from shapes.report import Finding, ValidationReport

MOST_OF_A_RULE = 1000
"""Findings of one rule that are shown; how many more there are is said, and where they are."""
MOST_IN_ALL = 20_000
"""Findings that are shown of all rules together, so that a browser opens the page at once."""
OPENED = 500
"""Findings up to which the groups are open; of more, each is opened by who wants to read it."""
STYLE = """
body { font: 1rem/1.45 "Titillium Web", system-ui, "Segoe UI", sans-serif; color: #17324d; max-width: 62rem;
  margin: 0 auto; padding: 1rem 1.5rem; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.2rem; margin: 1.8rem 0 .3rem; }
a { color: #0066cc; } p { margin: 0 0 .5rem; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top;
  border-bottom: 1px solid #c5d1dc; } td.count { text-align: right; }
.verdict { font-weight: 600; padding: .6rem .8rem; border-left: 5px solid #455b71; background: #f2f6fa; }
.severity { font-weight: 700; border: 1px solid; border-radius: .2rem; padding: 0 .4rem; }
.violation { color: #8f1322; } .warning { color: #6b4200; } .info { color: #00478f; }
ol { padding-left: 2rem; scroll-margin-top: 7rem; } li { margin: 0 0 .6rem; }
summary { cursor: pointer; margin: 1.2rem 0 .3rem; } summary h2 { display: inline; }
small, .remedy { color: #455b71; font-size: .875em; }
blockquote { margin: .1rem 0 0; padding-left: .7rem; border-left: 3px solid #c5d1dc; font-style: italic; }
@page { size: A4; margin: 16mm 14mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; } }
@media print { body { font-size: 9.5pt; color: #000; max-width: none; padding: 0; }
  details::details-content { content-visibility: visible; block-size: auto; }
  li, tr { break-inside: avoid; } h2 { break-after: avoid; } a { color: #000; text-decoration: none; } }
"""


def to_html(report: ValidationReport, language: Language) -> bytes:
    """The page: the verdict, a table of the rules with findings, then the findings of each rule."""
    words = texts(language)
    return ("\n".join(_page(report, words, language)) + "\n").encode()


def _page(report: ValidationReport, words: Texts, language: Language) -> Iterator[str]:
    title = escape(f"{words('report.title')}: {report.plan_id}")
    groups = finding_groups(report, language)
    opened = " open" if len(report.findings) <= OPENED else ""
    yield f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8"><title>{title}</title>'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>{STYLE}</style></head>\n<body>\n<main>\n<h1>{title}</h1>"
    yield f'<p class="verdict">{escape(verdict(report, words))}</p>'
    yield from _summary(groups, words)
    most = min(MOST_OF_A_RULE, MOST_IN_ALL // max(1, len(groups)))
    for group in groups:
        yield from _group(group, most, opened, words, language)
    if report.resolved:
        title = f"{words('report.resolved')} ({len(report.resolved)})"
        yield f"<details{opened}>\n<summary><h2>{title}</h2></summary>\n<ol>"
        yield from (_item(one, words, language) for one in report.resolved[:MOST_OF_A_RULE])
        yield "</ol>\n</details>"
    if skipped := unverified(report):
        yield f"<h2>{escape(words('report.unverified'))}</h2>\n<ul>"
        yield from (f"<li>{escape(outcome(check, words, language))}</li>" for check in skipped)
        yield "</ul>"
    if report.unwatched:
        yield f"<p>{escape(unwatched(report, words))}</p>"
    yield f"<p><small>{escape(made_with(report, words))}</small></p>\n</main>\n</body>\n</html>"


def _summary(groups: tuple[Group, ...], words: Texts) -> Iterator[str]:
    if not groups:
        yield f"<p>{escape(words('report.empty'))}</p>"
        return
    heads = "".join(f'<th scope="col">{escape(words(f"report.{one}"))}</th>' for one in ("severity", "rule", "found"))
    yield f"<table>\n<caption><strong>{escape(words('report.summary'))}</strong></caption>\n<tr>{heads}</tr>"
    for group in groups:
        yield (
            f'<tr><td class="{group.severity}">{escape(words(f"severity.{group.severity}"))}</td>'
            f'<td><a href="#{escape(group.rule)}">{escape(group.title)}</a></td>'
            f'<td class="count">{len(group.findings)}</td></tr>'
        )
    yield "</table>"


def _group(group: Group, most: int, opened: str, words: Texts, language: Language) -> Iterator[str]:
    severity = f'<span class="severity {group.severity}">{escape(words(f"severity.{group.severity}"))}</span>'
    heading = f"<h2>{severity} {escape(group.title)} ({len(group.findings)})</h2>"
    yield f"<details{opened}>\n<summary>{heading}</summary>"
    if group.remedy:
        yield f'<p class="remedy">{escape(words("report.remedy"))}: {escape(group.remedy)}</p>'
    # A link to what is inside a closed group opens it; to the group itself it does not.
    yield f'<ol id="{escape(group.rule)}">'
    yield from (_item(one, words, language) for one in group.findings[:most])
    yield "</ol>"
    if left := len(group.findings[most:]):
        yield f'<p class="remedy">{escape(words("report.more", n=left))}</p>'
    yield "</details>"


def _item(finding: Finding, words: Texts, language: Language) -> str:
    beside = "; ".join(part for part in (where(finding, words), change(finding, words)) if part)
    place = f"<br><small>{escape(beside)}</small>" if beside else ""
    quoted = quote(finding)
    quote_block = f'<blockquote lang="it">{escape(quoted)}</blockquote>' if quoted else ""
    return f"<li>{escape(in_language(finding.message, language))}{place}{quote_block}"
