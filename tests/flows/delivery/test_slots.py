"""Slots: one delivery each whoever creates it, caught up by policy, and never waiting for a process that is gone."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.terminal import TerminalChat
from bot.flows.delivery.slots import claim_deliveries, create_due_deliveries
from bot.flows.requests.subscribe import SubscriptionRequest, subscribe
from bot.model.chat import CatchUp, State
from bot.store import open_store
from bot.store.briefings.deliveries import LEASE_DURATION, QUEUE_LEASE_DURATION

pytestmark = pytest.mark.slow
NOW = datetime(2025, 3, 10, 6, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def store(engine_url):
    async with open_store(engine_url) as opened:
        yield opened


async def made(store, times="daily 07:30 UTC", **requested):
    channel = requested.pop("channel", "console:a")
    return await subscribe(
        SubscriptionRequest(channel=channel, times=times, **requested),
        store=store,
        chats={"console": TerminalChat()},
        now=NOW,
        zone="UTC",
    )


async def take(store, now, *, dies=False):
    """Claim what is free at ``now`` and return it; with ``dies`` the process ends before its first enqueue."""
    taken = []

    async def enqueue(subject, epoch, place):
        if dies:
            raise asyncio.CancelledError
        taken.append((subject, epoch))

    if dies:
        with pytest.raises(asyncio.CancelledError):
            await claim_deliveries(store=store, now=now, enqueue=enqueue)
    else:
        await claim_deliveries(store=store, now=now, enqueue=enqueue)
    return taken


async def test_a_slot_gets_one_delivery_however_many_create_it(store):
    _, first = await made(store)
    created = await asyncio.gather(
        *(create_due_deliveries(store=store, now=first.due, grace=DAY) for _ in range(5))
    )
    assert sum(created) == 1
    assert len(await store.deliveries.recent(10)) == 1


@pytest.mark.parametrize(
    ("policy", "due"),
    [
        ({"catch_up": CatchUp.ALL}, 4),
        ({"catch_up": CatchUp.LATEST}, 1),
        ({"catch_up": CatchUp.SKIP, "skip_after": 90}, 2),
    ],
)
async def test_missed_slots_are_caught_up_by_policy_and_say_why_not(store, policy, due):
    await made(store, "daily 07:30, 08:30, 09:30, 10:30 UTC", **policy)
    await create_due_deliveries(store=store, now=NOW.replace(hour=10, minute=45), grace=DAY)
    found = await store.deliveries.recent(10)
    assert len(found) == 4
    assert sum(d.state is State.DUE for d in found) == due
    assert all(d.reason for d in found if d.state is State.MISSED)
    assert found[0].state is State.DUE  # the newest


async def test_slots_beyond_the_grace_are_never_caught_up(store):
    await made(store, catch_up=CatchUp.ALL)
    await create_due_deliveries(store=store, now=NOW + 3 * DAY, grace=DAY)
    states = [d.state for d in await store.deliveries.recent(10)]
    assert states.count(State.DUE) == 1
    assert set(states[1:]) == {State.MISSED}


async def test_what_a_process_took_and_never_enqueued_is_free_again_in_half_a_minute(store):
    _, first = await made(store)
    await create_due_deliveries(store=store, now=first.due, grace=DAY)
    await take(store, first.due, dies=True)
    assert await take(store, first.due + LEASE_DURATION - timedelta(seconds=1)) == []
    assert len(await take(store, first.due + LEASE_DURATION)) == 1


async def test_what_stands_in_a_queue_is_left_there(store):
    _, first = await made(store)
    await create_due_deliveries(store=store, now=first.due, grace=DAY)
    assert len(await take(store, first.due)) == 1
    assert await take(store, first.due + QUEUE_LEASE_DURATION - timedelta(seconds=1)) == []
    ((_, epoch),) = await take(store, first.due + QUEUE_LEASE_DURATION)
    assert epoch == 2


async def test_a_delivery_at_work_already_keeps_its_short_lease(store):
    _, first = await made(store)
    await create_due_deliveries(store=store, now=first.due, grace=DAY)
    (one,) = await store.deliveries.claim(first.due)
    later = first.due + timedelta(seconds=2)
    await store.deliveries.renew({one.id: one.epoch}, later)
    await store.deliveries.queued({one.id: one.epoch}, claimed=first.due)
    assert await take(store, later + LEASE_DURATION) == [(one.id, one.epoch + 1)]


async def test_a_process_that_is_alone_takes_at_once_what_others_died_with_or_had_queued(store):
    await made(store)
    _, first = await made(store, channel="console:b")
    await create_due_deliveries(store=store, now=first.due, grace=DAY)
    queued, dead = await store.deliveries.claim(first.due)
    await store.deliveries.queued({queued.id: queued.epoch}, claimed=first.due)
    now = first.due + timedelta(seconds=3)
    await store.deliveries.release_all(now)
    for one in (queued, dead):
        assert await store.deliveries.in_epoch(one.id, one.epoch) is None  # their old epochs are over
    assert {key for key, _ in await take(store, now)} == {queued.id, dead.id}
