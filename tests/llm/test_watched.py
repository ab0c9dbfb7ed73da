"""Promises about what is noted of a model at work: tokens by purpose, failures, records, and that somebody waits."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import ModelError
from bot.llm.failures import failed
from bot.llm.offline.scripted import ScriptedModel
from bot.llm.watched import ModelActivity, WatchedModel
from bot.model.record import ModelUsage
from bot.model.record_key import record_key
from bot.model.scope import SHARED
from tests.llm.asked import request

KEY = record_key(version=1, scope=SHARED, articles=("a",), known=())


class Failing:
    def __init__(self, error):
        self.error = error

    async def complete(self, asked):
        raise self.error


async def test_tokens_are_counted_by_purpose():
    activity = ModelActivity()
    model = WatchedModel(ScriptedModel(lambda _: {"a": "b"}), activity)
    for purpose in ("update", "update", "repair"):
        await model.complete(request(purpose=purpose, system="Be brief. " * 10))
    assert {purpose: usage.calls for purpose, usage in activity.usage.items()} == {"update": 2, "repair": 1}
    assert activity.total.calls == 3
    assert activity.total.cached_tokens > 0


async def test_whoever_waits_is_told_of_each_call_and_each_answer():
    told = []
    activity = ModelActivity(on_change=lambda asked, answered: told.append((asked, answered)))
    model = WatchedModel(ScriptedModel(lambda _: {}), activity)
    await asyncio.gather(model.complete(request()), model.complete(request()))
    assert told == [(1, 0), (2, 0), (2, 1), (2, 2)]


async def test_time_is_counted_once_while_calls_wait_together():
    now = [10.0]
    both = asyncio.Barrier(2)

    class Slow:
        async def complete(self, asked):
            await both.wait()
            now[0] += 3.0
            raise failed("timeout")

    activity = ModelActivity()
    model = WatchedModel(Slow(), activity, clock=lambda: now[0])
    await asyncio.gather(model.complete(request()), model.complete(request()), return_exceptions=True)
    assert activity.seconds == 6.0
    assert activity.failures == {"timeout": 2}


@pytest.mark.parametrize("reason", ["no_record", "stale_record"])
async def test_records_that_cannot_be_used_are_listed_once(reason):
    activity = ModelActivity()
    model = WatchedModel(Failing(ModelError("No", reason=reason)), activity)
    for _ in range(2):
        with pytest.raises(ModelError):
            await model.complete(request(record_key=KEY))
    assert activity.records == {reason: [KEY]}
    assert activity.failures == {reason: 2}


async def test_an_answer_that_cannot_be_used_took_its_tokens_all_the_same():
    activity = ModelActivity()
    usage = ModelUsage(calls=1, input_tokens=50, output_tokens=5)
    model = WatchedModel(Failing(failed("not_json", usage=usage)), activity)
    with pytest.raises(ModelError):
        await model.complete(request())
    assert activity.total == usage
