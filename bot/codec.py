"""Frozen dataclasses to JSON values and back, driven by their type hints."""

from __future__ import annotations

import json
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


def to_text(value: Any) -> str:
    """Return ``value`` as JSON text for a reader: indented, and without invisible characters."""
    return visible(json.dumps(to_plain(value), ensure_ascii=False, indent=2))


def from_plain(cls: type[T], data: Any) -> T:
    """Return the ``cls`` that ``to_plain`` gave as ``data``; missing keys take their defaults, unknown ones are left out.

    Raises ``ValueError`` naming the key that is missing or of a wrong kind.
    """
    return msgspec.convert(data, cls)
