"""Subscriptions from a chat: list, make, pause, resume, end, and send one now."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.replies.status import SubscriptionStatus, list_message, moment_line
from bot.errors import InputError
from bot.flows.requests.context import RequestContext
from bot.flows.requests.subscribing.form import submitted
from bot.flows.requests.subscribing.open_form import open_form
from bot.flows.requests.subscribing.post import about_line, deliver_now
from bot.flows.requests.subscribing.subscribe import next_slot
from bot.flows.requests.subscribing.subscribe import pause as stop
from bot.flows.requests.subscribing.subscribe import resume as go_on
from bot.flows.requests.subscribing.which import asks_which, one_subscription
from bot.model.chat import Delivery, State, Subscription
from bot.model.message import Action
from bot.model.talk import Verb

BY_HAND = "by hand"


async def listed(context: RequestContext) -> None:
    """List this channel's subscriptions with their next and last slots."""
    found = await context.subscriptions()
    await context.reply(
        list_message(await subscription_statuses(context, found), admin=context.request.asker.admin)
    )


@asks_which
async def manage(context: RequestContext) -> None:
    """Show one subscription with its actions, or all of this channel."""
    if not context.request.subject.startswith("sub-"):
        await listed(context)
        return
    one = await one_subscription(context)
    await context.reply(
        list_message(
            await subscription_statuses(context, [one]), admin=context.request.asker.admin, title="Briefing"
        )
    )


async def subscribe(context: RequestContext) -> None:
    """Open the form, or store the requested subscription."""
    await (submitted(context) if context.request.values else open_form(context))


@asks_which
async def pause(context: RequestContext) -> None:
    """Pause a subscription."""
    one = await one_subscription(context)
    by = f"{BY_HAND}, {context.request.asker.name}" if context.request.asker.name else BY_HAND
    await stop(one, store=context.store, now=context.at, why=by)
    await context.say(
        f"Paused: {one.when}. It stays paused until somebody resumes it.",
        actions=(Action(verb=Verb.RESUME, label="Resume", subject=one.id),),
    )


@asks_which
async def resume(context: RequestContext) -> None:
    """Resume a subscription."""
    one = await one_subscription(context)
    slot = await go_on(one, store=context.store, now=context.at)
    await context.say(
        f"It runs again. Next: {moment_line(slot.due, one.zone)}." if slot else "It runs again."
    )


@asks_which
async def unsubscribe(context: RequestContext) -> None:
    """End a subscription."""
    one = await one_subscription(context)
    await context.store.subscriptions.remove(one.id)
    await context.say(f"Ended: {one.when}. What was posted stays where it is.")


@asks_which
async def send_now(context: RequestContext, *, name: str | None = None) -> None:
    """Post a briefing of a subscription now, for everybody in its channel; ``name`` overrides that of the request."""
    one = await one_subscription(context, name)
    if one.paused:
        raise InputError(f"This briefing is paused: {one.paused}", hint="Resume it first")
    obstacles = await context.obstacles(one.channel)
    if obstacles:
        raise InputError("It cannot be posted yet", hint=" ".join(obstacles))
    if not await deliver_now(context, one):
        await context.say("A briefing is on its way to the channel already.")
        return
    await context.say(
        "A briefing as of now is on its way to the channel. Its news will not be repeated in the next one."
    )


async def subscription_statuses(
    context: RequestContext, found: Sequence[Subscription], *, linked: bool = True
) -> list[SubscriptionStatus]:
    """Return ``found`` with their slots, as this place may see them; ``linked`` to their last posts."""
    feeds = {feed.id: feed for feed in await context.feeds()}
    shown = []
    for one in found:
        last = await context.store.deliveries.recent(5, destination=one.channel.name)
        latest = next((d for d in last if d.subscription_id == one.id), None)
        due = None if one.paused else next_slot(one, after=context.at)
        shown.append(
            SubscriptionStatus(
                subscription=one,
                about=about_line(one, [feeds[f] for f in one.feeds if f in feeds]),
                elsewhere=one.channel != context.request.channel,
                due=due.due if due else None,
                last=latest,
                link=await _permalink(context, latest) if latest and linked else "",
            )
        )
    return shown


async def _permalink(context: RequestContext, delivery: Delivery) -> str:
    """Return the address of a delivery's first message; empty if there is none."""
    if delivery.state is not State.POSTED:
        return ""
    first = next(iter(await context.store.deliveries.parts(delivery.id)), None)
    if first is None or not first.message_id:
        return ""
    return await context.conversation.permalink(delivery.channel, first.message_id)
