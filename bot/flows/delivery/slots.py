"""Create the deliveries that are due, one a slot, and claim those that no process works on.

subscriptions ──due──▶ deliveries (by slot key) ──claim──▶ an epoch of the chain, in its platform's queue
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog

from bot.concurrency import QueuePlace
from bot.model.chat import CatchUp, Channel, Delivery, State, Subscription, delivery_id
from bot.model.ids import derive_id
from bot.schedule import Slot, Timetable, slots
from bot.store import Store

MAX_MISSED_SLOTS = 50  # missed slots kept one by one; older ones are counted
SUBSCRIPTIONS_PER_BATCH = 500
DELIVERIES_PER_ENQUEUE = (
    50  # enqueued between two notes that they are: those of a dead process wait for no longer than a lease
)

_log = structlog.get_logger()

Enqueue = Callable[[str, int, QueuePlace], Awaitable[None]]
"""Gets a delivery's id, its epoch and the place it needs."""


async def create_due_deliveries(*, store: Store, now: datetime, grace: timedelta) -> int:
    """Write the deliveries of every slot that is due at ``now``; return how many subscriptions had any."""
    created = 0
    while found := await store.subscriptions.create_due(
        now, slot_decider(now, grace=grace), limit=SUBSCRIPTIONS_PER_BATCH
    ):
        created += found
    return created


async def claim_deliveries(*, store: Store, now: datetime, enqueue: Enqueue) -> int:
    """Enqueue a new epoch of every open delivery that nobody works on; return how many there were."""
    claimed = 0
    while found := await store.deliveries.claim(now, limit=SUBSCRIPTIONS_PER_BATCH):
        for start in range(0, len(found), DELIVERIES_PER_ENQUEUE):
            some = found[start : start + DELIVERIES_PER_ENQUEUE]
            for one in some:
                await enqueue(one.id, one.epoch, place_of(Channel.read(one.destination), retry=one.retry))
            await store.deliveries.queued({one.id: one.epoch for one in some}, claimed=now)
        claimed += len(found)
    return claimed


def queue_of(platform: str) -> str:
    """Return the queue of a platform: each platform's deliveries are bounded by themselves."""
    return f"post-{platform}"


def place_of(channel: Channel, *, retry: bool = False) -> QueuePlace:
    """Return the place a delivery to ``channel`` needs: of its platform, its workspace and itself, without their names."""
    # Ids of channels and workspaces would stand in the tables of the workflows, where nothing is forgotten by name.
    group = derive_id("grp", channel.platform, channel.workspace) if channel.workspace else ""
    return QueuePlace(
        queue=queue_of(channel.platform), group=group, lane=derive_id("lane", channel.name), retry=retry
    )


def slot_decider(
    now: datetime, *, grace: timedelta
) -> Callable[[Subscription, datetime], tuple[Sequence[Delivery], datetime | None]]:
    """Return what decides over the slots of a subscription between the last known one and ``now``."""

    def decide(subscription: Subscription, known: datetime) -> tuple[Sequence[Delivery], datetime | None]:
        timetable = Timetable(lines=subscription.lines, zone=subscription.zone)
        # Whatever lies before the grace is over: it is not even counted one by one.
        passed, following = _between(timetable, max(known, now - 2 * grace), now)
        found = _deliveries(subscription, passed, now=now, grace=grace)
        _log_missed(subscription, found)
        return found, following

    return decide


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
    """Return as of when a late briefing is made: its minute where a later slot tells the rest, else now."""
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
            why = "a later slot was due as well, and only the latest is caught up"
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
