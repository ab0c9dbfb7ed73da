"""Create the deliveries that are due, one for each slot, and start those without a lease.

subscriptions ──due──▶ deliveries (by slot key) ──claim──▶ an epoch of the chain, as many as this process has room for

Both in small portions and in turn, so that the first of ten thousand is begun while the others are still created.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.concurrency import QueuePlace
from bot.model.chat import CatchUp, Channel, Delivery, State, Subscription, delivery_id
from bot.model.ids import derive_id
from bot.schedule import Slot, Timetable, slots
from bot.store import Store

MAX_MISSED_SLOTS = 50  # missed slots kept one by one; older ones are counted
SUBSCRIPTIONS_PER_BATCH = 100
DELIVERIES_PER_CLAIM = 50  # deliveries claimed at once, so few that they start well within their lease

_log = structlog.get_logger()

Start = Callable[[str, int, QueuePlace], Awaitable[None]]
"""Gets a delivery's id, its epoch and the place it needs."""


class Room(Protocol):
    """How many deliveries to each platform this process may start."""

    def left(self, platform: str) -> int:
        """Return how many deliveries to ``platform`` may be started."""
        ...

    def exceeded(self, platform: str) -> None:
        """Record that there may be more deliveries to ``platform`` than there was room for."""
        ...


async def deliver_due(
    *, store: Store, now: datetime, grace: timedelta, start: Start, room: Room, platforms: Sequence[str]
) -> tuple[int, int]:
    """Create the deliveries of every slot that is due at ``now``, and start those without a lease.

    Return how many subscriptions had any, and how many deliveries were started.
    """
    created = started = 0
    while found := await _create_some(store=store, now=now, grace=grace):
        created += found
        started += await claim_deliveries(store=store, now=now, start=start, room=room, platforms=platforms)
    started += await claim_deliveries(store=store, now=now, start=start, room=room, platforms=platforms)
    return created, started


async def create_due_deliveries(*, store: Store, now: datetime, grace: timedelta) -> int:
    """Store the deliveries of every slot that is due at ``now``; return how many subscriptions had any."""
    created = 0
    while found := await _create_some(store=store, now=now, grace=grace):
        created += found
    return created


async def _create_some(*, store: Store, now: datetime, grace: timedelta) -> int:
    return await store.subscriptions.create_due(
        now, slot_planner(now, grace=grace), limit=SUBSCRIPTIONS_PER_BATCH
    )


async def claim_deliveries(
    *, store: Store, now: datetime, start: Start, room: Room, platforms: Sequence[str]
) -> int:
    """Claim open deliveries without a lease in a new epoch, as far as there is room; return their number.

    Deliveries to none of ``platforms`` use the room of the first; they fail there, and admins are notified.
    """
    claimed = 0
    wanted: list[tuple[str, Sequence[str]]] = [(one, ()) for one in platforms]
    for platform, but in [*wanted, ("", platforms)]:
        place = platform or platforms[0]
        left = room.left(place)
        while limit := min(DELIVERIES_PER_CLAIM, left):
            found = await store.deliveries.claim(now, limit=limit, platform=platform, but=but)
            for one in found:
                await start(one.id, one.epoch, queue_place(Channel.read(one.destination), retry=one.retry))
            claimed, left = claimed + len(found), left - len(found)
            if len(found) < limit:
                break
        else:
            room.exceeded(place)
    return claimed


def queue_of(platform: str) -> str:
    """Return the queue of a platform; each platform has its own limit."""
    return f"post-{platform}"


def queue_place(channel: Channel, *, retry: bool = False) -> QueuePlace:
    """Return the place that a delivery to ``channel`` needs: of its platform, workspace and channel, without their names."""
    # Otherwise ids of channels and workspaces would be in the workflow tables, where they cannot be deleted by name.
    group = derive_id("grp", channel.platform, channel.workspace) if channel.workspace else ""
    return QueuePlace(
        queue=queue_of(channel.platform), group=group, lane=derive_id("lane", channel.name), retry=retry
    )


def slot_planner(
    now: datetime, *, grace: timedelta
) -> Callable[[Subscription, datetime], tuple[Sequence[Delivery], datetime | None]]:
    """Return the function that plans the deliveries of a subscription between the last known one and ``now``."""
    between = functools.cache(_between)  # ten thousand may share a timetable

    def plan(subscription: Subscription, known: datetime) -> tuple[Sequence[Delivery], datetime | None]:
        timetable = Timetable(lines=subscription.lines, zone=subscription.zone)
        # Whatever lies before the grace is over: it is not even counted one by one.
        passed, following = between(timetable, max(known, now - 2 * grace), now)
        found = _deliveries(subscription, passed, now=now, grace=grace)
        _log_missed(subscription, found)
        return found, following

    return plan


def _log_missed(subscription: Subscription, deliveries: Sequence[Delivery]) -> None:
    """Log in one line what of a subscription is never delivered."""
    missed = [one for one in deliveries if one.state is State.MISSED]
    if missed:
        _log.warning(
            "deliveries missed",
            channel=subscription.channel.name,
            count=len(missed),
            first=missed[0].wall,
            last=missed[-1].wall,
            reason=missed[-1].reason,
        )


def as_of(subscription: Subscription, *, due: datetime, now: datetime) -> datetime:
    """Return as of when a late briefing is made: its scheduled time if a later slot covers the rest, else now."""
    if subscription.catch_up is not CatchUp.ALL:
        return now
    following = next(slots(Timetable(lines=subscription.lines, zone=subscription.zone), after=due), None)
    return due if following and following.due <= now else now


def _between(timetable: Timetable, after: datetime, now: datetime) -> tuple[list[Slot], datetime | None]:
    passed: list[Slot] = []
    for slot in slots(timetable, after=after):
        if slot.due > now:
            return passed, slot.due
        passed = [*passed[-MAX_MISSED_SLOTS:], slot]
    return passed, None


def _deliveries(
    subscription: Subscription, passed: Sequence[Slot], *, now: datetime, grace: timedelta
) -> list[Delivery]:
    """Return a delivery for each of the ``passed`` slots: due, or missed and why."""
    last = passed[-1] if passed else None
    found = []
    for slot in passed:
        late = now - slot.due
        why = ""
        if late > grace:
            why = "nothing ran within the time for catching up"
        elif subscription.catch_up is CatchUp.LATEST and slot is not last:
            why = "a later scheduled time was due as well, and only the latest is made up for"
        elif subscription.catch_up is CatchUp.SKIP and late > timedelta(minutes=subscription.skip_after):
            why = f"more than {subscription.skip_after} minutes late"
        found.append(
            Delivery(
                id=delivery_id(subscription.id, slot.key),
                subscription_id=subscription.id,
                channel=subscription.channel,
                wall=slot.key,
                due_at=slot.due,
                state=State.MISSED if why else State.DUE,
                reason=why,
                updated_at=now,
                scope=subscription.scope,
            )
        )
    return found
