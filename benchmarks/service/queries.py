"""What is asked of every engine: the same texts, in forms that all of them answer alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ontology.iris import Iris

_PREFIXES = """\
PREFIX rac: <https://w3id.org/raccordo/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
_MIX = (
    """SELECT ?title WHERE { GRAPH <PLAN> { ?plan a rac:Plan ; dcterms:title ?title } }""",
    """SELECT ?objective ?title ?quote ?file WHERE { GRAPH <PLAN> {
      ?plan a rac:Plan ; rac:hasObjective ?objective . ?objective rac:title ?title ; rac:hasPassage ?passage .
      ?passage oa:hasSource ?rendition ; oa:hasSelector ?selector . ?selector oa:exact ?quote .
      ?rendition rac:fileName ?file } }""",
    """SELECT ?row ?label ?actor WHERE { GRAPH <PLAN> { ?row a rac:Row .
      OPTIONAL { ?row rac:label ?label } OPTIONAL { ?row rac:hasResponsibility ?duty . ?duty rac:actor ?actor } } }""",
    """SELECT ?plan ?territory ?label WHERE { GRAPH <PLAN> { ?plan rac:coversTerritory ?territory }
      GRAPH <REGISTER> { ?territory rdfs:label ?label } }""",
    """SELECT DISTINCT ?theme WHERE { GRAPH <PLAN> { ?objective a rac:Objective ; rac:theme ?theme } }""",
)
_ACROSS = {
    "triples by predicate": "SELECT ?p (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?p",
    "instances by class": "SELECT ?class (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s a ?class } } GROUP BY ?class",
    "objectives by theme and year": """SELECT ?theme ?year (COUNT(DISTINCT ?objective) AS ?n) WHERE { GRAPH ?g {
      ?plan a rac:Plan ; rac:hasPeriod ?period ; rac:hasObjective ?objective . ?period rac:start ?start .
      ?objective rac:theme ?theme } BIND(SUBSTR(STR(?start), 1, 4) AS ?year) } GROUP BY ?theme ?year""",
    "rows without an indicator": """SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?row a rac:Row }
      FILTER NOT EXISTS { GRAPH ?g { ?row rac:hasIndicator ?indicator } } }""",
    "actors in several plans": """SELECT ?actor (COUNT(DISTINCT ?g) AS ?plans) WHERE { GRAPH ?g {
      ?duty rac:actor ?actor } } GROUP BY ?actor HAVING (COUNT(DISTINCT ?g) > 1)""",
}
_CROSS = " ".join(f"GRAPH ?g{n} {{ ?s{n} ?p{n} ?o{n} }}" for n in range(4))

AGGREGATIONS: Mapping[str, str] = {name: _PREFIXES + text for name, text in _ACROSS.items()}
"""Questions over everything that is stored."""
ATTACK = (
    f"SELECT (COUNT(*) AS ?n) WHERE {{ {_CROSS} }}",
    f"SELECT * WHERE {{ {_CROSS} }} ORDER BY ?o0 ?o3",
    f"SELECT (GROUP_CONCAT(?o0; SEPARATOR=' ') AS ?all) WHERE {{ {_CROSS} }}",
)
"""Queries that never end, or take all the memory."""


def mix(plan_graphs: Sequence[str]) -> list[str]:
    """Short questions as pages ask them, of each plan in turn: its name, evidence, rows, territory and themes."""
    register = str(Iris().territory_graph())
    return [
        _PREFIXES + text.replace("<PLAN>", f"<{graph}>").replace("<REGISTER>", f"<{register}>")
        for graph in plan_graphs
        for text in _MIX
    ]
