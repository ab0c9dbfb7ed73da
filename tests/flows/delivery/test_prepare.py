"""What a briefing holds: what came since the last one, as of its time, in the words that were asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model.chat import CatchUp, QuietDay, State
from tests.flows.delivery.world import DAY, posts

pytestmark = pytest.mark.slow


async def test_the_next_slot_tells_only_what_came_since(world):
    await world.subscribe()
    await world.news("Talks on Monday ended with no breakthrough.")
    await world.deliver()
    world.time += DAY
    first, second = reversed(await world.deliver())
    assert second.since == first.made_at
    briefing = await world.store.briefings.get(second.briefing_id)
    assert not briefing.stories
    assert [u.headline.text for u in briefing.unchanged]


async def test_a_quiet_day_is_silent_by_policy_and_says_so(world):
    await world.subscribe(quiet_day=QuietDay.SILENT)
    await world.reads_a_feed()
    (delivery,) = await world.deliver()
    assert delivery.state is State.SILENT
    assert posts(world) == []
    world.time += DAY
    await world.news("Talks on Monday ended with no breakthrough.", at=world.time - timedelta(hours=2))
    newest, _ = await world.deliver()
    assert newest.state is State.POSTED


async def test_a_late_briefing_says_so_and_a_punctual_one_does_not(world):
    await world.subscribe()
    (punctual,) = await world.deliver()
    world.time += DAY + timedelta(hours=1, minutes=42)
    late, _ = await world.deliver()
    payloads = [(await world.store.deliveries.parts(d.id))[0].payload for d in (punctual, late)]
    assert "Late" not in payloads[0]
    assert "Late: scheduled for Wed 12 March 07:30 UTC, posted 1 h 42 min later." in payloads[1]


async def test_the_words_beside_the_news_are_in_the_language_that_was_asked_for(world):
    await world.subscribe(language="de", channel="webhook:small")
    await world.news("Talks on Monday ended with no breakthrough. The talks resume on Friday.")
    (told,) = await world.deliver()
    world.time += DAY + timedelta(hours=1)
    await world.reads_a_feed()
    quiet, _ = await world.deliver()
    texts = [
        "".join(part.payload for part in await world.store.deliveries.parts(d.id)) for d in (told, quiet)
    ]
    assert all(
        word in texts[0]
        for word in ("#### Neu", "Stand:", "festgefahren", "1 Artikel", "aus den Artikeln zitiert")
    )
    assert all(word in texts[1] for word in ("Verspätet: geplant", "Ruhig:", "#### Unverändert"))
    assert not any(
        word in "".join(texts) for word in ("New", "Status", "stalled", "Late", "Quiet", "extracts")
    )


async def test_all_missed_slots_are_told_in_order_each_as_of_its_time(world):
    await world.subscribe(catch_up=CatchUp.ALL, times="daily 07:30, 08:30, 09:30 UTC")
    world.time += timedelta(hours=2, minutes=5)
    keys = []
    while taken := await world.fire():
        assert len(taken) == 1  # the turn of the others has not come
        keys += taken
        await world.step_through(keys[-1])
    assert len(keys) == 3
    found = [await world.store.deliveries.get(key) for key in keys]
    assert [d.made_at for d in found] == [d.due_at for d in found]
    assert posts(world) == [(await world.store.deliveries.parts(key))[0].key for key in keys]


async def test_the_last_of_the_missed_slots_tells_what_came_after_its_minute_too(world):
    await world.subscribe(catch_up=CatchUp.ALL, times="daily 07:30, 08:30, 09:30 UTC")
    world.time += timedelta(hours=2, minutes=35)
    await world.news("Talks on Monday ended with no breakthrough.", at=world.time - timedelta(minutes=1))
    keys = []
    while taken := await world.fire():
        keys += taken
        await world.step_through(keys[-1])
    found = [await world.store.deliveries.get(key) for key in keys]
    assert [d.made_at == d.due_at for d in found] == [True, True, False]
    told = [len((await world.store.briefings.get(d.briefing_id)).stories) for d in found]
    assert told == [0, 0, 1]


async def test_an_article_still_being_brought_in_belongs_to_the_next_briefing(world):
    await world.subscribe()
    leases = world.store.leases
    began = world.time - timedelta(seconds=30)
    assert await leases.acquire("ingest", holder="x", now=began, lasting=timedelta(minutes=1))
    (first,) = await world.deliver()
    await world.news("Talks on Monday ended with no breakthrough.", at=began)
    await leases.release("ingest", holder="x")
    world.time += DAY
    second, _ = await world.deliver()
    assert first.made_at < began
    briefing = await world.store.briefings.get(second.briefing_id)
    assert len(briefing.stories) == 1
