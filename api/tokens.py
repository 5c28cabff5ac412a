"""The tokens that let somebody write: kept in one file as hashes, made and revoked by `raccordo token`.

The file is read at each use, so a token that is revoked is refused at once, by a service that runs too.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from api.errors import TokenFileError, UnknownToken


class Scope(StrEnum):
    """What a token is for; each scope holds those before it."""

    READ = "read"
    """Ask as a client of its own, whatever address the questions come from."""
    LOAD = "load"
    """Put, add to and remove graphs by the Graph Store Protocol."""
    ADMIN = "admin"
    """Change anything by SPARQL Update."""


_ORDER = tuple(Scope)


class Token(BaseModel):
    """One token as it is kept: everything but the secret."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    scope: Scope
    created: datetime
    secret_sha256: str
    """Of 256 random bits, so that a plain hash cannot be guessed back."""

    def allows(self, scope: Scope) -> bool:
        """Whether the token is good for `scope`."""
        return _ORDER.index(self.scope) >= _ORDER.index(scope)


_FILE = TypeAdapter(tuple[Token, ...])


def list_tokens(path: Path) -> tuple[Token, ...]:
    """Every token in the file, the oldest first; none when there is no file. Raises `TokenFileError`."""
    try:
        return _FILE.validate_json(path.read_bytes())
    except FileNotFoundError:
        return ()
    except (OSError, ValidationError) as error:
        raise TokenFileError(str(path), str(error).partition("\n")[0]) from error


def create_token(path: Path, name: str, scope: Scope) -> tuple[Token, str]:
    """A new token, and the text that its holder shows: it is kept nowhere. Raises `TokenFileError`."""
    secret = secrets.token_urlsafe(32)
    token = Token(
        id=secrets.token_hex(4),
        name=name,
        scope=scope,
        created=datetime.now(UTC).replace(microsecond=0),
        secret_sha256=_hash(secret),
    )
    with _changing(path):
        _write(path, (*list_tokens(path), token))
    return token, f"rac_{token.id}_{secret}"


def revoke_token(path: Path, token_id: str) -> None:
    """Forget a token, which opens nothing from now on. Raises `UnknownToken`, `TokenFileError`."""
    with _changing(path):
        tokens = list_tokens(path)
        kept = tuple(one for one in tokens if one.id != token_id)
        if len(kept) == len(tokens):
            raise UnknownToken(token_id)
        _write(path, kept)


def find_token(path: Path, shown: str) -> Token | None:
    """The token that a text stands for; `None` for one that was never made or is revoked. Raises `TokenFileError`."""
    prefix, _, rest = shown.partition("_")
    token_id, _, secret = rest.partition("_")
    found = next((one for one in list_tokens(path) if one.id == token_id), None)
    right = secrets.compare_digest(_hash(secret), found.secret_sha256 if found else "")
    return found if prefix == "rac" and right else None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@contextmanager
def _changing(path: Path) -> Iterator[None]:
    """Let one process at a time change the file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise TokenFileError(str(path), error.strerror or str(error)) from error


def _write(path: Path, tokens: tuple[Token, ...]) -> None:
    """Put a whole new file in the place of the old one, readable by its owner alone."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(_FILE.dump_json(tokens, indent=1))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
