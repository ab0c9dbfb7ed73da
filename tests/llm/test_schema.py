"""Promises about the shape of replies: what fits a schema, and what does not."""

from __future__ import annotations

import pytest

from bot.llm.schema import fits
from tests.support.running.rows import each_row

LINE = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "cite": {"type": "array", "items": {"type": "integer"}},
        "kind": {"enum": ["new", "old"]},
        "as_of": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "next": {"$ref": "#/$defs/Next"},
        "size": {"type": ["number", "null"]},
    },
    "required": ["text", "cite"],
    "additionalProperties": False,
    "$defs": {"Next": {"type": "object", "required": ["on"]}},
}
GOOD = {"text": "a", "cite": [1, 2]}


@pytest.mark.parametrize(
    "more",
    [{}, {"cite": []}, {"kind": "new"}, {"as_of": None}, {"next": {"on": 1}}, {"size": 1.5}, {"size": None}],
)
def test_what_has_the_shape_fits(more):
    assert fits(GOOD | more, LINE)


@each_row(
    "more",
    [
        {"cite": "1"},
        {"cite": [1, "2"]},
        {"cite": [True]},
        {"kind": "other"},
        {"as_of": 3},
        {"next": {}},
        {"size": "big"},
        {"extra": 1},
        {"text": None},
    ],
)
def test_what_has_another_shape_does_not(more):
    assert not fits(GOOD | more, LINE)


def test_a_missing_key_does_not_fit():
    assert not fits({"text": "a"}, LINE)


@pytest.mark.parametrize("value", [[], "x", None, 3])
def test_only_an_object_fits_an_object(value):
    assert not fits(value, LINE)


def test_a_schema_that_asks_for_nothing_takes_everything():
    assert fits({"a": [1]}, {})
    assert fits({"a": [1]}, {"type": "object", "pattern": "x"})
