"""What programs look for before they ask: VoID, the catalogue record, example queries, the dump."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from rdflib import Graph
from starlette.responses import Response

from api.caching import conditional
from api.discovery import Publication, catalogue_graph, examples_graph, void_graph
from api.negotiation import NQUADS, request_format, request_language
from api.operations import export_all, list_questions
from api.operations.dumping import dump_crate, publication
from api.operations.statistics import dataset_statistics
from api.render.linked import LINKED_FORMATS, write_graph
from api.rest.responses import documented, format_parameter
from api.service import Served, Service

DUMP_FORMATS = {"nquads": NQUADS, "rocrate": "application/zip"}
"""The forms of the dump by the name that `format` takes."""

router = APIRouter(tags=["discovery"])

_LINKED: dict[str, Any] = {
    "response_class": Response,
    "responses": documented("The description.", LINKED_FORMATS.values()),
    "openapi_extra": {"parameters": [format_parameter(LINKED_FORMATS)]},
}
_DUMP: dict[str, Any] = {
    "response_class": Response,
    "responses": documented("The dump.", DUMP_FORMATS.values()),
    "openapi_extra": {"parameters": [format_parameter(DUMP_FORMATS)]},
}


@router.get("/.well-known/void", summary="The dataset in numbers (VoID)", **_LINKED)
def void(request: Request, service: Served) -> Response:
    """Its parts, with the classes and properties of each and how often they occur."""
    counts = dataset_statistics(service.store, service.iris)
    return _linked(request, void_graph(_about(request, service), counts))


@router.get("/api/catalogue", summary="The record of the dataset for catalogues (DCAT-AP_IT)", **_LINKED)
def catalogue(request: Request, service: Served) -> Response:
    """Who publishes it, under which licence, where its files and its endpoint are."""
    counts = dataset_statistics(service.store, service.iris)
    return _linked(request, catalogue_graph(_about(request, service), counts))


@router.get("/api/examples", summary="The questions as SHACL-annotated queries", **_LINKED)
def examples(request: Request, service: Served) -> Response:
    """Each question of the catalogue as a query that runs as it stands, with its names in both languages."""
    return _linked(request, examples_graph(_about(request, service), list_questions()))


@router.get("/api/dump", summary="Everything: N-Quads, or an RO-Crate with checksums", **_DUMP)
def dump(request: Request, service: Served) -> Response:
    """The whole dataset as one file."""
    name = request_format(request, DUMP_FORMATS, "nquads")
    if name == "nquads":
        body, suffix = export_all(service.store), "nq"
    else:
        address, language = str(request.base_url), request_language(request)
        body, suffix = dump_crate(service.store, service.settings, address, language), "zip"
    headers = {"Vary": "Accept", "Content-Disposition": f'attachment; filename="raccordo.{suffix}"'}
    return conditional(request, Response(body, media_type=DUMP_FORMATS[name], headers=headers))


def _about(request: Request, service: Service) -> Publication:
    return publication(service.settings, service.store, str(request.base_url))


def _linked(request: Request, graph: Graph) -> Response:
    name = request_format(request, LINKED_FORMATS, "turtle")
    return conditional(
        request, Response(write_graph(graph, name), media_type=LINKED_FORMATS[name], headers={"Vary": "Accept"})
    )
