"""Replies to questions: strict where meaning is at stake, cut where a model wrote too much, refused with words it can use."""

from __future__ import annotations

import pytest

from bot.answers.reply import AnswerRepairReply, AnswerReply, read_reply
from bot.prompts import schema_of
from bot.updates.by_model.repair import UpdateRepairReply
from bot.updates.by_model.reply import UpdateReply

GOOD = {"statements": [{"text": "They ask for more.", "cite": [2]}]}


def test_a_reply_is_read():
    assert read_reply(AnswerReply, GOOD).statements[0].cite == [2]


def test_what_is_too_much_is_cut():
    reply = read_reply(AnswerReply, {"statements": [{"text": f"{i}", "cite": [1] * 9} for i in range(30)]})
    assert len(reply.statements) == 5
    assert len(reply.statements[0].cite) == 4


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"statements": "none"}, "statements"),
        ({"statements": [{"text": "x"}]}, "statements.0.cite"),
        ({"statements": [{"text": "x", "cite": ["1"]}]}, "statements.0.cite.0"),
        ({"url": "https://evil.example"}, "url"),
        ({"statements": [{"text": "x" * 5000, "cite": [1]}]}, "statements.0.text"),
    ],
)
def test_what_does_not_fit_is_named(change, where):
    with pytest.raises(ValueError, match=where):
        read_reply(AnswerReply, GOOD | change)


@pytest.mark.parametrize("data", [None, [], "text", 3, {}, {"statements": None}])
def test_anything_else_is_refused(data):
    with pytest.raises(ValueError):
        read_reply(AnswerReply, data)


@pytest.mark.parametrize("reply", [AnswerReply, AnswerRepairReply, UpdateReply, UpdateRepairReply])
def test_the_schema_is_strict_at_every_level(reply):
    def objects(node):
        if isinstance(node, dict):
            yield from ([node] if node.get("type") == "object" else [])
            for value in node.values():
                yield from objects(value)
        if isinstance(node, list):
            for value in node:
                yield from objects(value)

    found = list(objects(schema_of(reply)))
    assert found
    assert all(
        o["additionalProperties"] is False and set(o["required"]) == set(o["properties"]) for o in found
    )
    assert "$ref" not in str(schema_of(reply))
