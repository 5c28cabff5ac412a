"""Link headers by which a program finds the data behind a page: FAIR Signposting (https://signposting.org/FAIR/)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlencode

from api.render.linked import LINKED_FORMATS

ABOUT_PAGE = "https://schema.org/AboutPage"


def page_links(
    path: str, iri: str, *, licence: str, kinds: Iterable[str] = (), items: Mapping[str, str] | None = None
) -> str:
    """The Link header of a page about `iri`: how to cite it, its descriptions, its kind, its files (address → type)."""
    return ", ".join(
        (
            _link(iri, "cite-as"),
            *_descriptions(path),
            *(_link(kind, "type") for kind in (ABOUT_PAGE, *kinds)),
            _link(licence, "license"),
            *(_link(address, "item", media_type) for address, media_type in (items or {}).items()),
        )
    )


def data_links(path: str, iri: str, *, licence: str) -> str:
    """The Link header of a description of `iri` in RDF: what it describes, its page, its licence."""
    page = f"{path}?{urlencode({'format': 'html'})}"
    return ", ".join((_link(iri, "cite-as"), _link(page, "describes", "text/html"), _link(licence, "license")))


def _descriptions(path: str) -> Iterator[str]:
    for name, media_type in LINKED_FORMATS.items():
        yield _link(f"{path}?{urlencode({'format': name})}", "describedby", media_type)


def _link(address: str, relation: str, media_type: str = "") -> str:
    return f'<{address}>; rel="{relation}"' + (f'; type="{media_type}"' if media_type else "")
