"""Replies: strict where meaning is at stake, cut where a model wrote too much, refused with words it can use."""

from __future__ import annotations

import pytest

from bot.briefings.reply import RepairReply, StoryReply, read_reply, schema_of

GOOD = {
    "headline": {"text": "Crews meet the company", "cite": [1]},
    "status": {"text": "Talks opened on Monday", "said_by": "", "cite": [1]},
    "bullets": [{"text": "They ask for more.", "cite": [2]}],
    "actors": [],
    "unknown": [],
}


def test_a_reply_is_read():
    assert read_reply(StoryReply, GOOD).bullets[0].cite == [2]


def test_what_is_too_much_is_cut():
    reply = read_reply(StoryReply, GOOD | {"bullets": [{"text": f"{i}", "cite": [1] * 9} for i in range(30)]})
    assert len(reply.bullets) == 4
    assert len(reply.bullets[0].cite) == 4


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"bullets": "none"}, "bullets"),
        ({"headline": "Crews meet"}, "headline"),
        ({"status": {"text": "x", "cite": [1]}}, "status.said_by"),
        ({"bullets": [{"text": "x", "cite": ["1"]}]}, "bullets.0.cite.0"),
        ({"url": "https://evil.example"}, "url"),
        ({"bullets": [{"text": "x" * 5000, "cite": [1]}]}, "bullets.0.text"),
    ],
)
def test_what_does_not_fit_is_named(change, where):
    with pytest.raises(ValueError, match=where):
        read_reply(StoryReply, GOOD | change)


@pytest.mark.parametrize("data", [None, [], "text", 3, {}, {"headline": None}])
def test_anything_else_is_refused(data):
    with pytest.raises(ValueError):
        read_reply(StoryReply, data)


@pytest.mark.parametrize("reply", [StoryReply, RepairReply])
def test_the_schema_is_strict_at_every_level(reply):
    def objects(node):
        if isinstance(node, dict):
            yield from ([node] if node.get("type") == "object" else [])
            for value in node.values():
                yield from objects(value)

    found = list(objects(schema_of(reply)))
    assert found
    assert all(
        o["additionalProperties"] is False and set(o["required"]) == set(o["properties"]) for o in found
    )
    assert "$ref" not in str(schema_of(reply))
