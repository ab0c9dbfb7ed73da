"""Validate a value against a JSON Schema. Pure.

Only shapes are looked at: types, required and allowed keys, choices, items. Bounds and patterns are the caller's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def fits(value: Any, schema: Mapping[str, Any], *, root: Mapping[str, Any] | None = None) -> bool:
    """Return whether ``value`` has the shape of ``schema``; an unknown keyword is ignored."""
    root = schema if root is None else root
    if "$ref" in schema:
        schema = root.get("$defs", {}).get(str(schema["$ref"]).rpartition("/")[2], {})
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices and not any(fits(value, choice, root=root) for choice in choices):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "const" in schema and value != schema["const"]:
        return False
    return _has_type(value, schema.get("type")) and _parts_fit(value, schema, root)


def _has_type(value: Any, wanted: str | list[str] | None) -> bool:
    if wanted is None:
        return True
    names = [wanted] if isinstance(wanted, str) else wanted
    if isinstance(value, bool):  # to Python a truth value is a number
        return "boolean" in names
    return any(isinstance(value, _TYPES.get(name, (object,))) for name in names)


def _parts_fit(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any]) -> bool:
    if isinstance(value, list):
        items = schema.get("items")
        return not isinstance(items, dict) or all(fits(item, items, root=root) for item in value)
    if not isinstance(value, dict):
        return True
    properties = schema.get("properties", {})
    if any(key not in value for key in schema.get("required", ())):
        return False
    others = schema.get("additionalProperties", True)
    for key, held in value.items():
        inner = properties.get(key, others)
        if inner is False or (isinstance(inner, dict) and not fits(held, inner, root=root)):
            return False
    return True
