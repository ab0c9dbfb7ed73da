"""What the deliveries of one process share."""

from __future__ import annotations

import json

import pytest

from bot.flows.delivery import steps
from bot.flows.delivery.context import UnknownCalls
from bot.model.chat import DeliveryPart, PartState
from tests.servers.written import MONDAY

pytestmark = pytest.mark.slow


async def test_channels_that_ask_the_same_are_told_the_same_in_words_found_once(world, monkeypatch):
    worded = []
    words = steps.to_message
    monkeypatch.setattr(steps, "to_message", lambda *a, **more: worded.append(a) or words(*a, **more))
    await world.subscribe(channel="webhook:news")
    world.time = MONDAY
    await world.subscribe(channel="webhook:editors")
    await world.news("The talks ended with no breakthrough.")
    first, second = await world.deliver()
    (one,), (other,) = [await world.store.deliveries.parts(delivery.id) for delivery in (first, second)]
    assert json.loads(one.payload)["text"] == json.loads(other.payload)["text"]
    assert first.briefing_id in one.payload
    assert second.briefing_id in other.payload
    assert (len(worded), first.briefing_id != second.briefing_id) == (1, True)


async def test_without_a_time_from_the_slots_minute_on_the_model_has_that_of_its_own_limits(world):
    assert world.deliverer.composer.seconds == 0.0


def test_a_call_whose_outcome_was_found_is_timed_anew_when_it_is_unknown_again():
    clock = [100.0]
    calls = UnknownCalls(clock=lambda: clock[0])
    part = DeliveryPart(
        delivery_id="d", number=1, of=1, key="k", payload="{}", attempt=1, state=PartState.INTENDED
    )
    assert calls.remaining(part, seconds=60.0) == 60.0
    clock[0] += 50.0
    assert calls.remaining(part, seconds=60.0) == 10.0
    calls.forget(part)
    assert calls.remaining(part, seconds=60.0) == 60.0
