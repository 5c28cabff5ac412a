"""Who may write: whoever shows a token of the right scope, and nobody while no token exists."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from pathlib import Path

from starlette.requests import HTTPConnection

from api.errors import Forbidden, Unauthorised, WritesDisabled
from api.settings import Settings
from api.tokens import Scope, Token, find_token, list_tokens


def require_token(connection: HTTPConnection, settings: Settings, scope: Scope) -> Token:
    """The token that a request shows, good for `scope`. Raises `WritesDisabled`, `Unauthorised`, `Forbidden`."""
    if not somebody_may(settings, scope):
        raise WritesDisabled
    token = shown_token(connection, settings)
    if token is None:
        raise Unauthorised
    if not token.allows(scope):
        raise Forbidden(token.scope.value, scope.value)
    return token


def somebody_may(settings: Settings, scope: Scope) -> bool:
    """Whether there is a token good for `scope`."""
    return any(one.allows(scope) for one in list_tokens(Path(settings.token_file)))


def shown_token(connection: HTTPConnection, settings: Settings) -> Token | None:
    """The token that a request shows, `None` when it shows none. Raises `Unauthorised` for one that opens nothing."""
    header = connection.headers.get("authorization")
    if header is None:
        return None
    scheme, _, shown = header.partition(" ")
    token = find_token(Path(settings.token_file), shown.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        raise Unauthorised
    return token


@lru_cache(1024)
def network_of(host: str) -> str:
    """A client by its address; of IPv6 by its network of 64 bits, as one client has many addresses there."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return host if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
