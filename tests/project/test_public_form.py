"""The public JSON form of a briefing gains keys and loses none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.support.briefing_schema import briefing_schema

ROOT = Path(__file__).parents[2]
# Those of release 0.3, which has all that earlier ones had; only kinds of story became data. A key stays for ever.
RELEASED = ROOT / "tests" / "golden" / "briefing_keys.txt"


def keys(schema) -> Iterator[str]:
    """Yield every key of ``schema`` by its place, and each value of those that have few."""

    def walk(node, place):
        node = schema["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node
        for value in (*node.get("enum", ()), *([node["const"]] if "const" in node else [])):
            yield f"{place} = {value}"
        for other in node.get("anyOf", ()):
            yield from walk(other, place)
        if "items" in node:
            yield from walk(node["items"], f"{place}[]")
        for key, value in node.get("properties", {}).items():
            inner = f"{place}.{key}" if place else key
            yield inner
            yield from walk(value, inner)

    yield from walk(schema, "")


def test_the_json_form_of_a_briefing_has_every_key_and_value_that_was_ever_published():
    released = set(RELEASED.read_text("utf-8").splitlines())
    assert released
    assert released - set(keys(briefing_schema())) == set()
