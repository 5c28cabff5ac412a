"""Settings are read once from a file and an environment, and refuse what cannot be."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app as cli
from api.errors import SettingsError
from api.settings import (
    CONFIG_KEYS,
    DEFAULT_STORE,
    DEFAULT_TOKENS,
    SETTING_NAMES,
    Settings,
    config_file,
    read_settings,
)
from ontology.iris import DEFAULT_BASE


def test_defaults() -> None:
    settings = read_settings({})
    assert (settings.store_url, settings.base, settings.token_file) == (DEFAULT_STORE, DEFAULT_BASE, DEFAULT_TOKENS)
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


def test_the_environment_then_the_caller() -> None:
    environment = {"RACCORDO_STORE": "memory:", "RACCORDO_PORT": "9000", "RACCORDO_HOST": " ", "OTHER": "x"}
    settings = read_settings(environment, port=9001, host=None)
    assert (settings.store_url, settings.port, settings.host) == ("memory:", 9001, "127.0.0.1")


def test_every_field_has_its_variable() -> None:
    assert set(SETTING_NAMES.values()) == {field.name for field in fields(Settings)}
    assert all(name.startswith("RACCORDO_") for name in SETTING_NAMES)


def test_limits_go_to_the_store() -> None:
    limits = read_settings(
        {"RACCORDO_READERS": "3", "RACCORDO_QUERY_SECONDS": "4", "RACCORDO_ANSWER_BYTES": "5"}
    ).limits
    assert (limits.workers, limits.seconds, limits.answer_bytes) == (3, 4.0, 5)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("RACCORDO_PORT", "eighty"),
        ("RACCORDO_PORT", "-1"),
        ("RACCORDO_READERS", "0"),
        ("RACCORDO_UPLOAD_BYTES", "0"),
        ("RACCORDO_BASE", "id/"),
        ("RACCORDO_BASE", "https://example.org/id"),
        ("RACCORDO_LOG_FORMAT", "xml"),
        ("RACCORDO_STOP_SECONDS", "0"),
    ],
)
def test_refused(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        read_settings({variable: value})


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "raccordo.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_then_the_environment_then_the_caller(tmp_path: Path) -> None:
    file = written(tmp_path, 'store = "memory:"\nport = 9000\nreaders = 3\nhost = ""\n')
    settings = read_settings({"RACCORDO_PORT": "9001", "RACCORDO_READERS": "5"}, file, readers=7)
    assert (settings.store_url, settings.port, settings.readers) == ("memory:", 9001, 7)
    assert settings.host == "127.0.0.1"


def test_every_key_of_a_file_is_read(tmp_path: Path) -> None:
    values = {key: 7 if kind is int else "x" for key, kind in CONFIG_KEYS.items()}
    values |= {"base": "https://example.org/", "log_format": "json"}
    text = "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())
    settings = read_settings({}, written(tmp_path, text))
    assert [getattr(settings, SETTING_NAMES[f"RACCORDO_{key.upper()}"]) for key in values] == list(values.values())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("quey_seconds = 4", ("quey_seconds", "query_seconds")),
        ('Store = "memory:"', ("“Store”", "“store”")),
        ("[limits]\nreaders = 4", ("limits",)),
        ('port = "80"', ("port", "whole number")),
        ("readers = true", ("readers", "whole number")),
        ("host = 4", ("host", "a text")),
        ("port = = 4", ("line 1",)),
        ("port = 1\nport = 2\n", ("overwrite",)),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, named: tuple[str, ...]) -> None:
    file = written(tmp_path, text)
    with pytest.raises(SettingsError) as refused:
        read_settings({}, file)
    for word in (str(file), *named):
        assert word in refused.value.reason["en"]


def test_a_file_that_is_not_there_is_refused_when_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        read_settings({}, tmp_path / "absent.toml")


def test_which_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert config_file({}) is None
    written(tmp_path, "")
    assert config_file({}) == Path("raccordo.toml")
    assert config_file({"RACCORDO_CONFIG": "other.toml"}) == Path("other.toml")
    assert config_file({"RACCORDO_CONFIG": "other.toml"}, Path("named.toml")) == Path("named.toml")


def test_a_command_takes_the_file_before_it_or_from_the_environment(tmp_path: Path) -> None:
    file = written(tmp_path, f"tokens = '{tmp_path / 'tokens.json'}'\n")
    for arguments, environment in ((["--config", str(file)], {}), ([], {"RACCORDO_CONFIG": str(file)})):
        done = CliRunner().invoke(cli, [*arguments, "token", "create", "x"], env=environment)
        assert done.exit_code == 0
    assert len(json.loads((tmp_path / "tokens.json").read_text())) == 2


def test_the_documented_table_is_the_code() -> None:
    text = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(RACCORDO_\w+)` \| `(\w+)` \| `([^|]+)` \| (.+) \|$", text, re.MULTILINE)
    defaults = Settings()
    wanted = {
        (variable, variable.removeprefix("RACCORDO_").lower(), str(getattr(defaults, name)))
        for variable, name in SETTING_NAMES.items()
    }
    assert {row[:3] for row in rows} == wanted
    assert len(rows) == len(wanted)
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert set(tomllib.loads(example)) <= set(CONFIG_KEYS)
