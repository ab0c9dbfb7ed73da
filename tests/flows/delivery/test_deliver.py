"""Delivery from its slot to the posted message."""

from __future__ import annotations

import pytest

from bot.model.chat import State
from tests.flows.delivery.world import posts

pytestmark = pytest.mark.slow


async def test_a_slot_is_posted_once_and_its_channel_knows_it(world):
    await world.subscribe()
    await world.news("Talks on Monday ended with no breakthrough. The talks resume on Friday.")
    (delivery,) = await world.deliver()
    assert delivery.state is State.POSTED
    assert posts(world) == list(world.platform.posted)
    assert len(posts(world)) == 1
    assert await world.store.briefings.sent_stories("webhook:news")
    assert await world.deliver() == [delivery]
    assert not world.deliverer.steps_in_memory, "what has ended is let go"
