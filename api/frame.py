"""What every page has: its language, its words, the way around, and the templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from api.language import LANGUAGES, Language, texts
from api.negotiation import HTML, LANGUAGE_COOKIE, request_language
from api.operations.labels import local, term_label

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"
VENDOR = STATIC / "vendor"

NAVIGATION = (
    ("/", "nav.matrix"),
    ("/questions", "nav.questions"),
    ("/search", "nav.search"),
    ("/compare", "nav.compare"),
    ("/plans", "nav.plans"),
    ("/check", "nav.check"),
    ("/sparql-editor", "nav.sparql"),
    ("/docs", "nav.docs"),
)
"""The pages that the menu leads to, and the keys of their names."""

VENDORED = {
    "bootstrap": "bootstrap-italia.min.css",
    "htmx": "htmx.min.js",
    "yasgui_css": "yasgui.min.css",
    "yasgui": "yasgui.min.js",
}
"""The files of others that pages use when `make setup` has installed them under `static/vendor`."""

_MARKUP = re.compile(r"</?[A-Za-z][^>]*(?:>|$)|^[^<>]{0,40}>")
_CONTEXT_LENGTH = 40
_YEAR_SECONDS = 365 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Page:
    """What a template may ask of the page it stands on."""

    language: Language
    path: str
    query: Mapping[str, str]
    fragment: bool
    """Whether htmx asks for the part that changes rather than for the whole page."""
    vendor: frozenset[str]

    def label(self, iri: str | None) -> str:
        """The name of a term of the ontology in the language of the page."""
        return term_label(iri, self.language) if iri else ""

    def in_language(self, language: Language) -> str:
        """The address of the same page in another language."""
        return f"{self.path}?{urlencode({**self.query, 'lang': language})}"

    def address(self, path: str, **values: str | int | None) -> str:
        """An address with the values that are not empty as its parameters."""
        given = {name: value for name, value in values.items() if value not in (None, "")}
        return f"{path}?{urlencode(given)}" if given else path


def render_page(
    request: Request,
    template: str,
    context: Mapping[str, object],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The page of a template in the language of the request, which a `?lang=` makes the remembered one."""
    language = request_language(request)
    page = Page(
        language=language,
        path=request.url.path,
        query={name: value for name, value in request.query_params.items() if name != "lang"},
        fragment=request.headers.get("hx-request") == "true",
        vendor=_vendored(),
    )
    words = texts(language)
    shared = {"page": page, "t": words, "languages": LANGUAGES, "navigation": NAVIGATION}
    body = _templates().get_template(template).render({**shared, **context})
    response = Response(body, status, media_type=HTML, headers={**PAGE_HEADERS, **(headers or {})})
    response.headers["Content-Language"] = language
    if request.query_params.get("lang") == language:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR_SECONDS, httponly=True, samesite="lax")
    return response


PAGE_HEADERS: Mapping[str, str] = {"Vary": "Accept, Accept-Language, Cookie, HX-Request", "Cache-Control": "no-cache"}
"""What every page says of its caching: it depends on language and on who asks for a fragment."""


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = _day
    environment.filters["local"] = local
    environment.filters["first_sentence"] = _first_sentence
    environment.filters["before"] = _before
    environment.filters["after"] = _after
    return environment


@cache
def _vendored() -> frozenset[str]:
    return frozenset(name for name, path in VENDORED.items() if (VENDOR / path).is_file())


def _first_sentence(text: str) -> str:
    return text.split(". ", 1)[0].rstrip(".:") + "."


def _before(context: str) -> str:
    """The end of the words before a quote, without the marks of the file around them."""
    words = " ".join(_MARKUP.sub(" ", context).split())
    return f"…{words[-_CONTEXT_LENGTH:]} " if words else ""


def _after(context: str) -> str:
    """The start of the words after a quote."""
    words = " ".join(_MARKUP.sub(" ", context).split())
    return f" {words[:_CONTEXT_LENGTH]}…" if words else ""


def _day(iso: str | None) -> str:
    """A date as Italians and Europeans write it: 31/12/2022; what is no ISO date stays as it is."""
    year, _, rest = (iso or "").partition("-")
    month, _, day = rest.partition("-")
    return f"{day}/{month}/{year}" if day else (iso or "")
