"""A briefing made ahead of its time leaves nothing but what was loaded for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.flows.delivery.warm_up import warm_up
from bot.flows.rules.reader import RulesReader
from tests.flows.delivery.world import posts

pytestmark = [pytest.mark.slow, pytest.mark.one_engine]
MINUTE = timedelta(minutes=1)


async def test_what_rules_read_ahead_is_not_read_again_and_nothing_else_is_left(world):
    rules = RulesReader()
    world.deliverer = replace(world.deliverer, rules=rules)
    await world.subscribe()
    await world.news("The talks ended with no breakthrough.", at=world.time - 10 * MINUTE)
    world.time -= MINUTE
    assert await warm_up(world.deliverer.composer, lead_time=2 * MINUTE)
    read = len(rules.kept)
    assert read > 0
    assert await world.store.briefings.recent(10) == []
    assert await world.store.deliveries.recent(10) == []
    assert (posts(world), len(world.deliverer.briefing_cache)) == ([], 0)
    world.time += MINUTE
    (delivery,) = await world.deliver()
    assert (await world.store.briefings.get(delivery.briefing_id)).stories
    assert len(rules.kept) == read


async def test_nothing_is_made_while_no_scheduled_time_is_near(world):
    await world.subscribe()
    world.time -= 3 * MINUTE
    assert not await warm_up(world.deliverer.composer, lead_time=2 * MINUTE)
