"""Which representation and which language a client wants: the only reader of `Accept` and `Accept-Language`.

RFC 9110, sections 12.5.1 and 12.5.4: the most specific range that matches a type gives its weight, a weight of 0
excludes it, and of equal weights the first that the server offers wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from starlette.requests import HTTPConnection

from api.errors import NotAcceptable
from api.language import LANGUAGES, Language

TURTLE, NTRIPLES, JSONLD = "text/turtle", "application/n-triples", "application/ld+json"
RDFXML, TRIG, NQUADS = "application/rdf+xml", "application/trig", "application/n-quads"
RESULTS_JSON, RESULTS_XML = "application/sparql-results+json", "application/sparql-results+xml"
CSV, TSV, JSON = "text/csv", "text/tab-separated-values", "application/json"
HTML, MARKDOWN, TEXT = "text/html", "text/markdown", "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF, SARIF = "application/pdf", "application/sarif+json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PROBLEM = "application/problem+json"
LANGUAGE_COOKIE = "raccordo-lang"
_HEADERS_KEPT, _LONGEST_KEPT = 512, 1024

SELECT_TYPES = (RESULTS_JSON, RESULTS_XML, CSV, TSV)
ASK_TYPES = (RESULTS_JSON, RESULTS_XML)
GRAPH_TYPES = (TURTLE, NTRIPLES, JSONLD, RDFXML, TRIG, NQUADS)

_ALIASES: Mapping[str, tuple[str, ...]] = {
    RESULTS_JSON: (JSON,),
    RESULTS_XML: ("application/xml", "text/xml"),
    TURTLE: ("application/x-turtle",),
    NTRIPLES: ("text/plain",),
    JSONLD: (JSON,),
    RDFXML: ("application/xml", "text/xml"),
    NQUADS: ("text/x-nquads",),
    TRIG: ("application/x-trig",),
}


class Range(NamedTuple):
    """One element of an Accept header, in lower case and without its other parameters."""

    name: str
    weight: float


def negotiate(accept: str | None, offered: Sequence[str]) -> str:
    """The type of `offered` that the Accept header likes best; the first when there is no header or it is empty.

    Raises `NotAcceptable` when it likes none.
    """
    header = accept or ""
    # Clients send a few headers again and again; one that nobody needs is not kept.
    best = _best if len(header) <= _LONGEST_KEPT else _best.__wrapped__
    return best(header, tuple(offered))


@lru_cache(_HEADERS_KEPT)
def _best(accept: str, offered: tuple[str, ...]) -> str:
    ranges = _ranges(accept)
    if not ranges:
        return offered[0]
    weights = [(_type_weight(media_type, ranges), media_type) for media_type in offered]
    best = max(weight for weight, _ in weights)
    if best <= 0:
        raise NotAcceptable(accept, offered)
    return next(media_type for weight, media_type in weights if weight == best)


def choose(name: str | None, accept: str | None, formats: Mapping[str, str], default: str) -> str:
    """The name of one of `formats` (name → media type): the one asked for by `name`, else by the Accept header.

    `default` is what a client without a preference gets. Raises `NotAcceptable`.
    """
    if name:
        if name not in formats:
            raise NotAcceptable(name, tuple(formats))
        return name
    names = [default, *(one for one in formats if one != default)]
    media_type = negotiate(accept, [formats[one] for one in names])
    return next(one for one in names if formats[one] == media_type)


def prefers_html(request: HTTPConnection) -> bool:
    """Whether a client would rather have a page than a JSON document; false when it has no preference."""
    try:
        return request_type(request, (PROBLEM, JSON, HTML)) == HTML
    except NotAcceptable:
        return False


def request_type(request: HTTPConnection, offered: Sequence[str]) -> str:
    """The type of `offered` that the request likes best. Raises `NotAcceptable`."""
    return negotiate(request.headers.get("accept"), offered)


def request_format(request: HTTPConnection, formats: Mapping[str, str], default: str) -> str:
    """The name of the format the request asks for by `?format=`, else by its Accept header. Raises `NotAcceptable`."""
    return format_named(request.query_params.get("format"), request, formats, default)


def format_named(name: str | None, request: HTTPConnection, formats: Mapping[str, str], default: str) -> str:
    """The name of the format that `name` asks for, else the request's Accept header. Raises `NotAcceptable`."""
    return choose(name, request.headers.get("accept"), formats, default)


def request_language(request: HTTPConnection) -> Language:
    """The language of a request: `?lang=`, else its cookie, else its Accept-Language header, else Italian."""
    return choose_language(
        request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language")
    )


def choose_language(asked: str | None, remembered: str | None, accept_language: str | None) -> Language:
    """The language asked for, else the remembered one, else the one the header likes best, else Italian."""
    for name in (asked, remembered):
        for language in LANGUAGES:
            if name == language:
                return language
    ranges = _ranges(accept_language or "")
    weights: list[tuple[float, Language]] = [(_language_weight(language, ranges), language) for language in LANGUAGES]
    best = max(weight for weight, _ in weights)
    return next(language for weight, language in weights if weight == best)


def _ranges(header: str) -> list[Range]:
    return [one for part in header.split(",") if (one := _range(part))]


def _range(part: str) -> Range | None:
    """One element; `None` for one that is empty or whose weight is no number from 0 to 1."""
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weight = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
    try:
        value = float(weight)
    except ValueError:
        return None
    return Range(name, value) if name and 0 <= value <= 1 else None


def _type_weight(media_type: str, ranges: Iterable[Range]) -> float:
    """The weight of the most specific range that matches the type by its own name, by an alias or by a wildcard."""
    named = {one.name: one.weight for one in ranges}
    family = media_type.split("/", 1)[0] + "/*"
    aliases = [named[alias] for alias in _ALIASES.get(media_type, ()) if alias in named]
    if media_type in named:
        return named[media_type]
    if aliases:
        return max(aliases)
    return named.get(family, named.get("*/*", 0))


def _language_weight(language: Language, ranges: Iterable[Range]) -> float:
    matching = [one.weight for one in ranges if one.name.partition("-")[0] == language]
    anything = [one.weight for one in ranges if one.name == "*"]
    return max(matching) if matching else max(anything, default=0)
