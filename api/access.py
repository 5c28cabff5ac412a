"""Who may write: whoever shows the token of the settings, and nobody when there is none."""

from __future__ import annotations

import secrets

from starlette.requests import HTTPConnection

from api.errors import Unauthorised, WritesDisabled
from api.settings import Settings


def check_writer(connection: HTTPConnection, settings: Settings) -> None:
    """Pass a request that shows the token. Raises `WritesDisabled`, `Unauthorised`."""
    if settings.token is None:
        raise WritesDisabled
    scheme, _, shown = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secrets.compare_digest(shown.strip().encode(), settings.token.encode()):
        raise Unauthorised
