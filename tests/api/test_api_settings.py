"""Settings are read once from an environment and refuse what cannot be."""

from __future__ import annotations

from dataclasses import fields

import pytest

from api.errors import SettingsError
from api.settings import DEFAULT_STORE, DEFAULT_TOKENS, SETTING_NAMES, Settings, read_settings
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
    ],
)
def test_refused(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        read_settings({variable: value})
