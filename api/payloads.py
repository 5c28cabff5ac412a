"""RDF that somebody sends to be stored: read without opening anything, written again as N-Triples."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from api.errors import MalformedRequest, UnsupportedBody
from api.negotiation import JSONLD, NTRIPLES, RDFXML, TURTLE

_FORMATS: Mapping[str, ox.RdfFormat] = {
    TURTLE: ox.RdfFormat.TURTLE,
    NTRIPLES: ox.RdfFormat.N_TRIPLES,
    RDFXML: ox.RdfFormat.RDF_XML,
    JSONLD: ox.RdfFormat.JSON_LD,
}
PAYLOAD_TYPES = tuple(_FORMATS)
"""The media types in which one graph may be sent."""


def read_payload(body: bytes, media_type: str, base: str) -> bytes:
    """The triples of one graph as N-Triples. Raises `UnsupportedBody`, `MalformedRequest`.

    XML with a document type is refused: its entities could ask for any amount of memory.
    """
    form = _FORMATS.get(media_type)
    if form is None:
        there_is = ", ".join(PAYLOAD_TYPES)
        raise UnsupportedBody(it=f"Un grafo si manda come {there_is}.", en=f"A graph is sent as {there_is}.")
    if media_type == RDFXML and (b"<!DOCTYPE" in body or b"\0" in body):
        raise MalformedRequest(
            it="L'RDF/XML deve essere UTF-8 e senza DOCTYPE.", en="RDF/XML has to be UTF-8 and without a DOCTYPE."
        )
    try:
        quads = list(ox.parse(body, format=form, base_iri=base, rename_blank_nodes=True))
    except (SyntaxError, ValueError, OSError) as error:
        raise MalformedRequest(
            it=f"Il corpo non è {media_type}: {error}", en=f"The body is not {media_type}: {error}"
        ) from error
    if any(not isinstance(quad.graph_name, ox.DefaultGraph) for quad in quads):
        raise MalformedRequest(
            it="Il corpo nomina dei grafi: qui se ne scrive uno solo.", en="The body names graphs: one is written here."
        )
    return ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
