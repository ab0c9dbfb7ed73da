"""A clock that ran ahead for some hours, and was set back: no news is lost, nothing is told twice, every slot has its briefing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.flows.delivery.outcomes import Step
from bot.model.chat import State
from bot.model.news import Feed, FeedHealth
from bot.store import tables
from bot.store.running.stored_times import MAX_CORRECTED_SKEW
from tests.flows.delivery.world import posts
from tests.servers.written import MONDAY

pytestmark = pytest.mark.slow
EARLY = "Harbour talks in Brekk ended on Monday with no breakthrough"
LATER = "After the harbour talks crews in Brekk voted for a strike from Friday"
AFTER_POSTING = "The mediator of the harbour talks, Karin Moe, resigned in Brekk on Monday"
HOUR = timedelta(hours=1)
NIGHT = MONDAY.replace(hour=3, minute=0)


def at(hour, minute=0, *, days=0):
    return NIGHT.replace(hour=hour, minute=minute) + timedelta(days=days)


async def subscribed(world):
    world.time = NIGHT
    await world.subscribe()
    world.time = NIGHT


async def told(world, delivery):
    """Return the addresses of the articles that the briefing of ``delivery`` cites."""
    briefing = await world.store.briefings.get(delivery.briefing_id)
    return {source.url for source in briefing.sources}


def page(text):
    """Return the address of the article with ``text``."""
    return f"https://news.example/{len(text) + 1}"


async def delivered(world, moment):
    """Let it be ``moment``, deliver what is due, and return the deliveries that are new."""
    known = {one.id for one in await world.store.deliveries.recent(100)}
    world.time = moment
    return [one for one in reversed(await world.deliver()) if one.id not in known]


async def set_back(world, moment):
    """Set the clock back, as the first tick and the first ingest after it see it."""
    world.time = moment
    return await world.store.times.correct(moment)


async def test_news_that_comes_between_the_true_time_and_that_of_a_posting_is_told(world):
    await subscribed(world)
    await world.news(f"{EARLY}.")
    (ahead,) = await delivered(world, at(9))
    await world.news(f"{AFTER_POSTING}.", story="mediator", at=at(9, 10))  # by the wrong clock as well
    assert await set_back(world, at(4))
    await world.news(f"{LATER}.", story="strike", at=at(6))
    (following,) = await delivered(world, at(7, 30, days=1))
    assert page(EARLY) in await told(world, ahead)
    said = await told(world, following)
    assert page(LATER) in said
    assert page(AFTER_POSTING) in said
    assert page(EARLY) not in said
    assert len(posts(world)) == 2
    assert not await world.store.times.correct(world.time), "nothing is left ahead"


async def test_slots_passed_over_ahead_of_their_time_come_again_and_posted_ones_do_not(world):
    await subscribed(world)
    await world.news(f"{EARLY}.")
    first = await delivered(world, at(8, days=1))
    assert [one.state for one in first] == [State.MISSED, State.POSTED]
    assert await set_back(world, at(3, 10))
    await world.news(f"{LATER}.", story="strike", at=at(5))
    assert await delivered(world, at(7, 29)) == []
    (today,) = await delivered(world, at(7, 30))
    assert today.state is State.POSTED
    assert page(LATER) in await told(world, today)
    assert await delivered(world, at(7, 30, days=1)) == [], "that of tomorrow was posted, if early"
    assert [one.state for one in await delivered(world, at(7, 30, days=2))] == [State.POSTED]
    assert len(posts(world)) == 3


async def test_a_delivery_that_was_created_ahead_of_its_time_waits_for_it(world):
    world.time = NIGHT
    await world.subscribe()
    world.time = at(8)
    (ahead,) = await world.fire()
    assert await set_back(world, at(3))
    assert await world.step_through(ahead) == [Step.GATHER]
    world.time += HOUR  # its lease has ended
    assert await world.fire() == []
    await world.news(f"{LATER}.", story="strike", at=at(6))
    world.time = at(7, 30)
    (again,) = await world.fire()
    assert again == ahead
    await world.step_through(again)
    delivery = await world.store.deliveries.get(ahead)
    assert (delivery.state, delivery.made_at) == (State.POSTED, at(7, 30))
    assert page(LATER) in await told(world, delivery)
    assert len(posts(world)) == 1


async def test_a_step_that_a_wrong_clock_began_does_not_put_its_time_back(world):
    await subscribed(world)
    world.time = at(9)
    (ahead,) = await world.fire()
    await world.step_through(ahead, stop_after=Step.WRITE)
    old = await world.store.deliveries.get(ahead)
    assert await set_back(world, at(4))
    await world.store.deliveries.update(old, epoch=await world.begin_epoch(ahead))
    assert (await world.store.deliveries.get(ahead)).made_at < at(4)
    await world.news(f"{LATER}.", story="strike", at=at(6))
    await world.step_through(ahead)
    (following,) = await delivered(world, at(7, 30, days=1))
    assert page(LATER) in await told(world, following)


async def test_a_clock_that_went_back_for_a_while_loses_and_doubles_nothing(world):
    await subscribed(world)
    await world.news(f"{EARLY}.")
    await delivered(world, at(7, 30))
    await set_back(world, at(4))
    assert await world.deliver() == await world.store.deliveries.recent(100)
    await world.news(f"{LATER}.", story="strike", at=at(4, 10))
    await world.store.times.correct(at(4, 20))
    assert await delivered(world, at(8)) == []
    (following,) = await delivered(world, at(7, 30, days=1))
    said = await told(world, following)
    assert page(LATER) in said
    assert page(EARLY) not in said
    assert len(posts(world)) == 2


async def test_feeds_polled_ahead_of_their_time_are_due_and_leases_end_soon(world):
    store = world.store
    await store.feeds.add([Feed(id="fee-1", url="https://a.example/rss")])
    health = FeedHealth(feed_id="fee-1", last_polled=at(9), last_success=at(9), next_poll=at(20))
    await store.feeds.save_health(health)
    await store.leases.acquire("ingest", holder="dead", now=at(9), lasting=timedelta(seconds=60))
    await world.news(f"{EARLY}.", at=at(9))
    assert await set_back(world, at(4))
    moved = (await store.feeds.health())["fee-1"]
    assert moved.last_polled < moved.next_poll == at(4)
    soon = at(4, 6)
    assert await store.leases.acquire("ingest", holder="us", now=soon, lasting=timedelta(seconds=60))
    assert await store.times.corrected_at() == at(4)


async def test_all_times_of_a_row_move_in_their_order(world):
    await subscribed(world)
    world.time = at(9)
    await world.news(f"{EARLY}.")
    (ahead,) = await delivered(world, at(9))
    await set_back(world, at(4))
    async with world.store.database.reading() as connection:
        (sent,) = (await connection.execute(sa.select(tables.sent_story))).mappings().all()
        (kept,) = (await connection.execute(sa.select(tables.briefing))).mappings().all()
    (known,) = (await world.store.briefings.sent_stories("webhook:news")).values()
    briefing = await world.store.briefings.get(ahead.briefing_id)
    assert sent["sent_at"] == known.sent_at == kept["made_at"] == briefing.made_at < at(4)
    delivery = await world.store.deliveries.get(ahead.id)
    assert delivery.made_at <= delivery.posted_at <= delivery.updated_at < at(4)


@pytest.mark.parametrize("far", [False, True])
async def test_no_time_moves_where_the_present_clock_may_be_the_wrong_one(world, far):
    await world.news(f"{EARLY}.", at=at(9))
    now = at(9) - MAX_CORRECTED_SKEW - timedelta(seconds=10 if far else -3600 * 2)
    assert await world.store.times.correct(now) is not far


async def test_where_clocks_of_processes_differ_by_seconds_times_move_and_nothing_is_planned_anew(world):
    await subscribed(world)
    await world.news(f"{EARLY}.")
    (ahead,) = await delivered(world, at(7, 30))
    behind = at(7, 30) - timedelta(seconds=20)
    assert await world.store.times.correct(behind)
    assert (await world.store.deliveries.get(ahead.id)).made_at < behind
    assert await world.store.times.corrected_at() is None
    await world.news(f"{LATER}.", story="strike", at=behind)
    (following,) = await delivered(world, at(7, 30, days=1))
    assert page(LATER) in await told(world, following)


async def test_in_an_empty_database_nothing_is_ahead(world):
    assert not await world.store.times.correct(NIGHT)
