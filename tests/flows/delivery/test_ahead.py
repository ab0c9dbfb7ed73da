"""Stories are read ahead of the slots that need them, once for everybody, and the briefing of the minute makes no call for them."""

from __future__ import annotations

import pytest

from bot.model.briefing import Writer
from tests.flows.delivery.prepared import MORE, TOPICS, open_prepared

pytestmark = pytest.mark.slow


@pytest.fixture
async def bot(engine_url, tmp_path):
    async with open_prepared(engine_url, tmp_path) as opened:
        yield opened


async def test_rule_8_what_was_read_ahead_costs_the_briefing_no_call(bot):
    await bot.subscribe()
    await bot.news(*TOPICS)
    report = await bot.preparer.round()
    assert (report.slots, report.planned, report.read, report.failed) == (1, 4, 4, 0)
    asked = len(bot.model.requests)
    (briefing,) = (await bot.deliver()).values()
    assert len(bot.model.requests) == asked
    assert len(briefing.stories) == 4
    assert {story.writer for story in briefing.stories} == {Writer.MODEL}
    assert not briefing.degraded
    assert (await bot.preparer.round()).planned == 0


async def test_rule_8_a_hundred_channels_cost_the_calls_of_one(bot):
    for n in range(100):
        await bot.subscribe(f"console:c{n}")
    await bot.news(*TOPICS)
    report = await bot.preparer.round()
    assert (report.slots, report.read) == (100, 4)
    assert len(await bot.deliver(most=5)) == 5
    assert sorted(bot.model.reads) == sorted(set(bot.model.reads))
    assert len(bot.model.reads) == 4


async def test_only_what_came_after_it_is_read_at_the_minute(bot):
    await bot.subscribe()
    await bot.news(*TOPICS)
    await bot.preparer.round()
    asked = len(bot.model.reads)
    await bot.news("nurses", texts=MORE)
    (briefing,) = (await bot.deliver()).values()
    assert bot.model.reads[asked:] == [await bot.story_of(MORE["nurses"][0])]
    assert any("6 percent" in b.text for story in briefing.stories for b in story.bullets)
