"""The settings of one process: read once from a file and the environment, then handed down (docs/configuration.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from api.config_file import read_config
from api.errors import SettingsError
from ontology.iris import DEFAULT_BASE, Iris
from store import ReadLimits

DEFAULT_STORE = "oxigraph:var/store"
DEFAULT_TOKENS = "var/tokens.json"
DEFAULT_TERRITORY = Path("data/territory/territory.ttl")
PREFIX = "RACCORDO_"
CONFIG_VARIABLE = PREFIX + "CONFIG"
DEFAULT_CONFIG = Path("raccordo.toml")
LOG_FORMATS = ("auto", "text", "json")

_NUMBERS = {
    "PORT": "port",
    "READERS": "readers",
    "QUERY_SECONDS": "query_seconds",
    "QUERY_MEMORY_BYTES": "query_memory_bytes",
    "ANSWER_BYTES": "answer_bytes",
    "UPLOAD_BYTES": "upload_bytes",
    "CLIENT_QUERIES": "client_queries",
    "CLIENT_SECONDS": "client_seconds",
    "STOP_SECONDS": "stop_seconds",
}
_TEXTS = {
    "STORE": "store_url", "BASE": "base", "TOKENS": "token_file", "HOST": "host",
    "PUBLISHER": "publisher", "PUBLISHER_CODE": "publisher_code", "LOG_FORMAT": "log_format", "PROXIES": "proxies",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator may choose; `SETTING_NAMES` gives the variable of each. Raises `SettingsError`."""

    store_url: str = DEFAULT_STORE
    base: str = DEFAULT_BASE
    token_file: str = DEFAULT_TOKENS
    """Where `raccordo token` keeps the hashes of the tokens that let somebody write."""
    publisher: str = "non indicato (RACCORDO_PUBLISHER)"
    """Who answers for the data, as catalogues name them."""
    publisher_code: str = "non-indicato"
    """Their code in the index of public administrations (IPA)."""
    host: str = "127.0.0.1"
    port: int = 8000
    readers: int = 4
    query_seconds: int = 10
    query_memory_bytes: int = 1536 * 1024 * 1024
    answer_bytes: int = 64 * 1024 * 1024
    upload_bytes: int = 25 * 1024 * 1024
    client_queries: int = 2
    """How many SPARQL queries of one client run at once; the others wait."""
    client_seconds: int = 60
    """How many seconds of readers one client's SPARQL queries may use within a minute."""

    stop_seconds: int = 20
    """How long the answers under way may still take when the service is told to stop."""
    log_format: str = "auto"
    """One of `LOG_FORMATS`; `auto` is text on a terminal and JSON lines elsewhere."""
    proxies: str = "127.0.0.1"
    """Addresses or networks, with commas between, whose word for the client's address is taken."""

    def __post_init__(self) -> None:
        if self.log_format not in LOG_FORMATS:
            raise SettingsError(
                it=f"{PREFIX}LOG_FORMAT: «{self.log_format}» non è uno di {', '.join(LOG_FORMATS)}.",
                en=f"{PREFIX}LOG_FORMAT: “{self.log_format}” is none of {', '.join(LOG_FORMATS)}.",
            )
        if "://" not in self.base or not self.base.endswith("/"):
            raise SettingsError(
                it=f"{PREFIX}BASE: «{self.base}» non è un IRI assoluto che finisce con una barra.",
                en=f"{PREFIX}BASE: “{self.base}” is no absolute IRI that ends with a slash.",
            )
        for variable, name in _NUMBERS.items():
            if (value := getattr(self, name)) < (0 if name == "port" else 1):
                raise SettingsError(
                    it=f"{PREFIX}{variable}: {value} è troppo piccolo.", en=f"{PREFIX}{variable}: {value} is too small."
                )

    @property
    def iris(self) -> Iris:
        """The minting of IRIs under this installation's base."""
        return Iris(self.base)

    @property
    def limits(self) -> ReadLimits:
        """What one query may take."""
        return ReadLimits(
            workers=self.readers,
            seconds=float(self.query_seconds),
            memory_bytes=self.query_memory_bytes,
            answer_bytes=self.answer_bytes,
        )


SETTING_NAMES: Mapping[str, str] = {PREFIX + variable: name for variable, name in (_TEXTS | _NUMBERS).items()}
"""Each environment variable and the field of `Settings` it sets; in a file its key is the variable without `PREFIX`."""
CONFIG_KEYS: Mapping[str, type] = {
    variable.removeprefix(PREFIX).lower(): int if name in _NUMBERS.values() else str
    for variable, name in SETTING_NAMES.items()
}
"""Each key of a configuration file and the type of its value."""


def config_file(environment: Mapping[str, str], named: Path | None = None) -> Path | None:
    """The file of settings: the one named, that of `RACCORDO_CONFIG`, or `raccordo.toml` here if there is one."""
    if named is not None:
        return named
    if variable := environment.get(CONFIG_VARIABLE, "").strip():
        return Path(variable)
    return DEFAULT_CONFIG if DEFAULT_CONFIG.is_file() else None


def read_settings(environment: Mapping[str, str], file: Path | None = None, **chosen: str | int | None) -> Settings:
    """The settings in `file`; what is in `environment` wins, and above it what is `chosen` (and not `None`).

    A variable that is empty counts as unset. Raises `SettingsError`.
    """
    given = {} if file is None else read_config(file, CONFIG_KEYS)
    found: dict[str, str | int] = {
        SETTING_NAMES[PREFIX + key.upper()]: value for key, value in given.items() if value != ""
    }
    for variable, name in SETTING_NAMES.items():
        if value := environment.get(variable, "").strip():
            found[name] = _number(variable, value) if name in _NUMBERS.values() else value
    found.update({name: value for name, value in chosen.items() if value is not None})
    return Settings(**found)  # type: ignore[arg-type]


def _number(variable: str, value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise SettingsError(
            it=f"{variable}: «{value}» non è un numero intero.", en=f"{variable}: “{value}” is no whole number."
        ) from None
