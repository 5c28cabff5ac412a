"""From the plan record to the plan's named graph (docs/model.md): no blank nodes and no times of loading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from rdflib import RDF, RDFS, XSD, Graph, Literal, URIRef

from loaders.lexicon import phrases
from loaders.records import (
    Indicator,
    Item,
    LegalAct,
    Mention,
    Objective,
    Passage,
    Period,
    Plan,
    PlanRecord,
    Protocol,
    Rendition,
    Resource,
    Responsibility,
    Row,
    Target,
    Timeline,
)  # fmt: skip
from ontology.graphs import vocabulary
from ontology.iris import Iris, slug
from ontology.terms import DCTERMS, OA, PROV, RAC, SKOS, concept

LOADER_VERSION = "0.1.0"
_KINDS = {
    "socio_health_integration_plan": "SocioHealthIntegrationPlan",
    "piano_di_zona": "PianoDiZona",
    "accordo_di_programma": "AccordoDiProgramma",
    "annex": "Annex",
    "action_sheet": "ActionSheet",
    "other": "OtherPlanningDocument",
}
_TERRITORIES = {
    "ambito": "Ambito",
    "distretto": "Distretto",
    "asst": "ASST",
    "ausl": "AUSL",
    "ats": "ATS",
    "region": "Region",
}
_MOST_LOCAL = ("ambito", "distretto", "asst", "ausl", "ats")
_HEADING_KINDS = (("comune", "comune"), ("distretto", "distretto"), ("asst", "asst"), ("ats", "ats"))  # else an Ambito
_ITEM_KINDS = (
    ("progress", "hasProgress", "ProgressItem"),
    ("commitments", "hasCommitment", "Commitment"),
    ("actions", "hasAction", "Action"),
    ("needs", "hasNeed", "Need"),
    ("expectations", "hasExpectation", "Expectation"),
    ("methods", "hasMethod", "Method"),
    ("notes", "hasNote", "Note"),
)
_SEGMENTS = {
    "progress": "progress",
    "commitments": "commitment",
    "actions": "action",
    "needs": "need",
    "expectations": "expectation",
    "methods": "method",
    "notes": "note",
}
_COLUMNS = {"column_lost": "lost", "no_such_column": "none"}
_RESOURCES = {"human": "HumanResource", "financial": "Fund", "other": "OtherResource"}
_INSTRUMENTS = {
    "protocol": "Protocol", "agreement": "Agreement", "network_agreement": "NetworkAgreement",
    "guidelines": "Guidelines", "procedure": "Procedure", "convention": "Convention",
    "programmatic_document": "ProgrammaticDocument",
}  # fmt: skip
_CODED = {
    "service": ("services", "service"),
    "measure": ("measures", "measure"),
    "target_group": ("target-groups", "target-group"),
}


def build_graph(record: PlanRecord, iris: Iris) -> Graph:
    """The RDF graph of one plan."""
    builder = _Builder(record.plan, iris)
    builder.plan_node()
    for order, objective in enumerate(record.objectives, start=1):
        builder.objective(order, objective)
    builder.mentions(record.mentions)
    for order, block in enumerate(record.unread, start=1):
        node = builder.part("unread", order, "UnreadBlock")
        builder.text(node, block.text, block.passage)
        builder.add(node, RAC.reason, Literal(block.reason))
    for order, decision in enumerate(record.decisions, start=1):
        node = builder.part("decision", order, "Decision")
        builder.text(node, decision.text, decision.passage)
        builder.literals(
            node, {"rule": decision.rule, "confidence": decision.confidence, "rejected": decision.rejected}
        )
    return builder.graph


@cache
def _by_code(file: str, scheme: str) -> dict[str, URIRef]:
    graph = vocabulary(file)
    return {
        str(code): URIRef(str(node))
        for node, code in graph.subject_objects(SKOS.notation)
        if f"/{scheme}/" in str(node)
    }


def _trust_class(name: str) -> str:
    """The class of a local health trust by the words of its name: what one region calls ASL is an AUSL in another."""
    found = phrases("bodies", "body").find(name)
    return found[0].entry.entity_class if found else "HealthAuthority"


@dataclass
class _Builder:
    source: Plan
    iris: Iris
    graph: Graph = field(default_factory=Graph)

    @property
    def plan(self) -> URIRef:
        return self.iris.plan(self.source.id)

    def add(self, subject: URIRef, predicate: URIRef, value: URIRef | Literal) -> None:
        self.graph.add((subject, predicate, value))

    def literals(self, subject: URIRef, values: dict[str, str | int | bool | None]) -> None:
        for name, value in values.items():
            if value is not None:
                self.add(subject, RAC[name], Literal(value))

    def part(self, segment: str, order: int, kind: str) -> URIRef:
        node = self.iris.child(self.plan, segment, order)
        self.add(node, RDF.type, RAC[kind])
        self.add(node, RAC.inPlan, self.plan)
        self.add(node, RAC.order, Literal(order))
        return node

    def text(self, node: URIRef, text: str, passage: Passage) -> None:
        self.add(node, RAC.text, Literal(text))
        self.passage(node, passage)

    # the plan itself

    def plan_node(self) -> None:
        plan = self.source
        self.add(self.plan, RDF.type, RAC.Plan)
        self.add(self.plan, DCTERMS.identifier, Literal(plan.id))
        if plan.title:
            self.add(self.plan, DCTERMS.title, Literal(plan.title, lang="it"))
        self._document()
        self._territory()
        self._period(plan.period)
        for order, act in enumerate(plan.legal_acts, start=1):
            self._citation(order, act)

    def _document(self) -> None:
        document = self.iris.child(self.plan, "document")
        extraction = self.iris.child(self.plan, "extraction")
        self.add(self.plan, RAC.setOutIn, document)
        self.add(document, RDF.type, RAC[_KINDS[self.source.kind]])
        self.add(document, PROV.wasGeneratedBy, extraction)
        self.add(extraction, RDF.type, PROV.Activity)
        self.add(extraction, RAC.loaderVersion, Literal(LOADER_VERSION))
        for rendition in self.source.renditions:
            node = self._rendition(rendition)
            self.add(document, RAC.hasRendition, node)
            self.add(extraction, PROV.used, node)

    def _rendition(self, rendition: Rendition) -> URIRef:
        node = self.iris.rendition(rendition.sha256)
        self.add(node, RDF.type, RAC.Rendition)
        self.literals(
            node,
            {"sha256": rendition.sha256, "fileName": rendition.file, "columnsReliable": rendition.columns_reliable},
        )
        self.add(node, DCTERMS.format, Literal(rendition.media_type))
        return node

    def _territory(self) -> None:
        """The plan covers its most local territory; the others place it."""
        territory = self.source.territory
        named = {kind: getattr(territory, kind) for kind in _TERRITORIES if getattr(territory, kind)}
        covered = next((kind for kind in _MOST_LOCAL if kind in named), None)
        for kind, name in (*named.items(), *(("ambito", name) for name in territory.other_ambiti)):
            of_class = _trust_class(name) if kind == "ausl" else _TERRITORIES[kind]
            node = self.iris.territory(of_class.lower() if kind == "ausl" else kind, name)
            self.add(node, RDF.type, RAC[of_class])
            self.add(node, RDFS.label, Literal(name, lang="it"))
            if kind == covered:
                self.add(self.plan, RAC.coversTerritory, node)
            if kind == "ats":
                self.add(self.plan, RAC.underATS, node)

    def _period(self, period: Period) -> None:
        if not (period.start or period.end):
            return
        node = self.iris.child(self.plan, "period")
        self.add(self.plan, RAC.hasPeriod, node)
        self.add(node, RDF.type, RAC.Period)
        self.literals(node, {"text": period.text})
        self._dates(node, {"start": period.start, "end": period.end})
        self.add(node, RAC.assertedBy, concept("assertion", period.asserted_by))

    def _dates(self, node: URIRef, dates: dict[str, str | None]) -> None:
        for name, date in dates.items():
            if date:
                self.add(node, RAC[name], Literal(date, datatype=XSD.date))

    def _citation(self, order: int, act: LegalAct) -> None:
        node = self.part("citation", order, "LegalCitation")
        self.text(node, act.text, act.passage)
        kind = _by_code("legal-act-types", "legal-act-type")[act.type]
        target = self.iris.legal_act(slug(act.type), act.number, act.year)
        self.add(node, RAC.cites, target)
        self.add(self.plan, RAC.citesLegalAct, target)
        self.add(target, RDF.type, RAC.LegalAct)
        self.add(target, RAC.actType, kind)
        self.literals(target, {"number": act.number, "year": act.year})

    # objectives and rows

    def objective(self, order: int, objective: Objective) -> None:
        node = self.part("objective", order, "Objective")
        self.add(self.plan, RAC.hasObjective, node)
        self.literals(node, {"number": objective.number, "title": objective.title})
        self.add(node, RAC.level, concept("level", objective.level))
        if objective.theme:
            self.add(node, RAC.theme, concept("theme", objective.theme))
        self.passage(node, objective.passage)
        for number, row in enumerate(objective.rows, start=1):
            self._row(node, number, row)

    def _row(self, objective: URIRef, order: int, row: Row) -> None:
        node = self.iris.child(objective, "row", order)
        self.add(objective, RAC.hasRow, node)
        self.add(node, RDF.type, RAC.Row)
        self.add(node, RAC.rowOf, objective)
        self.literals(node, {"order": order, "label": row.label, "confidence": row.confidence})
        self.add(node, RAC.form, concept("form", slug(row.form)))
        self.add(node, RAC.protocolColumn, concept("protocol-column", _COLUMNS.get(row.protocol.marked, "present")))
        self.passage(node, row.passage)
        if row.form == "topics_matrix" and row.label:
            self._row_territory(node, row.label)
        self._protocol(node, row.protocol)
        self._content(node, row)

    def _row_territory(self, row: URIRef, name: str) -> None:
        """The territory that the heading over a mark names; a Comune is known by its ISTAT code alone."""
        kind = next((kind for word, kind in _HEADING_KINDS if word in name.lower()), "ambito")
        if kind == "comune":
            return
        node = self.iris.territory(kind, name)
        self.add(row, RAC.concernsTerritory, node)
        self.add(node, RDF.type, RAC[_TERRITORIES[kind]])
        self.add(node, RDFS.label, Literal(name, lang="it"))

    def _content(self, node: URIRef, row: Row) -> None:
        for name, predicate, kind in _ITEM_KINDS:
            self._items(node, _SEGMENTS[name], predicate, kind, getattr(row, name))
        for order, resource in enumerate(row.resources, start=1):
            self._resource(node, order, resource)
        for order, responsibility in enumerate(row.responsibilities, start=1):
            self._responsibility(node, order, responsibility)
        for order, indicator in enumerate(row.indicators, start=1):
            self._indicator(node, order, indicator)
        if row.timeline:
            self._timeline(node, row.timeline)
        self._coded(node, "service", RAC.involvesService, row.services)
        self._coded(node, "measure", RAC.concernsMeasure, row.measures)
        self._coded(node, "target_group", RAC.targetsGroup, row.target_groups)

    def _coded(self, node: URIRef, kind: str, predicate: URIRef, codes: Iterable[str]) -> None:
        for code in codes:
            self.add(node, predicate, _by_code(*_CODED[kind])[code])

    def _items(self, row: URIRef, segment: str, predicate: str, kind: str, items: Sequence[Item]) -> None:
        for order, item in enumerate(items, start=1):
            node = self._child(row, segment, order, predicate, kind)
            self.text(node, item.text, item.passage)

    def _child(self, row: URIRef, segment: str, order: int, predicate: str, kind: str) -> URIRef:
        node = self.iris.child(row, segment, order)
        self.add(row, RAC[predicate], node)
        self.add(node, RDF.type, RAC[kind])
        self.add(node, RAC.order, Literal(order))
        return node

    def _resource(self, row: URIRef, order: int, resource: Resource) -> None:
        node = self._child(row, "resource", order, "hasResource", _RESOURCES[resource.kind])
        self.text(node, resource.text, resource.passage)

    def _protocol(self, row: URIRef, protocol: Protocol) -> None:
        marked = protocol.marked if protocol.marked in ("present", "absent", "in_preparation", "conflicting") else None
        inputs = []
        if marked:
            inputs.append(self._status(row, "marked", "column-mark", marked, protocol.mark_passages))
        if protocol.stated != "not_stated":
            inputs.append(self._status(row, "stated", "cell-text", protocol.stated, protocol.stated_passages))
        if protocol.resolved != "not_stated":
            resolved = self._status(row, "resolved", "derived", protocol.resolved, protocol.passages)
            for node in inputs:
                self.add(resolved, PROV.wasDerivedFrom, node)
        if protocol.instrument and protocol.instrument_passage:
            self._instrument(row, "instrument", 1, "namesInstrument", protocol.instrument, protocol.instrument_passage)
        for order, (text, passage) in enumerate(zip(protocol.planned, protocol.planned_passages, strict=True), start=1):
            self._instrument(row, "planned-instrument", order, "plansInstrument", text, passage)

    def _status(self, row: URIRef, name: str, basis: str, value: str, passages: Iterable[Passage]) -> URIRef:
        node = self.iris.child(row, "status", name)
        self.add(row, RAC.hasProtocolStatus, node)
        self.add(node, RDF.type, RAC.ProtocolStatusAssertion)
        self.add(node, RAC.aboutRow, row)
        self.add(node, RAC.basis, concept("basis", basis))
        self.add(node, RAC.statusValue, concept("status", slug(value)))
        for passage in passages:
            self.passage(node, passage)
        return node

    def _instrument(self, row: URIRef, segment: str, order: int, predicate: str, text: str, passage: Passage) -> None:
        named = phrases("instrument-types", "instrument-type").find(text)
        node = self._child(row, segment, order, predicate, _INSTRUMENTS[named[0].entry.code] if named else "Instrument")
        self.text(node, text, passage)

    def _responsibility(self, row: URIRef, order: int, item: Responsibility) -> None:
        node = self._child(row, "responsibility", order, "hasResponsibility", "Responsibility")
        self.add(node, RAC.aboutRow, row)
        self.add(node, RAC.role, concept("role", slug(item.role)))
        self.add(node, RAC.basis, concept("basis", slug(item.basis)))
        self.add(node, RAC.actorResolved, Literal(item.resolved))
        kind = item.actor_type if item.resolved else ("SharedActor" if item.candidates else "UnnamedActor")
        self.add(node, RAC.actor, self._actor(item.actor, kind))
        for name in item.candidates:
            self.add(node, RAC.candidateActor, self._actor(name, None))
        self.text(node, item.text, item.passage)

    def _actor(self, name: str, kind: str | None) -> URIRef:
        node = self.iris.child(self.plan, "actor", slug(name)[:80])
        self.add(node, RDF.type, RAC[kind] if kind else RAC.Actor)
        self.add(node, RDFS.label, Literal(name, lang="it"))
        return node

    def _indicator(self, row: URIRef, order: int, indicator: Indicator) -> None:
        node = self._child(row, "indicator", order, "hasIndicator", "Indicator")
        self.add(node, RAC.indicatorKind, concept("indicator-kind", slug(indicator.kind)))
        self.text(node, indicator.text, indicator.passage)
        if indicator.target:
            self._target(node, indicator.target)

    def _target(self, indicator: URIRef, target: Target) -> None:
        node = self.iris.child(indicator, "target")
        self.add(indicator, RAC.hasTarget, node)
        self.add(node, RDF.type, RAC.TargetValue)
        self.literals(node, {"operator": target.op, "unit": target.unit, "targetPeriod": target.period})
        self.add(node, RAC.value, Literal(Decimal(f"{target.value:g}") + 0))

    def _timeline(self, row: URIRef, timeline: Timeline) -> None:
        node = self.iris.child(row, "timeline")
        self.add(row, RAC.hasTimeline, node)
        self.add(node, RDF.type, RAC.Timeline)
        for text, passage in zip(timeline.texts, timeline.passages, strict=True):
            self.text(node, text, passage)
        self._dates(node, {"start": timeline.start, "end": timeline.end, "deadline": timeline.deadline})
        if times := timeline.recurrence:
            self.literals(
                node, {"minPerYear": times.min_per_year, "maxPerYear": times.max_per_year, "ambiguous": times.ambiguous}
            )
        if relative := timeline.relative:
            self.literals(node, {"duration": relative.duration, "anchor": relative.anchor})

    # names and places

    def mentions(self, mentions: Iterable[Mention]) -> None:
        for order, mention in enumerate(mentions, start=1):
            node = self.part("mention", order, "Mention")
            self.text(node, mention.text, mention.passage)
            self.add(node, RAC.mentionGroup, Literal(mention.group))
            for file, scheme in (
                ("services", "service"),
                ("bodies", "body"),
                ("measures", "measure"),
                ("funds", "fund"),
            ):
                if target := _by_code(file, scheme).get(mention.entity):
                    self.add(node, RAC.refersToConcept, target)

    def passage(self, node: URIRef, passage: Passage) -> None:
        first = self._one_passage(passage, f"-{passage.more[-1].end}-{len(passage.more)}" if passage.more else "")
        self.add(node, RAC.hasPassage, first)
        for later in passage.more:
            self.add(first, RAC.continuedBy, self._one_passage(later, ""))
        for twin in passage.also:
            self.passage(node, twin)

    def _one_passage(self, passage: Passage, suffix: str) -> URIRef:
        node = self.iris.child(self.plan, "passage", f"{passage.rendition[:8]}-{passage.start}-{passage.end}{suffix}")
        selector = self.iris.child(node, "selector")
        self.add(node, RDF.type, RAC.Passage)
        self.add(node, OA.hasSource, self.iris.rendition(passage.rendition))
        self.literals(
            node,
            {
                "line": passage.line,
                "page": passage.page,
                "table": passage.table,
                "tableRow": passage.row,
                "tableColumn": passage.column,
                "sheet": passage.sheet,
                "cellName": passage.cell,
            },
        )
        self.add(node, OA.hasSelector, selector)
        self.add(selector, RDF.type, OA.TextQuoteSelector)
        self.add(selector, RDF.type, OA.TextPositionSelector)
        self.add(selector, OA.start, Literal(passage.start))
        self.add(selector, OA.end, Literal(passage.end))
        for name, words in (("exact", passage.exact), ("prefix", passage.prefix), ("suffix", passage.suffix)):
            self.add(selector, OA[name], Literal(words))
        return node
