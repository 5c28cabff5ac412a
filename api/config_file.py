"""A configuration file: TOML whose every key is known, or an error that says which key was meant."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from api.errors import SettingsError


def read_config(path: Path, keys: Mapping[str, type]) -> dict[str, str | int]:
    """The values of a file by key, each of the type that `keys` gives it.

    Raises `SettingsError` for a file that cannot be read or is no TOML, for an unknown key (with the nearest one that
    there is), and for a value of another type.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _unusable(path, str(error)) from error
    for key, value in found.items():
        _check(path, key, value, keys)
    return found


def _check(path: Path, key: str, value: object, keys: Mapping[str, type]) -> None:
    if key not in keys:
        near = get_close_matches(key.lower(), keys, n=1, cutoff=0.0)[0]
        raise SettingsError(
            it=f"{path}: «{key}» non è una chiave; la più vicina è «{near}» (docs/configuration.md le elenca).",
            en=f"{path}: “{key}” is no key; the nearest is “{near}” (docs/configuration.md lists them).",
        )
    # A truth is a whole number to Python, and none to TOML.
    if type(value) is not keys[key]:
        wanted_it, wanted_en = ("un numero intero", "a whole number") if keys[key] is int else ("un testo", "a text")
        raise SettingsError(
            it=f"{path}: «{key}» deve essere {wanted_it}, non «{value}».",
            en=f"{path}: “{key}” has to be {wanted_en}, not “{value}”.",
        )


def _unusable(path: Path, problem: str) -> SettingsError:
    return SettingsError(
        it=f"Il file di configurazione «{path}» non si legge: {problem}",
        en=f"The configuration file “{path}” cannot be read: {problem}",
    )
