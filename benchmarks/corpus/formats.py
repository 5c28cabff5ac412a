"""The formats that a made-up plan is written in; a new one is a function and a line here.

`DUMPS` need poppler's `pdftotext`; `SCANS` can be written anywhere, and read with the extra `ocr`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.corpus import render_docx, render_dump, render_html, render_pdf, render_scan, render_text, render_xlsx
from benchmarks.corpus.plans import GeneratedPlan
from benchmarks.corpus.record import true_graph
from ontology.iris import Iris


@dataclass(frozen=True)
class Format:
    """A format: the suffix of its files, and what writes a plan in it."""

    suffix: str
    render: Callable[[GeneratedPlan], bytes]


def _turtle(plan: GeneratedPlan) -> bytes:
    return true_graph(plan, Iris()).serialize(format="turtle", encoding="utf-8")


DOCUMENTS: Mapping[str, Format] = {
    "txt": Format(".txt", lambda plan: render_text.tab_separated(plan.pages)),
    "md": Format(".md", lambda plan: render_text.markdown(plan.pages)),
    "html": Format(".html", lambda plan: render_html.page(plan.pages)),
    "docx": Format(".docx", lambda plan: render_docx.word_file(plan.pages)),
    "xlsx": Format(".xlsx", lambda plan: render_xlsx.workbook(plan.pages)),
    "pdf": Format(".pdf", lambda plan: render_pdf.ruled(plan.pages)),
    "borderless": Format(".borderless.pdf", lambda plan: render_pdf.borderless(plan.pages)),
    "mined": Format(".mined.txt", lambda plan: render_dump.mined(plan.pages)),
}
DUMPS: Mapping[str, Format] = {
    "layout": Format(".layout.txt", lambda plan: render_dump.laid_out(plan.pages)),
    "flow": Format(".flow.txt", lambda plan: render_dump.flowing(plan.pages)),
}
SCANS: Mapping[str, Format] = {"scan": Format(".scan.pdf", lambda plan: render_scan.scanned(plan.pages))}
FORMATS: Mapping[str, Format] = {**DOCUMENTS, **DUMPS, **SCANS, "ttl": Format(".ttl", _turtle)}
