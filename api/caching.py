"""Validators: a representation that a client already has is not sent again (RFC 9110, section 13)."""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import Response

_KEPT = ("vary", "cache-control", "link", "content-language", "content-location")


def conditional(request: Request, response: Response) -> Response:
    """The response with the ETag of its bytes, or 304 without a body when the request names that ETag.

    The tag is made from the bytes: it changes when any load changes what the address says, and never otherwise.
    """
    tag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:32]}"'
    if not named(request.headers.get("if-none-match", ""), tag):
        response.headers["ETag"] = tag
        response.headers.setdefault("Cache-Control", "no-cache")
        return response
    kept = {name: response.headers[name] for name in _KEPT if name in response.headers}
    return Response(status_code=304, headers={**kept, "ETag": tag})


def named(header: str, tag: str) -> bool:
    """Whether an If-None-Match names the tag, by the weak comparison that the standard asks for."""
    tags = {one.strip().removeprefix("W/") for one in header.split(",")}
    return header.strip() == "*" or tag.removeprefix("W/") in tags


def unchanged(request: Request, tag: str | None) -> Response | None:
    """304 without a body when a GET says by its tag that it has this representation; a `*` says nothing of the kind."""
    header = request.headers.get("if-none-match", "")
    if tag is None or request.method != "GET" or header.strip() == "*" or not named(header, tag):
        return None
    return Response(status_code=304, headers={"ETag": tag, "Vary": "Accept", "Cache-Control": "no-cache"})
