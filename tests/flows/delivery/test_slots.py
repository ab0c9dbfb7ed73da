"""Slots: one delivery each whoever creates it, caught up by policy, and never waiting for a process that is gone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.terminal import TerminalChat
from bot.flows.delivery.slots import (
    MAX_MISSED_SLOTS,
    as_of,
    claim_deliveries,
    create_due_deliveries,
    deliver_due,
    queue_place,
)
from bot.flows.requests.subscribing.subscribe import SubscriptionRequest, subscribe
from bot.model.chat import CatchUp, Channel, State
from bot.model.scope import Scope, Visibility
from bot.store import open_store
from bot.store.briefings.lease import DELIVERY_LEASE_DURATION

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


class Room:
    """Room for so many deliveries to each platform; notes where there were more."""

    def __init__(self, most=1000):
        self.most = most
        self.full = set()

    def left(self, _platform):
        return self.most

    def exceeded(self, platform):
        self.full.add(platform)


async def take(store, now, *, dies=False, most=1000, platforms=("console",)):
    """Start what is free at ``now`` and return it; with ``dies`` the process ends before it starts the first."""
    taken = []

    async def start(subject, epoch, _place):
        if dies:
            raise asyncio.CancelledError
        taken.append((subject, epoch))

    claiming = claim_deliveries(store=store, now=now, start=start, room=Room(most), platforms=platforms)
    if dies:
        with pytest.raises(asyncio.CancelledError):
            await claiming
    else:
        assert await claiming == len(taken)
    return taken


def test_a_delivery_has_a_place_of_its_platform_its_workspace_and_its_channel_without_their_names():
    here, beside, elsewhere, alone = (
        queue_place(Channel.read(name))
        for name in ("slack:T1/C1", "slack:T1/C2", "slack:T2/C1", "webhook:ops")
    )
    assert (here.queue, here.retry) == ("post-slack", False)
    assert here.group == beside.group != elsewhere.group
    assert len({here.lane, beside.lane, elsewhere.lane, alone.lane}) == 4
    assert (alone.queue, alone.group) == ("post-webhook", "")
    assert (here.group[:4], here.lane[:5]) == ("grp-", "lane-")
    assert not any(
        name in f"{place.group} {place.lane}" for place in (here, alone) for name in ("T1", "C1", "ops")
    )
    assert queue_place(Channel.read("slack:T1/C1"), retry=True).retry


@pytest.mark.parametrize(
    ("policy", "hour", "made_as_of"), [("all", 10, 7), ("all", 7, 7), ("latest", 10, 10), ("skip", 10, 10)]
)
async def test_a_late_briefing_is_of_its_own_minute_only_where_a_later_one_tells_the_rest(
    store, policy, hour, made_as_of
):
    subscription, first = await made(store, "daily 07:30, 08:30 UTC", catch_up=CatchUp(policy))
    now = first.due.replace(hour=hour, minute=30)
    assert as_of(subscription, due=first.due, now=now) == first.due.replace(hour=made_as_of)


async def test_a_delivery_is_of_its_subscription_its_minute_and_its_scope(store):
    subscription, first = await made(store)
    own = replace(subscription, scope=Scope(workspace="T1", channel="C1", visibility=Visibility.CHANNEL))
    await store.subscriptions.save(own, next_due=first.due, enumerated=NOW)
    await create_due_deliveries(store=store, now=first.due, grace=DAY)
    (one,) = await store.deliveries.recent(10)
    assert (one.subscription_id, one.channel, one.scope) == (own.id, own.channel, own.scope)
    assert (one.due_at, one.wall, one.updated_at, one.reason) == (
        first.due,
        "2025-03-10T07:30",
        first.due,
        "",
    )


async def test_no_more_are_started_than_there_is_room_for_and_the_rest_is_told(store):
    for name in ("console:a", "console:b", "console:c"):
        _, first = await made(store, channel=name)
    await create_due_deliveries(store=store, now=first.due, grace=DAY)
    room, lanes = Room(2), set()

    async def start(_subject, _epoch, place):
        lanes.add(place.lane)

    def claiming(room):
        return claim_deliveries(
            store=store, now=first.due, start=start, room=room, platforms=["console", "webhook"]
        )

    assert await claiming(room) == 2
    assert room.full == {"console"}
    assert await claiming(room) == 1
    assert len(lanes) == 3
    assert await claiming(empty := Room(2)) == 0
    assert empty.full == set()


async def test_a_full_platform_takes_no_room_from_another_and_an_unknown_one_is_not_forgotten(store):
    subscription, first = await made(store)
    for name in ("console:b", "webhook:ops", "matrix:x"):
        other = replace(subscription, id=name, channel=Channel.read(name))
        await store.subscriptions.save(other, next_due=first.due, enumerated=NOW)
    await create_due_deliveries(store=store, now=first.due, grace=DAY)
    taken = await take(store, first.due, most=1, platforms=("console", "webhook"))
    found = sorted([(await store.deliveries.get(key)).channel.platform for key, _ in taken])
    assert found == ["console", "matrix", "webhook"]


async def test_the_first_is_started_while_others_are_still_created(store, monkeypatch):
    monkeypatch.setattr("bot.flows.delivery.slots.SUBSCRIPTIONS_PER_BATCH", 2)
    for n in range(5):
        _, first = await made(store, channel=f"console:{n}")
    standing = []

    async def start(_subject, _epoch, _place):
        standing.append(await store.deliveries.open())

    done = await deliver_due(
        store=store, now=first.due, grace=DAY, start=start, room=Room(), platforms=["console"]
    )
    assert done == (5, 5)
    assert standing == [2, 2, 4, 4, 5]


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


@pytest.mark.one_engine
async def test_a_slot_is_skipped_when_it_is_later_than_allowed_and_not_when_it_is_just_as_late(store):
    await made(store, "daily 07:30, 08:30 UTC", catch_up=CatchUp.SKIP, skip_after=90)
    _, first = await made(store, "daily 07:30, 08:30 UTC", channel="console:b")
    await create_due_deliveries(store=store, now=first.due + timedelta(minutes=90), grace=DAY)
    found = [one for one in await store.deliveries.recent(10) if one.channel.name == "console:a"]
    assert [one.state for one in found] == [State.DUE, State.DUE]


@pytest.mark.one_engine
async def test_what_is_missed_is_one_line_of_the_log_and_the_oldest_are_not_kept_one_by_one(store, logged):
    await made(
        store,
        ", ".join(["daily 00:00", *(f"{hour:02}:00" for hour in range(1, 24))]),
        catch_up=CatchUp.LATEST,
    )
    now = NOW + 6 * DAY
    await create_due_deliveries(store=store, now=now, grace=5 * DAY)
    missed = [one for one in await store.deliveries.recent(1000) if one.state is State.MISSED]
    assert len(missed) == MAX_MISSED_SLOTS == 50
    (line,) = [line for line in logged if line["event"] == "deliveries missed"]
    walls = sorted(one.wall for one in missed)
    told = {"channel": "console:a", "count": 50, "first": walls[0], "last": walls[-1]}
    assert line.items() >= (told | {"log_level": "warning"}).items()
    assert "only the latest is made up for" in line["reason"]


async def test_slots_beyond_the_grace_are_never_caught_up(store):
    await made(store, catch_up=CatchUp.ALL)
    await create_due_deliveries(store=store, now=NOW + 3 * DAY, grace=DAY)
    states = [d.state for d in await store.deliveries.recent(10)]
    assert states.count(State.DUE) == 1
    assert set(states[1:]) == {State.MISSED}


async def test_what_a_process_took_and_never_started_is_free_again_in_half_a_minute(store):
    _, first = await made(store)
    await create_due_deliveries(store=store, now=first.due, grace=DAY)
    await take(store, first.due, dies=True)
    assert await take(store, first.due + DELIVERY_LEASE_DURATION - timedelta(seconds=1)) == []
    assert len(await take(store, first.due + DELIVERY_LEASE_DURATION)) == 1


async def test_a_process_that_is_alone_takes_at_once_what_others_died_with(store):
    await made(store)
    _, first = await made(store, channel="console:b")
    await create_due_deliveries(store=store, now=first.due, grace=DAY)
    left = await store.deliveries.claim(first.due)
    now = first.due + timedelta(seconds=3)
    await store.deliveries.release_all(now)
    for one in left:
        assert await store.deliveries.in_epoch(one.id, one.epoch) is None  # their old epochs are over
    assert {key for key, _ in await take(store, now)} == {one.id for one in left}


async def test_claims_that_meet_start_each_delivery_once(store, engine_url, monkeypatch):
    monkeypatch.setattr("bot.flows.delivery.slots.DELIVERIES_PER_CLAIM", 5)
    subscription, first = await made(store)
    for n in range(40):
        other = replace(subscription, id=f"sub-{n}", channel=Channel.read(f"console:{n}"))
        await store.subscriptions.save(other, next_due=first.due, enumerated=NOW)
    await create_due_deliveries(store=store, now=first.due, grace=DAY)
    async with open_store(engine_url) as another:
        # Each claims in portions, which alternate.
        claims = [take(one, first.due) for one in (store, another, store, another)]
        taken = [one for claim in await asyncio.gather(*claims) for one in claim]
    assert len(taken) == len(set(taken)) == 41
