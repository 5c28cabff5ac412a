"""Answers as short as they can be without losing what they say: a model reads every character."""

from __future__ import annotations

from typing import Any

_BESIDE = frozenset({"prefix", "suffix", "sha256", "start", "end", "parts"})
"""What a passage's IRI leads to, and what repeats a hit's text."""


def lean(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what is empty, and of a passage its IRI, its words and its place."""
    passage = "exact" in document
    return {
        name: _shortened(value)
        for name, value in document.items()
        if value not in (None, "", (), [], {}) and not (name in _BESIDE and (passage or name == "parts"))
    }


def _shortened(value: Any) -> Any:
    if isinstance(value, dict):
        return lean(value)
    return [_shortened(one) for one in value] if isinstance(value, list | tuple) else value
