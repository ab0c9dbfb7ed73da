"""Make the next scheduled briefing ahead of its time, without a model, and drop it.

What it is made from is read and loaded by then: the first briefing after a while costs four times as much as the next one,
and at a scheduled time all deliveries that share it would wait for that.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.flows.delivery.prepare import Composer, known_until
from bot.flows.single_flight import SingleFlight
from bot.model.chat import Delivery, Subscription, delivery_id
from bot.model.scope import SHARED, Scope


async def warm_up(composer: Composer, *, lead_time: timedelta) -> bool:
    """Make and drop the briefing of the next slot within ``lead_time``; return False if there is none."""
    now = composer.now()
    ahead = await composer.store.subscriptions.due_between(now, now + lead_time, limit=1)
    for subscription, due in ahead:
        delivery = await delivery_ahead(
            composer, subscription, due, at=await known_until(composer.store, now=now)
        )
        dropping = replace(composer, session=_no_session, notify=_tell_nobody, cache=SingleFlight(1))
        await dropping.compose(delivery, subscription)
    return bool(ahead)


async def delivery_ahead(
    composer: Composer, subscription: Subscription, due: datetime, *, at: datetime
) -> Delivery:
    """Return the delivery at ``due`` as it would be if its briefing were made as of ``at``."""
    since = await composer.store.deliveries.covered_until(subscription.id)
    since = since or due - timedelta(hours=composer.settings.window_hours)
    return Delivery(
        id=delivery_id(subscription.id, due.isoformat()),
        subscription_id=subscription.id,
        channel=subscription.channel,
        wall=due.isoformat(),
        due_at=due,
        made_at=at,
        since=min(since, at),
        updated_at=at,
        scope=subscription.scope,
    )


async def _no_session() -> None:
    return None


async def _tell_nobody(key: str, text: str, scope: Scope = SHARED) -> None:
    """Leave it to the briefing that is sent."""
    del key, text, scope
