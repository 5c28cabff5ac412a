"""Figures of completeness: counted by hand on small plans, summed over territories and themes, compared, as DQV."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph, Literal, URIRef

from ontology.iris import Iris
from shapes.bundle import RULES, shapes_bundle
from shapes.completeness import (
    METRICS,
    Completeness,
    Figures,
    between_periods,
    between_runs,
    by_ats,
    by_territory,
    by_theme,
    completeness_graph,
    plan_completeness,
)
from shapes.unwatched import DQV

HERE = Path(__file__).parent
IRIS = Iris()
BASE = (HERE / "base.ttl").read_text(encoding="utf-8")
LODI, ATS = "https://w3id.org/raccordo/id/territory/ambito/prova", "https://w3id.org/raccordo/id/territory/ats/x"


def asked(*plans: Graph) -> Callable[[str], bytes]:
    store = ox.Store()
    for number, plan in enumerate(plans):
        text = plan.serialize(format="nt", encoding="utf-8")
        store.load(text, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(f"http://example.org/{number}"))

    def ask(query: str) -> bytes:
        return store.query(query).serialize(format=ox.QueryResultsFormat.JSON)  # type: ignore[union-attr,return-value]

    return ask


def plan(name: str, start: str = "2021-01-01", end: str = "2023-12-31", more: str = "") -> Graph:
    text = BASE.replace("plan/p", f"plan/{name}").replace("2021-01-01", start).replace("2023-12-31", end)
    return Graph().parse(data=text + more.replace("plan/p", f"plan/{name}"))


TWO_ROWS = """
<plan/p> rac:underATS <territory/ats/x> . <territory/ats/x> rdfs:label "ATS X"@it .
<plan/p/objective/1> rac:theme <https://w3id.org/raccordo/vocab/theme/abitare> ;
  rac:hasRow <plan/p/objective/1/row/2> , <plan/p/objective/1/row/3> .
<plan/p/objective/1/row/2> a rac:Row ; rac:form form:status-table ;
  rac:hasTimeline <plan/p/objective/1/row/2/timeline> ;
  rac:hasResponsibility <plan/p/objective/1/row/2/responsibility/1> .
<plan/p/objective/1/row/2/timeline> a rac:Timeline ;
  rac:start "2021-01-01"^^xsd:date ; rac:end "2023-12-31"^^xsd:date .
<plan/p/objective/1/row/2/responsibility/1> rac:actorResolved false ; rac:role role:owner ; rac:basis basis:column .
<plan/p/objective/1/row/3> a rac:Row ; rac:form form:topics-matrix .
"""


def test_counted_by_hand() -> None:
    """The second row repeats the plan's period and names two owners at once; the third only says which topics."""
    (found,) = plan_completeness(asked(plan("p", more=TWO_ROWS)))
    assert found.figures == Figures(rows=2, owner=1, indicator=1, timeline=1)
    assert (found.name, found.territory, found.territory_name) == ("Piano di prova", LODI, "Ambito di Prova")
    assert (found.ats, found.ats_name, found.start, found.end) == (ATS, "ATS X", "2021-01-01", "2023-12-31")
    assert found.figures.share("owner") == Decimal("0.5")


def test_a_deadline_inside_the_period_is_of_the_row() -> None:
    more = TWO_ROWS + '<plan/p/objective/1/row/2/timeline> rac:deadline "2022-06-30"^^xsd:date .'
    (found,) = plan_completeness(asked(plan("p", more=more)))
    assert found.figures.timeline == 2


def test_empty_plan_has_no_share() -> None:
    graph = Graph().parse(data="<https://w3id.org/raccordo/id/plan/e> a <https://w3id.org/raccordo/ontology#Plan> .")
    (found,) = plan_completeness(asked(graph))
    assert found.figures == Figures()
    assert [found.figures.share(metric) for metric in METRICS] == [None] * 3
    assert {str(o) for o in completeness_graph([found]).objects(None, DQV.isMeasurementOf)} == {str(RULES.rows)}


def test_no_plans() -> None:
    assert plan_completeness(asked()) == ()


def test_groups_add_up() -> None:
    plans = plan_completeness(asked(plan("p", more=TWO_ROWS), plan("q")))
    (territory,) = by_territory(plans)
    assert (territory.iri, territory.name, territory.figures) == (LODI, "Ambito di Prova", Figures(3, 2, 2, 2))
    (ats,) = by_ats(plans)
    assert (ats.iri, ats.figures.rows) == (ATS, 2)
    (theme,) = by_theme(plans)
    assert (theme.iri.rsplit("/", 1)[-1], theme.figures) == ("abitare", Figures(2, 1, 1, 1))


def test_two_runs() -> None:
    before = plan_completeness(asked(plan("p", more=TWO_ROWS), plan("gone")))
    after = plan_completeness(asked(plan("p"), plan("new")))
    (change,) = between_runs(before, after)
    assert change.after.iri.endswith("/plan/p")
    assert [change.points(metric) for metric in METRICS] == [Decimal(50)] * 3


def test_two_periods() -> None:
    first, second = plan("a", "2018-01-01", "2020-12-31", TWO_ROWS), plan("b")
    oldest, other = plan("old", "2015-01-01", "2017-12-31"), plan("other", "2024-01-01", "2026-12-31")
    text = other.serialize(format="nt").replace("territory/ambito/prova", "territory/ambito/altrove")
    changes = between_periods(plan_completeness(asked(first, second, oldest, Graph().parse(data=text))))
    pairs = [(c.before.iri.rsplit("/", 1)[-1], c.after.iri.rsplit("/", 1)[-1]) for c in changes]
    assert pairs == [("old", "a"), ("a", "b")]
    assert changes[0].points("owner") == Decimal(-50)


def test_no_rows_cannot_be_compared() -> None:
    assert Figures(1, 1).points_since(Figures(), "owner") is None


def test_measurements_are_of_known_metrics() -> None:
    plans = plan_completeness(asked(plan("p", more=TWO_ROWS)))
    everything: list[Completeness] = [*plans, *by_territory(plans), *by_ats(plans), *by_theme(plans)]
    graph = completeness_graph(everything)
    metrics = set(graph.objects(None, DQV.isMeasurementOf))
    assert metrics == set(shapes_bundle().graph.subjects(DQV.inDimension, RULES.completeness))
    assert len(list(graph.subjects(RDF.type, DQV.QualityMeasurement))) == 4 * len(everything)
    node = URIRef(f"{IRIS.plan('p')}/completeness/rows-with-owner")
    assert graph.value(node, DQV.computedOn) == IRIS.plan("p")
    assert graph.value(node, DQV.value) == Literal(Decimal("0.5000"))


@pytest.mark.parametrize("kind", ["territory", "ats", "theme"])
def test_kinds(kind: str) -> None:
    plans = plan_completeness(asked(plan("p", more=TWO_ROWS)))
    groups = {"territory": by_territory, "ats": by_ats, "theme": by_theme}
    assert {one.kind for one in groups[kind](plans)} == {kind}
