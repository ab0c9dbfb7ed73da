"""Frozen dataclasses to JSON values and back, driven by their type hints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from bot.language.cleaning.invisible import visible

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Return ``value`` as JSON-able data: objects as mappings, times as ISO 8601."""
    return msgspec.to_builtins(value)


def to_json(value: Any) -> str:
    """Return ``value`` as JSON text."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:  # half a character, as models and platforms may send
        return json.dumps(to_plain(value))


def to_text(value: Any, *, keys: Mapping[str, str] | None = None) -> str:
    """Return ``value`` as JSON text for a reader: indented, and without invisible characters.

    ``keys`` names those that readers know by an earlier name, with it.
    """
    plain = _with_keys(to_plain(value), keys) if keys else to_plain(value)
    return visible(json.dumps(plain, ensure_ascii=False, indent=2))


def _with_keys(plain: Any, keys: Mapping[str, str]) -> Any:
    if isinstance(plain, dict):
        return {keys.get(key, key): _with_keys(inner, keys) for key, inner in plain.items()}
    if isinstance(plain, list | tuple):
        return [_with_keys(inner, keys) for inner in plain]
    return plain


def from_plain(cls: type[T], data: Any) -> T:
    """Return the ``cls`` that ``to_plain`` gave as ``data``; missing keys take their defaults, unknown ones are left out.

    Raises ``ValueError`` naming the key that is missing or of a wrong kind.
    """
    return msgspec.convert(data, cls)
