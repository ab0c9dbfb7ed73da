"""What Slack's own types say against blocks and views, by the schema made of them."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema.validators

_FILE = Path(__file__).parents[2] / "chat" / "slack" / "blocks.schema.json"


@functools.cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return schema


def _any_of(validator: Any, choices: list[Any], instance: Any, schema: Any) -> Iterator[Any]:
    """Weigh the choice that has the instance's type alone: quicker, and the fault is named."""
    kind = instance.get("type") if isinstance(instance, dict) else None
    for choice in choices:
        name = choice.get("$ref", "").rpartition("/")[2]
        of_kind = _schema()["definitions"].get(name, {}).get("properties", {}).get("type", {})
        if kind is not None and of_kind.get("const") == kind:
            yield from validator.descend(instance, choice)
            return
    yield from jsonschema.Draft7Validator.VALIDATORS["anyOf"](validator, choices, instance, schema)


_Validator = jsonschema.validators.extend(jsonschema.Draft7Validator, {"anyOf": _any_of})


@functools.cache
def _validator(name: str) -> Any:
    schema = {"$ref": f"#/definitions/{name}", "definitions": _schema()["definitions"]}
    return _Validator(schema)


@functools.cache
def _named() -> dict[str, str]:
    """Return the definition of every block, by its type."""
    definitions = _schema()["definitions"]
    blocks = [ref["$ref"].rpartition("/")[2] for ref in definitions["KnownBlock"]["anyOf"]]
    plain = [name for name in blocks if "properties" in definitions[name]]
    return {definitions[name]["properties"]["type"]["const"]: name for name in plain}


def schema_faults(blocks: list[Any]) -> list[str]:
    """Return what is wrong with ``blocks``: an unknown type, a key too many or too few, a value of a wrong kind."""
    found = []
    for number, block in enumerate(blocks):
        name = _named().get(block.get("type", ""))
        if name is None:
            found.append(f"block {number}: no type {block.get('type')!r}")
            continue
        found += [
            f"block {number} {e.json_path}: {e.message[:200]}" for e in _validator(name).iter_errors(block)
        ]
    return found


def view_faults(view: Any) -> list[str]:
    """Return what is wrong with a modal or a Home tab."""
    name = {"modal": "ModalView", "home": "HomeView"}[view["type"]]
    return [f"view {error.json_path}: {error.message[:200]}" for error in _validator(name).iter_errors(view)]
