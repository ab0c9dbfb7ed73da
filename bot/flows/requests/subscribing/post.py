"""Have a briefing of a subscription posted at once, and describe its topics."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.chat.replies.feeds import feed_names
from bot.flows.requests.context import RequestContext
from bot.model.chat import FINAL, Delivery, Subscription, delivery_id
from bot.model.news import Feed

RECENT_DELIVERIES = 20  # of one channel, among which one that is on its way is looked for


async def first_briefing(context: RequestContext, made: Subscription) -> str:
    """Have the first briefing of ``made`` posted at once; return a sentence that it comes, or the problem."""
    obstacles = await context.obstacles(made.channel)
    if obstacles:
        return " ".join(f"But: {obstacle.rstrip('.')}." for obstacle in obstacles)
    if not await context.feeds_of(made.channel):
        return "But: no feed is read there yet; an admin adds one with /brief feeds add URL."
    await deliver_now(context, made)
    if made.approval:
        return "A first draft is on its way to its editors."
    return "A first briefing is on its way to the channel."


async def deliver_now(context: RequestContext, one: Subscription) -> bool:
    """Create a delivery of ``one`` that is due now; return False if one is already on its way."""
    async with context.services.turns.of(f"now {one.id}"):
        recent = await context.store.deliveries.recent(RECENT_DELIVERIES, destination=one.channel.name)
        if any(other.subscription_id == one.id and other.state not in FINAL for other in recent):
            return False
        await _deliver(context, one)
    await context.services.wake()
    return True


async def _deliver(context: RequestContext, one: Subscription) -> None:
    local = context.at.astimezone(ZoneInfo(one.zone)).replace(tzinfo=None)
    wall = local.isoformat(timespec="seconds")
    delivery = Delivery(
        id=delivery_id(one.id, wall),
        subscription_id=one.id,
        channel=one.channel,
        wall=wall,
        due_at=context.at,
        updated_at=context.at,
        scope=one.scope,
    )
    await context.store.deliveries.add(delivery)


def about_line(one: Subscription, feeds: Sequence[Feed]) -> str:
    """Return the feeds and topics of a subscription in words."""
    reads = [f"pack {pack}" for pack in one.packs] + list(feed_names(feeds).values())
    words = [f"“{word}”" for word in one.filters.words] + [f"/{p}/" for p in one.filters.patterns]
    some = "one of " if len(words) > 1 else ""
    only = f", only stories with {some}{', '.join(words)}" if words else ""
    return f"{', '.join(reads) or 'all feeds'}{only}"
