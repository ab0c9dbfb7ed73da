"""What a briefing holds: what came since the last one, as of its time, in the words that were asked for."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.flows.briefing.session import ModelSession
from bot.flows.briefing.subscription_filter import NO_FILTER
from bot.flows.delivery import prepare
from bot.model.chat import CatchUp, Filters, QuietDay, State
from bot.model.news import Feed
from bot.model.scope import SHARED, Scope, Visibility
from tests.flows.delivery.world import DAY, posts

pytestmark = pytest.mark.slow


async def test_the_next_slot_tells_only_what_came_since(world):
    await world.subscribe()
    await world.news("The talks will resume on Friday.")
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


@pytest.mark.one_engine
async def test_a_late_briefing_says_so_and_a_punctual_one_does_not(world):
    await world.subscribe()
    (punctual,) = await world.deliver()
    world.time += DAY + timedelta(hours=1, minutes=42)
    late, _ = await world.deliver()
    payloads = [(await world.store.deliveries.parts(d.id))[0].payload for d in (punctual, late)]
    assert "Late" not in payloads[0]
    assert "Late: scheduled for Wed 12 March 07:30 UTC, posted 1 h 42 min later." in payloads[1]


@pytest.mark.one_engine
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
        word in texts[0] for word in ("#### Neu", "Als Nächstes:", "1 Artikel", "aus den Artikeln zitiert")
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


async def composing(world, **changes):
    """Return what makes briefings, a subscription, and its delivery with its times fixed."""
    subscription = await world.subscribe()
    (key,) = await world.fire()
    delivery = await world.store.deliveries.get(key)
    fixed = replace(delivery, made_at=delivery.due_at, since=delivery.due_at - DAY)
    return replace(world.deliverer.composer, **changes), subscription, fixed


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("seconds", "gone", "left"),
    [
        (400.0, 0, 400.0),
        (400.0, 60, 340.0),
        (400.0, 300, 100.0),
        (400.0, 301, 400.0),
        (400.0, -1, 400.0),
        (0.0, 0, 0.0),
    ],
)
async def test_the_model_has_what_is_left_of_the_time_from_the_slots_minute_on(world, seconds, gone, left):
    opened = ModelSession(model=None)

    async def session():
        return opened

    composer, _, delivery = await composing(world, session=session, seconds=seconds)
    composer = replace(composer, now=lambda: delivery.due_at + timedelta(seconds=gone))
    given = await composer._session(delivery)
    assert given.deadline == (left or opened.limits.scheduled)
    assert given.workspace == delivery.scope.workspace
    hurried = await replace(composer, seconds=0.5)._session(delivery)
    assert hurried.deadline == opened.limits.late
    assert opened.deadline == math.inf


async def test_the_first_briefing_looks_back_by_publication_and_is_written_with_the_model_of_the_moment(
    world, monkeypatch
):
    asked = []
    gather, make = prepare.gather, prepare.make_briefing

    async def gathering(request, **given):
        asked.append(request.horizon)
        return await gather(request, **given)

    async def making(found, *, session, **given):
        asked.append(session and session.workspace)
        return await make(found, session=None, **given)

    async def session():
        return ModelSession(model=None)

    monkeypatch.setattr(prepare, "gather", gathering)
    monkeypatch.setattr(prepare, "make_briefing", making)
    composer, subscription, delivery = await composing(world, session=session)
    await composer.compose(delivery, subscription)
    assert asked == [delivery.since, delivery.scope.workspace]
    await world.step_through(delivery.id)
    asked.clear()
    later = replace(delivery, made_at=delivery.due_at + DAY, since=delivery.due_at)
    await composer.compose(later, subscription)
    assert asked == [None, delivery.scope.workspace]


@pytest.mark.one_engine
async def test_a_briefing_whose_times_are_not_fixed_is_not_made(world):
    composer, subscription, delivery = await composing(world)
    for unknown in ("made_at", "since"):
        with pytest.raises(ValueError, match="the times of"):
            await composer.compose(replace(delivery, **{unknown: None}), subscription)


@pytest.mark.one_engine
async def test_a_subscription_is_filtered_by_feeds_packs_or_words_and_by_nothing_else(world):
    composer, subscription, _ = await composing(world)
    assert await composer._filter(subscription, SHARED) is NO_FILTER
    for more in ({"feeds": ("fee-1",)}, {"packs": ("world",)}, {"filters": Filters(words=("harbour",))}):
        assert await composer._filter(replace(subscription, **more), SHARED) is not NO_FILTER


@pytest.mark.one_engine
async def test_a_channel_with_a_feed_of_its_own_is_briefed_with_it_and_else_with_what_all_read(world):
    own = Scope(workspace="T1", channel="C1", visibility=Visibility.CHANNEL)
    subscription = await world.subscribe()
    (key,) = await world.fire()
    await world.step_through(key, stop_after="gather")
    delivery = replace(await world.store.deliveries.get(key), scope=own)
    assert (await world.deliverer.composer.request(delivery, subscription)).by == SHARED
    await world.store.feeds.add([Feed(id="fee-own", url="https://own.example/rss", scope=own)])
    assert (await world.deliverer.composer.request(delivery, subscription)).by == own


@pytest.mark.one_engine
async def test_what_a_briefing_was_made_from_is_kept_with_it(world):
    await world.subscribe()
    await world.news("The talks on Monday ended with no breakthrough.")
    (key,) = await world.fire()
    await world.step_through(key, stop_after="write")
    briefing_id = (await world.store.deliveries.get(key)).briefing_id
    record = await world.store.briefings.record(briefing_id)
    assert record.briefing_id == briefing_id
