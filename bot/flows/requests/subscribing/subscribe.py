"""Subscribe: check the whole request of a person before it is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import InputError, PostRefused
from bot.flows.briefing.subscription_filter import check_filters
from bot.flows.ingest.named_feed import named_feed
from bot.language.locale.phrases import LANGUAGES
from bot.model.chat import CatchUp, Channel, Filters, Length, QuietDay, Subscription
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.ports import Chat
from bot.schedule import Slot, Timetable, read_timetable, slots
from bot.store import Store

COMPARED_SLOTS = 200  # slots of each subscription that are compared
_WITH_TOKENS = frozenset({"slack", "discord"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionRequest:
    """The request of a person, as written."""

    channel: str
    times: str
    zone: str = ""
    feeds: Sequence[str] = ()  # addresses, ids or titles
    packs: Sequence[str] = ()
    interests: Sequence[str] = ()
    words: Sequence[str] = ()
    patterns: Sequence[str] = ()
    languages: Sequence[str] = ()
    language: str = "en"
    length: Length = Length.STANDARD
    quiet_day: QuietDay = QuietDay.POST
    catch_up: CatchUp = CatchUp.LATEST
    skip_after: int = 120
    approval: str = ""
    title: str = ""


async def subscribe(
    requested: SubscriptionRequest, *, store: Store, chats: Mapping[str, Chat], now: datetime, zone: str
) -> tuple[Subscription, Slot]:
    """Store the subscription of ``requested`` and return it with its first slot.

    ``zone`` is used if the request names none. Raises ``InputError`` saying what to write instead.
    """
    subscription = await read_subscription(requested, store=store, chats=chats, now=now, zone=zone)
    first = await first_slot(subscription, store=store, now=now)
    await store.subscriptions.save(subscription, next_due=first.due, enumerated=now)
    return subscription, first


async def read_subscription(
    requested: SubscriptionRequest, *, store: Store, chats: Mapping[str, Chat], now: datetime, zone: str
) -> Subscription:
    """Return the subscription of ``requested`` without storing it; raises as ``subscribe`` does."""
    channel = read_channel(requested.channel, chats)
    timetable = read_timetable(requested.times, zone=requested.zone or zone)
    feeds = await store.feeds.all(by=channel.scope)
    filters = Filters(
        words=tuple(dict.fromkeys(word.strip() for word in requested.words if word.strip())),
        patterns=tuple(dict.fromkeys(requested.patterns)),
        languages=tuple(_language(language) for language in requested.languages),
    )
    check_filters(filters)
    if requested.language not in LANGUAGES:
        raise InputError(
            f"Briefings are not available in {requested.language!r}",
            hint=f"Available: {', '.join(LANGUAGES)}",
        )
    if requested.skip_after < 1:
        raise InputError("--skip-after must be at least 1 minute", hint="Write --skip-after 120")
    return Subscription(
        id=derive_id("sub", channel.name, ";".join(timetable.lines), timetable.zone, now.isoformat()),
        channel=channel,
        times=requested.times,
        zone=timetable.zone,
        lines=timetable.lines,
        feeds=tuple(_feed(name, feeds).id for name in requested.feeds),
        packs=tuple(_pack(name, feeds) for name in requested.packs),
        interests=tuple(requested.interests),
        filters=filters,
        language=requested.language,
        length=requested.length,
        quiet_day=requested.quiet_day,
        catch_up=requested.catch_up,
        skip_after=requested.skip_after,
        approval=read_channel(requested.approval, chats) if requested.approval else None,
        title=requested.title,
        created_at=now,
        scope=channel.scope,
    )


async def first_slot(subscription: Subscription, *, store: Store, now: datetime) -> Slot:
    """Return when ``subscription`` is first due; raises ``InputError`` if it never is, or its channel already has a briefing then."""
    for other in await store.subscriptions.all(destination=subscription.channel.name):
        if other.id != subscription.id:
            _no_shared_slot(subscription, other, now=now)
    first = next_slot(subscription, after=now)
    if first is None:
        raise InputError(f"{subscription.times!r} is never due", hint="Choose a day that occurs")
    return first


async def pause(subscription: Subscription, *, store: Store, now: datetime, why: str) -> None:
    """Pause a subscription; its slots pass without a delivery."""
    await store.subscriptions.save(replace(subscription, paused=why), next_due=None, enumerated=now)


async def resume(subscription: Subscription, *, store: Store, now: datetime) -> Slot | None:
    """Resume a subscription from now on; return its next slot."""
    following = next_slot(subscription, after=now)
    await store.subscriptions.save(
        replace(subscription, paused=""), next_due=following.due if following else None, enumerated=now
    )
    # If its channel is gone again, admins are notified again.
    for notice in await store.notices.recent(1000):
        if notice.key.startswith(f"gone {subscription.channel.name} "):
            await store.notices.clear(notice.key)
    return following


def next_slot(subscription: Subscription, *, after: datetime) -> Slot | None:
    """Return the first slot of ``subscription`` after ``after``."""
    return next(slots(Timetable(lines=subscription.lines, zone=subscription.zone), after=after), None)


def read_channel(text: str, chats: Mapping[str, Chat]) -> Channel:
    """Return the channel written as ``text``; raises ``InputError`` if it is invalid here."""
    try:
        channel = Channel.read("console:-" if text.strip() == "console" else text)
    except ValueError as error:
        raise InputError(
            f"{text!r} is not a channel",
            hint='Write platform:name, such as "webhook:news", or "console:-" for the terminal',
        ) from error
    chat = chats.get(channel.platform)
    if chat is None:
        known = ", ".join(sorted(chats))
        if channel.platform in _WITH_TOKENS:
            name = channel.platform.title()
            raise InputError(
                f"{name} is not configured", hint=f"docs/{channel.platform}.md says how to set it up"
            )
        hint = f"Known: {known}; Slack and Discord, when their tokens are configured"
        raise InputError(f"There is no platform {channel.platform!r}", hint=hint)
    try:
        chat.validate(channel)
    except PostRefused as refusal:
        raise InputError(refusal.message, hint=refusal.hint) from refusal
    return channel


def _no_shared_slot(one: Subscription, other: Subscription, *, now: datetime) -> None:
    walls = {}
    for subscription in (one, other):
        timetable = Timetable(lines=subscription.lines, zone=subscription.zone)
        walls[subscription.id] = {
            slot.due for slot, _ in zip(slots(timetable, after=now), range(COMPARED_SLOTS), strict=False)
        }
    shared = walls[one.id] & walls[other.id]
    if shared:
        raise InputError(
            f"That channel has a briefing at that time already: {other.when}",
            hint="Choose another minute, or end the other first",
        )


def _feed(name: str, feeds: Sequence[Feed]) -> Feed:
    return named_feed(name, feeds, lists="wirebrief feeds list")


def _pack(name: str, feeds: Sequence[Feed]) -> str:
    packs = sorted({pack for feed in feeds for pack in feed.packs})
    if name not in packs:
        known = f"Known: {', '.join(packs)}" if packs else "Add one with wirebrief feeds import"
        raise InputError(f"There is no pack {name!r} among the feeds", hint=known)
    return name


def _language(text: str) -> str:
    if not re.fullmatch(r"[a-zA-Z]{2}", text):
        raise InputError(f"{text!r} is not a language", hint="Languages have two letters, such as en or de")
    return text.lower()
