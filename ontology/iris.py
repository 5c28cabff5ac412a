"""The only place that mints the IRIs of data."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rdflib import URIRef

DEFAULT_BASE = "https://w3id.org/raccordo/id/"

# «Ambito distrettuale di Lodi» and «Lodi» are one place; what follows the kind words is its name.
_KIND_WORDS = re.compile(
    r"^(?:ambit[oi]|distrett[oi])"
    r"(?:-(?:territoriale|distrettuale|sociale|socio-sanitario|sociosanitario|sanitario|plurizonale|di-zona))*"
    r"(?:-(?:di|del|dello|della|dell|dei|degli|delle))?-"
)
_KINDS_WITHOUT_KIND_WORDS = frozenset({"ambito", "distretto"})


def slug(text: str) -> str:
    """`text` in lower-case ASCII letters and digits, all else as single hyphens; empty when it has none."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _segment(value: object) -> str:
    text = slug(str(value))
    if not text:
        raise ValueError(f"{value!r} has no letter or digit to make an IRI from")
    return text


def _place_name(kind: str, name: str) -> str:
    text = _segment(name)
    if kind not in _KINDS_WITHOUT_KIND_WORDS:
        return text
    rest = _KIND_WORDS.sub("", text)
    return text if rest.isdigit() or not rest else rest


@dataclass(frozen=True)
class Iris:
    """The IRIs of one installation, all under `base`.

    Each method raises `ValueError` for a name without any letter or digit.
    """

    base: str = DEFAULT_BASE

    def plan(self, plan_id: str) -> URIRef:
        """The plan."""
        return self._iri("plan", plan_id)

    def plan_graph(self, plan_id: str) -> URIRef:
        """The named graph of all that the plan states."""
        return self._iri("graph", "plan", plan_id)

    def report(self, plan_id: str) -> URIRef:
        """The plan's validation report."""
        return self._iri("report", plan_id)

    def report_graph(self, plan_id: str) -> URIRef:
        """The named graph of the plan's validation report."""
        return self._iri("graph", "report", plan_id)

    def ontology_graph(self) -> URIRef:
        """The named graph of the ontology and vocabularies."""
        return self._iri("graph", "ontology")

    def territory_graph(self) -> URIRef:
        """The named graph of the territory register."""
        return self._iri("graph", "territory")

    def territory(self, kind: str, name: str) -> URIRef:
        """A body or area of the register; a Comune goes by its ISTAT code.

        An Ambito or Distretto has the same IRI with and without its kind words: «Ambito di Lodi» and «Lodi».
        """
        return URIRef(f"{self.base}territory/{_segment(kind)}/{_place_name(_segment(kind), name)}")

    def fact(self, digest: str) -> URIRef:
        """A fact of the territory register, by the digest of its triple and qualifiers."""
        return self._iri("territory", "fact", digest)

    def rendition(self, sha256: str) -> URIRef:
        """A file, by the SHA-256 of its bytes."""
        return self._iri("rendition", sha256)

    def legal_act(self, act_type: str, number: str | None, year: int | None) -> URIRef:
        """A legal act, by what is known of its type, number and year: `legal-act/regional-law-3-2008`."""
        known = [str(part) for part in (act_type, number, year) if part is not None]
        return self._iri("legal-act", "-".join(known))

    def child(self, parent: URIRef, *segments: str | int) -> URIRef:
        """A node under `parent`: `child(row, "status", "marked")`."""
        return URIRef("/".join([str(parent), *map(_segment, segments)]))

    def _iri(self, *segments: str) -> URIRef:
        return URIRef(self.base + "/".join(map(_segment, segments)))
