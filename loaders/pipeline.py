"""From files to the plan record: read each rendition, find its layouts, reconcile, and say what nobody claimed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from loaders.acts import all_acts
from loaders.document import Block, Document, Finding, Table
from loaders.errors import LoadError
from loaders.formats import read_document
from loaders.layouts import LAYOUTS
from loaders.layouts.section import Section
from loaders.legend import is_legend
from loaders.manifest import MANIFEST_NAME, Manifest, plan_folder, read_manifest
from loaders.mentions import find_mentions
from loaders.metadata import kind_of, period_of, title_of
from loaders.reconcile import reconcile
from loaders.records import Decision, Objective, Period, Plan, PlanRecord, Rendition, Territory, Unread
from loaders.span import Span, normalised
from loaders.territories import territory_of
from ontology.iris import slug


def read_plan(path: Path, manifest: Path | None = None) -> PlanRecord:
    """The record of a plan folder or of one document.

    Raises `LoadError` with the file, the place and the remedy.
    """
    if path.is_dir():
        folder = plan_folder(path)
        return extract_plan(folder.sources, folder.manifest)
    beside = path.parent / MANIFEST_NAME
    if manifest is None and beside.is_file() and path.name in (found := read_manifest(beside)).renditions:
        return extract_plan([path], found)
    return extract_plan([path], read_manifest(manifest) if manifest else None)


def extract_plan(sources: Sequence[Path], manifest: Manifest | None = None) -> PlanRecord:
    """The record of one plan from all its renditions, the one whose rows are kept first.

    Raises `LoadError`.
    """
    if not sources:
        raise LoadError("no file was given.", file="plan", remedy="Give at least one rendition.")
    documents = [read_document(path) for path in sources]
    return reconcile([extract_document(document, manifest) for document in documents], documents)


def extract_document(document: Document, manifest: Manifest | None = None) -> PlanRecord:
    """The record of one rendition."""
    sections = [read(document) for read in LAYOUTS.values()]
    acts = all_acts(document)
    return PlanRecord(
        plan=_plan(document, manifest).model_copy(update={"legal_acts": tuple(acts)}),
        objectives=tuple(_as_sure_as_seen(document, objective) for objective in _in_order(sections)),
        mentions=tuple(find_mentions(document, acts)),
        unread=tuple(_unread(document, frozenset().union(*(s.claimed for s in sections)))),
        decisions=tuple(_decisions(document, sections)),
    )


def _in_order(sections: Sequence[Section]) -> list[Objective]:
    """The objectives in the order of the text; two layouts that read the same words yield one."""
    found = sorted((o for s in sections for o in s.objectives), key=lambda o: (o.passage.start, -len(o.rows)))
    kept: dict[tuple[int, int], Objective] = {}
    for item in found:
        kept.setdefault((item.passage.start, item.passage.end), item)
    return list(kept.values())


def _as_sure_as_seen(document: Document, objective: Objective) -> Objective:
    """The objective whose rows are at most of class C where their page was read from a picture."""
    pictures = {document.passage(finding.span).page for finding in document.findings if finding.rule == "ocr"}
    rows = tuple(
        row.model_copy(update={"confidence": max(row.confidence, "C")}) if row.passage.page in pictures else row
        for row in objective.rows
    )
    return objective.model_copy(update={"rows": rows}) if pictures else objective


def _plan(document: Document, manifest: Manifest | None) -> Plan:
    territory, period = territory_of(document), period_of(document)
    if manifest:
        stated = {k: v for k, v in manifest.territory.model_dump().items() if v}
        territory = territory.model_copy(update={**({"other_ambiti": ()} if "ambito" in stated else {}), **stated})
        period = _period(period, manifest)
    return Plan(
        id=manifest.id if manifest else _identifier(document.rendition, territory, period),
        title=(manifest.title if manifest else None) or title_of(document),
        kind=(manifest.kind if manifest else None) or kind_of(document),
        territory=territory,
        period=period,
        renditions=(document.rendition.model_copy(update={"characters": _characters(document)}),),
    )


def _characters(document: Document) -> int:
    return sum(len(span.text) for block in document.blocks for span in _spans(block))


def _spans(block: Block) -> list[Span]:
    return [c.text for row in block.rows for c in row if c] if isinstance(block, Table) else [block.text]


def _period(read: Period, manifest: Manifest) -> Period:
    stated = manifest.period
    if not (stated.start or stated.end) or (read.start, read.end) == (stated.start, stated.end):
        return read
    return Period(text=None, start=stated.start, end=stated.end, asserted_by="manifest")


def _identifier(rendition: Rendition, territory: Territory, period: Period) -> str:
    name = territory.ambito or territory.distretto or territory.asst or territory.ausl
    if not name:
        return slug(Path(rendition.file).stem) or rendition.sha256[:12]
    years = [d[:4] for d in (period.start, period.end) if d]
    return slug("-".join([name.removeprefix("Ambito di "), *years]))


def _unread(document: Document, claimed: frozenset[int]) -> list[Unread]:
    """The blocks that no layout read; short lines without words are none."""
    found = []
    title = normalised(title_of(document) or "")
    for index, block in enumerate(document.blocks):
        if index in claimed or _is_known(block, title):
            continue
        reason = "tabella senza intestazioni note" if isinstance(block, Table) else "testo fuori da ogni struttura nota"
        found += [
            Unread(text=span.text, reason=reason, passage=document.passage(span))
            for span in _spans(block)
            if normalised(span.text)
        ]
    return found


def _is_known(block: Block, title: str) -> bool:
    """Whether a block was read as the title of the document or as its legend."""
    return not isinstance(block, Table) and (normalised(block.text.text) == title or is_legend(block.text.text))


def _decisions(document: Document, sections: Sequence[Section]) -> list[Decision]:
    found = [*document.findings, *_furniture(document), *(f for s in sections for f in s.findings)]
    made = [
        Decision(
            rule=f.rule, text=f.text, confidence=f.confidence, rejected=f.rejected, passage=document.passage(f.span)
        )
        for f in found
        if any(o >= 0 for o in f.span.offsets)
    ]
    return list(dict.fromkeys(made))


def _furniture(document: Document) -> list[Finding]:
    """What was set aside as belonging to the page, each wording once."""
    first: dict[str, Span] = {}
    for span in document.furniture:
        if normalised(span.text):
            first.setdefault(normalised(span.text), span)
    return [
        Finding("furniture", f"page furniture: {span.text}", "A", "text of the plan", span) for span in first.values()
    ]
