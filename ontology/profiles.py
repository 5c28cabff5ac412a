"""The data in the terms of others: sets of CONSTRUCT queries, one folder of `exports/` for each profile."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

_EXPORTS = Path(__file__).parent / "exports"


def profile_names() -> tuple[str, ...]:
    """The names of the profiles, sorted."""
    return tuple(sorted(path.name for path in _EXPORTS.iterdir() if path.is_dir()))


@cache
def profile_queries(name: str) -> Mapping[str, str]:
    """The CONSTRUCT queries of a profile by topic; their union is the export. Raises `KeyError` for another name."""
    if name not in profile_names():
        raise KeyError(name)
    paths = sorted((_EXPORTS / name).glob("*.rq"))
    return MappingProxyType({path.stem: path.read_text(encoding="utf-8") for path in paths})
