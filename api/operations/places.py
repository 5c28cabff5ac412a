"""Territories: what they are, where they belong, and which loaded plans cover them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import URIRef

from api.operations.labels import local
from ontology.iris import Iris
from ontology.terms import DCTERMS, RAC, RDFS
from queries.solutions import ask_values
from store import GraphStore


@dataclass(frozen=True, slots=True)
class Place:
    """A territory or body: its IRI, class (`Ambito`), name, and the names of its ATS."""

    iri: str
    kind: str
    label: str
    ats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """A plan that covers a territory: its `own`, or that of the `area` around it."""

    plan_id: str
    scope: str


_COVERING = f"""
SELECT DISTINCT ?territory ?id ?scope WHERE {{{{
  {{only}}
  {{{{
    GRAPH ?g {{{{ ?plan <{DCTERMS.identifier}> ?id ; <{RAC.coversTerritory}> ?territory }}}}
    BIND("own" AS ?scope)
  }}}} UNION {{{{
    GRAPH ?g {{{{ ?plan <{DCTERMS.identifier}> ?id ; <{RAC.coversTerritory}> ?area }}}}
    GRAPH {{register}} {{{{ ?territory <{RAC.refersToASST}>|<{RAC.inTerritoryOf}> ?area ; a <{RAC.Ambito}> }}}}
    FILTER NOT EXISTS {{{{ GRAPH ?g {{{{ ?plan <{RAC.coversTerritory}> ?territory }}}} }}}}
    BIND("area" AS ?scope)
  }}}} UNION {{{{
    GRAPH ?g {{{{
      ?row <{RAC.concernsTerritory}> ?territory ; <{RAC.rowOf}> ?objective .
      ?plan <{RAC.hasObjective}> ?objective ; <{DCTERMS.identifier}> ?id
    }}}}
    FILTER NOT EXISTS {{{{ GRAPH ?g {{{{ ?plan <{RAC.coversTerritory}> ?territory }}}} }}}}
    BIND("area" AS ?scope)
  }}}}
}}}} ORDER BY DESC(?scope) ?id"""

_PLACES = f"""
SELECT DISTINCT ?territory ?kind ?label ?known ?ats WHERE {{{{
  {{{{
    GRAPH {{register}} {{{{
      ?territory a <{RAC.Ambito}> ; <{RDFS.label}> ?label . BIND(<{RAC.Ambito}> AS ?kind) BIND(1 AS ?known)
      OPTIONAL {{{{ ?territory <{RAC.inTerritoryOf}> ?body . ?body a <{RAC.ATS}> ; <{RDFS.label}> ?ats }}}}
    }}}}
  }}}} UNION {{{{
    GRAPH ?g {{{{
      ?plan <{RAC.coversTerritory}> ?territory . ?territory a ?kind ; <{RDFS.label}> ?label . BIND(2 AS ?known)
      OPTIONAL {{{{ ?plan <{RAC.underATS}> ?body . ?body <{RDFS.label}> ?ats }}}}
    }}}}
  }}}} UNION {{{{
    GRAPH ?g {{{{
      ?row <{RAC.concernsTerritory}> ?territory . ?territory a ?kind ; <{RDFS.label}> ?label . BIND(3 AS ?known)
    }}}}
  }}}}
}}}} ORDER BY ?territory ?known ?label ?ats"""


def covering_plans(store: GraphStore, iris: Iris, territory: str | None = None) -> Mapping[str, tuple[Coverage, ...]]:
    """The loaded plans of each territory, or of one: its own, then those of its area or with a row that concerns it."""
    only = f"VALUES ?territory {{ <{URIRef(territory)}> }}" if territory else ""
    found: dict[str, tuple[Coverage, ...]] = defaultdict(tuple)
    for row in ask_values(store, _COVERING.format(only=only, register=f"<{iris.territory_graph()}>")):
        found[row["territory"]] += (Coverage(row["id"], row["scope"]),)
    return found


def all_places(store: GraphStore, iris: Iris) -> Mapping[str, Place]:
    """The Ambiti of the register and the territories of plans; what the register says of one wins."""
    found: dict[str, Place] = {}
    for row in ask_values(store, _PLACES.format(register=f"<{iris.territory_graph()}>")):
        iri, ats = row["territory"], (row["ats"],) if "ats" in row else ()
        known = found.setdefault(iri, Place(iri, local(row["kind"]), row["label"], ats))
        if row["known"] == "1" and ats and ats[0] not in known.ats:
            found[iri] = Place(iri, known.kind, known.label, known.ats + ats)
    return found
