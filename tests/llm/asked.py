"""A request as the tests of models make it, and a pause that takes no time."""

from __future__ import annotations

from bot.ports import ModelRequest


def request(**changes):
    values = {
        "purpose": "briefing",
        "system": "Be brief.",
        "user": "What is new?",
        "schema_name": "answer",
        "schema": {"type": "object", "properties": {"answer": {"type": "string"}}},
        "deadline": 5.0,
    }
    return ModelRequest(**(values | changes))


class Pauses:
    """Notes how long it was told to wait, and does not."""

    def __init__(self):
        self.seconds = []

    async def __call__(self, seconds):
        self.seconds.append(seconds)
