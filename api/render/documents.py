"""JSON as every door gives it: readable, in UTF-8, with a newline at the end."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any


def json_document(value: object) -> bytes:
    """The value as JSON; a dataclass is an object of its fields. Raises `TypeError` for what JSON cannot hold."""
    return (json.dumps(value, ensure_ascii=False, indent=1, default=_fields) + "\n").encode()


def _fields(value: Any) -> dict[str, Any]:
    return asdict(value)
