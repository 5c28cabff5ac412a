"""From IRIs of the data to the pages that show them, and to the short values that addresses carry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from ontology.iris import Iris
from ontology.published import ONTOLOGY
from ontology.terms import VOCABULARY_BASE

_IN_PLAN = re.compile(r"plan/(?P<plan>[a-z0-9-]+)(?:/objective/(?P<objective>\d+)(?:/row/(?P<row>\d+))?)?(?:/.*)?")


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of the pages about the things that one installation's IRIs name."""

    iris: Iris

    def page(self, iri: str) -> str | None:
        """The page about a plan, objective, row or territory; `None` for anything else."""
        rest = iri.removeprefix(self.iris.base)
        if rest == iri:
            return None
        if rest.startswith("territory/"):
            return f"/?{urlencode({'territory': self.value(iri)})}"
        if (match := _IN_PLAN.fullmatch(rest)) is None:
            return None
        if match["objective"] is None:
            return f"/plans/{match['plan']}"
        place = f"#row-{match['objective']}-{match['row']}" if match["row"] else ""
        return self.objective(match["plan"], int(match["objective"])) + place

    def address(self, iri: str) -> str | None:
        """Where an IRI of the data, the ontology or a vocabulary resolves here; another web address as it is.

        `None` for what no browser may follow.
        """
        for base, path in ((self.iris.base, "/id/"), (ONTOLOGY, "/ontology"), (VOCABULARY_BASE, "/vocab/")):
            if iri.startswith(base):
                return path + iri.removeprefix(base)
        return iri if iri.startswith(("https://", "http://")) else None

    def objective(self, plan_id: str, order: int) -> str:
        """The evidence in one objective of a plan."""
        return f"/evidence?{urlencode({'plan': plan_id, 'objective': order})}"

    def cell(self, territory: str, theme: str) -> str:
        """The evidence behind one cell of the matrix."""
        return f"/evidence?{urlencode({'territory': self.value(territory), 'theme': self.value(theme)}, safe='/')}"

    def value(self, iri: str) -> str:
        """A territory (`ambito/lodi`) or a concept (`abitare`) as short as the questions read it; else the IRI."""
        if iri.startswith(place := f"{self.iris.base}territory/"):
            return iri.removeprefix(place)
        if iri.startswith(VOCABULARY_BASE):
            return iri.removeprefix(VOCABULARY_BASE).partition("/")[2]
        return iri
