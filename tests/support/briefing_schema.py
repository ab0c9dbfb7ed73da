"""The JSON Schema of a briefing, derived from the model's own type hints. Standard library only."""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.model.briefing import BRIEFING_SCHEMA, Briefing

_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}


def briefing_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a briefing's JSON form; every object refuses unknown keys."""
    definitions: dict[str, Any] = {}
    root = _object(Briefing, definitions)
    root["properties"]["schema"] = {"const": BRIEFING_SCHEMA}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": BRIEFING_SCHEMA,
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _object(cls: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    names = [field.name for field in dataclasses.fields(cls)]
    return {
        "type": "object",
        "description": (cls.__doc__ or "").strip().split("\n")[0],
        "properties": {name: _schema(hints[name], definitions) for name in names},
        "required": names,
        "additionalProperties": False,
    }


def _schema(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [member.value for member in hint]}
    if dataclasses.is_dataclass(hint):
        name = typing.cast("type", hint).__name__
        if name not in definitions:
            definitions[name] = {}  # named before its fields are read, so that it may refer to itself
            definitions[name] = _object(hint, definitions)
        return {"$ref": f"#/$defs/{name}"}
    if typing.get_origin(hint) is tuple:
        return {"type": "array", "items": _schema(typing.get_args(hint)[0], definitions)}
    if isinstance(hint, types.UnionType):
        return {
            "anyOf": [{"type": "null"} if a is type(None) else _schema(a, definitions) for a in hint.__args__]
        }
    raise TypeError(f"no JSON form for {hint!r}")
