"""Every IRI of the data resolves here: a page for people, RDF for programs, with the same triples."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, Query, Request
from starlette.responses import Response

from api.caching import conditional
from api.frame import PAGE_HEADERS, render_page
from api.language import Language
from api.negotiation import request_format, request_language
from api.operations.entities import INCOMING_MOST, INCOMING_PAGE, Entity, entity_graph, find_entity
from api.operations.labels import best_label, local, term_label
from api.pages.links import Links
from api.render.linked import LINKED_FORMATS, PAGE_FORMATS, write_graph
from api.rest.plans import GRAPH_FORMATS
from api.service import Served, Service
from api.signposts import data_links, page_links
from ontology.published import LICENCE
from ontology.terms import RDF, VOCABULARY_BASE

router = APIRouter()

PageNumber = Annotated[int, Query(ge=1, le=INCOMING_MOST)]
_NAME_LENGTH = 120


@router.get("/id/{rest:path}")
def data(rest: str, request: Request, service: Served, page: PageNumber = 1) -> Response:
    """One thing of the data."""
    return represent(request, service, service.iris.base + rest, page)


@router.get("/vocab/{scheme}/{slug}")
def concept(scheme: str, slug: str, request: Request, service: Served, page: PageNumber = 1) -> Response:
    """One concept of a vocabulary, with what the plans say with it."""
    return represent(request, service, f"{VOCABULARY_BASE}{scheme}/{slug}", page)


def serve_base(app: FastAPI, base: str) -> None:
    """Let `app` answer at the path of its own base as well, so that IRIs resolve without a proxy's help."""
    path = urlsplit(base).path
    if path not in ("/", "/id/"):
        app.add_api_route(path + "{rest:path}", data, include_in_schema=False)


def represent(request: Request, service: Service, iri: str, number: int) -> Response:
    """What is said of `iri` in the representation that the request asks for."""
    name = request_format(request, PAGE_FORMATS, "html")
    entity = find_entity(service.store, iri, service.iris, number)
    path = request.url.path
    if name == "html":
        response = _page(request, entity, Links(service.iris))
        links = page_links(path, iri, licence=str(LICENCE), kinds=_kinds(entity), items=_items(entity, service))
    else:
        response = Response(
            write_graph(entity_graph(entity), name), media_type=PAGE_FORMATS[name], headers=PAGE_HEADERS
        )
        links = data_links(path, iri, licence=str(LICENCE))
    response.headers["Link"] = ", ".join((links, *_neighbours(path, entity)))
    return conditional(request, response)


def _page(request: Request, entity: Entity, links: Links) -> Response:
    language = request_language(request)
    kinds = [_name(entity, one, language) for one in _kinds(entity)]
    name = _name(entity, entity.iri, language)
    context = {
        "entity": entity,
        # «1» alone says nothing: «Riga 1».
        "title": f"{kinds[0]} {name}" if kinds and name == local(entity.iri) else name,
        "name": lambda iri: _name(entity, iri, language),
        "kinds": kinds,
        "links": links,
        "own_page": links.page(entity.iri),
        "formats": list(LINKED_FORMATS),
        "most": INCOMING_MOST,
        "first": (entity.page - 1) * INCOMING_PAGE + 1,
    }
    return render_page(request, "entity.html", context)


def _name(entity: Entity, iri: str, language: Language) -> str:
    """The name of an IRI on the page: its label in the store, else in the ontology, cut when it is a sentence."""
    found = best_label(entity.names.get(iri, ()), language) or term_label(iri, language) or local(iri) or iri
    return found if len(found) <= _NAME_LENGTH else found[:_NAME_LENGTH].rsplit(" ", 1)[0] + "…"


def _kinds(entity: Entity) -> list[str]:
    return [one.value.text for one in entity.outgoing if one.predicate == str(RDF.type)]


def _items(entity: Entity, service: Service) -> dict[str, str]:
    """The files of a plan: its whole graph in each format."""
    prefix = str(service.iris.base) + "plan/"
    plan_id = entity.iri.removeprefix(prefix)
    if not entity.iri.startswith(prefix) or "/" in plan_id:
        return {}
    return {f"/api/plans/{plan_id}/graph?format={name}": media_type for name, media_type in GRAPH_FORMATS.items()}


def _neighbours(path: str, entity: Entity) -> list[str]:
    """The other pages of the links that lead here (RFC 8288's `prev` and `next`)."""
    found = []
    if entity.page > 1:
        found.append(f'<{path}?page={entity.page - 1}>; rel="prev"')
    if entity.page < entity.last_page:
        found.append(f'<{path}?page={entity.page + 1}>; rel="next"')
    return found
