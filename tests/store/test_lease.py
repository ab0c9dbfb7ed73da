"""The lease of a delivery: nobody is kept waiting by a clock that was wrong, and the deliveries of a channel keep their order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.model.chat import Channel, Delivery, State, delivery_id
from bot.store import open_store, tables
from bot.store.briefings.lease import DELIVERY_LEASE_DURATION, MAX_LEASE_SPAN

pytestmark = pytest.mark.slow
NOW = datetime(2031, 3, 10, 7, tzinfo=UTC)


def delivery(name, *, channel="slack:T1/C1", minutes=0):
    due = NOW - timedelta(minutes=minutes)
    return Delivery(
        id=delivery_id(name, due.isoformat()),
        subscription_id=name,
        channel=Channel.read(channel),
        wall=due.isoformat(),
        due_at=due,
        state=State.DUE,
        updated_at=due,
    )


@pytest.fixture
async def store(engine_url):
    async with open_store(engine_url) as opened:
        yield opened


async def taken(store, now=NOW, **more):
    return [one.id for one in await store.deliveries.claim(now, limit=9, **more)]


async def change(store, **values):
    async with store.database.writing() as connection:
        await connection.execute(sa.update(tables.delivery).values(**values))


@pytest.mark.parametrize("column", ["lease_until", "retry_at"])
async def test_a_lease_or_a_wait_holds_until_it_ends_and_not_at_all_where_a_clock_was_wrong(store, column):
    one = delivery("sub-1")
    await store.deliveries.add(one)
    await change(store, **{column: NOW + timedelta(minutes=1)})
    assert await taken(store) == []
    await change(store, **{column: NOW + MAX_LEASE_SPAN + timedelta(seconds=1)})
    assert await taken(store) == [one.id]


async def test_who_claims_it_after_its_lease_has_ended_does_so_in_a_new_epoch(store):
    await store.deliveries.add(delivery("sub-1"))
    (first,) = await store.deliveries.claim(NOW, limit=9)
    assert await taken(store, NOW + DELIVERY_LEASE_DURATION - timedelta(seconds=1)) == []
    (second,) = await store.deliveries.claim(NOW + DELIVERY_LEASE_DURATION, limit=9)
    assert (second.id, second.epoch) == (first.id, first.epoch + 1)


async def test_a_channels_next_delivery_waits_for_the_one_before_and_no_other_channel_does(store):
    first, second = delivery("sub-1", minutes=60), delivery("sub-1")
    other = delivery("sub-2", channel="slack:T1/C2")
    for one in (second, other, first):
        await store.deliveries.add(one)
    assert await taken(store) == [first.id, other.id]


async def test_of_a_platform_only_its_own_deliveries_are_claimed_and_its_name_is_no_pattern(store):
    slack, discord = delivery("sub-1"), delivery("sub-2", channel="discord:1/2")
    for one in (slack, discord):
        await store.deliveries.add(one)
    assert await taken(store, platform="s%") == await taken(store, platform="_lack") == []
    assert await taken(store, platform="discord") == [discord.id]
    assert await taken(store, platform="slack") == [slack.id]
