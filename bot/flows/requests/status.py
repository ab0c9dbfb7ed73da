"""Status and the Home tab: the problems in a place, and how to solve them."""

from __future__ import annotations

from bot.chat.replies.feeds import feed_names
from bot.chat.replies.status import Health, home_message, status_message
from bot.chat.replies.welcome import ChannelState, next_step
from bot.flows.ingest.state import ingest_state
from bot.flows.requests.context import RequestContext
from bot.flows.requests.subscribing.manage import subscription_statuses
from bot.model.chat import Channel, Subscription

MAX_SUBSCRIPTIONS = 20  # subscriptions on the bot's own page
MAX_CHECKED_CHANNELS = 60  # channels for which the bot asks whether a person sees them


async def status(context: RequestContext) -> None:
    """Show whether all is well here, with each problem and how to solve it."""
    found = await context.subscriptions()
    health = await _health(context, [context.request.channel])
    await context.reply(
        status_message(await subscription_statuses(context, found), health, zone=await context.zone())
    )


async def home(context: RequestContext) -> None:
    """Show the bot's Home tab: the subscriptions of every channel that the asker sees."""
    here = context.request.channel
    found: list[Subscription] = []
    seen: dict[str, bool] = {}
    for one in await context.store.subscriptions.all(workspace=here.workspace):
        place = one.channel
        if place.platform != here.platform or (place.name not in seen and len(seen) == MAX_CHECKED_CHANNELS):
            continue
        if place.name not in seen:
            seen[place.name] = await context.conversation.sees(place)
        if seen[place.name] and len(found) < MAX_SUBSCRIPTIONS:
            found.append(one)
    channels = list(dict.fromkeys(one.channel for one in found))
    health = await _health(context, channels)
    statuses = await subscription_statuses(context, found)
    admin = context.request.asker.admin
    step = next_step(ChannelState(feeds=health.feeds, subscriptions=statuses, admin=admin))
    await context.reply(home_message(statuses, health, step=step, admin=admin), private=True)


async def _health(context: RequestContext, channels: list[Channel]) -> Health:
    feeds = await context.feeds()
    healths = await context.store.feeds.health()
    polled = [h.last_polled for f in feeds if (h := healths.get(f.id)) and h.last_polled]
    obstacles: list[str] = []
    for channel in channels:
        place = f"{channel.shown}: " if len(channels) > 1 else ""
        obstacles += [f"{place}{obstacle}" for obstacle in await context.obstacles(channel)]
    if not feeds:
        obstacles.append("No feed is read here: an admin adds one with /brief feeds add URL")
    asker, names = context.request.asker, feed_names(feeds)
    model = context.services.config.model.name
    return Health(
        obstacles=tuple(obstacles),
        feeds=len(feeds),
        failing=tuple(
            (names[f.id], healths[f.id].reason) for f in feeds if f.id in healths and healths[f.id].failures
        ),
        read_at=max(polled, default=None),
        model=f"{model} writes the stories" if model else "none: stories are quoted from the articles",
        ingest=await ingest_state(
            context.store, now=context.services.now(), by=context.request.channel.scope
        ),
        may="guest: reads and asks" if asker.guest else "admin" if asker.admin else "member",
    )
