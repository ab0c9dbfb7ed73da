"""Subscriptions from a chat: list, make, pause, resume, end, and send one now."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.chat.forms import ABOUT, CHANNEL, LENGTH, QUIET, TIMES, form_for
from bot.chat.replies.feeds import feed_names
from bot.chat.replies.short import sentence, title_of
from bot.chat.replies.status import SubscriptionStatus, list_message, moment_line
from bot.errors import InputError
from bot.flows.ingest.named_feed import feeds_named
from bot.flows.requests.context import RequestContext
from bot.flows.requests.subscribe import SubscriptionRequest, next_slot, read_channel
from bot.flows.requests.subscribe import pause as stop
from bot.flows.requests.subscribe import resume as go_on
from bot.flows.requests.subscribe import subscribe as keep
from bot.flows.requests.subscribing.which import asks_which, may_reach, one_subscription
from bot.language.cleaning.public import public_address, secrets_in
from bot.model.chat import Channel, Delivery, Length, QuietDay, Subscription, delivery_id
from bot.model.message import Action
from bot.model.news import Feed
from bot.model.talk import Verb

BY_HAND = "by hand"
MAX_ABOUT_CHARS = 1000  # characters of what a briefing is about
MAX_ABOUT_NAMES = 60  # feeds, packs and words in it
C = TypeVar("C", bound=StrEnum)


async def listed(context: RequestContext) -> None:
    """List this channel's subscriptions with their next and last slots."""
    found = await context.subscriptions()
    await context.reply(
        list_message(await subscription_statuses(context, found), admin=context.request.asker.admin)
    )


@asks_which
async def manage(context: RequestContext) -> None:
    """Show one subscription with what can be done to it, or this channel's."""
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
    """Open the form, or keep the subscription that it asks for."""
    values = context.request.values
    if not values:
        await context.open(form_for(context.request))
        return
    channel = await _target(context, values.get(CHANNEL, ""))
    feeds, packs, words = _about(values.get(ABOUT, ""), await context.feeds_of(channel))
    made, first = await keep(
        SubscriptionRequest(
            channel=channel.name,
            times=values.get(TIMES, ""),
            feeds=[feed.id for feed in feeds],
            packs=packs,
            words=words,
            length=_chosen(Length, values.get(LENGTH, ""), Length.STANDARD),
            quiet_day=_chosen(QuietDay, values.get(QUIET, ""), QuietDay.POST),
        ),
        store=context.store,
        chats=context.services.chats,
        now=context.at,
        zone=await context.zone(),
    )
    at_once = await _first_briefing(context, made)
    await context.reply(
        sentence(
            f"Subscribed: {about_line(made, feeds)}. {at_once} Next: {moment_line(first.due, made.zone)}.",
            title=title_of(context.request.verb),
            actions=(
                Action(verb=Verb.MANAGE, label="Manage", subject=made.id),
                Action(verb=Verb.ASK, label="Ask a question"),
            ),
        )
    )


@asks_which
async def pause(context: RequestContext) -> None:
    """Stop a subscription for a while."""
    one = await one_subscription(context)
    by = f"{BY_HAND}, {context.request.asker.name}" if context.request.asker.name else BY_HAND
    await stop(one, store=context.store, now=context.at, why=by)
    await context.say(
        f"Paused: {one.when}.",
        actions=(Action(verb=Verb.RESUME, label="Resume", subject=one.id),),
    )


@asks_which
async def resume(context: RequestContext) -> None:
    """Let a subscription run again."""
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
    """Post a briefing of a subscription now, for everybody in its channel; ``name`` in the place of the request's."""
    one = await one_subscription(context, name)
    if one.paused:
        raise InputError(f"This briefing is paused: {one.paused}", hint="Resume it first")
    obstacles = await context.obstacles(one.channel)
    if obstacles:
        raise InputError("It cannot be posted yet", hint=" ".join(obstacles))
    await _deliver_now(context, one)
    await context.say(
        "A briefing of this moment is on its way to the channel. It counts: what it tells is not told again."
    )


async def _first_briefing(context: RequestContext, made: Subscription) -> str:
    """Let the first briefing of ``made`` be posted at once; return that it comes, or what stands in the way."""
    obstacles = await context.obstacles(made.channel)
    if obstacles:
        return " ".join(f"But: {obstacle.rstrip('.')}." for obstacle in obstacles)
    if not await context.feeds_of(made.channel):
        return "But: no feed is read there yet; an admin adds one with /brief sources add URL."
    await _deliver_now(context, made)
    if made.approval:
        return "A first draft is on its way to its editors."
    return "A first briefing is on its way to the channel."


async def _deliver_now(context: RequestContext, one: Subscription) -> None:
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
    await context.services.wake()


async def subscription_statuses(
    context: RequestContext, found: Sequence[Subscription]
) -> list[SubscriptionStatus]:
    """Return ``found`` with their slots, as this place may see them."""
    feeds = {feed.id: feed for feed in await context.feeds()}
    shown = []
    for one in found:
        last = await context.store.deliveries.recent(5, destination=one.channel.name)
        due = None if one.paused else next_slot(one, after=context.at)
        shown.append(
            SubscriptionStatus(
                subscription=one,
                about=about_line(one, [feeds[f] for f in one.feeds if f in feeds]),
                elsewhere=one.channel != context.request.channel,
                due=due.due if due else None,
                last=next((d for d in last if d.subscription_id == one.id), None),
            )
        )
    return shown


def about_line(one: Subscription, feeds: Sequence[Feed]) -> str:
    """Return what a subscription reads and is about, in words."""
    reads = [f"pack {pack}" for pack in one.packs] + list(feed_names(feeds).values())
    words = [f"“{word}”" for word in one.filters.words] + [f"/{p}/" for p in one.filters.patterns]
    only = f", only stories with {' or '.join(words)}" if words else ""
    return f"{', '.join(reads) or 'all feeds'}{only}"


async def _target(context: RequestContext, text: str) -> Channel:
    channel = read_channel(text or context.destination, context.services.chats)
    if not await may_reach(context, channel):
        raise InputError(
            "You cannot see that channel, or I cannot tell whether you can",
            hint="Choose one that you are in, and where I am too",
        )
    return channel


def _about(text: str, feeds: Sequence[Feed]) -> tuple[list[Feed], list[str], list[str]]:
    """Return the feeds, packs and words that a comma-separated ``text`` names."""
    packs = {pack.lower(): pack for feed in feeds for pack in feed.packs}
    pieces = [p for p in (p.strip() for p in text[:MAX_ABOUT_CHARS].replace("\n", ",").split(",")) if p]
    if len(text) > MAX_ABOUT_CHARS or len(pieces) > MAX_ABOUT_NAMES:
        raise InputError(
            f"That names more than {MAX_ABOUT_NAMES} feeds, packs and words, or is longer than {MAX_ABOUT_CHARS:,} characters",
            hint="Name fewer of them, or make two briefings",
        )
    chosen: list[Feed] = []
    named: list[str] = []
    words: list[str] = []
    for piece in pieces:
        folded = piece.lower()
        matching = feeds_named(piece, feeds)
        if folded in packs:
            named.append(packs[folded])
        elif matching:
            chosen += matching[:1]
        elif folded.startswith(("http://", "https://")):
            raise InputError(
                f"{public_address(piece[:200])!r} is no feed that is read here",
                hint=f"Add it first: /brief sources add {'URL' if secrets_in(piece) else piece[:200]}",
            )
        else:
            words.append(piece)
    return chosen, named, words


def _chosen(kind: type[C], value: str, usual: C) -> C:
    return next((choice for choice in kind if choice.value == value), usual)
