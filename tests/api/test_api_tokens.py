"""Tokens: kept as hashes, good for their scope only, refused once revoked; each write leaves a line."""

from __future__ import annotations

import json
import logging
import stat
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app as command_line
from api.errors import TokenFileError, UnknownToken
from api.settings import Settings
from api.tokens import Scope, create_token, find_token, list_tokens, revoke_token
from store import open_store

INSERT = "INSERT DATA { GRAPH <http://example.org/secret-name> { <http://s> <http://p> 1 } }"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "tokens.json"


def test_a_token_opens_what_its_scope_holds(path: Path) -> None:
    made, shown = create_token(path, "ufficio", Scope.LOAD)
    assert find_token(path, shown) == made
    assert [made.allows(scope) for scope in Scope] == [True, True, False]


def test_the_file_holds_no_secret_and_is_its_owners(path: Path) -> None:
    _, shown = create_token(path, "ufficio", Scope.ADMIN)
    assert shown.rpartition("_")[2] not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("change", [str.upper, lambda shown: shown[:-1], lambda shown: shown + "a", lambda _: ""])
def test_a_text_that_is_no_token_opens_nothing(path: Path, change: object) -> None:
    _, shown = create_token(path, "ufficio", Scope.ADMIN)
    assert callable(change)
    assert find_token(path, change(shown)) is None
    assert find_token(path, shown.replace("rac_", "xxx_")) is None


def test_a_secret_opens_its_own_token_only(path: Path) -> None:
    (one, shown), (other, _) = (create_token(path, name, Scope.LOAD) for name in ("a", "b"))
    assert find_token(path, shown.replace(one.id, other.id)) is None


def test_revoking(path: Path) -> None:
    (one, shown), (other, kept) = (create_token(path, name, Scope.LOAD) for name in ("a", "b"))
    revoke_token(path, one.id)
    assert (find_token(path, shown), find_token(path, kept)) == (None, other)
    with pytest.raises(UnknownToken):
        revoke_token(path, one.id)


def test_a_file_that_is_none_of_ours_is_named(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("[{}]")
    with pytest.raises(TokenFileError, match=r"tokens\.json"):
        list_tokens(path)


def test_the_commands(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RACCORDO_TOKENS", str(path))
    run = CliRunner().invoke
    shown = run(command_line, ["token", "create", "ufficio di piano", "--scope", "load"]).stdout.strip()
    found = find_token(path, shown)
    assert found is not None
    listed = run(command_line, ["token", "list"]).stdout.split("\t")
    assert (listed[0], listed[1], listed[3]) == (found.id, "load", "ufficio di piano\n")
    assert run(command_line, ["token", "revoke", found.id]).exit_code == 0
    assert run(command_line, ["token", "revoke", found.id]).exit_code == 2
    assert run(command_line, ["token", "list"]).stdout == ""


def test_writes_begin_with_the_first_token_and_end_with_the_last(path: Path, served: object) -> None:
    assert callable(served)
    store = open_store("memory:")
    with served(create_app(Settings(token_file=str(path)), store)) as client:

        def write(shown: str) -> int:
            headers = {"Authorization": f"Bearer {shown}"}
            response: httpx.Response = client.post("/sparql", data={"update": INSERT}, headers=headers)
            return response.status_code

        assert write("anything") == 403
        token, shown = create_token(path, "a", Scope.ADMIN)
        assert (write("anything"), write(shown)) == (401, 204)
        revoke_token(path, token.id)
        assert write(shown) == 403
    store.close()


@pytest.mark.parametrize(("scope", "status"), [(Scope.READ, 403), (Scope.LOAD, 403), (Scope.ADMIN, 204)])
def test_an_update_takes_an_admin(
    writable: httpx.Client, tokens: Mapping[Scope, str], scope: Scope, status: int
) -> None:
    headers = {"Authorization": f"Bearer {tokens[scope]}"}
    assert writable.post("/sparql", data={"update": INSERT}, headers=headers).status_code == status


@pytest.mark.parametrize(("update", "outcome"), [(INSERT, "done"), ("DELETE", "QueryError")])
def test_each_write_leaves_a_line_without_its_text(
    writable: httpx.Client,
    bearer: dict[str, str],
    caplog: pytest.LogCaptureFixture,
    update: str,
    outcome: str,
) -> None:
    with caplog.at_level(logging.INFO, "raccordo.audit"):
        writable.post("/sparql", data={"update": update}, headers=bearer)
        writable.post("/sparql", data={"update": update})
    (record,) = [one for one in caplog.records if one.name == "raccordo.audit"]
    line = json.loads(record.getMessage())
    assert (line["operation"], line["outcome"], line["bytes"]) == ("update", outcome, len(update))
    assert "secret-name" not in record.getMessage()
    assert bearer["Authorization"].rpartition("_")[2] not in record.getMessage()
