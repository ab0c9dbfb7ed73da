"""Stories are read ahead of the slots that need them, once for everybody, and the briefing of the minute makes no call for them."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta

import pytest

from bot.config import UpdateSettings
from bot.errors import ModelError
from bot.flows.briefing.ahead import needs_of
from bot.flows.delivery.ahead import PREPARING, READING_RETRY_DELAY
from bot.flows.lease import hold_lease
from bot.model.briefing import Writer
from bot.model.chat import Length
from bot.model.conversation.reader import StoryChoice, Want
from bot.model.scope import Scope, Visibility
from tests.flows.delivery.prepared import DAY, MORE, NOW, SLOT, TOPICS, open_prepared

pytestmark = pytest.mark.slow
HOUR = timedelta(hours=1)


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


@pytest.mark.one_engine
async def test_rule_8_a_hundred_channels_cost_the_calls_of_one(bot):
    for n in range(100):
        await bot.subscribe(f"console:c{n}")
    await bot.news(*TOPICS)
    report = await bot.preparer.round()
    assert (report.slots, report.read) == (100, 4)
    assert len(await bot.deliver(most=5)) == 5
    assert sorted(bot.model.reads) == sorted(set(bot.model.reads))
    assert len(bot.model.reads) == 4


@pytest.mark.one_engine
async def test_only_what_came_after_it_is_read_at_the_minute(bot):
    await bot.subscribe()
    await bot.news(*TOPICS)
    await bot.preparer.round()
    asked = len(bot.model.reads)
    await bot.news("nurses", texts=MORE)
    (briefing,) = (await bot.deliver()).values()
    assert bot.model.reads[asked:] == [await bot.story_of(MORE["nurses"][0])]
    assert any("6 percent" in b.text for story in briefing.stories for b in story.bullets)


@pytest.mark.one_engine
async def test_rule_1_no_more_stories_are_read_than_the_briefing_tells_and_followed_ones(bot):
    await bot.subscribe(length=Length.SHORT)
    await bot.news(*TOPICS)
    ranked = await bot.app.stories(since=NOW - DAY, limit=9)
    last = ranked[-1].story.id
    assert (await bot.preparer.round()).read == 3
    assert last not in bot.model.reads
    choice = StoryChoice(destination="console:a", story_id=last, want=Want.FOLLOW, at=NOW)
    await bot.store.readers.choose(choice)
    await bot.another().round()
    assert sorted(bot.model.reads) == sorted(one.story.id for one in ranked)


@pytest.mark.one_engine
async def test_rule_1_where_one_has_nothing_to_tell_the_next_is_read_and_never_more_than_twice_as_many(bot):
    await bot.subscribe(length=Length.SHORT)
    await bot.news(*TOPICS)
    empty = {key: {"text": "", "cite": []} for key in ("headline", "status")} | {"facts": []}
    bot.model.answers = lambda request, answer: answer | empty
    assert (await bot.preparer.round()).read == 4  # all there are: fewer than six


@pytest.mark.one_engine
async def test_rule_2_a_story_that_was_read_lately_waits_unless_something_decisive_came(engine_url, tmp_path):
    async with open_prepared(engine_url, tmp_path, updates=UpdateSettings(min_hours=3)) as bot:
        await bot.subscribe("console:a", times="daily 07:00 UTC")
        await bot.subscribe("console:b", times="daily 08:00 UTC")
        await bot.news("crane", "nurses")
        await bot.deliver()
        asked = len(bot.model.reads)
        bland = ("Port of Velmar closed", "The port of Velmar stays closed and many ships are waiting off the coast of Velmar.")  # fmt: skip
        await bot.news("bland", texts={"bland": bland})
        await bot.news("nurses", texts=MORE)
        assert await bot.story_of(bland[0]) == await bot.story_of(TOPICS["crane"][0])
        assert (await bot.preparer.round()).read == 1
        assert bot.model.reads[asked:] == [await bot.story_of(MORE["nurses"][0])]
        briefing = (await bot.deliver(SLOT + HOUR))["console:b"]
        assert len(bot.model.reads) == asked + 1
        assert len(briefing.stories) == 2
        assert not briefing.degraded


@pytest.mark.one_engine
async def test_the_soonest_slot_is_read_for_first(bot):
    await bot.follow("/late")
    await bot.subscribe("console:late", times="daily 07:20 UTC", feeds=[bot.server.url("/late")])
    await bot.subscribe("console:soon", times="daily 07:00 UTC", feeds=[bot.server.url("/wire")])
    await bot.news("volcano", "museum", path="/late")
    await bot.news("crane", "nurses")
    await bot.another(at_once=1).round()
    soon = {await bot.story_of(TOPICS[name][0]) for name in ("crane", "nurses")}
    assert set(bot.model.reads[:2]) == soon
    assert len(bot.model.reads) == 4


@pytest.mark.one_engine
async def test_rule_8_a_briefing_that_is_due_waits_for_what_is_being_read_and_asks_nobody_again(bot):
    await bot.subscribe()
    await bot.news(*TOPICS)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def before(_request):
        begun.set()
        await go_on.wait()

    bot.model.before = before
    reading = asyncio.create_task(bot.another(at_once=4).round())
    await begun.wait()
    delivering = asyncio.create_task(bot.deliver())
    await asyncio.sleep(0)
    go_on.set()
    async with asyncio.timeout(300):
        await reading
        (briefing,) = (await delivering).values()
    assert sorted(bot.model.reads) == sorted(set(bot.model.reads))
    assert {story.writer for story in briefing.stories} == {Writer.MODEL}


async def test_rule_8_of_two_processes_one_reads(bot):
    await bot.subscribe()
    await bot.news(*TOPICS)
    first, second = await asyncio.gather(bot.preparer.round(), bot.another().round())
    assert first.planned + second.planned == first.read + second.read == 4
    assert len(bot.model.reads) == len(await bot.updates()) == 4


async def test_rule_8_a_round_that_is_stopped_in_the_middle_is_gone_on_with_by_another(bot):
    await bot.subscribe()
    await bot.news(*TOPICS)

    async def stop(_request):
        bot.preparer.stop()

    bot.model.before = stop
    await bot.preparer.round()
    kept = len(await bot.updates())
    assert kept < 4
    bot.model.before = None
    assert (await bot.another().round()).read == 4 - kept
    read = [key for update in await bot.updates() for key in update.articles]
    assert len(read) == len(set(read)) == 4


@pytest.mark.one_engine
async def test_rule_4_a_channels_own_articles_are_read_for_it_alone(bot):
    own = Scope(channel="console:a", visibility=Visibility.CHANNEL)
    await bot.follow("/own", scope=own)
    await bot.subscribe("console:a")
    await bot.subscribe("console:b")
    await bot.news("crane")
    await bot.news("museum", path="/own")
    assert (await bot.preparer.round()).read == 2
    asked = len(bot.model.requests)
    found = await bot.deliver()
    assert len(bot.model.requests) == asked
    assert [len(found[name].stories) for name in ("console:a", "console:b")] == [2, 1]
    assert all("Harn" not in request.user for request in bot.model.requests if "Velmar" in request.user)


@pytest.mark.one_engine
async def test_nothing_is_planned_twice_while_nothing_comes(bot, monkeypatch):
    planned = []

    async def counting(inputs, **given):
        planned.append(inputs.at)
        return await needs_of(inputs, **given)

    monkeypatch.setattr("bot.flows.delivery.ahead.needs_of", counting)
    await bot.subscribe()
    await bot.news("crane")
    await bot.preparer.round()
    before = len(planned)
    for _ in range(3):
        assert (await bot.preparer.round()).planned == 0
    assert len(planned) == before > 0
    await bot.news("nurses")
    assert (await bot.preparer.round()).read == 1
    assert len(planned) > before


@pytest.mark.one_engine
async def test_however_slow_planning_is_the_soonest_slots_are_read_for_and_the_others_in_the_next_rounds(bot):
    await bot.follow("/late")
    await bot.subscribe("console:soon", times="daily 07:00 UTC", feeds=[bot.server.url("/wire")])
    await bot.subscribe("console:late", times="daily 07:20 UTC", feeds=[bot.server.url("/late")])
    await bot.news("volcano", path="/late")
    await bot.news("crane")
    ticks = itertools.count(step=50)
    preparer = bot.another(clock=lambda: next(ticks))  # a minute is over with each second look at it
    assert (await preparer.round()).read == 1
    assert bot.model.reads == [await bot.story_of(TOPICS["crane"][0])]
    for _ in range(3):
        await preparer.round()
    assert len(bot.model.reads) == 2


@pytest.mark.one_engine
async def test_the_cause_of_a_round_is_the_next_slot_and_the_last_ingest_the_same_in_each_process(bot):
    assert await bot.preparer.cause() == ""
    await bot.subscribe()
    assert await bot.preparer.cause() == f"{SLOT.isoformat()}  "
    await bot.news("crane")
    read = (await bot.store.feeds.last_run()).finished_at
    assert (
        await bot.preparer.cause() == await bot.another().cause() == f"{SLOT.isoformat()} {read.isoformat()} "
    )
    async with hold_lease(bot.store.leases, "ingest", now=lambda: bot.clock[0]):
        bot.clock[0] += timedelta(seconds=30)
        meanwhile = await bot.preparer.cause()
    assert meanwhile.startswith(f"{SLOT.isoformat()} {read.isoformat()} 2025-07-08 06:30:59")


@pytest.mark.one_engine
@pytest.mark.parametrize(("minutes", "near"), [(29, False), (30, True)])
async def test_a_slot_is_near_within_the_minutes_of_preparation(bot, minutes, near):
    await bot.subscribe()
    preparer = bot.another(minutes=minutes)
    assert bool(await preparer.cause()) is near
    assert (await preparer.round()).slots == int(near)


@pytest.mark.one_engine
async def test_how_long_it_is_until_another_slot_is_near_is_told(bot):
    assert await bot.preparer.next_near() is None
    await bot.subscribe()
    assert await bot.another(minutes=10).next_near() == timedelta(minutes=20)
    assert await bot.another(minutes=60).next_near() is None  # it is near already


@pytest.mark.one_engine
async def test_a_round_is_counted_where_something_was_planned(bot):
    counted = []
    ticks = itertools.count()
    preparer = bot.another(count=counted.append, clock=lambda: next(ticks))
    await bot.subscribe()
    await preparer.round()
    assert counted == []
    await bot.news("crane", "nurses")
    report = await preparer.round()
    assert counted == [report]
    assert report.seconds > 0
    async with hold_lease(bot.store.leases, PREPARING, now=lambda: bot.clock[0]):
        held = await preparer.round()
    assert (held.slots, held.planned, held.read, held.failed) == (0, 0, 0, 0)
    assert len(counted) == 1


@pytest.mark.one_engine
async def test_a_reading_that_failed_is_tried_again_after_five_minutes(bot):
    await bot.subscribe()
    await bot.news("crane", "nurses")
    crane = await bot.story_of(TOPICS["crane"][0])

    def fails(request):
        return ModelError("The model is down", reason="down") if request.subject == crane else None

    bot.model.fails = fails
    report = await bot.preparer.round()
    assert (report.planned, report.read, report.failed, report.cut_off) == (2, 1, 1, False)
    bot.clock[0] += READING_RETRY_DELAY - timedelta(seconds=1)
    assert (await bot.preparer.round()).planned == 0
    bot.clock[0] += timedelta(seconds=1)
    bot.model.fails = None
    assert (await bot.preparer.round()).read == 1


@pytest.mark.one_engine
async def test_a_slot_that_cannot_be_planned_keeps_no_other_from_being_read_for(bot, monkeypatch):
    await bot.follow("/broken")
    await bot.subscribe("console:broken", times="daily 06:50 UTC", feeds=[bot.server.url("/broken")])
    await bot.subscribe("console:a", feeds=[bot.server.url("/wire")])
    await bot.news("crane")

    async def needs(inputs, *, due, **given):
        if due < SLOT:
            raise ValueError("a fault of ours")
        return await needs_of(inputs, due=due, **given)

    monkeypatch.setattr("bot.flows.delivery.ahead.needs_of", needs)
    report = await bot.preparer.round()
    assert (report.slots, report.read) == (2, 1)
